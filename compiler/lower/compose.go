package lower

import (
	"ncd/compiler/diagram"
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
