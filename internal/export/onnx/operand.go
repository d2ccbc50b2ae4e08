package onnx

import (
	"cmp"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// array is a value each of whose axes runs along an index of a box's space. Axes that
// a box makes on the way have indices behind those of its space.
type array struct {
	value string
	along []int
}

// space is the index space of a box, with further axes behind it.
type space struct {
	diagram.Weave
	more shape.Shape
}

func spaceOf(b *diagram.Box) *space { return &space{Weave: b.Weave} }

func (s *space) size(index int) shape.Size {
	if n := len(s.Degree) + len(s.Own); index >= n {
		return s.more[index-n].Size
	}
	return s.Index(index).Size
}

func (s *space) sizes(along []int) []shape.Size {
	list := make([]shape.Size, len(along))
	for i, index := range along {
		list[i] = s.size(index)
	}
	return list
}

// extend puts one more axis behind the space.
func (s *space) extend(a shape.Axis) int {
	s.more = append(s.more, a)
	return len(s.Degree) + len(s.Own) + len(s.more) - 1
}

// simple is a map without the indices that have one place only.
func (s *space) simple(a diagram.Affine) diagram.Affine {
	kept := diagram.Affine{Offset: a.Offset}
	for _, t := range a.Terms {
		if !s.size(t.Index).Equal(shape.Int(1)) {
			kept.Terms = append(kept.Terms, t)
		}
	}
	return kept
}

// gathered is a wire read by its maps: what comes out runs along indices only.
func (g *graph) gathered(s *space, w *diagram.Wire, maps []diagram.Affine) array {
	a := array{value: g.value(w)}
	sizes := make([]shape.Size, len(maps))
	for i, axis := range w.Type.Axes {
		sizes[i] = axis.Size
	}
	a.along = make([]int, len(maps))
	for axis := len(maps) - 1; axis >= 0; axis-- {
		if index, ok := maps[axis].Sole(); ok {
			a.along[axis] = index
			continue
		}
		var along []int
		a.value, along = g.along(s, a.value, axis, sizes, s.simple(maps[axis]))
		a.along = slices.Replace(a.along, axis, axis+1, along...)
		sizes = slices.Replace(sizes, axis, axis+1, s.sizes(along)...)
	}
	return g.diagonal(s, a)
}

// along reads one axis of a value by a map, and says which indices then stand in its
// place.
func (g *graph) along(s *space, v string, axis int, sizes []shape.Size, m diagram.Affine) (string, []int) {
	switch {
	case len(m.Terms) == 0 && sizes[axis].Equal(shape.Int(1)):
		return g.add("Squeeze", []string{v, g.ints(int64(axis))}), nil
	case len(m.Terms) == 0:
		return g.add("Gather", []string{v, g.scalarSize(m.Offset)}, "axis", axis), nil
	case len(m.Terms) == 1:
		return g.sliced(s, v, axis, sizes[axis], m), []int{m.Terms[0].Index}
	}
	if order, ok := s.radix(m, sizes[axis]); ok {
		to := slices.Replace(slices.Clone(sizes), axis, axis+1, s.sizes(order)...)
		return g.reshape(v, sizes, to), order
	}
	var order []int
	for _, t := range m.Terms {
		order = append(order, t.Index)
	}
	return g.add("Gather", []string{v, g.placesOf(s, m)}, "axis", axis), order
}

// radix lists the indices of a map that counts through an axis as digits count through
// numbers, the most significant first: a split, or a merge.
func (s *space) radix(m diagram.Affine, size shape.Size) ([]int, bool) {
	terms := slices.Clone(m.Terms)
	slices.SortStableFunc(terms, func(t, u diagram.AffineTerm) int { return s.significance(t, u) })
	stride := shape.Int(1)
	order := make([]int, len(terms))
	for i := len(terms) - 1; i >= 0; i-- {
		if !terms[i].Stride.Equal(stride) {
			return nil, false
		}
		order[i], stride = terms[i].Index, stride.Mul(s.size(terms[i].Index))
	}
	return order, m.Offset.IsZero() && stride.Equal(size)
}

// significance orders terms by falling stride.
func (s *space) significance(t, u diagram.AffineTerm) int {
	if n, ok := u.Stride.Sub(t.Stride).Int(); ok {
		return n
	}
	if t.Stride.Equal(u.Stride.Mul(s.size(u.Index))) {
		return -1
	}
	return cmp.Compare(len(u.Stride.Letters()), len(t.Stride.Letters()))
}

// sliced takes the places of one index out of an axis.
func (g *graph) sliced(s *space, v string, axis int, size shape.Size, m diagram.Affine) string {
	t := m.Terms[0]
	n := s.size(t.Index)
	if m.Offset.IsZero() && t.Stride.Equal(shape.Int(1)) && n.Equal(size) {
		return v
	}
	last := m.Offset.Add(t.Stride.Mul(n.Sub(shape.Int(1))))
	end := g.size(last.Add(shape.Int(1)))
	if stride, ok := t.Stride.Int(); ok && stride < 0 {
		end = g.size(last.Sub(shape.Int(1)))
		if last.IsZero() {
			end = g.ints(backward)
		}
	}
	return g.add("Slice", []string{v, g.size(m.Offset), end, g.ints(int64(axis)), g.size(t.Stride)})
}

// placesOf is the table of the places that a map says: an axis for each of its terms.
func (g *graph) placesOf(s *space, m diagram.Affine) string {
	total := ""
	for i, t := range m.Terms {
		v := g.counting(s.size(t.Index))
		if !t.Stride.Equal(shape.Int(1)) {
			v = g.add("Mul", []string{v, g.size(t.Stride)})
		}
		if behind := len(m.Terms) - 1 - i; behind > 0 {
			axes := make([]int64, behind)
			for k := range axes {
				axes[k] = int64(k + 1)
			}
			v = g.add("Unsqueeze", []string{v, g.ints(axes...)})
		}
		if total != "" {
			v = g.add("Add", []string{total, v})
		}
		total = v
	}
	if !m.Offset.IsZero() {
		total = g.add("Add", []string{total, g.size(m.Offset)})
	}
	return total
}

// counting is 0, 1, 2 … as whole numbers.
func (g *graph) counting(n shape.Size) string {
	return g.add("Range", []string{g.integer(0), g.scalarSize(n), g.integer(1)})
}

// diagonal takes the places where axes along the same index agree.
func (g *graph) diagonal(s *space, a array) array {
	var once []int
	for _, index := range a.along {
		if !slices.Contains(once, index) {
			once = append(once, index)
		}
	}
	if len(once) == len(a.along) {
		return a
	}
	return g.einsum([]array{a}, once)
}

// arranged is an array with its axes in an order of which it may lack some; those have
// one place.
func (g *graph) arranged(a array, order []int) string {
	var present []int
	var missing []int64
	for place, index := range order {
		if at := slices.Index(a.along, index); at >= 0 {
			present = append(present, at)
		} else if len(present) > 0 {
			missing = append(missing, int64(place))
		}
	}
	v := g.transposed(a.value, present)
	if len(missing) == 0 {
		return v
	}
	first := len(order) - len(present) - len(missing) // axes that it lacks in front need not be said
	for i := range missing {
		missing[i] -= int64(first)
	}
	return g.add("Unsqueeze", []string{v, g.ints(missing...)})
}

// transposed puts axes in another order: axis i of the result is axis order[i].
func (g *graph) transposed(v string, order []int) string {
	for i, axis := range order {
		if i != axis {
			return g.add("Transpose", []string{v}, "perm", order)
		}
	}
	return v
}

// ordered is an array with just these axes, in this order.
func (g *graph) ordered(a array, order []int) array {
	perm := make([]int, len(order))
	for i, index := range order {
		perm[i] = slices.Index(a.along, index)
	}
	return array{g.transposed(a.value, perm), order}
}

// spread gives an array the axes that it lacks, and puts all in the order said.
func (g *graph) spread(s *space, a array, order []int) array {
	if len(a.along) == len(order) {
		return g.ordered(a, order)
	}
	return array{g.add("Expand", []string{g.arranged(a, order), g.sizes(s.sizes(order))}), order}
}
