package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// alias gives the output of a box that only rearranges its one input the input's
// memory: permuted, merged and split axes, diagonals, slices, flips and spreads
// are strides. It reports whether strides can say it.
func (l *lowerer) alias(b *diagram.Box, s space) bool {
	if len(b.In) != 1 {
		return false
	}
	out, maps := b.Out[0], b.Weave.Out[0]
	if r := reachOf(s, maps, out.Type.Axes); !r.isWhole || len(r.indices) != s.wide() {
		return false
	}
	from := s.through(l.views[b.In[0]], b.Weave.In[0])
	strides := make([]int, len(maps))
	for axis, a := range maps {
		stride, ok := s.strideAlong(a, from)
		if !ok {
			return false
		}
		strides[axis] = stride
	}
	l.views[out] = plan.View{Buffer: from.Buffer, Offset: from.Offset, Strides: strides}
	return true
}

// wide is how many indices have more than one place.
func (s space) wide() int {
	n := 0
	for _, d := range s.dims {
		if d > 1 {
			n++
		}
	}
	return n
}

// strideAlong is how far a view over the space moves when the place that an affine
// map gives moves by one, if that is always as far.
func (s space) strideAlong(a diagram.Affine, from plan.View) (int, bool) {
	terms := slices.DeleteFunc(slices.Clone(a.Terms), func(t diagram.AffineTerm) bool { return s.dims[t.Index] == 1 })
	slices.SortFunc(terms, func(x, y diagram.AffineTerm) int { return x.Stride.MustInt() - y.Stride.MustInt() })
	if len(terms) == 0 {
		return 0, true
	}
	if !a.Offset.IsZero() || !terms[0].Stride.Equal(shape.Int(1)) {
		return 0, false
	}
	stride := from.Strides[terms[0].Index]
	for _, t := range terms {
		if from.Strides[t.Index] != stride*t.Stride.MustInt() {
			return 0, false
		}
	}
	return stride, true
}
