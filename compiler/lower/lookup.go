package lower

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// take lowers a look-up along the box's own axis.
func (l *lowerer) take(b *diagram.Box, s space) error {
	in := l.inputs(b, s)
	array, places := in[0], in[1]
	out, err := l.output(b, 0, s, placesFirst(s, places))
	if err != nil {
		return err
	}
	if b.In[0].Type.IsPlace() {
		return fmt.Errorf("the array of a look-up holds numbers, not places")
	}
	groups := s.mergeLookup(out, array, places)
	views := over(groups, []plan.View{out, array, places})
	l.emit(plan.Take{Dims: sizes(groups), Along: array.Strides[s.degree], Size: s.dims[s.degree]}, views[:1], views[1:]...)
	return nil
}

// put lowers the transpose of a look-up.
func (l *lowerer) put(b *diagram.Box, s space) error {
	numbers, err := l.asNumbers(b.In[0], l.views[b.In[0]])
	if err != nil {
		return err
	}
	from, places := s.through(numbers, b.Weave.In[0]), l.inputs(b, s)[1]
	v, err := l.make(b.Out[0], span(0, len(b.Out[0].Type.Axes)))
	if err != nil {
		return err
	}
	out := s.through(v, b.Weave.Out[0])
	groups := s.mergeLookup(out, from, places)
	views := over(groups, []plan.View{out, from, places})
	l.emit(plan.Put{Dims: sizes(groups), Along: out.Strides[s.degree], Size: s.dims[s.degree]}, views[:1], views[1:]...)
	return nil
}

// placesFirst orders the degree so that what the places move along comes first.
func placesFirst(s space, places plan.View) []int {
	var moved, rest []int
	for i := range s.degree {
		if s.moves(places, i) {
			moved = append(moved, i)
		} else {
			rest = append(rest, i)
		}
	}
	return slices.Concat(moved, rest)
}

// mergeLookup merges the degree of a look-up, and keeps what the places move along
// apart from what they do not.
func (s space) mergeLookup(out, array, places plan.View) []group {
	order := placesFirst(s, places)
	moved := len(s.indices(places))
	return slices.Concat(s.merge(order[:moved], out, array, places), s.merge(order[moved:], out, array, places))
}

// oneHot lowers the row of a place.
func (l *lowerer) oneHot(b *diagram.Box, s space) error {
	places := l.inputs(b, s)[0]
	out, err := l.output(b, 0, s, span(0, len(s.dims)))
	if err != nil {
		return err
	}
	outer := s.merge(span(0, s.degree), out, places)
	row := group{s.dims[s.degree], []int{out.Strides[s.degree], 0}}
	dims := append(sizes(outer), row.size)
	l.emit(plan.OneHot{Dims: dims},
		[]plan.View{{Buffer: out.Buffer, Offset: out.Offset, Strides: stridesOf(0, outer, []group{row})}},
		plan.View{Buffer: places.Buffer, Offset: places.Offset, Strides: stridesOf(1, outer)})
	return nil
}
