package learn

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// follow moves the weights that follow others towards what these have become.
func (u *updating) follow() {
	followed := map[*diagram.Weight]*diagram.State{}
	for _, state := range u.states {
		followed[state.Weight] = state
	}
	for _, state := range u.states {
		w := state.Weight
		leader := followed[w.Follows]
		if w.Follows == nil || leader == nil {
			continue
		}
		p := diagram.NewProgram()
		own := p.Apply(diagram.FnMul, p.Constant(diagram.Literal(w.Keep)), p.Input(0))
		other := p.Apply(diagram.FnMul, p.Constant(diagram.Literal(1-w.Keep)), p.Input(1))
		op, _ := p.Assemble([]int{p.Apply(diagram.FnAdd, own, other)})
		state.Out = u.add(placewise(op, w, state.In, leader.Out))
	}
}

// placewise is a Map over the places of a weight.
func placewise(op diagram.Map, w *diagram.Weight, in ...*diagram.Wire) *diagram.Box {
	axes := distinct(w.Axes)
	out := &diagram.Wire{Type: shape.Type{Axes: w.Axes}, Span: w.Span}
	b := &diagram.Box{Op: op, In: in, Out: []*diagram.Wire{out}, Weave: diagram.Weave{Degree: axes}, Path: strings.Split(w.Path, "."), Kind: "ema", Span: w.Span}
	maps := b.Weave.Indices(axes)
	b.Weave.Out = [][]diagram.Affine{maps}
	for range in {
		b.Weave.In = append(b.Weave.In, maps)
	}
	return b
}
