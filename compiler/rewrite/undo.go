package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
)

// reversible puts a Composite that can be undone in as its body, and an Undo behind it.
// Where a wire that comes in lacks an axis that the box is lifted over, what comes in
// is kept: what comes out says it once for each place.
func (s *scope) reversible(b *diagram.Box, op diagram.Composite) {
	body := *b
	body.Op, body.Out = diagram.Composite{Body: op.Body, Again: true}, make([]*diagram.Wire, len(b.Out))
	for i, w := range b.Out {
		made := *w
		body.Out[i] = &made
	}
	s.box(&body)
	if !s.isOnePerPlace(b) {
		for i, w := range b.Out {
			s.bound[w] = s.bound[body.Out[i]]
		}
		return
	}
	undo := *b
	undo.Op = diagram.Undo{Results: len(b.Out), Inverse: op.Inverse}
	undo.In = slices.Concat(body.Out, b.In)
	undo.Weave.In = slices.Concat(b.Weave.Out, b.Weave.In)
	s.primitive(&undo)
}

// isOnePerPlace reports whether every wire that comes into a box has an array for each
// place that the box is lifted over, here and further out.
func (s *scope) isOnePerPlace(b *diagram.Box) bool {
	var read []layout
	for _, w := range b.In {
		read = append(read, s.bound[w])
	}
	carried := s.carried(read...)
	for i, l := range read {
		for _, x := range carried {
			if !l.carries(x) {
				return false
			}
		}
		for index := range b.Weave.Degree {
			if axisAlong(b.Weave.In[i], index) < 0 {
				return false
			}
		}
	}
	return true
}

// openInverse makes the program of a flat Undo one over whole wires.
func (in *inliner) openInverse(b *diagram.Box) {
	op, ok := b.Op.(diagram.Undo)
	if !ok {
		return
	}
	d := &diagram.Diagram{Name: op.Inverse.Name, Doc: op.Inverse.Doc, Span: op.Inverse.Span}
	use := &diagram.Box{Op: diagram.Composite{Body: op.Inverse}, Span: b.Span, Weave: diagram.Weave{Degree: b.Weave.Degree, Own: b.Weave.Own}}
	for _, w := range b.In[:op.Results] {
		given := *w
		d.In = append(d.In, &given)
	}
	use.In, use.Weave.In = d.In, b.Weave.In[:op.Results]
	for i, w := range b.In[op.Results:] {
		maps := b.Weave.In[op.Results+i]
		made := *w
		made.Name = ""
		use.Out, use.Weave.Out = append(use.Out, &made), append(use.Weave.Out, maps)
	}
	d.Boxes, d.Out = []*diagram.Box{use}, use.Out
	in.isReverse = true
	flat := in.flatten(d, (&scope{path: b.Path}).below(b.Name))
	in.isReverse = false
	for _, inner := range flat.Boxes {
		in.openInverse(inner)
	}
	b.Op = diagram.Undo{Results: op.Results, Inverse: flat}
}
