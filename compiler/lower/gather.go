package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

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
