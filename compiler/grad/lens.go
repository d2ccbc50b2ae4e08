package grad

import (
	"slices"

	"ncd/compiler/diagram"
)

// lens sends the inputs what the box's own program makes of them, of the results and
// of what was sent to these; the results themselves are sent nothing.
func lens(a *application) {
	op := a.box.Op.(diagram.Lens)
	p := &program{a, map[*diagram.Wire]*diagram.Wire{}}
	for i, w := range a.box.In {
		p.wires[op.Reverse.In[i]] = w
	}
	for i, w := range a.box.Out {
		if a.cotangents[i] == nil {
			a.cotangents[i] = a.nothing(w)
		}
		p.wires[op.Reverse.In[len(a.box.In)+i]] = a.cotangents[i]
	}
	p.run(op.Reverse)
	results := op.Reverse.Out
	for i, w := range a.box.In[:op.From] {
		if w.Type.IsPlace() {
			continue
		}
		if a.wants[i] {
			a.Send(w, p.wire(results[0]))
		}
		results = results[1:]
	}
}

// nothing is the cotangent of a wire that was sent none.
func (a *application) nothing(like *diagram.Wire) *diagram.Wire {
	n := len(like.Type.Axes)
	weave := diagram.Weave{Degree: like.Type.Axes, Out: [][]diagram.Affine{identity(n)}}
	return a.add(a.box, diagram.Constant{}, weave, nil, cotangentOf(like))
}

// program is the flat program of a lens while it is appended to the diagram.
type program struct {
	*application
	wires map[*diagram.Wire]*diagram.Wire
}

func (p *program) wire(w *diagram.Wire) *diagram.Wire {
	if made, ok := p.wires[w]; ok {
		return made
	}
	return w
}

// run appends the boxes. What the program remembers becomes a state of the diagram:
// an application goes on from what the one before it has left.
func (p *program) run(reverse *diagram.Diagram) {
	states := make([]*diagram.State, len(reverse.States))
	for i, s := range reverse.States {
		states[i] = p.state(s)
	}
	for _, b := range reverse.Boxes {
		p.append(b)
	}
	for i, s := range reverse.States {
		states[i].Out = p.wire(s.Out)
	}
}

func (p *program) state(old *diagram.State) *diagram.State {
	d := p.diagram
	known := slices.IndexFunc(d.States, func(s *diagram.State) bool { return s.Path == old.Path })
	if known >= 0 {
		p.wires[old.In] = d.States[known].Out
		return d.States[known]
	}
	made, in := *old, *old.In
	made.Kept = false // it is of learning, not of the model: nobody else has it
	made.In, p.wires[old.In] = &in, &in
	d.States = append(d.States, &made)
	return &made
}

// append appends a box of the program. A weight keeps its one source.
func (p *program) append(old *diagram.Box) {
	if op, ok := old.Op.(diagram.Learned); ok {
		isSource := func(b *diagram.Box) bool { return b.Op == op }
		if known := slices.IndexFunc(p.diagram.Boxes, isSource); known >= 0 {
			p.wires[old.Out[0]] = p.diagram.Boxes[known].Out[0]
			return
		}
	}
	b := *old
	b.In, b.Out, b.Pass = make([]*diagram.Wire, len(old.In)), make([]*diagram.Wire, len(old.Out)), diagram.Backward
	for i, w := range old.In {
		b.In[i] = p.wire(w)
	}
	for i, w := range old.Out {
		made := *w
		b.Out[i], p.wires[w] = &made, &made
	}
	p.diagram.Add(&b)
}
