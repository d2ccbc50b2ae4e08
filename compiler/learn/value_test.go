package learn

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/lower"
	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// written is a diagram of a program, checked with the library at hand.
func written(t testing.TB, text, name string) *diagram.Diagram {
	t.Helper()
	p, said := check.Check(&source.File{Name: "program.ncd", Text: text}, check.Options{Library: stdlib.Files})
	holdSilent(t, said)
	d, said := p.Diagram(name, nil)
	holdSilent(t, said)
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	return d
}

// drawnFor draws what a flat diagram reads; weights by their order, as their paths
// tell how the program is written.
func drawnFor(t *testing.T, d *diagram.Diagram) reference.Values {
	v := reference.Values{Weights: map[string]*reference.Array{}}
	for _, w := range d.In {
		v.Arrays = append(v.Arrays, draw(t, w.Name, w.Type))
	}
	for i, w := range d.Weights {
		v.Weights[w.Path] = draw(t, "weight "+strconv.Itoa(i), shape.Type{Axes: w.Axes})
	}
	return v
}

// differences are the central differences of a diagram's first result, a scalar, by
// each array that it is given: its inputs, then its weights.
func differences(t testing.TB, d *diagram.Diagram, v reference.Values) [][]float64 {
	t.Helper()
	const h = 1e-5
	at := func() float64 {
		made, err := reference.Run(d, v)
		if err != nil {
			t.Fatal(err)
		}
		return made.Arrays[0].Values[0]
	}
	var all [][]float64
	for _, a := range moved(d, v) {
		var by []float64
		for i, x := range a.Values {
			a.Values[i] = x + h
			up := at()
			a.Values[i] = x - h
			by = append(by, (up-at())/(2*h))
			a.Values[i] = x
		}
		all = append(all, by)
	}
	return all
}

func moved(d *diagram.Diagram, v reference.Values) []*reference.Array {
	var list []*reference.Array
	for i, w := range d.In {
		if !w.Type.IsPlace() {
			list = append(list, v.Arrays[i])
		}
	}
	for _, b := range d.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			list = append(list, v.Weights[op.Weight.Path])
		}
	}
	return list
}

func holdNear(t testing.TB, what string, got, want []float64, within float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.IsNaN(got[i]) || math.Abs(got[i]-want[i]) > within*(1+math.Abs(want[i])) {
			t.Errorf("%s: number %d is %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}

// gradientValues are diagrams with gradients as values; each results in a scalar.
var gradientValues = []struct{ name, text string }{
	{"by an input", `diagram D(x[n:3]) -> [] { s = x >> affine[n -> m:2] >> tanh >> sum[m]; grad[s, x] >> square >> sum[n] }`},
	{"by two wires, one on the way to the other", `diagram D(x[n:3]) -> [] {
    y = x >> affine[n -> m:2] >> tanh
    s = y >> square >> sum[m]
    a, b = grad[s, x, y]
    (a >> square >> sum[n]) + (b >> sum[m]) }`},
	{"by a weight", `diagram D(x[n:3]) -> [] { W = learned[n:3 m:2]; h[m] = x[n] * W[n m]; s = h >> tanh >> sum[m]; g = grad[s, W]; g * W >> sum[n m] }`},
	{"used before and after", `diagram D(x[n:3]) -> [] { s = x >> square >> sum[n]; g = grad[s, x]; r = g * x >> exp >> sum[n]; h = grad[r, x]; g * h >> sum[n] }`},
	{"twice", `diagram D(x[n:3]) -> [] { s = x >> sin >> sum[n]; g = grad[s, x]; r = g >> square >> sum[n]; grad[r, x] >> square >> sum[n] }`},
	{"at each place of what is lifted over", `diagram Slope[m](x[n], w[n]) -> [n] { s = x * w >> affine[n -> m:2] >> tanh >> sum[m]; a, b = grad[s, x, w]; a * b }
diagram D(x[y:2 n:3], w[n:3]) -> [] { (x, w) >> Slope[m = 2] >> sum[y n] }`},
	{"an inner loop", `diagram Loss(w[n], x[n]) -> [] { w * x >> tanh >> square >> sum[n] }
diagram D(x[y:2 n:3]) -> [] {
    w = x >> mean[y]
    for i in 1..3 {
        loss = (w, x) >> Loss >> sum[y]
        w = w - 0.1 * grad[loss, w]
    }
    (w, x) >> Loss >> sum[y] }`},
	{"in every turn of a scan", `diagram Turn(state v[n], x[n], w[n]) -> [n] { s = w * x * v + w >> tanh >> sum[n]; v = v + grad[s, w] + grad[s, x]; v }
diagram D(x[t:3 n:2], w[n:2]) -> [] { (x, w) >> scan[t, Turn] >> square >> sum[t n] }`},
	{"by what a state holds", `diagram Turn(state v[n], x[n]) -> [n] { s = x * v + v >> square >> sum[n]; v = v + x - 0.1 * grad[s, v]; v }
diagram D(x[t:3 n:2]) -> [] { x >> scan[t, Turn] >> square >> sum[t n] }`},
	{"through a look-up and a softmax", `diagram D(x[n:4]) -> [] { p = x >> softmax[n]; s = p * p >> logsumexp[n]; grad[s, x] >> square >> sum[n] }`},
	{"within a backward program", `diagram Odd(x[n]) -> [n] { x >> square } reverse(g[n]) { s = x >> sin >> sum[n]; g * grad[s, x] }
diagram D(x[n:3]) -> [] { s = x >> Odd >> sum[n]; grad[s, x] >> square >> sum[n] }`},
}

// TestGradientValues holds gradients that a diagram asks for against central
// differences, and the derivative of what is made of them against differences again.
func TestGradientValues(t *testing.T) {
	for _, c := range gradientValues {
		t.Run(c.name, func(t *testing.T) {
			d := written(t, c.text, "D")
			flat := rewrite.Normalize(d)
			if slices.ContainsFunc(flat.Boxes, func(b *diagram.Box) bool { _, ok := b.Op.(diagram.Gradient); return ok }) {
				t.Fatalf("a gradient has not been opened:\n%s", flat)
			}
			v := drawnFor(t, flat)
			got, err := reference.Run(flat, v)
			if err != nil {
				t.Fatal(err)
			}
			if c.name != "within a backward program" { // which no difference knows of
				want, err := reference.Run(d, v)
				if err != nil {
					t.Fatal(err)
				}
				holdNear(t, "value", got.Arrays[0].Values, want.Arrays[0].Values, 1e-4)
			}
			again, err := Gradients(d)
			if err != nil {
				t.Fatal(err)
			}
			made, err := reference.Run(again, v)
			if err != nil {
				t.Fatal(err)
			}
			if c.name != "within a backward program" {
				for i, want := range differences(t, flat, v) {
					holdNear(t, again.Out[i+1].Name, made.Arrays[i+1].Values, want, 1e-6)
				}
			}
			if _, err := lower.Lower(again, lower.Options{}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// A gradient in a model is learnt through: a step of training by backpropagation is
// that of the flat diagram's own derivative.
func TestGradientValuesAreLearntThrough(t *testing.T) {
	d := written(t, gradientValues[0].text, "D")
	tr := training(perceptron(), nil)
	b := newBox(diagram.Composite{Body: d}, nil, d.In[0].Type.Axes, wires(wire("x", d.In[0].Type.Axes...)), wires(wire("")))
	b.Name = "net"
	tr.Forward = &diagram.Diagram{Name: "t", In: b.In, Out: b.Out, Boxes: []*diagram.Box{b}}
	tr.Models, tr.Losses, tr.Reports = []diagram.Model{{Name: "net", Box: b}}, 1, nil
	step := compile(t, tr)
	v := values(t, step)
	made := run(t, step, v)
	flat := rewrite.Normalize(d)
	at := reference.Values{Arrays: v.Arrays, Weights: map[string]*reference.Array{}}
	for i, s := range step.States {
		if s.Weight != nil {
			at.Weights[s.Path] = v.States[i]
		}
	}
	for i, want := range differences(t, flat, at)[1:] {
		path := flat.Weights[i].Path
		s := state(t, step, path)
		for j, g := range want {
			want[j] = v.States[s].Values[j] - g
		}
		holdNear(t, path, made.States[s].Values, want, 1e-7)
	}
}
