package render

import (
	"bytes"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// doubled is x + x.
func doubled() *diagram.Diagram {
	axes := shape.Shape{{Label: "n", Size: shape.Int(7)}}
	x := diagram.NewWire("x", axes...)
	d := &diagram.Diagram{Name: "Doubled", Doc: "Twice x.", In: []*diagram.Wire{x}}
	y := d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes, nil, []*diagram.Wire{x, x}, []*diagram.Wire{diagram.NewWire("", axes...)}))
	d.Out = []*diagram.Wire{y}
	return d
}

func TestWrite(t *testing.T) {
	begins := map[string]string{
		"svg": "<svg ", "pdf": "%PDF-", "png": "\x89PNG", "tex": "% ncd: Doubled", "html": "<!", "json": `{"title":"Doubled"`,
	}
	for _, theme := range []string{"", "paper", "plain", "dark"} {
		s, _, err := Figure(doubled(), Options{Theme: theme})
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range Formats() {
			var b bytes.Buffer
			if err := Write(&b, s, format); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if !strings.HasPrefix(b.String(), begins[format]) {
				t.Errorf("%s begins with %q", format, b.String()[:min(20, b.Len())])
			}
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, numbers := range []bool{false, true} {
		s, _, err := Figure(doubled(), Options{Numbers: numbers})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := Write(&b, s, "json"); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), `"n = 7"`); got != numbers {
			t.Errorf("numbers %v: sizes are written: %v", numbers, got)
		}
	}
}

func TestWordsForThoseWhoDoNotSee(t *testing.T) {
	s, _, err := Figure(doubled(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "Twice x. A neural circuit diagram. Doubled takes x [n:7] and gives [n:7]. From left to right: add at each n."
	if s.Description != want {
		t.Errorf("got  %s\nwant %s", s.Description, want)
	}
}

func TestUnknownNames(t *testing.T) {
	if _, _, err := Figure(doubled(), Options{Theme: "neon"}); err == nil || !strings.Contains(err.Error(), "paper, plain, dark") {
		t.Errorf("got %v, want the themes there are", err)
	}
	s, _, _ := Figure(doubled(), Options{})
	if err := Write(&bytes.Buffer{}, s, "gif"); err == nil || !strings.Contains(err.Error(), "svg") {
		t.Errorf("got %v, want the formats there are", err)
	}
	if err := Graph(&bytes.Buffer{}, doubled(), Options{}, "gif"); err == nil || !strings.Contains(err.Error(), "dot") {
		t.Errorf("got %v, want the formats there are", err)
	}
}

func TestUnsoundDiagram(t *testing.T) {
	d := doubled()
	d.Out = []*diagram.Wire{diagram.NewWire("nobody's")}
	if _, _, err := Figure(d, Options{}); err == nil {
		t.Error("a diagram that does not verify was drawn")
	}
}

func TestPage(t *testing.T) {
	var b bytes.Buffer
	if err := Page(&b, doubled(), Options{Depth: AllLevels}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "<svg") || !strings.Contains(strings.ToLower(b.String()), "<!doctype html>") {
		t.Error("the page holds no figure")
	}
}

func TestGraph(t *testing.T) {
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := Graph(b, doubled(), Options{}, "svg"); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(first.String(), "<svg") || first.String() != second.String() {
		t.Error("the graph is no SVG, or not the same twice")
	}
}
