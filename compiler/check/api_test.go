package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
)

const model = `diagram Net[wide = 8](image[row col c], label in class) -> [n] {
    a = image >> affine[row col c -> n:wide]
    b = (learned[class n:wide], label) >> take[class]
    a + b
}

diagram Any(x[p.. c]) -> [c] { x >> sum[p..] }
`

// elaborated asks for a diagram and holds that it is sound.
func elaborated(t *testing.T, d *diagram.Diagram, said []source.Diagnostic) *diagram.Diagram {
	t.Helper()
	if d == nil {
		t.Fatal(said)
	}
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	return d
}

func checked(t *testing.T, text string, o Options) *Program {
	t.Helper()
	o.Library = library()
	p, said := Check(&source.File{Name: "model.ncd", Text: text}, o)
	for _, d := range said {
		t.Error(d.Text(false))
	}
	return p
}

func TestDiagramTakesSizesByLetter(t *testing.T) {
	p := checked(t, model, Options{})
	made, said := p.Diagram("Net", map[string]int{"row": 4, "class": 5})
	d := elaborated(t, made, said)
	if got, want := d.In[0].Type.String()+d.In[1].Type.String()+d.Out[0].Type.String(), "[row:4 col c][] in class:5[n:8]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := []string{p.Diagrams()[0], p.Diagrams()[1]}; !slices.Equal(got, []string{"Net", "Any"}) {
		t.Errorf("diagrams are %q", got)
	}
}

func TestDiagramForTakesSizesOfArrays(t *testing.T) {
	for _, c := range []struct {
		name, diagram string
		ports         map[string][]int
		want          string
	}{
		{"named axes", "Net", map[string][]int{"image": {4, 4, 1}, "label": {}}, "[row:4 col:4 c:1][] in class:3"},
		{"a group of none", "Any", map[string][]int{"x": {5}}, "[c:5]"},
		{"a group of one", "Any", map[string][]int{"x": {2, 5}}, "[p:2 c:5]"},
		{"a group of two", "Any", map[string][]int{"x": {2, 3, 5}}, "[p1:2 p2:3 c:5]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := map[string]string{}
			if c.diagram == "Net" {
				set["class"] = "3"
			}
			p := checked(t, model, Options{Set: set})
			made, said := p.DiagramFor(c.diagram, c.ports)
			got := ""
			for _, w := range elaborated(t, made, said).In {
				got += w.Type.String()
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	if d, said := checked(t, model, Options{}).DiagramFor("Any", map[string][]int{"x": {}}); d != nil || len(said) != 1 {
		t.Errorf("an array of no axes was taken: %v", said)
	}
}

// TestUsesHaveTheirOwnWeights holds which uses of boxes share weights.
func TestUsesHaveTheirOwnWeights(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       int
	}{
		{"written twice", "x >> linear[m -> m] >> linear[m -> m]", 2},
		{"bound", "f = linear[m -> m]\n x >> f >> f", 1},
		{"a chain that is bound", "f = linear[m -> m] >> bias[m]\n x >> f >> f", 2},
		{"a diagram twice", "x >> Part >> Part", 2},
		{"a bound diagram", "f = Part\n x >> f >> f", 1},
		{"repeated", "x >> Part^3", 3},
		{"bound and repeated", "f = Part\n x >> f^3", 1},
		{"handed over", "f = Part\n x >> residual[f] >> f", 1},
		{"written where it is handed over", "x >> residual[linear[m -> m]] >> residual[linear[m -> m]]", 2},
		{"bound outside a loop", "f = linear[m -> m]\n for i in 1..3 { x = x >> f }\n x", 1},
		{"bound, of boxes that are bound", "f = Bound\n x >> f >> f", 1},
		{"bound, of a loop", "f = Loop\n x >> f >> f", 3},
		{"bound, of a repetition", "f = Again\n x >> f >> f", 2},
		{"written in a loop", "for i in 1..3 { x = x >> linear[m -> m] }\n x", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := checked(t, "diagram Part(x[m]) -> [m] { x >> linear[m -> m] }\n\n"+
				"diagram Bound(x[m]) -> [m] {\n f = linear[m -> m]\n x >> f\n}\n\n"+
				"diagram Loop(x[m]) -> [m] {\n for i in 1..3 { x = x >> linear[m -> m] }\n x\n}\n\n"+
				"diagram Again(x[m]) -> [m] { x >> linear[m -> m]^2 }\n\ndiagram Net(x[m]) -> [m] {\n"+c.body+"\n}\n", Options{})
			made, said := p.Diagram("Net", nil)
			weights := map[*diagram.Weight]bool{}
			collect(elaborated(t, made, said), weights)
			if len(weights) != c.want {
				t.Errorf("%d weights, want %d", len(weights), c.want)
			}
		})
	}
}

// collect gathers the weights that a diagram and its bodies list.
func collect(d *diagram.Diagram, weights map[*diagram.Weight]bool) {
	for _, w := range d.Weights {
		weights[w] = true
	}
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			collect(body, weights)
		}
	}
}

// TestElaborationIsDeterministic holds that a program is elaborated to the same
// text each time.
func TestElaborationIsDeterministic(t *testing.T) {
	f := readFile(t, "testdata/errors/training.ncd")
	first := printed(t, f, Options{Library: library()})
	for range 5 {
		if got := printed(t, f, Options{Library: library()}); got != first {
			t.Fatalf("got\n%s\nwant\n%s", got, first)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	f := &source.File{Name: "model.ncd", Text: model}
	for b.Loop() {
		if _, said := Check(f, Options{Library: library()}); len(said) > 0 {
			b.Fatal(said)
		}
	}
}

// TestInit holds how the first values of weights are drawn.
func TestInit(t *testing.T) {
	for _, c := range []struct{ name, out, body, weight, bias string }{
		{"by itself", "n:4", "x >> affine[m -> n:4]", "uniform 1.732 / √12", "constant 0 / √1"},
		{"PyTorch's", "n:4", `x >> affine[m -> n:4, init = "uniform"]`, "uniform 1 / √12", "uniform 1 / √12"},
		{"times a gain", "n:4", `x >> affine[m -> n:4, init = "uniform", gain = 3]`, "uniform 3 / √12", "uniform 3 / √12"},
		{"even, for rectifiers", "n:4", `x >> affine[m -> n:4, init = "kaiming_uniform"]`, "uniform 2.449 / √12", "constant 0 / √1"},
		{"even, by both fans", "n:4", `x >> affine[m -> n:4, init = "xavier_uniform"]`, "uniform 2.449 / √16", "constant 0 / √1"},
		{"by what comes in", "n:4", `x >> affine[m -> n:4, init = "lecun_normal"]`, "normal 1 / √12", "constant 0 / √1"},
		{"cut", "n:4", `x >> affine[m -> n:4, init = "truncated_normal"]`, "truncated 0.02 / √1", "constant 0 / √1"},
		{"at right angles", "n:4", `x >> affine[m -> n:4, init = "orthogonal", gain = 1.4]`, "orthogonal 1.4 / √1 1 of 0", "constant 0 / √1"},
		{"a constant", "m", `x >> gain[m, gain = 0.25] >> bias[m, init = "ones", gain = -2]`, "constant 0.25 / √1", "constant -2 / √1"},
		{"for rectifiers", "n:4", `x >> affine[m -> n:4, init = "kaiming"]`, "normal 1.414 / √12", "constant 0 / √1"},
		{"by both fans", "n:4", `x >> affine[m -> n:4, init = "xavier"]`, "normal 1.414 / √16", "constant 0 / √1"},
		{"zeros", "n:4", `x >> affine[m -> n:4, init = "zeros"]`, "constant 0 / √1", "constant 0 / √1"},
		{"a gain and a bias", "m", "x >> gain[m] >> bias[m]", "constant 1 / √1", "constant 0 / √1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			made, said := checked(t, "diagram Net(x[m:12]) -> ["+c.out+"] { "+c.body+" }\n", Options{}).Diagram("Net", nil)
			d := elaborated(t, made, said)
			if got := [2]string{drawn(d.Weights[0]), drawn(d.Weights[1])}; got != [2]string{c.weight, c.bias} {
				t.Errorf("got %q, want %q and %q", got, c.weight, c.bias)
			}
		})
	}
}

// TestInitMisplaced holds what is told of forms where there is no matrix.
func TestInitMisplaced(t *testing.T) {
	for _, c := range []struct{ name, program, want string }{
		{"unknown", `diagram Net(x[m:12]) -> [m] { x >> gain[m, init = "orthogonl"] }`, "did you mean `orthogonal`?"},
		{"a gain", `diagram Net(x[m:12]) -> [m] { x >> gain[m, init = "orthogonal"] }`, "`gain` maps nothing"},
		{"a look-up", "axis v = 5\n" + `diagram Net(x[s:3] in v) -> [s m:2] { x >> linear[v -> m:2, init = "pca"] }`, "it is places along `v`"},
		{"nothing comes in", `diagram Net(x[]) -> [m:2] { x >> linear[-> m:2, init = "dct"] }`, "needs an axis that comes in"},
		{"a gain of letters", `diagram Net[m](x[m]) -> [m] { x >> gain[m, gain = m^0.5] }`, "known before any size is"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, said := Check(&source.File{Name: "net.ncd", Text: c.program + "\n"}, Options{})
			if len(said) == 0 || !strings.Contains(said[0].Message, c.want) {
				t.Errorf("got %v, want %q", said, c.want)
			}
		})
	}
}

func drawn(w *diagram.Weight) string {
	text := fmt.Sprintf("%s %.4g / √%s", w.Init.Kind, w.Init.Scale, w.Init.FanIn.Places())
	if w.Init.From > 0 {
		text += fmt.Sprintf(" %d of %d", w.Init.From, w.Init.Apart)
	}
	return text
}
