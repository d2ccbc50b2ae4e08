package exec

import (
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

// recurrent is h = tanh(w·h + x) along t, lifted over the batch; it makes all h, and
// the sum of two parts of each h.
func recurrent(turns int, gradient diagram.Through) *diagram.Diagram {
	axis := func(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }
	batch, t, m, n, half := axis("batch", 9), axis("t", turns), axis("m", 6), axis("n", 6), axis("half", 2)
	wire, at := diagram.NewWire, diagram.At
	x, w, h := wire("x", m), wire("w", n, m), wire("h", n)
	sum, next, parts := wire("", m), wire("next", n), wire("parts", half)
	body := &diagram.Diagram{Name: "Turn", In: []*diagram.Wire{x, w}, Out: []*diagram.Wire{next, parts}}
	body.States = []*diagram.State{{Path: "h", In: h, Out: next, Init: 0.5}}
	body.Add(diagram.NewBox(diagram.Contract{}, shape.Shape{m}, shape.Shape{n}, []*diagram.Wire{w, h}, []*diagram.Wire{sum}))
	p := diagram.NewProgram()
	op, _ := p.Assemble([]int{p.Apply(diagram.FnTanh, p.Apply(diagram.FnAdd, p.Input(0), p.Input(1)))})
	one := maps(at(0))
	body.Add(boxOf(op, shape.Shape{n}, nil, []*diagram.Wire{sum, x}, []*diagram.Wire{next}, one, one, one))
	var pieces []*diagram.Wire
	for part := range 2 {
		piece := wire("", half)
		body.Add(boxOf(diagram.View{Name: "split"}, shape.Shape{half}, nil, []*diagram.Wire{next}, []*diagram.Wire{piece}, maps(linear(1+3*part, 0, 1)), one))
		pieces = append(pieces, piece)
	}
	body.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), shape.Shape{half}, nil, pieces, []*diagram.Wire{parts}))
	d := &diagram.Diagram{Name: "Recurrent", In: []*diagram.Wire{wire("x", batch, t, m), wire("w", n, m)}, Out: []*diagram.Wire{wire("y", batch, t, n), wire("z", t, batch, half)}}
	d.Add(diagram.NewBox(diagram.Scan{Body: body, Gradient: gradient}, shape.Shape{batch}, shape.Shape{t, m, n, half}, d.In, d.Out))
	return d
}

// TestTurns runs iterations forward and backward.
func TestTurns(t *testing.T) {
	cases := []struct {
		name     string
		turns    int
		gradient diagram.Through
	}{
		{"one turn", 1, diagram.Through{}},
		{"all the way", 5, diagram.Through{}},
		{"nothing from turn to turn", 4, diagram.Through{Policy: "local"}},
		{"the last two", 4, diagram.Through{Policy: "last", Turns: 2}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			flat := rewrite.Normalize(recurrent(c.turns, c.gradient))
			forward := slices.Clone(flat.Out)
			seeds := map[*diagram.Wire]*diagram.Wire{}
			for i, w := range forward {
				seeds[w] = diagram.NewWire([]string{"sent to y", "sent to z"}[i], w.Type.Axes...)
				flat.In = append(slices.Clip(flat.In), seeds[w])
			}
			sent := grad.Backward(flat, seeds, flat.In[:2])
			flat.Out = append(forward, sent[flat.In[0]], sent[flat.In[1]])
			compareAll(t, rewrite.Finish(flat))
		})
	}
}
