package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// sample has one mark of each kind and letters of every face.
func sample() *scene.Scene {
	s := &scene.Scene{Title: "Größe (α)", Description: "One of each.", Width: 80, Height: 40, Theme: scene.Themes()[0]}
	at := func(x, y float64) scene.Point { return scene.Point{X: x, Y: y} }
	wire := scene.From(at(2, 24)).Line(at(30, 24)).Swerve(at(45, 12)).Line(at(60, 12)).Cup(at(60, 20))
	s.Add(
		&scene.Panel{Outline: scene.Rect{Min: at(2, 2), Max: at(30, 20)}.Outline(), Fill: scene.Attention},
		&scene.Panel{Outline: scene.Rect{Min: at(50, 22), Max: at(78, 38)}.Outline(), Dotted: true},
		&scene.Wire{Path: wire},
		&scene.Wire{Path: wire.Moved(at(0, 10)), Double: true},
		&scene.Separator{Path: scene.From(at(2, 28)).Line(at(60, 28))},
		&scene.Dot{Center: at(30, 24), Radius: 0.7},
		&scene.Dot{Center: at(40, 24), Radius: 0.7, Open: true},
		&scene.Glyph{Kind: "circle", Outline: scene.Circle(at(70, 12), 3), Fill: scene.Learned, Stroke: scene.Ink, Weight: scene.Heavy},
		placed(at(4, 8), `\bar{x} + \mathit{hidden}'_{i}`, scene.Math),
		placed(at(4, 14), `\mathbf{L}^{Q}_{+}`, scene.Math),
		placed(at(32, 5), "Scaled Dot-Product Attention", scene.Sans),
		placed(at(32, 10), "Heads", scene.SansBold),
	)
	return s
}

func placed(at scene.Point, text string, style scene.Style) *scene.Label {
	l := typeset.Label(text, style, 3.5)
	l.At = at
	return l
}

func written(t interface{ Fatal(...any) }, s *scene.Scene, o Options) []byte {
	var b bytes.Buffer
	if err := Write(&b, s, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var streams = regexp.MustCompile(`(?s)/Length (\d+)/Filter/FlateDecode>>stream\n`)

// plain is a document with its streams unpacked, binary ones in hexadecimal.
func plain(t interface{ Fatal(...any) }, document []byte) string {
	var b strings.Builder
	for {
		place := streams.FindSubmatchIndex(document)
		if place == nil {
			b.Write(document)
			return b.String()
		}
		length, _ := strconv.Atoi(string(document[place[2]:place[3]]))
		z, err := zlib.NewReader(bytes.NewReader(document[place[1] : place[1]+length]))
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(document[:place[0]])
		b.WriteString(">>stream\n")
		if bytes.IndexByte(data, 0) >= 0 {
			fmt.Fprintf(&b, "%x", data)
		} else {
			b.Write(data)
		}
		document = document[place[1]+length:]
	}
}

// The golden leaves out what hangs on how streams are compressed: the table of
// places and the identity.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		name    string
		options Options
	}{{"sample", Options{}}, {"outline", Options{Outline: true}}} {
		got, _, _ := strings.Cut(plain(t, written(t, sample(), c.options)), "xref\n")
		name := "testdata/" + c.name + ".txt"
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("the sample figure is not as in %s; see it with UPDATE=1", name)
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	if !bytes.Equal(written(t, sample(), Options{}), written(t, sample(), Options{})) {
		t.Error("the same scene gave different bytes")
	}
}

// Every place in the table is where its object begins.
func TestTableOfPlaces(t *testing.T) {
	document := written(t, sample(), Options{})
	start := regexp.MustCompile(`startxref\n(\d+)\n`).FindSubmatch(document)
	table, _ := strconv.Atoi(string(start[1]))
	if !bytes.HasPrefix(document[table:], []byte("xref\n")) {
		t.Fatalf("startxref says %d, where there is %.20q", table, document[table:])
	}
	for i, line := range regexp.MustCompile(`(\d{10}) 00000 n `).FindAllSubmatch(document[table:], -1) {
		place, _ := strconv.Atoi(string(line[1]))
		if head := fmt.Sprintf("%d 0 obj\n", i+1); !bytes.HasPrefix(document[place:], []byte(head)) {
			t.Errorf("object %d is not at %d, where there is %.20q", i+1, place, document[place:])
		}
	}
}

func TestFonts(t *testing.T) {
	text := plain(t, written(t, sample(), Options{}))
	for _, wanted := range []string{"+LatinModernMath-Regular", "+LMRoman10-Italic", "+LMSans10-Regular", "+LMSans10-Bold"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the document lacks a part of %s", wanted)
		}
	}
	if strings.Contains(text, "/Type3") {
		t.Error("the document has a font of type 3")
	}
	if outline := plain(t, written(t, sample(), Options{Outline: true})); strings.Contains(outline, "/Font") {
		t.Error("the document of outlines has a font")
	}
}

// shown is the text of a document in the order of its labels, read as a viewer
// does: the codes shown, by the maps of their fonts.
func shown(t interface{ Fatal(...any) }, document []byte) []string {
	text := plain(t, document)
	maps := unicodeMaps(t, text)
	var labels []string
	for _, block := range regexp.MustCompile(`BT (.*)ET`).FindAllStringSubmatch(text, -1) {
		var label strings.Builder
		font := -1
		for _, word := range regexp.MustCompile(`/F(\d+) |<([0-9A-F]{4})>Tj`).FindAllStringSubmatch(block[1], -1) {
			if word[1] != "" {
				font, _ = strconv.Atoi(word[1])
				continue
			}
			label.WriteString(maps[font][word[2]])
		}
		labels = append(labels, label.String())
	}
	return labels
}

func unicodeMaps(t interface{ Fatal(...any) }, text string) []map[string]string {
	var maps []map[string]string
	for _, part := range strings.Split(text, "begincmap")[1:] {
		part, _, _ = strings.Cut(part, "endcmap")
		codes := map[string]string{}
		for _, pair := range regexp.MustCompile(`<([0-9A-F]{4})> <([0-9A-F]{4})>\n`).FindAllStringSubmatch(part, -1) {
			r, err := strconv.ParseUint(pair[2], 16, 16)
			if err != nil {
				t.Fatal(err)
			}
			codes[pair[1]] = string(rune(r))
		}
		maps = append(maps, codes)
	}
	return maps
}

func TestTextIsFound(t *testing.T) {
	want := []string{"x + hidden′i", "LQ+", "Scaled Dot-Product Attention", "Heads"}
	if got := shown(t, written(t, sample(), Options{})); !slices.Equal(got, want) {
		t.Errorf("got the text %q, want %q", got, want)
	}
}

// pieces of labels and the text that a reader finds.
var pieces = []struct{ label, text string }{
	{"x", "x"}, {"h", "h"}, {"Q", "Q"}, {`\bar{y}`, "y"}, {`\mathbf{L}^{Q}_{+}`, "LQ+"}, {`\mathit{hidden}`, "hidden"},
	{`k^{-1/2}`, "k−1/2"}, {`\lambda `, "λ"}, {"x'", "x′"}, {`\Sigma `, "Σ"}, {"28^{2}", "282"}, {`\oplus `, "⊕"}, {`\star `, "⋆"},
}

// Every label of a scene is found in the text of its document.
func TestEveryLabelIsInTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &scene.Scene{Width: 100, Height: 100, Theme: rapid.SampledFrom(scene.Themes()).Draw(t, "theme")}
		var want []string
		for range rapid.IntRange(1, 8).Draw(t, "labels") {
			var label, text string
			for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 6).Draw(t, "pieces") {
				label, text = label+p.label, text+p.text
			}
			s.Add(placed(scene.Point{X: 5, Y: 5}, label, scene.Math))
			want = append(want, text)
		}
		for i, got := range shown(t, written(t, s, Options{})) {
			if strings.ReplaceAll(got, " ", "") != want[i] {
				t.Fatalf("label %d reads %q, want %q", i, got, want[i])
			}
		}
	})
}

func TestCharstring(t *testing.T) {
	at := func(x, y float64) scene.Point { return scene.Point{X: x, Y: y} }
	triangle := letter{advance: 300, outline: scene.From(at(0, 0)).Line(at(107, 0)).Line(at(0, -108)).Close()}
	want := []byte{28, 1, 44, 139, 139, 21, 246, 139, 5, 32, 28, 0, 108, 5, 14}
	if got := charstring(triangle); !bytes.Equal(got, want) {
		t.Errorf("got % d, want % d", got, want)
	}
}

func TestIndex(t *testing.T) {
	cases := []struct {
		name  string
		items [][]byte
		want  []byte
	}{
		{"none", nil, []byte{0, 0}},
		{"two", [][]byte{{7}, {8, 9}}, []byte{0, 2, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4, 7, 8, 9}},
	}
	for _, c := range cases {
		if got := index(c.items...); !bytes.Equal(got, c.want) {
			t.Errorf("%s: got % d, want % d", c.name, got, c.want)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	s := sample()
	for range b.N {
		if err := Write(io.Discard, s, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
