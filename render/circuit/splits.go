package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// splitApart is a box that splits several axes at once as boxes that split one each,
// so that each has a bar of its own. Others stand as they are.
func splitApart(b *diagram.Box) []*diagram.Box {
	if !isView(b, "split") || shapeOfMap(b.Weave.Out[0]) != follows {
		return []*diagram.Box{b}
	}
	rest := slices.Clone(b.Weave.In[0])
	var own shape.Shape // the axes that are not split yet
	var waiting []diagram.Affine
	for i, a := range rest {
		if _, ok := a.Sole(); !ok {
			waiting = append(waiting, a)
			rest[i] = diagram.At(len(b.Weave.Degree) + len(b.Weave.Own) + len(own))
			own = append(own, b.In[0].Type.Axes[i])
		}
	}
	if len(waiting) < 2 {
		return []*diagram.Box{b}
	}
	var boxes []*diagram.Box
	wire := b.In[0]
	for k, a := range waiting {
		one := *b
		one.Weave.Own = slices.Concat(b.Weave.Own, own)
		at := slices.IndexFunc(rest, diagram.At(len(b.Weave.Degree)+len(b.Weave.Own)+k).Equal)
		rest[at] = a
		one.In, one.Weave.In = []*diagram.Wire{wire}, [][]diagram.Affine{slices.Clone(rest)}
		rest = slices.Delete(rest, at, at+1)
		for i, term := range a.Terms {
			rest = slices.Insert(rest, at+i, diagram.At(term.Index))
		}
		if k < len(waiting)-1 {
			wire = diagram.NewWire("")
			for _, part := range rest {
				index, _ := part.Sole()
				wire.Type.Axes = append(wire.Type.Axes, one.Weave.Index(index))
			}
			one.Out, one.Weave.Out = []*diagram.Wire{wire}, [][]diagram.Affine{slices.Clone(rest)}
		}
		boxes = append(boxes, &one)
	}
	return boxes
}
