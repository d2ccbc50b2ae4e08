package rewrite

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// drawTurns draws the turns that the backward pass follows: those whose draw is
// among the smallest. One draw is for all places that the scan is lifted over.
func (u *unrolling) drawTurns() {
	along := u.lifts[len(u.lifts)-1].axis
	other := shape.Axis{Label: along.Label + "'", Size: along.Size}
	put := func(op diagram.Op, degree, own shape.Shape, out []diagram.Affine, in ...[]diagram.Affine) {
		w := diagram.NewWire("", degree...)
		b := &diagram.Box{Op: op, Out: []*diagram.Wire{u.claimed(w)}, Path: u.path, Kind: "scan", Weave: diagram.Weave{Degree: degree, Own: own, In: in, Out: [][]diagram.Affine{out}}}
		for range in {
			b.In = append(b.In, u.chosen)
		}
		u.emit(b)
		u.chosen = w
	}
	one, two := indices(0, 1), indices(0, 2)
	put(diagram.Random{Distribution: "uniform", Stream: u.complete("turns"), Scale: 1}, shape.Shape{along}, nil, one)
	put(diagram.Apply(diagram.FnLess), shape.Shape{along, other}, nil, two, two[1:], one)
	put(diagram.Contract{}, shape.Shape{along}, shape.Shape{other}, one, two)
	p := diagram.NewProgram()
	isChosen := p.Apply(diagram.FnLess, p.Input(0), p.Constant(diagram.Literal(float64(u.gradient.Turns))))
	op, _ := p.Assemble([]int{isChosen})
	put(op, shape.Shape{along}, nil, one, one)
}

// sent is a wire that the present turn makes. What comes back to it is taken only
// where the turn is one of those chosen.
func (u *unrolling) sent(w *diagram.Wire) *diagram.Wire {
	if u.chosen == nil {
		return w
	}
	if made, ok := u.masked[w]; ok {
		return made
	}
	made := *w
	u.masked[w] = u.claimed(&made)
	all := indices(0, len(w.Type.Axes))
	u.emit(&diagram.Box{
		Op: diagram.Lens{From: 2, Reverse: weighed()}, In: []*diagram.Wire{w, u.here(u.chosen, 0), w}, Out: []*diagram.Wire{&made}, Path: u.path, Kind: "scan", Span: w.Span,
		Weave: diagram.Weave{Degree: w.Type.Axes, In: [][]diagram.Affine{all, nil, all}, Out: [][]diagram.Affine{all}},
	})
	return &made
}

// weighed sends a number's cotangent back to it times a weight, and the weight 0.
func weighed() *diagram.Diagram {
	d := &diagram.Diagram{Name: "weighed"}
	for _, name := range []string{"x", "weight", "y", "g"} {
		d.In = append(d.In, diagram.NewWire(name))
	}
	sent := d.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), nil, nil, []*diagram.Wire{d.In[1], d.In[3]}, []*diagram.Wire{diagram.NewWire("")}))
	nothing := d.Add(diagram.NewBox(diagram.Constant{}, nil, nil, nil, []*diagram.Wire{diagram.NewWire("")}))
	d.Out = []*diagram.Wire{sent, nothing}
	return d
}
