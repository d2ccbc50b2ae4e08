package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// border says that of an index only the places before … before+size-1 are written.
type border struct{ index, before, size int }

// clearBorders zeroes what of a view lies outside the borders.
func (l *lowerer) clearBorders(s space, indices []int, borders []border, v plan.View) {
	for _, b := range borders {
		for _, part := range [][2]int{{0, b.before}, {b.before + b.size, s.dims[b.index]}} {
			if part[0] == part[1] {
				continue
			}
			slab := space{slices.Clone(s.dims), s.degree}
			slab.dims[b.index] = part[1] - part[0]
			here := v
			here.Offset += part[0] * v.Strides[b.index]
			groups := slab.merge(indices, here)
			l.emit(plan.Fill{Dims: sizes(groups)}, over(groups, []plan.View{here}))
		}
	}
}

// clear zeroes what a box does not write of a new buffer: borders where it writes
// a block, or all.
func (l *lowerer) clear(s space, v plan.View, maps []diagram.Affine, w *diagram.Wire) {
	r := reachOf(s, maps, w.Type.Axes)
	if r.isWhole {
		return
	}
	dims := l.p.Buffers[v.Buffer].Dims
	if borders, ok := s.block(maps); ok && len(r.colliding) == 0 {
		axes, _ := w.Type.Axes.Ints()
		l.clearBorders(space{dims: axes}, descending(span(0, len(axes)), l.views[w]), borders, l.views[w])
		return
	}
	l.emit(plan.Fill{Dims: []int{plan.Count(dims)}}, []plan.View{{Buffer: v.Buffer, Strides: []int{1}}})
}

// block finds the part of each axis that a space meets, if that is a block.
func (s space) block(maps []diagram.Affine) ([]border, bool) {
	borders := make([]border, len(maps))
	seen := map[int]bool{}
	for axis, a := range maps {
		borders[axis] = border{axis, a.Offset.MustInt(), 1}
		for _, t := range a.Terms {
			if s.dims[t.Index] == 1 {
				continue
			}
			if borders[axis].size > 1 || t.Stride.MustInt() != 1 || seen[t.Index] {
				return nil, false
			}
			borders[axis].size, seen[t.Index] = s.dims[t.Index], true
		}
	}
	return borders, true
}
