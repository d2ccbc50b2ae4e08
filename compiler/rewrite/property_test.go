package rewrite

import (
	"testing"

	"pgregory.net/rapid"

	"ncd/compiler/diagram"
)

// tangled draws a diagram of maps, sums, spreads and transposes over a square, with
// results anywhere in it.
func tangled(r *rapid.T) *diagram.Diagram {
	a, b := axis("a", 2), axis("b", 2)
	x := diagram.NewWire("x", a, b)
	d := &diagram.Diagram{Name: "Tangled", In: wires(x)}
	made := wires(x)
	some := func() *diagram.Wire { return rapid.SampledFrom(made).Draw(r, "wire") }
	for range rapid.IntRange(1, 25).Draw(r, "boxes") {
		out := diagram.NewWire("", a, b)
		switch rapid.IntRange(0, 4).Draw(r, "kind") {
		case 0:
			d.Add(diagram.NewBox(diagram.Apply(diagram.FnTanh), axes(a, b), nil, wires(some()), wires(out)))
		case 1, 2:
			d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(a, b), nil, wires(some(), some()), wires(out)))
		case 3: // reads its second input the other way round
			box := diagram.NewBox(diagram.Apply(diagram.FnMul), axes(a, b), nil, wires(some(), some()), wires(out))
			box.Weave.In[1] = []diagram.Affine{diagram.At(1), diagram.At(0)}
			d.Add(box)
		case 4:
			sum := d.Add(diagram.NewBox(diagram.Contract{}, axes(a), axes(b), wires(some()), wires(diagram.NewWire("", a))))
			d.Add(diagram.NewBox(diagram.Contract{}, axes(a, b), nil, wires(sum), wires(out)))
		}
		made = append(made, out)
	}
	d.Out = rapid.SliceOfNDistinct(rapid.SampledFrom(made[1:]), 1, 3, func(w *diagram.Wire) *diagram.Wire { return w }).Draw(r, "results")
	return d
}

// TestFinishKeepsTheValue fuses and shares whatever can be drawn.
func TestFinishKeepsTheValue(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		d := tangled(r)
		holdSame(r, d, FuseMaps(d))
		holdSame(r, d, Finish(d))
	})
}
