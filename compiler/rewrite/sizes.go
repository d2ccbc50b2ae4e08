package rewrite

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// ReplaceSizes puts sizes in the place of letters everywhere in a diagram: in
// wires, weaves, weights, numbers and bodies. Letters for which it answers false
// stay. Wires and weights are new ones; what was shared is shared.
func ReplaceSizes(d *diagram.Diagram, letter func(string) (shape.Size, bool)) *diagram.Diagram {
	r := &replacer{
		letter: letter, wires: map[*diagram.Wire]*diagram.Wire{}, weights: map[*diagram.Weight]*diagram.Weight{},
		states: map[*diagram.State]*diagram.State{}, diagrams: map[*diagram.Diagram]*diagram.Diagram{},
	}
	return r.diagram(d)
}

type replacer struct {
	letter   func(string) (shape.Size, bool)
	wires    map[*diagram.Wire]*diagram.Wire
	weights  map[*diagram.Weight]*diagram.Weight
	states   map[*diagram.State]*diagram.State
	diagrams map[*diagram.Diagram]*diagram.Diagram
}

func (r *replacer) diagram(old *diagram.Diagram) *diagram.Diagram {
	if d, ok := r.diagrams[old]; ok {
		return d
	}
	d := *old
	r.diagrams[old] = &d
	d.In, d.Boxes, d.Weights, d.States = r.list(old.In), nil, nil, nil
	for _, w := range old.Weights {
		d.Weights = append(d.Weights, r.weight(w))
	}
	for _, b := range old.Boxes {
		d.Boxes = append(d.Boxes, r.box(b))
	}
	for _, s := range old.States {
		state := *s
		state.In, state.Out, state.Weight = r.wire(s.In), r.wire(s.Out), r.weight(s.Weight)
		if s.Start != nil {
			state.Start = r.wire(s.Start)
		}
		if shared, ok := r.states[s.Shares]; ok {
			state.Shares = shared
		}
		r.states[s] = &state
		d.States = append(d.States, &state)
	}
	d.Out = r.list(old.Out)
	return &d
}

func (r *replacer) list(old []*diagram.Wire) []*diagram.Wire {
	wires := make([]*diagram.Wire, len(old))
	for i, w := range old {
		wires[i] = r.wire(w)
	}
	return wires
}

func (r *replacer) wire(old *diagram.Wire) *diagram.Wire {
	if w, ok := r.wires[old]; ok {
		return w
	}
	w := *old
	w.Type = old.Type.Replace(r.letter)
	r.wires[old] = &w
	return &w
}

func (r *replacer) weight(old *diagram.Weight) *diagram.Weight {
	if old == nil {
		return nil
	}
	if w, ok := r.weights[old]; ok {
		return w
	}
	w := *old
	w.Axes, w.Init.FanIn = old.Axes.Replace(r.letter), old.Init.FanIn.Replace(r.letter)
	r.weights[old] = &w
	w.Like, w.Follows = r.weight(old.Like), r.weight(old.Follows)
	return &w
}

func (r *replacer) box(old *diagram.Box) *diagram.Box {
	b := *old
	b.Op, b.In, b.Out = r.op(old.Op), r.list(old.In), r.list(old.Out)
	b.Weave = diagram.Weave{
		Degree: old.Weave.Degree.Replace(r.letter), Own: old.Weave.Own.Replace(r.letter),
		In: r.ports(old.Weave.In), Out: r.ports(old.Weave.Out),
	}
	return &b
}

func (r *replacer) ports(old [][]diagram.Affine) [][]diagram.Affine {
	ports := make([][]diagram.Affine, len(old))
	for p, port := range old {
		ports[p] = make([]diagram.Affine, len(port))
		for i, a := range port {
			ports[p][i].Offset = a.Offset.Replace(r.letter)
			for _, t := range a.Terms {
				ports[p][i].Terms = append(ports[p][i].Terms, diagram.AffineTerm{Index: t.Index, Stride: t.Stride.Replace(r.letter)})
			}
		}
	}
	return ports
}

func (r *replacer) op(op diagram.Op) diagram.Op {
	switch op := op.(type) {
	case diagram.Map:
		program := make([]diagram.Instr, len(op.Program))
		for i, in := range op.Program {
			program[i] = diagram.Instr{Fn: in.Fn, Args: in.Args, Value: in.Value.Replace(r.letter)}
		}
		return diagram.Map{Program: program, Results: op.Results}
	case diagram.Constant:
		return diagram.Constant{Value: op.Value.Replace(r.letter)}
	case diagram.Composite:
		op.Body = r.diagram(op.Body)
		if op.Reverse != nil {
			op.Reverse = r.diagram(op.Reverse)
		}
		if op.Inverse != nil {
			op.Inverse = r.diagram(op.Inverse)
		}
		return op
	case diagram.Scan:
		op.Body = r.diagram(op.Body)
		return op
	case diagram.Lens:
		op.Reverse = r.diagram(op.Reverse)
		return op
	case diagram.Undo:
		op.Inverse = r.diagram(op.Inverse)
		return op
	case diagram.Repeat:
		op.From, op.To = op.From.Replace(r.letter), op.To.Replace(r.letter)
		turns := make([]*diagram.Diagram, len(op.Turns))
		for i, t := range op.Turns {
			turns[i] = r.diagram(t)
		}
		op.Turns = turns
		return op
	}
	return r.learned(op)
}

func (r *replacer) learned(op diagram.Op) diagram.Op {
	switch op := op.(type) {
	case diagram.Linear:
		op.Weight, op.Bias = r.weight(op.Weight), r.weight(op.Bias)
		return op
	case diagram.Learned:
		return diagram.Learned{Weight: r.weight(op.Weight)}
	case diagram.Scale:
		op.Weight = r.weight(op.Weight)
		return op
	}
	return op
}
