package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// ExpandLearned opens the learned boxes: a Linear becomes a contraction with its
// weight (or a look-up in it, where places come in) and the addition of its bias, a
// Scale the product or sum with its weight. Each distinct weight gets one Learned
// source, ahead of the first box that reads it. What a box is opened into keeps its
// name and span, and its kind in Box.Kind.
func ExpandLearned(d *diagram.Diagram) *diagram.Diagram {
	e := &expander{sources: map[*diagram.Weight]*diagram.Wire{}, replaced: map[*diagram.Wire]*diagram.Wire{}}
	for _, b := range d.Boxes {
		e.box(e.reading(b))
	}
	return e.expanded(d)
}

// expanded is the diagram with the boxes that have been collected.
func (e *expander) expanded(d *diagram.Diagram) *diagram.Diagram {
	expanded := *d
	expanded.Boxes = e.boxes
	expanded.Out = e.wires(d.Out)
	expanded.States = slices.Clone(d.States)
	for i, old := range d.States {
		state := *old
		state.Out = e.wire(old.Out)
		expanded.States[i] = &state
	}
	return &expanded
}

type expander struct {
	boxes    []*diagram.Box
	sources  map[*diagram.Weight]*diagram.Wire
	replaced map[*diagram.Wire]*diagram.Wire // wires of Learned boxes whose weight has a source already
}

func (e *expander) wire(w *diagram.Wire) *diagram.Wire {
	if replacement, ok := e.replaced[w]; ok {
		return replacement
	}
	return w
}

func (e *expander) wires(wires []*diagram.Wire) []*diagram.Wire {
	result := make([]*diagram.Wire, len(wires))
	for i, w := range wires {
		result[i] = e.wire(w)
	}
	return result
}

// reading is the box with replaced wires in the place of old ones.
func (e *expander) reading(b *diagram.Box) *diagram.Box {
	reading := *b
	reading.In = e.wires(b.In)
	return &reading
}

func (e *expander) box(b *diagram.Box) {
	switch op := b.Op.(type) {
	case diagram.Linear:
		e.linear(b, op)
	case diagram.Scale:
		e.scale(b, op)
	case diagram.Learned:
		e.learned(b, op)
	default:
		e.boxes = append(e.boxes, b)
	}
}

// source is the wire of a weight; the box that reads it first says where it is from.
func (e *expander) source(weight *diagram.Weight, b *diagram.Box) *diagram.Wire {
	if w, ok := e.sources[weight]; ok {
		return w
	}
	w := &diagram.Wire{Name: weight.Path, Type: shape.Type{Axes: weight.Axes}, Span: weight.Span}
	e.add(b, diagram.Learned{Weight: weight}, diagram.Weave{Own: weight.Axes, Out: [][]diagram.Affine{indices(0, len(weight.Axes))}}, nil, w)
	e.sources[weight] = w
	return w
}

// add appends a box that b is opened into.
func (e *expander) add(b *diagram.Box, op diagram.Op, weave diagram.Weave, in []*diagram.Wire, out *diagram.Wire) {
	e.boxes = append(e.boxes, &diagram.Box{
		Op: op, In: in, Out: []*diagram.Wire{out}, Weave: weave,
		Name: b.Name, Path: b.Path, Within: b.Within, Kind: b.Op.Kind(), Again: b.Again, Span: b.Span,
	})
}

func (e *expander) learned(b *diagram.Box, op diagram.Learned) {
	source := e.source(op.Weight, b)
	if len(b.Weave.Degree) == 0 && isIdentity(b.Weave) {
		e.replaced[b.Out[0]] = source
		return
	}
	w := b.Weave
	w.In = [][]diagram.Affine{indices(len(w.Degree), len(w.Own))}
	e.add(b, diagram.Contract{}, w, []*diagram.Wire{source}, b.Out[0])
}

// isIdentity reports whether a source's wire has just its own axes in their order.
func isIdentity(w diagram.Weave) bool {
	for i, a := range w.Out[0] {
		if index, ok := a.Sole(); !ok || index != i {
			return false
		}
	}
	return true
}

func (e *expander) linear(b *diagram.Box, op diagram.Linear) {
	out := b.Out[0]
	if op.Bias != nil {
		made := *out
		made.Name = ""
		out = &made
	}
	x, n := b.In[0], len(b.Weave.Degree)
	order := slices.Concat(numbers(0, n), numbers(n+op.From, op.To), numbers(n, op.From))
	weave := b.Weave.Reordered(order, n+op.To)
	toAxes, fromAxes := indices(n, op.To), indices(n+op.To, op.From)
	weight := e.source(op.Weight, b)
	if x.Type.IsPlace() {
		weave.In = [][]diagram.Affine{slices.Concat(fromAxes, toAxes), weave.In[0]}
		e.add(b, diagram.Take{}, weave, []*diagram.Wire{weight, x}, out)
	} else {
		weave.In = [][]diagram.Affine{weave.In[0], slices.Concat(fromAxes, toAxes)}
		e.add(b, diagram.Contract{}, weave, []*diagram.Wire{x, weight}, out)
	}
	if op.Bias != nil {
		sum := diagram.Weave{Degree: weave.Degree, In: [][]diagram.Affine{weave.Out[0], toAxes}, Out: weave.Out}
		e.add(b, diagram.Apply(diagram.FnAdd), sum, []*diagram.Wire{out, e.source(op.Bias, b)}, b.Out[0])
	}
}

func (e *expander) scale(b *diagram.Box, op diagram.Scale) {
	fn := diagram.FnMul
	if op.Adds {
		fn = diagram.FnAdd
	}
	own := indices(len(b.Weave.Degree), len(b.Weave.Own))
	weave := b.Weave
	weave.Degree, weave.Own = slices.Concat(weave.Degree, weave.Own), nil
	weave.In = [][]diagram.Affine{weave.In[0], own}
	e.add(b, diagram.Apply(fn), weave, []*diagram.Wire{b.In[0], e.source(op.Weight, b)}, b.Out[0])
}

func numbers(from, n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = from + i
	}
	return list
}
