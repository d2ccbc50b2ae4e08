package lower

import (
	"cmp"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// reach is what an index space meets of a wire that it writes.
type reach struct {
	indices []int // those that move about the wire, without the colliding
	// colliding are the indices that lead to elements which others lead to as
	// well: the offsets of a window, where the window is written.
	colliding []int
	isWhole   bool // every element is met just once
}

func reachOf(s space, maps []diagram.Affine, axes shape.Shape) reach {
	dims, err := axes.Ints()
	if err != nil {
		panic("lower: a size was not checked: " + err.Error())
	}
	v := s.through(plan.View{Strides: rowMajor(dims)}, maps)
	var r reach
	bySize := s.indices(v)
	slices.SortStableFunc(bySize, func(i, j int) int { return cmp.Compare(s.dims[j], s.dims[i]) })
	for _, i := range bySize {
		if kept := append(slices.Clone(r.indices), i); s.isInjective(kept, v) {
			r.indices = kept
		} else {
			r.colliding = append(r.colliding, i)
		}
	}
	slices.Sort(r.indices)
	met := 1
	for _, i := range r.indices {
		met *= s.dims[i]
	}
	r.isWhole = len(r.colliding) == 0 && met == plan.Count(dims)
	return r
}

// isInjective reports whether different places of some indices are different
// elements of a view: each stride is longer than all narrower ones reach together.
func (s space) isInjective(indices []int, v plan.View) bool {
	sorted := descending(indices, v)
	reached := 0
	for _, i := range slices.Backward(sorted) {
		if abs(v.Strides[i]) <= reached {
			return false
		}
		reached += abs(v.Strides[i]) * (s.dims[i] - 1)
	}
	return true
}

// axisOrder orders the axes of a wire as the indices that move along them. An axis of
// which only one place is written is the outermost, so that the rest lies together.
func axisOrder(maps []diagram.Affine, indices []int) []int {
	key := func(axis int) int {
		first := len(indices)
		for _, t := range maps[axis].Terms {
			if at := slices.Index(indices, t.Index); at >= 0 {
				first = min(first, at)
			}
		}
		if len(maps[axis].Terms) == 0 {
			return -1
		}
		return first
	}
	order := span(0, len(maps))
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key(a), key(b)) })
	return order
}
