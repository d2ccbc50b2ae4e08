package cost

import (
	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

// iterated counts a box that stayed whole: a repetition with letters for bounds,
// each of whose turns has weights of its own, or a scan, whose turns share them. The
// first turn counts as the others do, though less may be done in it: what a scan
// begins with is known. What a turn reads of the last one is kept for every turn.
func (t *tree) iterated(l *Line, b *diagram.Box) {
	turns, weights, bodies := turnsOfBox(b)
	for _, body := range bodies {
		inner := newTree("", body)
		flat := rewrite.Normalize(body)
		inner.model(flat)
		for i, w := range flat.In {
			if !inner.kept[w] {
				continue
			}
			t.keepWire(b.In[i])
			if _, isRepeat := b.Op.(diagram.Repeat); isRepeat && i < len(flat.Out) {
				inner.keepWire(flat.Out[i])
			}
		}
		inner.root.multiply(turns, weights)
		l.Parts = append(l.Parts, inner.root.Parts...)
	}
}

// turnsOfBox is how often each body of an iterated box is run, and how many times
// its weights are there.
func turnsOfBox(b *diagram.Box) (turns, weights shape.Size, bodies []*diagram.Diagram) {
	lifted := b.Weave.Degree.Places()
	switch op := b.Op.(type) {
	case diagram.Repeat:
		turns = op.To.Sub(op.From).Add(shape.Int(1))
		return turns.Mul(lifted), turns, op.Turns[:1]
	case diagram.Scan:
		return b.Weave.Own[0].Size.Mul(lifted), shape.Int(1), []*diagram.Diagram{op.Body}
	}
	return shape.Int(1), shape.Int(1), nil
}
