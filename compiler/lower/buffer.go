package lower

import (
	"fmt"
	"math"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// carried is a buffer of the boundary that must hold a wire's array at the end of
// a run.
type carried struct {
	buffer int
	wire   *diagram.Wire
}

// boundary makes the buffers that outlive a run.
func (l *lowerer) boundary() error {
	for i, w := range l.d.In {
		if err := l.held(w, plan.Input, nameOf(w, "in", i), plan.Fixed{}); err != nil {
			return err
		}
	}
	for _, b := range l.d.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			if err := l.learned(b, op.Weight); err != nil {
				return err
			}
		}
	}
	for _, s := range l.d.States {
		if err := l.state(s); err != nil {
			return err
		}
	}
	for i, w := range l.d.Out {
		if err := l.wanted(w, plan.Output, nameOf(w, "out", i)); err != nil {
			return err
		}
	}
	return nil
}

func nameOf(w *diagram.Wire, kind string, i int) string {
	if w.Name != "" {
		return w.Name
	}
	return fmt.Sprintf("%s.%d", kind, i)
}

// held gives a wire a buffer that holds its array before the run.
func (l *lowerer) held(w *diagram.Wire, role plan.Role, name string, fixed plan.Fixed) error {
	v, err := l.buffer(w.Type, role, name)
	if err != nil {
		return fmt.Errorf("diagram %s, %s %s: %w", l.d.Name, role, name, err)
	}
	l.p.Buffers[v.Buffer].Fixed = fixed
	l.views[w] = v
	return nil
}

func (l *lowerer) wanted(w *diagram.Wire, role plan.Role, name string) error {
	v, err := l.buffer(w.Type, role, name)
	if err != nil {
		return fmt.Errorf("diagram %s, %s %s: %w", l.d.Name, role, name, err)
	}
	l.carried = append(l.carried, carried{v.Buffer, w})
	return nil
}

// learned makes the buffer of a weight that no step changes. The box hands it out
// as it is.
func (l *lowerer) learned(b *diagram.Box, w *diagram.Weight) error {
	fixed, err := firstValues(w)
	if err != nil {
		return err
	}
	fixed.Frozen = true
	if err := l.held(b.Out[0], plan.Weight, w.Path, fixed); err != nil {
		return err
	}
	l.p.Buffers[l.views[b.Out[0]].Buffer].Axes = w.Axes.Labels()
	return nil
}

func (l *lowerer) state(s *diagram.State) error {
	role, name, fixed := plan.State, s.Path, plan.Fixed{Kind: "constant", Scale: s.Init}
	if s.Weight != nil {
		var err error
		role, name = plan.Weight, s.Weight.Path
		if fixed, err = firstValues(s.Weight); err != nil {
			return err
		}
	}
	if err := l.held(s.In, role, name, fixed); err != nil {
		return err
	}
	l.carried = append(l.carried, carried{l.views[s.In].Buffer, s.Out})
	return nil
}

func firstValues(w *diagram.Weight) (plan.Fixed, error) {
	fixed := plan.Fixed{Kind: w.Init.Kind, Scale: w.Init.Scale, Stream: w.Init.Stream}
	if len(w.Init.FanIn) > 0 {
		fanIn, err := w.Init.FanIn.Ints()
		if err != nil {
			return fixed, fmt.Errorf("weight %s: %w", w.Path, err)
		}
		fixed.Scale /= math.Sqrt(float64(plan.Count(fanIn)))
	}
	return fixed, nil
}

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
