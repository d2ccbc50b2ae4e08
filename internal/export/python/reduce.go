package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

func (l *Lines) reduce(b *diagram.Box, op diagram.Reduce) {
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	own := ownIndices(b)
	t := l.filledOver(b, l.read(b, 0), own)
	var present []int
	for _, index := range order {
		if slices.Contains(t.axes, index) {
			present = append(present, index)
		}
	}
	whole := slices.Concat(present, own)
	if op.Fn != "product" && isInterleaved(t.axes, present) && len(t.axes) == len(whole) {
		whole = t.axes
	}
	v := l.arranged(t, b.Weave, whole)
	if op.Fn == "product" && len(own) > 1 {
		v = l.called("flatten", v, fmt.Sprintf("%d, -1", -len(own)))
	}
	text := v.tight()
	if op.Fn == "logsumexp" {
		text = v.text
	}
	axes := axesFromEnd(whole, own)
	if op.Fn == "argmax" || op.Fn == "argmin" {
		axes = strings.TrimSuffix(axes, ",")
	}
	text = fmt.Sprintf(l.Dialect.reduces[op.Fn], text, axes)
	l.finish(b, 0, term{value{text: text, isLifted: v.isLifted, isTight: true}, present})
}

// filledOver is a term that has all these indices: along those it lacks it is the same.
func (l *Lines) filledOver(b *diagram.Box, t term, indices []int) term {
	for _, index := range indices {
		if !slices.Contains(t.axes, index) {
			a := b.Weave.Index(index)
			t.value = l.called("spread", t.value, fmt.Sprintf("-1, %s", l.size(a.Label, a.Size.MustInt())))
			t.axes = append(slices.Clone(t.axes), index)
		}
	}
	return t
}

// isInterleaved reports whether some of the axes are, in order, just these.
func isInterleaved(axes, some []int) bool {
	at := 0
	for _, index := range axes {
		if at < len(some) && index == some[at] {
			at++
		} else if slices.Contains(some, index) {
			return false
		}
	}
	return at == len(some)
}

// axesFromEnd are the places of indices among all, counted from the end: a tuple
// without its brackets, or a number and a comma.
func axesFromEnd(all, some []int) string {
	var words []string
	for i, index := range all {
		if slices.Contains(some, index) {
			words = append(words, fmt.Sprint(i-len(all)))
		}
	}
	if len(words) == 1 {
		return words[0] + ","
	}
	return strings.Join(words, ", ")
}

func (l *Lines) softmax(b *diagram.Box) {
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	v := l.arranged(l.read(b, 0), b.Weave, order)
	l.finish(b, 0, term{l.called(b.Op.Kind(), v, "("+axesFromEnd(order, ownIndices(b))+")"), order})
}
