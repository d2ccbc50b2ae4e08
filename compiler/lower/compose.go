package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// compose takes into a product the boxes behind it that only rearrange, scatter or
// add up its result, while they are its only readers: the product then writes their
// wire. Windows that are written back are never laid out in memory so.
func (l *lowerer) compose(p *product) {
	for {
		t := &p.target
		readers := l.readers[t.wire]
		if l.leaves[t.wire] || len(readers) != 1 || !isRearrangement(readers[0]) {
			return
		}
		next := readers[0]
		place, ok := placesOf(next, t.maps)
		if !ok {
			return
		}
		t.wire, t.maps = next.Out[0], substituted(next.Weave.Out[0], place)
		t.reach = reachOf(p.space, t.maps, t.wire.Type.Axes)
		l.folded[next] = true
	}
}

func isRearrangement(b *diagram.Box) bool {
	switch b.Op.(type) {
	case diagram.Contract, diagram.View, diagram.Sum:
		return len(b.In) == 1
	}
	return false
}

// placesOf says for each index of a box that reads a wire which place the box that
// makes the wire gives it: the reader meets every axis by an index of its own, and
// has no others.
func placesOf(reader *diagram.Box, made []diagram.Affine) (map[int]diagram.Affine, bool) {
	place := map[int]diagram.Affine{}
	for axis, a := range reader.Weave.In[0] {
		i, ok := a.Sole()
		if _, twice := place[i]; !ok || twice {
			return nil, false
		}
		place[i] = made[axis]
	}
	s, err := spaceOf(reader.Weave)
	if err != nil {
		return nil, false
	}
	for i, d := range s.dims {
		if _, met := place[i]; !met && d > 1 {
			return nil, false
		}
	}
	return place, true
}

// substituted puts affine maps in the place of indices.
func substituted(maps []diagram.Affine, place map[int]diagram.Affine) []diagram.Affine {
	result := make([]diagram.Affine, len(maps))
	for axis, a := range maps {
		made := diagram.Affine{Offset: a.Offset}
		for _, t := range a.Terms {
			inner := place[t.Index]
			made.Offset = made.Offset.Add(t.Stride.Mul(inner.Offset))
			for _, u := range inner.Terms {
				made.Terms = append(made.Terms, diagram.AffineTerm{Index: u.Index, Stride: t.Stride.Mul(u.Stride)})
			}
		}
		result[axis] = made
	}
	return result
}

// window is an axis of a product's target that two indices lead to: place q of one
// factor and offset u of the other's window, at shift + q + step·u.
type window struct {
	axis, q, u, shift, step int
}

// gather turns a matrix product that writes windows into one that reads them: the
// factor is laid out with zeros around, and every place of the target is written
// once instead of once for each offset of the window.
func (l *lowerer) gather(p *product) {
	if !p.isGemm() || len(p.target.colliding) == 0 {
		return
	}
	windows, factor, ok := p.windows()
	if !ok {
		return
	}
	s := space{slices.Clone(p.dims), p.degree}
	for _, w := range windows {
		size := p.target.wire.Type.Axes[w.axis].Size.MustInt()
		s.dims[w.q] = size + w.step*(p.dims[w.u]-1)
		p.target.maps = slices.Clone(p.target.maps)
		p.target.maps[w.axis] = diagram.At(w.q)
	}
	padded := l.pad(p, windows, factor, s)
	for _, w := range windows {
		stride := padded.Strides[w.q]
		padded.Offset += w.step * (p.dims[w.u] - 1) * stride
		padded.Strides[w.u] = -w.step * stride
		p.dims[w.q] = s.dims[w.q] - w.step*(p.dims[w.u]-1)
	}
	p.factors[factor] = padded
	p.target.reach = reachOf(p.space, p.target.maps, p.target.wire.Type.Axes)
}

// windows finds the window of every colliding index, and the factor that all of
// them move over.
func (p *product) windows() (windows []window, factor int, ok bool) {
	factor = -1
	for _, u := range p.target.colliding {
		w, ok := p.windowOf(u)
		if !ok {
			return nil, 0, false
		}
		f := 0
		if p.moves(p.factors[1], w.q) {
			f = 1
		}
		if p.moves(p.factors[1-f], w.q) || p.moves(p.factors[f], u) || factor >= 0 && f != factor {
			return nil, 0, false
		}
		factor = f
		windows = append(windows, w)
	}
	return windows, factor, true
}

// windowOf finds the axis of a colliding index: it must be the only axis of both
// its indices, and q move along it by single places.
func (p *product) windowOf(u int) (window, bool) {
	found := window{axis: -1}
	for axis, a := range p.target.maps {
		terms := slices.DeleteFunc(slices.Clone(a.Terms), func(t diagram.AffineTerm) bool { return p.dims[t.Index] == 1 })
		at := slices.IndexFunc(terms, func(t diagram.AffineTerm) bool { return t.Index == u })
		if at < 0 {
			continue
		}
		if found.axis >= 0 || len(terms) != 2 {
			return found, false
		}
		q, step := terms[1-at], terms[at].Stride.MustInt()
		if q.Stride.MustInt() != 1 || step < 1 || !slices.Contains(p.target.indices, q.Index) {
			return found, false
		}
		found = window{axis, q.Index, u, a.Offset.MustInt(), step}
	}
	if found.axis < 0 {
		return found, false
	}
	for axis, a := range p.target.maps {
		if axis != found.axis && slices.ContainsFunc(a.Terms, func(t diagram.AffineTerm) bool { return t.Index == found.q }) {
			return found, false
		}
	}
	return found, true
}

// pad lays a factor out with zeros around, over the enlarged space s.
func (l *lowerer) pad(p *product, windows []window, factor int, s space) plan.View {
	from := p.factors[factor]
	indices := descending(p.indices(from), from)
	padded := l.scratch(s, indices)
	inner := padded
	var borders []border
	for _, w := range windows {
		before := w.shift + w.step*(p.dims[w.u]-1)
		inner.Offset += before * padded.Strides[w.q]
		borders = append(borders, border{w.q, before, p.dims[w.q]})
	}
	l.clearBorders(s, indices, borders, padded)
	l.emitMap(p.space, indices, multiply(1, 1), []plan.View{inner}, from)
	return padded
}

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
