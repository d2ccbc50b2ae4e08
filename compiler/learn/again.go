package learn

import (
	"slices"

	"ncd/compiler/diagram"
)

// makeAgain lets the backward half of a diagram read what a part makes on the way from
// boxes that make it again, ahead of the first that reads it, where the part says so:
// what is not read later need not be kept. What leaves a part is kept.
//
// Chen, Xu, Zhang and Guestrin, "Training Deep Nets with Sublinear Memory Cost", 2016.
func makeAgain(d *diagram.Diagram) {
	m := &again{part: map[*diagram.Wire]string{}, maker: map[*diagram.Wire]*diagram.Box{}, made: map[*diagram.Wire]*diagram.Wire{}}
	for _, b := range d.Boxes {
		m.place(b)
	}
	for _, w := range d.Out {
		delete(m.part, w)
	}
	for _, s := range d.States {
		delete(m.part, s.Out)
	}
	if len(m.part) == 0 {
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
	boxes []*diagram.Box
	part  map[*diagram.Wire]string // of wires that are made and read within one part
	maker map[*diagram.Wire]*diagram.Box
	made  map[*diagram.Wire]*diagram.Wire // wire → as it is made again
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
	if _, isSource := b.Op.(diagram.Learned); isSource || b.Again == "" {
		return
	}
	for _, w := range b.Out {
		m.part[w], m.maker[w] = b.Again, b
	}
}

func (m *again) wires(in []*diagram.Wire) []*diagram.Wire {
	result := slices.Clone(in)
	for i, w := range in {
		if _, isInner := m.part[w]; isInner {
			result[i] = m.wire(w)
		}
	}
	return result
}

// wire is a wire as it is made again; what that takes is made again first.
func (m *again) wire(w *diagram.Wire) *diagram.Wire {
	if made, ok := m.made[w]; ok {
		return made
	}
	b := *m.maker[w]
	b.In, b.Out, b.Pass = m.wires(b.In), slices.Clone(b.Out), diagram.Backward
	for i, old := range b.Out {
		made := *old
		b.Out[i], m.made[old] = &made, &made
	}
	m.boxes = append(m.boxes, &b)
	return m.made[w]
}
