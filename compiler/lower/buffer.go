package lower

import (
	"fmt"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// buffer makes a row-major buffer for an array of the type, with a view over its
// axes.
func (l *lowerer) buffer(t shape.Type, role plan.Role, name string) (plan.View, error) {
	dims, err := t.Axes.Ints()
	if err != nil {
		return plan.View{}, err
	}
	b := plan.Buffer{Name: name, Role: role, DType: l.p.Float, Axes: t.Axes.Labels(), Dims: dims}
	if t.IsPlace() {
		if err := t.In.Size.Check(); err != nil {
			return plan.View{}, fmt.Errorf("places along `%s`: %w", t.In.Label, err)
		}
		b.DType, b.In = plan.Int32, t.In.Size.MustInt()
	}
	return l.addBuffer(b), nil
}

func (l *lowerer) addBuffer(b plan.Buffer) plan.View {
	l.p.Buffers = append(l.p.Buffers, b)
	return plan.View{Buffer: len(l.p.Buffers) - 1, Strides: rowMajor(b.Dims)}
}

func rowMajor(dims []int) []int {
	strides := make([]int, len(dims))
	step := 1
	for i := len(dims) - 1; i >= 0; i-- {
		strides[i] = step
		step *= dims[i]
	}
	return strides
}

// make gives a wire a temporary buffer whose axes lie in that order, the outermost
// first; where the wire leaves the diagram they lie in the wire's own.
func (l *lowerer) make(w *diagram.Wire, order []int) (plan.View, error) {
	if l.leaves[w] {
		order = span(0, len(w.Type.Axes))
	}
	lying := shape.Type{In: w.Type.In}
	for _, axis := range order {
		lying.Axes = append(lying.Axes, w.Type.Axes[axis])
	}
	stored, err := l.buffer(lying, plan.Temporary, w.Name)
	if err != nil {
		return stored, err
	}
	v := plan.View{Buffer: stored.Buffer, Strides: make([]int, len(order))}
	for i, axis := range order {
		v.Strides[axis] = stored.Strides[i]
	}
	l.views[w] = v
	return v, nil
}

// scratch makes a temporary that moves along the given indices of a space, the
// outermost first, and gives its view over the space.
func (l *lowerer) scratch(s space, indices []int) plan.View {
	b := plan.Buffer{Role: plan.Temporary, DType: l.p.Float}
	for _, i := range indices {
		b.Axes, b.Dims = append(b.Axes, l.box.Weave.Index(i).Label), append(b.Dims, s.dims[i])
	}
	stored := l.addBuffer(b)
	v := plan.View{Buffer: stored.Buffer, Strides: make([]int, len(s.dims))}
	for n, i := range indices {
		v.Strides[i] = stored.Strides[n]
	}
	return v
}

// number is a buffer of one constant.
func (l *lowerer) number(x float64) int {
	if buffer, ok := l.constants[x]; ok {
		return buffer
	}
	v := l.addBuffer(plan.Buffer{Role: plan.Constant, DType: l.p.Float, Value: []float64{x}})
	l.constants[x] = v.Buffer
	return v.Buffer
}

// known is the number that a view shows everywhere, if the compiler knows it.
func (l *lowerer) known(v plan.View) (float64, bool) {
	if b := l.p.Buffers[v.Buffer]; b.Role == plan.Constant && len(b.Value) == 1 {
		return b.Value[0], true
	}
	return 0, false
}

// inputs are the views of a box's inputs over its index space.
func (l *lowerer) inputs(b *diagram.Box, s space) []plan.View {
	views := make([]plan.View, len(b.In))
	for i, w := range b.In {
		views[i] = s.through(l.views[w], b.Weave.In[i])
	}
	return views
}

// output makes the buffer of a box's output, its axes in the order in which a
// model of the index space moves, and gives its view over the space.
func (l *lowerer) output(b *diagram.Box, port int, s space, indices []int) (plan.View, error) {
	w, maps := b.Out[port], b.Weave.Out[port]
	v, err := l.make(w, axisOrder(maps, indices))
	if err != nil {
		return v, err
	}
	l.clear(s, v, maps, w)
	return s.through(v, maps), nil
}
