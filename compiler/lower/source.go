package lower

import (
	"fmt"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// places lowers the source 0, 1, 2, … to a constant.
func (l *lowerer) places(b *diagram.Box, s space) error {
	v := plan.View{Buffer: l.counting(s.dims[s.degree]), Strides: make([]int, len(b.Out[0].Type.Axes))}
	for axis, a := range b.Weave.Out[0] {
		if index, ok := a.Sole(); ok && index == s.degree {
			v.Strides[axis] = 1
		}
	}
	l.views[b.Out[0]] = v
	return nil
}

// constant lowers a number: one element, at which every place looks.
func (l *lowerer) constant(b *diagram.Box, op diagram.Constant) error {
	x, ok := op.Value.Float()
	if !ok {
		return fmt.Errorf("%s is not a number yet", op.Value)
	}
	l.views[b.Out[0]] = plan.View{Buffer: l.number(x), Strides: make([]int, len(b.Out[0].Type.Axes))}
	return nil
}

// random lowers a source of draws: a step, or a constant where it is drawn once.
func (l *lowerer) random(b *diagram.Box, op diagram.Random) error {
	w := b.Out[0]
	if op.Fixed {
		v, err := l.buffer(w.Type, plan.Constant, w.Name)
		if err != nil {
			return err
		}
		kind := op.Distribution
		if kind == "uniform" {
			kind = "unit"
		}
		l.p.Buffers[v.Buffer].Fixed = plan.Fixed{Kind: kind, Scale: op.Scale, Stream: op.Stream, Frozen: true}
		l.views[w] = v
		return nil
	}
	v, err := l.make(w, span(0, len(w.Type.Axes)))
	if err != nil {
		return err
	}
	dims := []int{l.p.Buffers[v.Buffer].Len()}
	k := plan.Random{Dims: dims, Distribution: op.Distribution, Stream: op.Stream, Scale: op.Scale}
	l.emit(k, []plan.View{{Buffer: v.Buffer, Strides: []int{1}}})
	return nil
}
