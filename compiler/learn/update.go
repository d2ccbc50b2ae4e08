package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// update lets the optimiser change every weight that is to change, and turns the
// sources of weights into states.
func (s *step) update() {
	u := &updating{step: s, remembered: map[*diagram.Weight][]*diagram.State{}, uses: map[string]int{}}
	states := s.d.States
	u.weights()
	for _, filter := range s.training.Filters {
		u.filter(filter)
	}
	u.optimise()
	u.follow()
	for _, state := range u.states {
		states = append(append(states, state), u.remembered[state.Weight]...)
	}
	if u.number != nil {
		states = append(states, u.number)
	}
	for _, f := range s.fixed {
		s.d.Weights = append(s.d.Weights, f.Weight)
	}
	s.d.States = append(states, s.fixed...)
}

// updating is the end of a step while it is made: from what the weights are to
// change by to what they become.
type updating struct {
	*step
	states     []*diagram.State // of the weights
	moving     []*moving
	remembered map[*diagram.Weight][]*diagram.State
	uses       map[string]int // of the paths of programs
	number     *diagram.State // of the step, where somebody asks for it
	length     *diagram.Wire  // of all changes as they are now, where somebody asks for it
}

// moving is a weight that is to change.
type moving struct {
	state  *diagram.State
	change *diagram.Wire
}

// weights makes states of the sources, and finds out which weights are to change.
func (u *updating) weights() {
	wires := map[*diagram.Weight]*diagram.Wire{}
	boxes := u.d.Boxes
	u.d.Boxes = nil
	for _, b := range boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			wires[op.Weight] = b.Out[0]
		} else {
			u.d.Boxes = append(u.d.Boxes, b)
		}
	}
	u.d.Weights = slices.DeleteFunc(slices.Clone(u.d.Weights), func(w *diagram.Weight) bool { return wires[w] == nil })
	for _, w := range u.d.Weights {
		state := &diagram.State{Path: w.Path, In: wires[w], Out: wires[w], Weight: w, Span: w.Span}
		u.states = append(u.states, state)
		if !w.Learns() {
			continue
		}
		if change := u.changeOf(state.In); change != nil {
			u.moving = append(u.moving, &moving{state, change})
			continue
		}
		if u.isCutOff() {
			continue
		}
		u.said = append(u.said, source.Diagnostic{
			Code: UnmovedWeight, Severity: source.Remark, Span: w.Span,
			Message: "weight " + w.Path + " stays as it is: no loss and no rule says how it should change",
		})
	}
}

// isCutOff reports whether a rule sends nothing to the layers before, so that weights
// may well stay as they are.
func (s *step) isCutOff() bool {
	for _, a := range s.assigned {
		if a.rule.SendNothing {
			return true
		}
	}
	return false
}

// filter lets a program make other changes of those that are wanted.
func (u *updating) filter(of diagram.Optimizer) {
	changes := make([]*diagram.Wire, len(u.moving))
	for i, m := range u.moving {
		changes[i] = m.change
		if body := u.programOf(of, m.state.Weight); body != nil {
			changes[i] = u.apply(body, m, body.Name)
		}
	}
	for i, m := range u.moving {
		m.change = changes[i]
	}
	u.length = nil
}

// optimise lets the optimiser make the new weights.
func (u *updating) optimise() {
	for _, m := range u.moving {
		if body := u.programOf(u.training.Optimizer, m.state.Weight); body != nil {
			m.state.Out = u.apply(body, m)
		}
	}
}

func (u *updating) programOf(of diagram.Optimizer, w *diagram.Weight) *diagram.Diagram {
	body, said := of(w.Path, distinct(w.Axes))
	u.said = append(u.said, said...)
	if body == nil {
		return nil
	}
	return rewrite.Normalize(body)
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
