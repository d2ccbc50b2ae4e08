package grad

import (
	"slices"

	"ncd/compiler/diagram"
)

// opaque puts in a box that stands for the derivative that there is not. Whoever asked
// for it finds it by Refused, and tells the author.
func opaque(a *application) {
	weave := a.box.Weave
	weave.In, weave.Out = [][]diagram.Affine{a.box.Weave.Out[0]}, [][]diagram.Affine{a.box.Weave.In[0]}
	a.Send(a.box.In[0], a.add(a.box, a.box.Op, weave, a.cotangents[:1], cotangentOf(a.box.In[0])))
}

// Refused lists the boxes of a diagram that stand for a derivative that there is not.
func Refused(d *diagram.Diagram) []*diagram.Box {
	return slices.DeleteFunc(slices.Clone(d.Boxes), func(b *diagram.Box) bool {
		_, isOpaque := b.Op.(diagram.Opaque)
		return !isOpaque || b.Pass != diagram.Backward
	})
}
