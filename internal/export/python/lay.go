package python

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// flattened are the indices of an output port in the order in which lay takes them,
// each just once: where an index stands a second time, a twin stands for it, behind
// those of the space.
func flattened(weave diagram.Weave, port []diagram.Affine, axes shape.Shape) (order []int, twins map[int]int) {
	twins = map[int]int{}
	for k, a := range port {
		terms := slices.Clone(a.Terms)
		if len(terms) > 1 && isMixedRadix(weave, a, axes[k]) {
			byStride(terms)
		}
		for _, t := range terms {
			index := t.Index
			if slices.Contains(order, index) {
				index = len(weave.Degree) + len(weave.Own) + len(twins)
				twins[index] = t.Index
			}
			order = append(order, index)
		}
	}
	return order, twins
}

// laid brings a value that has the indices of flattened, in order, to the axes of an
// output wire.
func (l *Lines) laid(v value, weave diagram.Weave, port []diagram.Affine, axes shape.Shape) value {
	for k := len(port) - 1; k >= 0; k-- {
		v = l.laidAxis(v, weave, port[k], axes[k], k-len(port))
	}
	return v
}

func (l *Lines) laidAxis(v value, weave diagram.Weave, a diagram.Affine, to shape.Axis, axis int) value {
	if _, isSole := a.Sole(); isSole {
		return v
	}
	size, first := to.Size.MustInt(), a.Offset.MustInt()
	switch {
	case len(a.Terms) == 0:
		v = l.called("spread", v, fmt.Sprintf("%d, 1", axis))
		if size == 1 {
			return v
		}
		return l.called("pad", v, fmt.Sprintf("%d, %d, %d", axis, first, size-first-1))
	case len(a.Terms) == 1 && a.Terms[0].Stride.MustInt() == 1:
		n := weave.Index(a.Terms[0].Index).Size.MustInt()
		return l.called("pad", v, fmt.Sprintf("%d, %d, %d", axis, first, size-first-n))
	case isMixedRadix(weave, a, to):
		return l.called("flatten", v, fmt.Sprintf("%d, %d", axis-len(a.Terms)+1, axis))
	}
	return l.called("lay", v, fmt.Sprintf("%d, %s, %d%s", axis, l.size(to.Label, size), first, l.steps(weave, a.Terms)))
}
