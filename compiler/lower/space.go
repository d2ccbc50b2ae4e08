package lower

import (
	"cmp"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// space is the index space of a box: the sizes of its degree and then of its own
// axes. Views over a space have a stride for each index, 0 where they stand still.
type space struct {
	dims   []int
	degree int
}

func spaceOf(w diagram.Weave) (space, error) {
	degree, err := w.Degree.Ints()
	if err != nil {
		return space{}, err
	}
	own, err := w.Own.Ints()
	if err != nil {
		return space{}, err
	}
	return space{slices.Concat(degree, own), len(degree)}, nil
}

// through looks at a view of a wire through the maps of its axes: the view over
// the index space.
func (s space) through(v plan.View, maps []diagram.Affine) plan.View {
	strides := make([]int, len(s.dims))
	for axis, a := range maps {
		v.Offset += a.Offset.MustInt() * v.Strides[axis]
		for _, t := range a.Terms {
			strides[t.Index] += t.Stride.MustInt() * v.Strides[axis]
		}
	}
	v.Strides = strides
	return v
}

// moves reports whether a view moves along an index.
func (s space) moves(v plan.View, index int) bool { return s.dims[index] > 1 && v.Strides[index] != 0 }

// indices lists those along which a view moves.
func (s space) indices(v plan.View) []int {
	var list []int
	for i := range s.dims {
		if s.moves(v, i) {
			list = append(list, i)
		}
	}
	return list
}

// places is how many different elements a view has, at most.
func (s space) places(v plan.View) int {
	n := 1
	for _, i := range s.indices(v) {
		n *= s.dims[i]
	}
	return n
}

// descending sorts indices by the strides of a view, the widest first.
func descending(indices []int, v plan.View) []int {
	sorted := slices.Clone(indices)
	slices.SortStableFunc(sorted, func(i, j int) int { return cmp.Compare(abs(v.Strides[j]), abs(v.Strides[i])) })
	return sorted
}

func abs(n int) int { return max(n, -n) }

// group is neighbouring indices that all views step through in one stride.
type group struct {
	size    int
	strides []int // one a view
}

// merge joins neighbours of a list of indices, the outermost first, wherever every
// view allows it. Indices of one place are dropped.
func (s space) merge(indices []int, views ...plan.View) []group {
	var groups []group
	for _, i := range indices {
		if s.dims[i] == 1 {
			continue
		}
		strides := make([]int, len(views))
		for v := range views {
			strides[v] = views[v].Strides[i]
		}
		if n := len(groups) - 1; n >= 0 && groups[n].holds(s.dims[i], strides) {
			groups[n] = group{groups[n].size * s.dims[i], strides}
			continue
		}
		groups = append(groups, group{s.dims[i], strides})
	}
	return groups
}

// holds reports whether one more step of the group is a walk over all of an inner
// axis.
func (g group) holds(size int, strides []int) bool {
	for v := range strides {
		if g.strides[v] != strides[v]*size {
			return false
		}
	}
	return true
}

func sizes(groups []group) []int {
	dims := make([]int, len(groups))
	for i, g := range groups {
		dims[i] = g.size
	}
	return dims
}

// stridesOf are the strides of one of the views that groups were merged from.
func stridesOf(view int, groups ...[]group) []int {
	strides := []int{}
	for _, list := range groups {
		for _, g := range list {
			strides = append(strides, g.strides[view])
		}
	}
	return strides
}

// over gives views merged strides: what a step over the groups takes.
func over(groups []group, views []plan.View) []plan.View {
	merged := make([]plan.View, len(views))
	for i, v := range views {
		merged[i] = plan.View{Buffer: v.Buffer, Offset: v.Offset, Strides: stridesOf(i, groups)}
	}
	return merged
}

// span lists the numbers from, from+1, … to-1.
func span(from, to int) []int {
	var list []int
	for i := from; i < to; i++ {
		list = append(list, i)
	}
	return list
}
