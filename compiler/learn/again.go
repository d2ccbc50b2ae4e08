package learn

import (
	"slices"

	"ncd/compiler/diagram"
)

// makeAgain lets the backward half of a diagram read what a part makes on the way from
// boxes that make it again, ahead of the first that reads it, where the part says so:
// what is not read later need not be kept. What leaves a part is kept, and what comes
// in, unless the part can be undone: that is made again of what has come out.
//
// Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016;
// Gomez, Ren, Urtasun and Grosse, "The Reversible Residual Network", 2017.
func makeAgain(d *diagram.Diagram) {
	m := &again{
		part: map[*diagram.Wire]string{}, maker: map[*diagram.Wire]*diagram.Box{}, made: map[*diagram.Wire]*diagram.Wire{},
		same: map[*diagram.Wire]*diagram.Wire{}, undo: map[*diagram.Wire]*diagram.Box{}, diagram: d,
	}
	for _, b := range d.Boxes {
		m.place(b)
	}
	for _, w := range slices.Concat(d.In, d.Out) {
		m.keep(w)
	}
	for _, s := range d.States {
		m.keep(s.In)
		m.keep(s.Out)
	}
	if len(m.part)+len(m.undo) == 0 {
		return
	}
	for _, b := range d.Boxes {
		if b.Pass != diagram.Forward {
			b.In = m.wires(b.In)
		}
		m.boxes = append(m.boxes, b)
	}
	d.Boxes = m.boxes
}

// again is the boxes of a diagram while some are made again.
type again struct {
	diagram *diagram.Diagram
	boxes   []*diagram.Box
	part    map[*diagram.Wire]string // of wires that are made and read within one part
	maker   map[*diagram.Wire]*diagram.Box
	undo    map[*diagram.Wire]*diagram.Box  // of wires that come into a part that can be undone: its Undo
	same    map[*diagram.Wire]*diagram.Wire // what an Undo is given → what it hands on
	made    map[*diagram.Wire]*diagram.Wire // wire → as it is made again
}

// keep notes that a wire is there in any case.
func (m *again) keep(w *diagram.Wire) {
	delete(m.part, w)
	delete(m.undo, w)
}

// place notes what a forward box makes, and that what it reads leaves its part if that
// is another. Sources of weights are of no part.
func (m *again) place(b *diagram.Box) {
	if b.Pass != diagram.Forward {
		return
	}
	for _, w := range b.In {
		if m.part[w] != b.Again {
			delete(m.part, w)
		}
	}
	if op, ok := b.Op.(diagram.Undo); ok {
		for i, w := range b.Out {
			m.same[b.In[i]] = w
		}
		for _, w := range b.In[op.Results:] {
			m.undo[w] = b
		}
		return
	}
	if _, isSource := b.Op.(diagram.Learned); isSource || b.Again == "" {
		return
	}
	for _, w := range b.Out {
		m.part[w], m.maker[w] = b.Again, b
	}
}

func (m *again) wires(in []*diagram.Wire) []*diagram.Wire {
	result := make([]*diagram.Wire, len(in))
	for i, w := range in {
		result[i] = m.wire(w)
	}
	return result
}

// wire is a wire as a box of the backward half reads it: as it is, or as it is made
// again; what that takes is made again first.
func (m *again) wire(w *diagram.Wire) *diagram.Wire {
	if handed, ok := m.same[w]; ok {
		w = handed
	}
	if made, ok := m.made[w]; ok {
		return made
	}
	if _, isInner := m.part[w]; isInner {
		return m.remade(w)
	}
	if b := m.undo[w]; b != nil {
		return m.undone(w, b)
	}
	return w
}

func (m *again) remade(w *diagram.Wire) *diagram.Wire {
	b := *m.maker[w]
	b.In, b.Out, b.Pass = m.wires(b.In), slices.Clone(b.Out), diagram.Backward
	for i, old := range b.Out {
		made := *old
		b.Out[i], m.made[old] = &made, &made
	}
	m.boxes = append(m.boxes, &b)
	return m.made[w]
}

// undone appends the program that makes what has come into a part of what came out.
func (m *again) undone(w *diagram.Wire, undo *diagram.Box) *diagram.Wire {
	op := undo.Op.(diagram.Undo)
	wires := map[*diagram.Wire]*diagram.Wire{}
	for i, given := range m.wires(undo.Out) {
		wires[op.Inverse.In[i]] = given
	}
	for _, old := range op.Inverse.Boxes {
		if _, isSource := old.Op.(diagram.Learned); isSource {
			wires[old.Out[0]] = m.source(old)
			continue
		}
		b := copied(old, wires, nil, diagram.Backward)
		if b.Again == "" {
			b.Again = "undone" // it is not what the forward half has made, though it is equal
		}
		m.boxes = append(m.boxes, b)
	}
	for i, old := range undo.In[op.Results:] {
		m.made[old] = replaced(op.Inverse.Out[i:i+1], wires)[0]
	}
	return m.made[w]
}

// source is the wire of the weight that a source hands out.
func (m *again) source(old *diagram.Box) *diagram.Wire {
	for _, b := range m.diagram.Boxes {
		if b.Op == old.Op {
			return b.Out[0]
		}
	}
	for _, s := range m.diagram.States {
		if s.Weight == old.Op.(diagram.Learned).Weight {
			return s.In
		}
	}
	panic("learn: weight " + old.Op.(diagram.Learned).Weight.Path + " has no source")
}
