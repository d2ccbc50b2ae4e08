package svg

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// sample has one mark of each kind and text that tries the whole TeX subset.
func sample() *scene.Scene {
	s := &scene.Scene{Title: "All & sundry", Description: "one of each", Width: 90, Height: 60, Theme: scene.Themes()[0]}
	s.Add(&scene.Panel{Outline: scene.Rect{Min: scene.Point{X: 2, Y: 2}, Max: scene.Point{X: 30, Y: 20}}.Outline(), Fill: scene.Attention})
	wire := scene.From(scene.Point{X: 2, Y: 24}).Line(scene.Point{X: 30, Y: 24}).Swerve(scene.Point{X: 45, Y: 12}).Line(scene.Point{X: 60, Y: 12}).Cup(scene.Point{X: 60, Y: 20})
	s.Add(&scene.Wire{About: scene.About{Axis: "x"}, Path: wire})
	s.Add(&scene.Wire{Path: wire.Moved(scene.Point{X: 0, Y: 20}), Double: true})
	s.Add(&scene.Separator{Path: scene.From(scene.Point{X: 2, Y: 28}).Line(scene.Point{X: 60, Y: 28})})
	s.Add(&scene.Dot{Center: scene.Point{X: 30, Y: 24}, Radius: 0.7}, &scene.Dot{Center: scene.Point{X: 40, Y: 24}, Radius: 0.7, Open: true})
	s.Add(&scene.Glyph{Kind: "circle", Outline: scene.Circle(scene.Point{X: 70, Y: 12}, 3), Fill: scene.Learned, Stroke: scene.Ink, Weight: scene.Heavy})
	for i, text := range []string{`\bar{x} + x'_{i}`, `\mathbf{L}^{Q}_{+}`, `\ast k^{-1/2}`, `\mathit{hidden} = 28^{2}`, `\lambda = 1, \Sigma \times \oplus \star`, `\hat{Y}, \mathbf{\bar{x}}/s, x''^{2}`} {
		l := typeset.Label(text, scene.Math, 3.5)
		l.At = scene.Point{X: 4, Y: 8 + 7*float64(i)}
		s.Add(l)
	}
	title := typeset.Label("Scaled Dot-Product Attention", scene.Sans, 3.2)
	title.At = scene.Point{X: 36, Y: 5}
	return with(s, title)
}

func with(s *scene.Scene, m scene.Mark) *scene.Scene {
	s.Add(m)
	return s
}

func render(t *testing.T, s *scene.Scene) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, s, Options{Sources: true}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	got := render(t, sample())
	const name = "testdata/sample.svg"
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

func TestWellFormed(t *testing.T) {
	d := xml.NewDecoder(strings.NewReader(render(t, sample())))
	for {
		_, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestSelfContained(t *testing.T) {
	text := render(t, sample())
	for _, banned := range []string{"foreignObject", "filter", "font", "<script", "xlink", "http://www.w3.org/1999"} {
		if strings.Contains(text, banned) {
			t.Errorf("the figure has %q in it", banned)
		}
	}
	for _, wanted := range []string{`role="img"`, "<title id=\"title\">All &amp; sundry</title>", "<desc", `data-axis="x"`} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the figure lacks %q", wanted)
		}
	}
}

func TestSameBytesTwice(t *testing.T) {
	if a, b := render(t, sample()), render(t, sample()); a != b {
		t.Error("the same scene gave different bytes")
	}
}

func TestEachLetterOnce(t *testing.T) {
	s := &scene.Scene{Theme: scene.Themes()[0]}
	for range 5 {
		s.Add(typeset.Label("kk", scene.Math, 3))
	}
	if got := strings.Count(render(t, s), "<path id="); got != 1 {
		t.Errorf("got %d outlines for one letter, want 1", got)
	}
}
