package html

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"ncd/grammar/source"
	"ncd/render/scene"
	"ncd/render/typeset"
)

var program = &source.File{Name: "a&b.ncd", Text: "# x < y\ndiagram Outer\n"}

// depths are two scenes: a box Inner closed, and the same box open.
func depths(theme scene.Theme) []*scene.Scene {
	at := func(x, y float64) scene.Point { return scene.Point{X: x, Y: y} }
	area := scene.Rect{Min: at(10, 2), Max: at(30, 18)}.Outline()
	inner := scene.About{Box: "Inner", Span: source.Span{File: program, Start: 8, End: 15}}
	closed := &scene.Scene{Title: "In & out", Description: "A box.", Width: 40, Height: 20, Theme: theme}
	closed.Add(
		&scene.Glyph{About: inner, Kind: "box", Outline: area, Fill: scene.Solid, Stroke: scene.Ink, Weight: scene.Thin},
		&scene.Wire{About: scene.About{Axis: "x'"}, Path: scene.From(at(2, 10)).Line(at(10, 10))},
		typeset.Label("x'", scene.Math, 3),
	)
	open := &scene.Scene{Title: "In & out", Description: "A box.", Width: 60, Height: 20, Theme: theme}
	open.Add(
		&scene.Panel{About: inner, Outline: area, Fill: scene.Attention},
		&scene.Wire{About: scene.About{Axis: "x'"}, Path: scene.From(at(2, 10)).Line(at(50, 10)), Double: true},
	)
	return []*scene.Scene{closed, open}
}

var options = Options{Sizes: map[string]string{"x'": "197", "y": "</script>"}, File: program.Name, Program: program.Text}

func written(t *testing.T, scenes []*scene.Scene, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, scenes, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The golden is the page without its style and its script, which have files of
// their own.
func TestGolden(t *testing.T) {
	got := written(t, depths(scene.Themes()[0]), options)
	got = strings.NewReplacer(style, "…\n", script, "…\n").Replace(got)
	const name = "testdata/page.html"
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
		t.Errorf("the sample page is not as in %s; see it with UPDATE=1", name)
	}
}

func TestSameBytesTwice(t *testing.T) {
	if written(t, depths(scene.Themes()[0]), options) != written(t, depths(scene.Themes()[0]), options) {
		t.Error("the same scenes gave different bytes")
	}
}

func TestNeedsNothing(t *testing.T) {
	page := written(t, depths(scene.Themes()[0]), options)
	rest := strings.ReplaceAll(page, `xmlns="http://www.w3.org/2000/svg"`, "")
	for _, banned := range []string{"http:", "https:", "url(", "@import", "src=\"", "<link", "fetch(", "import("} {
		if strings.Contains(rest, banned) {
			t.Errorf("the page has %q in it", banned)
		}
	}
	if !strings.Contains(page, policy) {
		t.Error("the page does not forbid itself the network")
	}
}

// Identifiers are only unique within a figure, so that no more than one may be in
// the document.
func TestOneFigureInTheDocument(t *testing.T) {
	page := written(t, depths(scene.Themes()[0]), options)
	inTemplates := regexp.MustCompile(`(?s)<template>.*?</template>`)
	if n := strings.Count(page, "<svg "); n != 2 {
		t.Errorf("got %d figures, want 2", n)
	}
	if n := strings.Count(inTemplates.ReplaceAllString(page, ""), "<svg "); n != 1 {
		t.Errorf("got %d figures outside of templates, want 1", n)
	}
}

func TestBoxesThatOpen(t *testing.T) {
	page := written(t, depths(scene.Themes()[0]), options)
	attributes := regexp.MustCompile(`data-opens="(.*?)" data-closes="(.*?)"`).FindAllStringSubmatch(page, -1)
	if len(attributes) != 2 {
		t.Fatalf("got %d figures, want 2", len(attributes))
	}
	for i, want := range [][2]string{{"Inner", ""}, {"", "Inner"}} {
		if got := [2]string(attributes[i][1:]); got != want {
			t.Errorf("at depth %d got opens and closes %q, want %q", i, got, want)
		}
	}
}

// The marks lead to lines that are there.
func TestLines(t *testing.T) {
	page := written(t, depths(scene.Themes()[0]), options)
	for _, wanted := range []string{`data-line="2"`, `<li id="L1"><code># x &lt; y</code></li>`, `<li id="L2">`, "<h2>a&amp;b.ncd</h2>"} {
		if !strings.Contains(page, wanted) {
			t.Errorf("the page lacks %q", wanted)
		}
	}
	if strings.Contains(written(t, depths(scene.Themes()[0]), Options{}), `id="program"`) {
		t.Error("a page without a program has a place for one")
	}
}

// A mark that another file says has no line here, whatever its number.
func TestLinesOfOtherFiles(t *testing.T) {
	other := options
	other.File = "other.ncd"
	if strings.Contains(written(t, depths(scene.Themes()[0]), other), `data-line="2"`) {
		t.Error("a mark leads to a line of another file")
	}
}

func TestSizesCannotEndTheirElement(t *testing.T) {
	page := written(t, depths(scene.Themes()[0]), options)
	if n := strings.Count(page, "</script>"); n != 2 {
		t.Errorf("got %d ends of scripts, want 2", n)
	}
	if !strings.Contains(page, `"x'":"197"`) {
		t.Error("the page lacks the size of x'")
	}
}

// A page is light or dark as its theme is, and not as the reader's system is.
func TestScheme(t *testing.T) {
	for _, theme := range scene.Themes() {
		want := "color-scheme: only light"
		if theme.Name == "dark" {
			want = "color-scheme: only dark"
		}
		page := written(t, depths(theme), options)
		if !strings.Contains(page, want) {
			t.Errorf("%s: the page lacks %q", theme.Name, want)
		}
		if strings.Contains(page, "prefers-color-scheme") {
			t.Errorf("%s: the page asks what the system prefers", theme.Name)
		}
	}
}

func TestNoBarForOneDepth(t *testing.T) {
	page := written(t, depths(scene.Themes()[0])[:1], options)
	if strings.Contains(page, `id="bar"`) || strings.Contains(page, "<template>") {
		t.Error("a page of one depth has buttons for others")
	}
}

func TestNoFigure(t *testing.T) {
	if err := Write(io.Discard, nil, Options{}); err == nil {
		t.Error("no error")
	}
}
