package reference

import (
	"ncd/compiler/diagram"
)

// space is the index space of a box: first its degree, then its own axes.
type space struct {
	dims   []int
	degree int
}

func spaceOf(w diagram.Weave) space {
	return space{append(sizes(w.Degree), sizes(w.Own)...), len(w.Degree)}
}

// each calls f with every index of the first n axes, in row-major order; the
// others are left at 0 for f to move.
func (s space) each(n int, f func(index []int)) { visit(make([]int, len(s.dims)), s.dims, 0, n, f) }

// eachOwn moves the own axes of an index and leaves the others.
func (s space) eachOwn(index []int, f func(index []int)) {
	visit(index, s.dims, s.degree, len(s.dims), f)
}

func visit(index, dims []int, axis, end int, f func([]int)) {
	if axis == end {
		f(index)
		return
	}
	for i := range dims[axis] {
		index[axis] = i
		visit(index, dims, axis+1, end, f)
	}
	index[axis] = 0
}

// port finds the number of a wire at an index of the space.
type port struct {
	array *Array
	maps  []diagram.Affine
}

func (p port) at(index []int) *float64 {
	offset := 0
	for axis, a := range p.maps {
		place := a.Offset.MustInt()
		for _, t := range a.Terms {
			place += t.Stride.MustInt() * index[t.Index]
		}
		if place < 0 || place >= p.array.Dims[axis] {
			panic("reference: a box reads outside its wire")
		}
		offset = offset*p.array.Dims[axis] + place
	}
	return &p.array.Values[offset]
}
