package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
)

// leaf is the view that stands behind a wire by which a gradient is asked for: what
// reads the wire reads the view instead. It is lifted over all that its body is lifted
// over, so that each place has a gradient of its own.
const leaf = "leaf"

func isLeaf(b *diagram.Box) bool { return b.Op == diagram.Op(diagram.View{Name: leaf}) }

// withLeaves is a body in which every wire that a Gradient is taken by has a leaf.
func withLeaves(d *diagram.Diagram) *diagram.Diagram {
	leaves := map[*diagram.Wire]*diagram.Wire{}
	for _, b := range d.Boxes {
		if _, ok := b.Op.(diagram.Gradient); ok {
			for _, w := range b.In[1:] {
				made := *w
				leaves[w] = &made
			}
		}
	}
	if len(leaves) == 0 {
		return d
	}
	leafed := *d
	leafed.Boxes = nil
	grow := func(wires []*diagram.Wire) {
		for _, w := range wires {
			if made := leaves[w]; made != nil {
				all := indices(0, len(w.Type.Axes))
				leafed.Boxes = append(leafed.Boxes, &diagram.Box{
					Op: diagram.View{Name: leaf}, In: []*diagram.Wire{w}, Out: []*diagram.Wire{made}, Kind: "grad", Span: w.Span,
					Weave: diagram.Weave{Degree: w.Type.Axes, In: [][]diagram.Affine{all}, Out: [][]diagram.Affine{all}},
				})
			}
		}
	}
	grow(d.In)
	for _, s := range d.States {
		grow([]*diagram.Wire{s.In})
	}
	e := &expander{replaced: leaves}
	for _, b := range d.Boxes {
		leafed.Boxes = append(leafed.Boxes, e.reading(b))
		grow(b.Out)
	}
	return &leafed
}

// leaf lets what hangs on a leaf that is the same in all turns be done turn by turn as
// well: a gradient is one of its own turn.
func (u *unrolling) leaf(b *diagram.Box) {
	if isLeaf(b) {
		u.axis[b.Out[0]] = len(u.lifts) - 1
	}
}

// OpenGradients puts the boxes that compute a Gradient in its place. They are forward
// boxes like others: a later gradient, and learning, go back through them. A Gradient
// stays where what lies between its wires is not of the core form yet, because letters
// stand for how often it turns.
func OpenGradients(d *diagram.Diagram) *diagram.Diagram {
	isGradient := func(b *diagram.Box) bool { _, ok := b.Op.(diagram.Gradient); return ok }
	if !slices.ContainsFunc(d.Boxes, isGradient) {
		return d
	}
	opened := *d
	opened.Boxes = nil
	for _, b := range d.Boxes {
		boxes, isCore := between(opened.Boxes, b.In[min(1, len(b.In)):], b.In)
		if !isGradient(b) || !isCore {
			opened.Add(b)
			continue
		}
		openGradient(&opened, b, boxes)
	}
	return &opened
}

// between lists the boxes that hang on some wires and that the first of others hangs
// on; it answers false where one of them is not of the core form.
func between(boxes []*diagram.Box, from, to []*diagram.Wire) (list []*diagram.Box, isCore bool) {
	hangs := map[*diagram.Wire]bool{}
	for _, w := range from {
		hangs[w] = true
	}
	reaches := map[*diagram.Wire]bool{}
	if len(to) > 0 {
		reaches[to[0]] = true
	}
	isRead := func(marked map[*diagram.Wire]bool) func(*diagram.Wire) bool {
		return func(w *diagram.Wire) bool { return marked[w] }
	}
	for _, b := range boxes {
		if slices.ContainsFunc(b.In, isRead(hangs)) {
			for _, w := range b.Out {
				hangs[w] = true
			}
		}
	}
	isCore = true
	for _, b := range slices.Backward(boxes) {
		if !slices.ContainsFunc(b.Out, isRead(reaches)) {
			continue
		}
		for _, w := range b.In {
			reaches[w] = true
		}
		if slices.ContainsFunc(b.In, isRead(hangs)) {
			list = append(list, b)
			isCore = isCore && isCoreBox(b)
		}
	}
	slices.Reverse(list)
	return list, isCore
}

func isCoreBox(b *diagram.Box) bool {
	switch b.Op.(type) {
	case diagram.Gradient, diagram.Scan, diagram.Repeat, diagram.Push, diagram.Pull:
		return false
	}
	return true
}

// openGradient sends 1 back from the scalar, at each place that the box is lifted over,
// and hands on what arrives.
func openGradient(d *diagram.Diagram, b *diagram.Box, boxes []*diagram.Box) {
	first := len(d.Boxes)
	s, one := b.In[0], diagram.NewWire("", b.In[0].Type.Axes...)
	d.Add(&diagram.Box{
		Op: diagram.Constant{Value: diagram.Literal(1)}, Out: []*diagram.Wire{one}, Path: b.Path, Name: b.Name, Kind: "grad", Span: b.Span,
		Weave: diagram.Weave{Degree: s.Type.Axes, Out: [][]diagram.Affine{indices(0, len(s.Type.Axes))}},
	})
	sweep := grad.NewSweep(d)
	sweep.Send(s, one)
	sweep.Through(boxes, b.In[1:])
	for i, w := range b.In[1:] {
		in, out := b.Weave.In[i+1], b.Weave.Out[i]
		made := &diagram.Box{Op: diagram.Contract{}, Out: b.Out[i : i+1], Path: b.Path, Name: b.Name, Kind: "grad", Span: b.Span}
		if sent := sweep.Cotangent(w); sent != nil {
			made.In, made.Weave = []*diagram.Wire{sent}, passing(b.Weave, in, out)
		} else {
			made.Op, made.Weave = diagram.Constant{}, passing(b.Weave, nil, out)
			made.Weave.In = nil
		}
		d.Add(made)
	}
	for _, added := range d.Boxes[first:] {
		added.Pass, added.Again = diagram.Forward, b.Again
	}
}
