package cost

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// program is a checked file of testdata.
func program(t *testing.T, name string, o check.Options) *check.Program {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	o.Library = stdlib.Files
	p, said := check.Check(&source.File{Name: name, Text: string(text)}, o)
	holdSound(t, said)
	return p
}

func holdSound(t *testing.T, said []source.Diagnostic) {
	t.Helper()
	for _, d := range said {
		if d.Severity == source.Error {
			t.Fatal(d.Text(false))
		}
	}
}

// declared is a diagram of a file, with letters where sizes has none.
func declared(t *testing.T, file, name string, sizes map[string]int) *diagram.Diagram {
	t.Helper()
	set := map[string]string{}
	if name == "MultiHead" && len(sizes) > 0 {
		set["h"] = "4"
	}
	d, said := program(t, file, check.Options{Set: set}).Diagram(name, sizes)
	holdSound(t, said)
	return d
}

// lowered is the plan of a diagram whose sizes are numbers.
func lowered(t *testing.T, flat *diagram.Diagram) *plan.Plan {
	t.Helper()
	p, err := lower.Lower(flat, lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// trained is the cost of a step of a train block on images of 8 by 8.
func trained(t *testing.T, name, rule string) *Training {
	t.Helper()
	p := program(t, "network.ncd", check.Options{Rule: rule, Training: true})
	block, said := p.Training(name, map[string][]int{"image": {8, 8}, "label": {}}, map[string]int{"label": 10})
	holdSound(t, said)
	step, said := learn.Step(block)
	holdSound(t, said)
	return OfTraining(block, step, lowered(t, step))
}

// line finds a line by the names that lead to it.
func (t *Table) line(names ...string) *Line {
	l := t.Total
	for _, name := range names {
		var found *Line
		for _, p := range l.Parts {
			if p.Name == name {
				found = p
			}
		}
		if found == nil {
			return &Line{}
		}
		l = found
	}
	return l
}

// golden compares text with a file of testdata, which UPDATE=1 writes.
func golden(t *testing.T, name, got string) {
	t.Helper()
	name = filepath.Join("testdata", name)
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
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func printed(t *Table) string {
	var b strings.Builder
	t.Print(&b, 0)
	return b.String()
}

func TestGoldens(t *testing.T) {
	sizes := map[string]int{"m": 64, "x": 10, "y": 12}
	for name, d := range map[string]*diagram.Diagram{
		"attention":     declared(t, "attention.ncd", "Attention", nil),
		"heads":         declared(t, "attention.ncd", "MultiHead", nil),
		"heads_numbers": declared(t, "attention.ncd", "MultiHead", sizes),
		"convolution":   declared(t, "network.ncd", "Convolution", map[string]int{"row": 8, "col": 8}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name+".txt", printed(Of(d))) })
	}
	for _, rule := range []string{"backprop", "dfa"} {
		t.Run(rule, func(t *testing.T) {
			c := trained(t, "perceptron", rule)
			c.Run = &Run{MultiplyAdds: 1, Scalar: 2, Moved: 3, Peak: 4} // the plan may get better
			var b strings.Builder
			c.Print(&b, 0)
			golden(t, rule+".txt", b.String())
		})
	}
}

// TestCountedByHand compares with what a person counts.
func TestCountedByHand(t *testing.T) {
	cases := []struct {
		name string
		got  shape.Size
		want string
	}{
		{"attention over heads", multiplyAdds(t, "attention.ncd", "Lifted", nil), "2*h*k*x*y"},
		{"softmax over heads", Of(declared(t, "attention.ncd", "Lifted", nil)).line("attention.0", "weights").Forward.Scalar, "8*h*x*y"},
		{"what is not lifted is done once", Of(declared(t, "attention.ncd", "PartlyLifted", nil)).line("tanh").Forward.Scalar, "4*k*x"},
		{"four projections and two products", multiplyAdds(t, "attention.ncd", "MultiHead", nil), "2*m*x*y + 2*m^2*x + 2*m^2*y"},
		{"convolutions of 3 by 3, and a classifier", multiplyAdds(t, "network.ncd", "Convolution", map[string]int{"row": 8, "col": 8}),
			shape.Int(8*8*9*1*8 + 8*8*9*8*16 + 4*4*16*10).String()},
		{"three layers", multiplyAdds(t, "network.ncd", "Perceptron", nil), "32*col*row + 1344"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.got.String() != c.want {
				t.Errorf("got %s, want %s", c.got, c.want)
			}
		})
	}
}

func multiplyAdds(t *testing.T, file, name string, sizes map[string]int) shape.Size {
	t.Helper()
	return Of(declared(t, file, name, sizes)).Total.Forward.MultiplyAdds
}

// TestPlanAgrees holds that a diagram asks for as many multiply-adds as its plan makes
// the machine do.
func TestPlanAgrees(t *testing.T) {
	for _, c := range []struct {
		file, name string
		sizes      map[string]int
	}{
		{"attention.ncd", "Lifted", map[string]int{"h": 3, "x": 5, "y": 7, "k": 4}},
		{"attention.ncd", "PartlyLifted", map[string]int{"h": 3, "x": 5, "y": 7, "k": 4}},
		{"attention.ncd", "MultiHead", map[string]int{"m": 16, "x": 5, "y": 7}},
		{"network.ncd", "Perceptron", map[string]int{"row": 3, "col": 5}},
		{"network.ncd", "Convolution", map[string]int{"row": 8, "col": 12}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := declared(t, c.file, c.name, c.sizes)
			run := OfPlan(lowered(t, rewrite.Finish(rewrite.Normalize(d))))
			want, isKnown := Of(d).Total.Forward.MultiplyAdds.Int()
			if !isKnown || run.MultiplyAdds != want || want == 0 {
				t.Errorf("the plan does %d multiply-adds, the diagram asks for %s", run.MultiplyAdds, Of(d).Total.Forward.MultiplyAdds)
			}
		})
	}
}
