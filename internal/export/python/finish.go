package python

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// Indices spells the result of a box out: an expression whose axes are these indices
// of its space, laid along the box's output.
func (l *Lines) Indices(b *diagram.Box, out int, text string, axes []int, isLifted bool) {
	l.finish(b, out, term{value{text: text, isLifted: isLifted, isTight: true}, axes})
}

// Given is an input of a box with the indices of its space in the order given.
func (l *Lines) Given(b *diagram.Box, port int, order []int) string {
	v := l.arranged(l.read(b, port), b.Weave, order)
	if v.isNumber {
		return fmt.Sprintf(l.Dialect.wrapNumber, v.text)
	}
	return v.text
}

// finish lays a term along an output and assigns it. Indices that the output has and
// the term lacks are spread over.
func (l *Lines) finish(b *diagram.Box, out int, t term) {
	w := b.Out[out]
	order, twins := flattened(b.Weave, b.Weave.Out[out], w.Type.Axes)
	v := l.outward(b, t, order, twins)
	v = l.laid(v, b.Weave, b.Weave.Out[out], w.Type.Axes)
	if v.isNumber && len(w.Type.Axes) > 0 {
		v.text = fmt.Sprintf(l.Dialect.wrapNumber, v.text)
	}
	l.Assign(w, kindOf(b), v.text, v.isLifted)
}

// outward brings a term to just the indices of an order.
func (l *Lines) outward(b *diagram.Box, t term, order []int, twins map[int]int) value {
	var single []int
	for _, index := range order {
		if _, isTwin := twins[index]; !isTwin {
			single = append(single, index)
		}
	}
	var present []int
	for _, index := range single {
		if slices.Contains(t.axes, index) {
			present = append(present, index)
		}
	}
	v := t.value
	if !slices.Equal(present, t.axes) {
		v = l.einsum(b.Weave, []term{t}, present)
	}
	for i := len(single) - 1; i >= 0; i-- {
		if !slices.Contains(present, single[i]) {
			a := b.Weave.Index(single[i])
			v = l.called("spread", v, fmt.Sprintf("%d, %s", i-len(single), l.size(a.Label, a.Size.MustInt())))
		}
	}
	if len(twins) == 0 {
		return v
	}
	return l.diagonal(b.Weave, v, single, order, twins)
}

// diagonal lays an index along two axes: what is off the diagonal is 0.
func (l *Lines) diagonal(weave diagram.Weave, v value, single, order []int, twins map[int]int) value {
	wide := weave
	wide.Own = slices.Clone(weave.Own)
	terms := []term{{v, single}}
	for index := len(weave.Degree) + len(weave.Own); index < len(weave.Degree)+len(weave.Own)+len(twins); index++ {
		a := weave.Index(twins[index])
		wide.Own = append(wide.Own, shape.Axis{Label: a.Label + "'", Size: a.Size})
		eye := fmt.Sprintf("%s.eye(%s)", l.Dialect.Module, l.size(a.Label, a.Size.MustInt()))
		terms = append(terms, term{value{text: eye, isTight: true}, []int{twins[index], index}})
	}
	return l.einsum(wide, terms, order)
}
