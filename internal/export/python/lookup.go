package python

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
)

// take looks up. Where the array has no axis in common with the places, it is
// indexed by them.
func (l *Lines) take(b *diagram.Box) {
	own := ownIndices(b)[0]
	x, place := l.read(b, 0), l.read(b, 1)
	shared := slices.ContainsFunc(x.axes, func(i int) bool { return slices.Contains(place.axes, i) })
	if !shared && !x.isLifted {
		rest := slices.DeleteFunc(slices.Clone(x.axes), func(i int) bool { return i == own })
		v := l.arranged(x, b.Weave, append([]int{own}, rest...))
		l.finish(b, 0, term{value{text: v.tight() + "[" + place.text + "]", isLifted: place.isLifted, isTight: true}, slices.Concat(place.axes, rest)})
		return
	}
	var degree []int
	for _, index := range degreeIndices(b) {
		if slices.Contains(x.axes, index) || slices.Contains(place.axes, index) {
			degree = append(degree, index)
		}
	}
	v := l.arranged(x, b.Weave, slices.Concat(degree, []int{own}))
	p := l.arranged(place, b.Weave, degree)
	l.finish(b, 0, term{value{text: l.use("look_up") + "(" + v.text + ", " + p.text + ")", isLifted: v.isLifted || p.isLifted, isTight: true}, degree})
}

// put adds numbers up at places: the product with the places' own axis written out.
func (l *Lines) put(b *diagram.Box) {
	own := ownIndices(b)[0]
	x, place := l.read(b, 0), l.read(b, 1)
	hot := l.hot(b, place, own)
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	terms := []term{x, hot}
	var factors []string
	for _, index := range degreeIndices(b) {
		if !slices.Contains(x.axes, index) && !slices.Contains(place.axes, index) && !slices.Contains(order, index) {
			a := b.Weave.Index(index)
			factors = append(factors, l.size(a.Label, a.Size.MustInt()))
		}
	}
	l.finish(b, 0, l.product(b.Weave, terms, factors, order))
}

func (l *Lines) hot(b *diagram.Box, place term, own int) term {
	a := b.Weave.Index(own)
	text := fmt.Sprintf("%s(%s, %s)", l.use("one_hot"), place.text, l.size(a.Label, a.Size.MustInt()))
	return term{value{text: text, isLifted: place.isLifted, isTight: true}, append(slices.Clone(place.axes), own)}
}

func (l *Lines) oneHot(b *diagram.Box) {
	l.finish(b, 0, l.hot(b, l.read(b, 0), ownIndices(b)[0]))
}
