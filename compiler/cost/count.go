package cost

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// model counts the forward boxes of a flat diagram, and what its way back would read.
func (t *tree) model(d *diagram.Diagram) {
	for _, b := range d.Boxes {
		t.forward(b)
	}
	t.keep(d)
}

func isKnown(b *diagram.Box) bool {
	switch b.Op.(type) {
	case diagram.Constant, diagram.Places:
		return true
	}
	return false
}

// declare makes the line of a forward box, with its weights.
func (t *tree) declare(b *diagram.Box) *Line {
	l := t.box(b)
	if op, ok := b.Op.(diagram.Learned); ok {
		l.Weights = l.Weights.Add(op.Weight.Axes.Places())
	}
	return l
}

// forward counts a forward box. What is there before a run, weights and numbers that
// are known, is not made.
func (t *tree) forward(b *diagram.Box) {
	if isKnown(b) {
		return
	}
	l := t.declare(b)
	switch b.Op.(type) {
	case diagram.Learned:
		return
	case diagram.Repeat, diagram.Scan:
		t.iterated(l, b)
	default:
		l.Forward = l.Forward.plus(workOf(b))
	}
	for _, w := range b.Out {
		t.maker[w] = l
	}
	if isView(b) {
		t.from[b.Out[0]] = b.In[0]
	}
}

// isView reports whether a box shows its one input in another way: every place of its
// output is one of the index space, and no other's.
func isView(b *diagram.Box) bool {
	if _, isContract := b.Op.(diagram.Contract); !isContract || len(b.In) != 1 {
		return false
	}
	reached := indicesOf(b.Weave, b.Weave.Out[0])
	places := placesOf(b.Weave, func(i int) bool { return slices.Contains(reached, i) })
	return !sums(b.Weave, reached) && places.Equal(b.Out[0].Type.Axes.Places())
}

// seen is the wire that a wire is a view of, at last.
func (t *tree) seen(w *diagram.Wire) *diagram.Wire {
	for t.from[w] != nil {
		w = t.from[w]
	}
	return w
}

// keepWire counts what is kept, once. It returns how many places it has found.
func (t *tree) keepWire(w *diagram.Wire) shape.Size {
	w = t.seen(w)
	l := t.maker[w]
	if l == nil || t.kept[w] {
		t.kept[w] = true
		return shape.Size{}
	}
	t.kept[w] = true
	places := w.Type.Axes.Places()
	l.Kept = l.Kept.Add(places)
	return places
}
