package learn

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// update lets the optimiser change every weight that is to change, and turns the
// sources of weights into states.
func (s *step) update() {
	states := s.d.States
	wires := map[*diagram.Weight]*diagram.Wire{}
	boxes := s.d.Boxes
	s.d.Boxes = nil
	for _, b := range boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			wires[op.Weight] = b.Out[0]
		} else {
			s.d.Boxes = append(s.d.Boxes, b)
		}
	}
	for _, w := range s.d.Weights {
		state := &diagram.State{Path: w.Path, In: wires[w], Out: wires[w], Weight: w, Span: w.Span}
		states = append(states, state)
		if w.Frozen {
			continue
		}
		change := s.changeOf(wires[w])
		if change == nil {
			s.said = append(s.said, source.Diagnostic{
				Code: UnmovedWeight, Severity: source.Remark, Span: w.Span,
				Message: "weight " + w.Path + " stays as it is: no loss and no rule says how it should change",
			})
			continue
		}
		updated, remembered := s.optimised(w, state.In, change)
		state.Out = updated
		states = append(states, remembered...)
	}
	for _, f := range s.fixed {
		s.d.Weights = append(s.d.Weights, f.Weight)
	}
	s.d.States = append(states, s.fixed...)
}

// changeOf is how much a weight wants to change: against what was sent to it, and as
// its rules say. It is nil where neither says anything.
func (s *step) changeOf(w *diagram.Wire) *diagram.Wire {
	changes := s.changes[w]
	p := diagram.NewProgram()
	var in []*diagram.Wire
	var total int
	if sent := s.sweep.Cotangent(w); sent != nil {
		in, total = append(in, sent), p.Apply(diagram.FnNeg, p.Input(0))
	} else if len(changes) > 0 {
		in, total, changes = append(in, changes[0]), p.Input(0), changes[1:]
	}
	for _, c := range changes {
		total = p.Apply(diagram.FnAdd, total, p.Input(len(in)))
		in = append(in, c)
	}
	if len(in) == 0 || len(in) == 1 && total == p.Input(0) {
		return append(in, nil)[0]
	}
	out := diagram.NewWire("Δ"+w.Name, w.Type.Axes...)
	op, _ := p.Assemble([]int{total})
	distinctly := distinct(w.Type.Axes)
	b := &diagram.Box{Op: op, In: in, Out: []*diagram.Wire{out}, Weave: diagram.Weave{Degree: distinctly}, Span: w.Span}
	maps := b.Weave.Indices(distinctly)
	b.Weave.Out = [][]diagram.Affine{maps}
	for range in {
		b.Weave.In = append(b.Weave.In, maps)
	}
	b.Path, b.Kind, b.Pass = strings.Split(w.Name, "."), "change", diagram.Update
	return s.d.Add(b)
}

// distinct primes labels that are there twice: a weight keeps what comes in and what
// goes out apart by place alone.
func distinct(axes shape.Shape) shape.Shape {
	result := make(shape.Shape, len(axes))
	for i, a := range axes {
		for result[:i].Index(a.Label) >= 0 {
			a.Label += "'"
		}
		result[i] = a
	}
	return result
}

// optimised appends the optimiser's diagram for one weight.
func (s *step) optimised(w *diagram.Weight, old, change *diagram.Wire) (updated *diagram.Wire, remembered []*diagram.State) {
	body, said := s.training.Optimizer(w.Path, distinct(w.Axes))
	s.said = append(s.said, said...)
	if body == nil {
		return old, nil
	}
	body = rewrite.Normalize(body)
	wires := map[*diagram.Wire]*diagram.Wire{body.In[0]: old, body.In[1]: change}
	for _, state := range body.States {
		in := *state.In
		wires[state.In] = &in
	}
	path := strings.Split(w.Path, ".")
	for _, b := range body.Boxes {
		s.d.Add(copied(b, wires, path, diagram.Update))
	}
	for _, state := range body.States {
		kept := *state
		kept.Path = w.Path + "." + state.Path
		kept.In, kept.Out = wires[state.In], replaced([]*diagram.Wire{state.Out}, wires)[0]
		remembered = append(remembered, &kept)
	}
	return replaced(body.Out, wires)[0], remembered
}
