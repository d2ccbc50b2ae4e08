package raster

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"ncd/render/scene"
	"ncd/render/typeset"
)

func at(x, y float64) scene.Point { return scene.Point{X: x, Y: y} }

// sample has one mark of each kind.
func sample(theme scene.Theme) *scene.Scene {
	s := &scene.Scene{Title: "Größe", Description: "One of each.", Width: 80, Height: 40, Theme: theme}
	wire := scene.From(at(2, 24)).Line(at(30, 24)).Swerve(at(45, 12)).Line(at(60, 12)).Cup(at(60, 20))
	s.Add(
		&scene.Panel{Outline: scene.Rect{Min: at(2, 2), Max: at(30, 20)}.Outline(), Fill: scene.Attention},
		&scene.Panel{Outline: scene.Rect{Min: at(50, 22), Max: at(78, 38)}.Outline(), Dotted: true},
		&scene.Wire{Path: wire},
		&scene.Wire{Path: wire.Moved(at(0, 10)), Double: true},
		&scene.Separator{Path: scene.From(at(2, 28)).Line(at(40, 28)).Line(at(42, 31)).Line(at(60, 31))},
		&scene.Dot{Center: at(30, 24), Radius: 0.7},
		&scene.Dot{Center: at(40, 24), Radius: 0.7, Open: true},
		&scene.Glyph{Kind: "circle", Outline: scene.Circle(at(70, 12), 3), Fill: scene.Learned, Stroke: scene.Ink, Weight: scene.Heavy},
		&scene.Glyph{Kind: "triangle", Outline: scene.Polygon(at(66, 30), at(70, 28), at(70, 32)), Fill: scene.Paper, Stroke: scene.Ink, Weight: scene.Thin},
	)
	for i, text := range []string{`\bar{x} + x'_{i}`, `\mathbf{L}^{Q}_{+}`} {
		l := typeset.Label(text, scene.Math, 3.5)
		l.At = at(4, 8+7*float64(i))
		s.Add(l)
	}
	return s
}

func written(t testing.TB, s *scene.Scene, dpi float64) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, dpi); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(t testing.TB, data []byte) image.Image {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The pixels are compared, not the bytes: packing may change with the library.
// Floating-point sums may round otherwise on another machine, by one step of
// 255 at most.
func TestGolden(t *testing.T) {
	for _, theme := range scene.Themes() {
		name := "testdata/" + theme.Name + ".png"
		data := written(t, sample(theme), 150)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(name, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		golden, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, want := decoded(t, data), decoded(t, golden)
		if got.Bounds() != want.Bounds() {
			t.Fatalf("%s: got %v, want %v", name, got.Bounds(), want.Bounds())
		}
		if n := differing(got, want); n > 0 {
			t.Errorf("%d pixels are not as in %s; see it with UPDATE=1", n, name)
		}
	}
}

func differing(a, b image.Image) int {
	n := 0
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			c, d := color.RGBAModel.Convert(a.At(x, y)).(color.RGBA), color.RGBAModel.Convert(b.At(x, y)).(color.RGBA)
			if max(apart(c.R, d.R), apart(c.G, d.G), apart(c.B, d.B)) > 1 {
				n++
			}
		}
	}
	return n
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// A file read elsewhere has the scene's size: pixels and their size agree.
func TestSize(t *testing.T) {
	for _, dpi := range []float64{150, 300, 600} {
		data := written(t, sample(scene.Themes()[0]), dpi)
		place := bytes.Index(data, []byte("pHYs"))
		if place < 0 {
			t.Fatalf("%v dpi: the file does not say how large a pixel is", dpi)
		}
		perMetre := float64(binary.BigEndian.Uint32(data[place+4:]))
		if data[place+12] != 1 {
			t.Errorf("%v dpi: the unit is not the metre", dpi)
		}
		width := float64(decoded(t, data).Bounds().Dx())
		if millimetres := width / perMetre * 1000; math.Abs(millimetres-80) > 0.2 {
			t.Errorf("%v dpi: the file is %.2f mm wide, want 80", dpi, millimetres)
		}
	}
}

func TestWords(t *testing.T) {
	data := string(written(t, sample(scene.Themes()[0]), 150))
	for _, wanted := range []string{"Title\x00\x00\x00\x00\x00Größe", "Description\x00\x00\x00\x00\x00One of each."} {
		if !strings.Contains(data, wanted) {
			t.Errorf("the file lacks %q", wanted)
		}
	}
}

func TestTooLarge(t *testing.T) {
	cases := []struct {
		name               string
		width, height, dpi float64
	}{
		{"wide", 10000, 10, 600},
		{"without height", 10, 0, 300},
		{"without resolution", 10, 10, 0},
		{"not a number", math.NaN(), 10, 300},
	}
	for _, c := range cases {
		s := &scene.Scene{Width: c.width, Height: c.height, Theme: scene.Themes()[0]}
		if err := Write(io.Discard, s, c.dpi); err == nil {
			t.Errorf("%s: no error", c.name)
		}
	}
}

// A stroke covers as many pixels as it is long and wide, whatever its way.
func TestStrokesHaveTheirWidth(t *testing.T) {
	quarter := at(20, 5).Sub(at(5, 5)).X / math.Sqrt2
	cases := []struct {
		name string
		path scene.Path
		want float64 // mm²
	}{
		{"level", scene.From(at(5, 5)).Line(at(20, 5)), 15 * width},
		{"slanting", scene.From(at(5, 5)).Line(at(5+quarter, 5+quarter)), 15 * width},
		{"square", scene.Rect{Min: at(5, 5), Max: at(20, 20)}.Outline(), 60 * width},
		{"circle", scene.Circle(at(12, 12), 6), 12 * math.Pi * width},
		{"corner", scene.From(at(5, 5)).Line(at(20, 5)).Line(at(20, 20)), 30 * width},
	}
	for _, c := range cases {
		if got := inked(t, &scene.Wire{Path: c.path}); math.Abs(got-c.want) > 0.01*c.want {
			t.Errorf("%s: got %.3f mm² of ink, want %.3f", c.name, got, c.want)
		}
	}
}

// width is that of thin strokes in every theme, mm.
const width = 0.25

// A dashed line is inked as much as its dashes are of it.
func TestDashes(t *testing.T) {
	theme := scene.Themes()[0]
	period := scene.DashOn + scene.DashOff
	line := scene.From(at(2, 5)).Line(at(2+2*period, 5)).Line(at(2+2*period, 5+2*period))
	got := inked(t, &scene.Separator{Path: line})
	if want := 4 * scene.DashOn * theme.Strokes[scene.Medium]; math.Abs(got-want) > 0.05*want {
		t.Errorf("got %.3f mm² of ink, want %.3f", got, want)
	}
}

// inked is how much of a white page a mark blackens, mm².
func inked(t *testing.T, m scene.Mark) float64 {
	const side, dpi = 25, 600
	s := &scene.Scene{Width: side, Height: side, Theme: scene.Themes()[0]}
	s.Add(m)
	picture := decoded(t, written(t, s, dpi))
	sum := 0.0
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, _, _, _ := picture.At(x, y).RGBA()
			sum += 1 - float64(r)/0xffff
		}
	}
	return sum * (25.4 / dpi) * (25.4 / dpi)
}
