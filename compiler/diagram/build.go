package diagram

import (
	"ncd/compiler/shape"
)

// Add appends a box and hands back its first output, or nil if it has none.
func (d *Diagram) Add(b *Box) *Wire {
	d.Boxes = append(d.Boxes, b)
	if len(b.Out) == 0 {
		return nil
	}
	return b.Out[0]
}

// NewWire is a wire of numbers with these axes.
func NewWire(name string, axes ...shape.Axis) *Wire {
	return &Wire{Name: name, Type: shape.Type{Axes: axes}}
}

// Indices are the maps of a wire each of whose axes stands for the index of its
// own label. It panics if the index space has no such label: whoever builds the
// weave has put it there.
func (w Weave) Indices(axes shape.Shape) []Affine {
	port := make([]Affine, len(axes))
	for i, a := range axes {
		index := w.Degree.Index(a.Label)
		if index < 0 {
			if index = w.Own.Index(a.Label); index < 0 {
				panic("diagram: no index " + a.Label + " in the weave")
			}
			index += len(w.Degree)
		}
		port[i] = At(index)
	}
	return port
}

// NewBox makes a box all of whose wires meet the index space by label. Wires
// that need other maps have theirs set afterwards.
func NewBox(op Op, degree, own shape.Shape, in, out []*Wire) *Box {
	b := &Box{Op: op, In: in, Out: out, Weave: Weave{Degree: degree, Own: own}}
	for _, w := range in {
		b.Weave.In = append(b.Weave.In, b.Weave.Indices(w.Type.Axes))
	}
	for _, w := range out {
		b.Weave.Out = append(b.Weave.Out, b.Weave.Indices(w.Type.Axes))
	}
	return b
}
