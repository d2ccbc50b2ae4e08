package learn

import (
	"slices"
	"strconv"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// Fed is the forward half as far as what flows into the weights whose first values
// are made of it. Each has an output of its path: the axes that hold a matrix each,
// then the places that the map is lifted over, then the axes that come in. They stand
// in the order in which data meet them, so that none hangs on a later one.
func Fed(t *diagram.Training) *diagram.Diagram {
	d := forwardOf(t).flat
	d.Out = nil
	for _, l := range fromData(d) {
		if l.reader != nil {
			d.Out = append(d.Out, l.what(d))
		}
	}
	for _, s := range d.States {
		s.Out = s.In
	}
	return rewrite.Finish(d)
}

// fedWeight is a weight whose first values are made of what flows into it.
type fedWeight struct {
	weight *diagram.Weight
	wire   *diagram.Wire
	reader *diagram.Box // the map that it is of; nil: it is used more than once
}

// fromData are such weights of a flat diagram, in the order of the maps.
func fromData(d *diagram.Diagram) []fedWeight {
	weights, readers := map[*diagram.Wire]*diagram.Weight{}, map[*diagram.Wire][]*diagram.Box{}
	var order []*diagram.Wire
	for _, b := range d.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok && op.Weight.First() == op.Weight && op.Weight.Init.IsFromData() {
			weights[b.Out[0]] = op.Weight
		}
		for _, w := range b.In {
			if weights[w] == nil {
				continue
			}
			if readers[w] == nil {
				order = append(order, w)
			}
			readers[w] = append(readers[w], b)
		}
	}
	var list []fedWeight
	for _, w := range order {
		l := fedWeight{weight: weights[w], wire: w}
		if len(readers[w]) == 1 {
			l.reader = readers[w][0]
		}
		list = append(list, l)
	}
	return list
}

// what adds the wire of what flows into a map: its other wire, at the places of the
// index space that the map adds up or is lifted over.
func (l fedWeight) what(d *diagram.Diagram) *diagram.Wire {
	b := l.reader
	own := slices.Index(b.In, l.wire)
	apart, from := l.weight.Init.Apart, l.weight.Init.From
	var axes []int // of the weight, as indices of the space
	for _, a := range b.Weave.In[own] {
		index, _ := a.Sole()
		axes = append(axes, index)
	}
	var lifted []int
	for i := range len(b.Weave.Degree) + len(b.Weave.Own) {
		if !slices.Contains(axes, i) {
			lifted = append(lifted, i)
		}
	}
	order := slices.Concat(axes[:apart], lifted, axes[apart:apart+from])
	other := b.In[1-own]
	weave := diagram.Weave{Degree: b.Weave.Degree, Own: b.Weave.Own, In: [][]diagram.Affine{b.Weave.In[1-own]}}
	weave = weave.Reordered(order, 0)
	port := make([]diagram.Affine, len(order))
	out := &diagram.Wire{Name: l.weight.Path, Span: l.weight.Span}
	for i := range order {
		port[i] = diagram.At(i)
		out.Type.Axes = append(out.Type.Axes, shape.Axis{Label: "fed" + strconv.Itoa(i), Size: weave.Own[i].Size})
	}
	weave.Out = [][]diagram.Affine{port}
	return d.Add(&diagram.Box{Op: diagram.Contract{}, In: []*diagram.Wire{other}, Out: []*diagram.Wire{out}, Weave: weave, Span: b.Span})
}

// unfed tells of weights that are to be made of what flows into them and are used more
// than once.
func unfed(d *diagram.Diagram) []source.Diagnostic {
	var said []source.Diagnostic
	for _, l := range fromData(d) {
		if l.reader == nil {
			said = append(said, source.Diagnostic{
				Code: ManyInputs, Span: l.weight.Span,
				Message: "the first values of " + l.weight.Path + " are to be made of what flows into it, and it is used more than once",
			})
		}
	}
	return said
}
