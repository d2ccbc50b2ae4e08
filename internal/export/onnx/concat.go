package onnx

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// piece is a wire that lies along part of an axis, with zeros elsewhere.
type piece struct {
	view    *diagram.Box
	axis    int // of what the view makes
	index   int // of the view's space, along it; -1: it is at one place
	from, n shape.Size
}

// pieceOf reads a wire as a piece.
func (g *graph) pieceOf(w *diagram.Wire) (piece, bool) {
	p := piece{view: g.lazy[w], axis: -1}
	if p.view == nil {
		return p, false
	}
	s := spaceOf(p.view)
	for axis, m := range p.view.Weave.Out[0] {
		if _, isSole := m.Sole(); isSole {
			continue
		}
		m = s.simple(m)
		if p.axis >= 0 || len(m.Terms) > 1 || len(m.Terms) == 1 && !m.Terms[0].Stride.Equal(one) {
			return p, false
		}
		p.axis, p.index, p.from, p.n = axis, -1, m.Offset, one
		if len(m.Terms) == 1 {
			p.index, p.n = m.Terms[0].Index, s.size(m.Terms[0].Index)
		}
	}
	return p, p.axis >= 0
}

// concatenated writes a sum of pieces that lie one behind the other as Concat, and
// reports whether it is one.
func (g *graph) concatenated(b *diagram.Box, op diagram.Map) bool {
	order, ok := soles(b.Weave.Out[0])
	if len(b.In) < 2 || !ok || !isSum(op, len(b.In)) {
		return false
	}
	s := spaceOf(b)
	var values []string
	var before shape.Size
	along := -1
	write := []func() string{}
	for i, w := range b.In {
		p, ok := g.pieceOf(w)
		indices, areSoles := soles(b.Weave.In[i])
		if !ok || !areSoles || !p.from.Equal(before) || along >= 0 && indices[p.axis] != along {
			return false
		}
		along, before = indices[p.axis], before.Add(p.n)
		write = append(write, func() string { return g.piece(s, p, indices, order) })
	}
	if !before.Equal(s.size(along)) {
		return false
	}
	for _, f := range write {
		values = append(values, f())
	}
	g.wires[b.Out[0]] = g.add("Concat", values, "axis", slices.Index(order, along))
	return true
}

// isSum reports whether a program adds up all of its n inputs, each once.
func isSum(op diagram.Map, n int) bool {
	used := map[int]int{}
	for _, in := range op.Program {
		if in.Fn != diagram.FnAdd {
			return false
		}
		used[in.Args[0]]++
		used[in.Args[1]]++
	}
	for i := range n {
		if used[i] != 1 {
			return false
		}
	}
	return len(op.Program) == n-1 && len(op.Results) == 1
}

// piece is the value of a piece, without its zeros, over the indices of the sum.
func (g *graph) piece(s *space, p piece, indices, order []int) string {
	inner := spaceOf(p.view)
	var kept []int
	for axis, m := range p.view.Weave.Out[0] {
		if index, ok := m.Sole(); ok {
			kept = append(kept, index)
		} else if axis == p.axis && p.index >= 0 {
			kept = append(kept, p.index)
		}
	}
	a := g.gathered(inner, p.view.In[0], p.view.Weave.In[0])
	a = g.summedAway(a, kept)
	a = g.spread(inner, a, kept)
	if p.index < 0 {
		a.value = g.add("Unsqueeze", []string{a.value, g.ints(int64(p.axis))})
	}
	sizes := s.sizes(order)
	sizes[slices.Index(order, indices[p.axis])] = p.n
	a.along = indices
	if len(indices) == len(order) {
		return g.ordered(a, order).value
	}
	return g.add("Expand", []string{g.arranged(a, order), g.sizes(sizes)})
}
