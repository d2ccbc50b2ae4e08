package onnx

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// indicesOf lists the indices that maps read, each once, in the order in which they
// are met.
func (s *space) indicesOf(maps []diagram.Affine) []int {
	var list []int
	for _, m := range maps {
		terms := s.simple(m).Terms
		if _, ok := m.Sole(); ok {
			terms = m.Terms
		}
		slices.SortStableFunc(terms, s.significance)
		for _, t := range terms {
			if !slices.Contains(list, t.Index) {
				list = append(list, t.Index)
			}
		}
	}
	return list
}

// scattered puts an array, which runs along the indices of the maps, into a wire: at
// the places that the maps say, with zeros elsewhere. Numbers that meet are added.
func (g *graph) scattered(s *space, a array, w *diagram.Wire, maps []diagram.Affine) string {
	maps = slices.Clone(maps)
	a = g.indicated(s, a, w, maps)
	var order []int
	for _, m := range maps {
		if _, ok := m.Sole(); !ok {
			m = s.simple(m)
			slices.SortStableFunc(m.Terms, s.significance)
		}
		for _, t := range m.Terms {
			order = append(order, t.Index)
		}
	}
	v := g.ordered(a, order).value
	v = g.merged(s, v, w.Type.Axes, maps, order)
	return g.padded(s, v, w.Type.Axes, maps)
}

// isPlain reports whether an array can be put along an axis by this map by merging
// axes and padding alone.
func (s *space) isPlain(m diagram.Affine, axis shape.Axis) bool {
	if _, ok := m.Sole(); ok {
		return true
	}
	m = s.simple(m)
	if len(m.Terms) > 1 {
		_, isRadix := s.radix(m, axis.Size)
		return isRadix
	}
	return len(m.Terms) == 0 || m.Terms[0].Stride.Equal(shape.Int(1))
}

// indicated multiplies an array by the tables of the maps that are not plain: 1 where
// a place of the axis is the one that the map says. Those maps become plain.
func (g *graph) indicated(s *space, a array, w *diagram.Wire, maps []diagram.Affine) array {
	operands := []array{a}
	var kept []int
	used := map[int]bool{}
	for i, m := range maps {
		isFree := s.isPlain(m, w.Type.Axes[i])
		for _, t := range m.Terms {
			isFree = isFree && !used[t.Index]
		}
		if isFree {
			for _, t := range m.Terms {
				used[t.Index] = true
			}
			kept = append(kept, s.indicesOf(maps[i:i+1])...)
			continue
		}
		index := s.extend(w.Type.Axes[i])
		operands = append(operands, g.indicator(s, index, s.simple(m), w.Type.IsPlace()))
		maps[i], kept = diagram.At(index), append(kept, index)
	}
	if len(operands) == 1 {
		return a
	}
	return g.einsum(operands, kept)
}

// indicator is the table over an axis and the indices of a map: 1 where they agree.
func (g *graph) indicator(s *space, index int, m diagram.Affine, isPlace bool) array {
	a := array{along: []int{index}}
	for _, t := range m.Terms {
		a.along = append(a.along, t.Index)
	}
	places := g.counting(s.size(index))
	if len(m.Terms) > 0 {
		axes := make([]int64, len(m.Terms))
		for i := range axes {
			axes[i] = int64(i + 1)
		}
		places = g.add("Unsqueeze", []string{places, g.ints(axes...)})
	}
	said := g.size(m.Offset)
	if len(m.Terms) > 0 {
		said = g.placesOf(s, m)
	}
	to := float
	if isPlace {
		to = long
	}
	a.value = g.add("Cast", []string{g.add("Equal", []string{places, said})}, "to", int(to))
	return a
}

// merged joins the axes that maps count through as digits, and gives an axis of one
// place to a map without indices.
func (g *graph) merged(s *space, v string, axes shape.Shape, maps []diagram.Affine, order []int) string {
	var to []shape.Size
	for i, m := range maps {
		if index, ok := m.Sole(); ok {
			to = append(to, s.size(index))
			continue
		}
		switch m = s.simple(m); len(m.Terms) {
		case 0:
			to = append(to, shape.Int(1))
		case 1:
			to = append(to, s.size(m.Terms[0].Index))
		default:
			to = append(to, axes[i].Size)
		}
	}
	return g.reshape(v, s.sizes(order), to)
}

// padded puts zeros around what does not fill its axis.
func (g *graph) padded(s *space, v string, axes shape.Shape, maps []diagram.Affine) string {
	before, after := make([]shape.Size, len(maps)), make([]shape.Size, len(maps))
	isNeeded := false
	for i, m := range maps {
		if _, ok := m.Sole(); ok {
			continue
		}
		m = s.simple(m)
		n := shape.Int(1)
		if len(m.Terms) > 1 {
			continue
		}
		if len(m.Terms) == 1 {
			n = s.size(m.Terms[0].Index)
		}
		before[i], after[i] = m.Offset, axes[i].Size.Sub(m.Offset).Sub(n)
		isNeeded = isNeeded || !before[i].IsZero() || !after[i].IsZero()
	}
	if !isNeeded {
		return v
	}
	return g.add("Pad", []string{v, g.sizes(slices.Concat(before, after))})
}
