package onnx

import (
	"slices"

	"ncd/compiler/diagram"
)

// windowed puts windows into the maps of the boxes that read them, so that a
// convolution is one index equation and a pooling one reduction. A window that others
// read as well stays where it is, too.
func windowed(d *diagram.Diagram) *diagram.Diagram {
	maker := map[*diagram.Wire]*diagram.Box{}
	made := *d
	made.Boxes = nil
	for _, old := range d.Boxes {
		b := *old
		switch b.Op.(type) {
		case diagram.Contract, diagram.Reduce:
			b.In, b.Weave.In = slices.Clone(b.In), slices.Clone(b.Weave.In)
			if isCombination(&b) {
				for i := range b.In {
					for throughWindow(&b, i, maker) {
					}
				}
			}
		}
		if op, ok := b.Op.(diagram.Scan); ok {
			op.Body = windowed(op.Body)
			b.Op = op
		}
		for _, w := range b.Out {
			maker[w] = &b
		}
		made.Boxes = append(made.Boxes, &b)
	}
	return &made
}

// isCombination reports whether a box takes numbers from several places together.
func isCombination(b *diagram.Box) bool {
	if len(b.In) > 1 {
		return true
	}
	_, isReduce := b.Op.(diagram.Reduce)
	return isReduce || !isGather(b)
}

// isGather reports whether a box hands on numbers of one wire, each as it is.
func isGather(b *diagram.Box) bool {
	if _, ok := b.Op.(diagram.Contract); !ok || len(b.In) != 1 {
		return false
	}
	_, ok := diagram.Permutation(b.Weave.Out[0], len(b.Weave.Degree)+len(b.Weave.Own))
	return ok
}

// throughWindow has an input read what a window reads, and reports whether it does: a
// window may stand behind another view.
func throughWindow(b *diagram.Box, input int, maker map[*diagram.Wire]*diagram.Box) bool {
	view := maker[b.In[input]]
	if view == nil || !isGather(view) || !slices.ContainsFunc(view.Weave.In[0], isWindow) {
		return false
	}
	order, _ := diagram.Permutation(view.Weave.Out[0], len(view.Weave.Degree)+len(view.Weave.Own))
	read := make([]diagram.Affine, len(order)) // by index of the view
	for axis, index := range order {
		read[index] = b.Weave.In[input][axis]
	}
	maps := make([]diagram.Affine, len(view.Weave.In[0]))
	for i, a := range view.Weave.In[0] {
		for _, t := range a.Terms {
			if _, isSole := read[t.Index].Sole(); !isSole && len(a.Terms) > 1 {
				return false
			}
		}
		maps[i] = through(a, read)
	}
	b.In[input], b.Weave.In[input] = view.In[0], maps
	return true
}

// through is a map whose indices are read by maps themselves.
func through(a diagram.Affine, read []diagram.Affine) diagram.Affine {
	made := diagram.Affine{Offset: a.Offset}
	for _, t := range a.Terms {
		made.Offset = made.Offset.Add(t.Stride.Mul(read[t.Index].Offset))
		for _, inner := range read[t.Index].Terms {
			made.Terms = append(made.Terms, diagram.AffineTerm{Index: inner.Index, Stride: t.Stride.Mul(inner.Stride)})
		}
	}
	return made
}

// isWindow reports whether a map adds up indices.
func isWindow(a diagram.Affine) bool { return len(a.Terms) > 1 }
