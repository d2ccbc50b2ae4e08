package lower

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// apply lowers a scalar program over the degree.
func (l *lowerer) apply(b *diagram.Box, op diagram.Map, s space) error {
	program, err := programOf(op)
	if err != nil {
		return err
	}
	in := make([]plan.View, len(b.In))
	for i, w := range b.In {
		v, err := l.asNumbers(w, l.views[w])
		if err != nil {
			return err
		}
		in[i] = s.through(v, b.Weave.In[i])
	}
	order := span(0, len(s.dims))
	if len(in) > 0 {
		order = s.elementOrder(in)
	}
	out := make([]plan.View, len(b.Out))
	for i, w := range b.Out {
		if w.Type.IsPlace() {
			return fmt.Errorf("a scalar function makes numbers, not places")
		}
		if out[i], err = l.output(b, i, s, order); err != nil {
			return err
		}
	}
	l.emitMap(s, descending(order, out[0]), program, out, in...)
	return nil
}

// emitMap emits a scalar program over some indices of a space, the outermost first.
func (l *lowerer) emitMap(s space, indices []int, m plan.Map, out []plan.View, in ...plan.View) {
	groups := s.merge(indices, append(slices.Clone(out), in...)...)
	views := over(groups, append(slices.Clone(out), in...))
	m.Dims = sizes(groups)
	l.emit(m, views[:len(out)], views[len(out):]...)
}

// asNumbers gives the numbers 0, 1, 2, … of places along an axis: they are looked up
// in a table. Numbers are left as they are.
func (l *lowerer) asNumbers(w *diagram.Wire, v plan.View) (plan.View, error) {
	if !w.Type.IsPlace() {
		return v, nil
	}
	dims, err := w.Type.Axes.Ints()
	if err != nil {
		return v, err
	}
	s := space{dims, len(dims)}
	size := l.p.Buffers[v.Buffer].In
	table := plan.View{Buffer: l.counting(size), Strides: make([]int, len(dims))}
	made := l.addBuffer(plan.Buffer{Name: w.Name, Role: plan.Temporary, DType: l.p.Float, Axes: w.Type.Axes.Labels(), Dims: dims})
	groups := s.merge(span(0, len(dims)), made, table, v)
	views := over(groups, []plan.View{made, table, v})
	l.emit(plan.Take{Dims: sizes(groups), Along: 1, Size: size}, views[:1], views[1:]...)
	return made, nil
}

// counting is a buffer of the numbers 0, 1, 2, … below n.
func (l *lowerer) counting(n int) int {
	if buffer, ok := l.countings[n]; ok {
		return buffer
	}
	b := plan.Buffer{Role: plan.Constant, DType: l.p.Float, Axes: []string{"place"}, Dims: []int{n}, Value: make([]float64, n)}
	for i := range b.Value {
		b.Value[i] = float64(i)
	}
	l.countings[n] = l.addBuffer(b).Buffer
	return l.countings[n]
}
