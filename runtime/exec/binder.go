package exec

import (
	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// binder makes calls of the steps of a plan. In float32 they are the fast kernels,
// in float64 the plain ones.
type binder[F kernel.Float] struct {
	machine *Machine
	numbers []F
	own     [][]F // what each worker keeps for nests; the first is the caller's
}

// newBinder makes the workers' own memory, as much as the largest nest wants.
func newBinder[F kernel.Float](m *Machine, numbers []F, workers int) *binder[F] {
	most := 0
	for _, s := range m.plan.Steps {
		if n, ok := s.Kernel.(plan.Nest); ok {
			most = max(most, n.Own)
		}
	}
	b := &binder[F]{machine: m, numbers: numbers}
	for range workers {
		b.own = append(b.own, aligned[F](most))
	}
	return b
}

func (b *binder[F]) call(s plan.Step) (call, error) {
	if plan.Count(dimsOf(s.Kernel)) == 0 {
		return whole(func() {}), nil
	}
	switch k := s.Kernel.(type) {
	case plan.Contract:
		return b.contract(k, s), nil
	case plan.Take:
		return b.take(k, s), nil
	case plan.Put:
		return b.put(k, s), nil
	case plan.OneHot:
		return b.oneHot(k, s), nil
	case plan.Random:
		return b.random(k, s), nil
	case plan.Fill:
		return b.fill(k, s), nil
	case plan.Nest:
		return b.nest(k)
	case plan.Opaque:
		return b.opaque(k, s)
	case plan.Reduce:
		if k.Fn == "argmax" {
			return b.argmax(k, s), nil
		}
	case plan.Copy:
		if b.isPlaces(s.Out[0]) {
			return b.copyPlaces(k, s), nil
		}
	}
	w, err := b.work(s)
	return w.over(b.all(s.Out), b.all(s.In)), err
}

// dimsOf are the sizes of what a kernel writes.
func dimsOf(k plan.Kernel) []int {
	switch k := k.(type) {
	case plan.Gemm:
		return append([]int{k.M, k.N}, k.Batch...)
	case plan.Winograd:
		return []int{k.Images, k.Rows, k.Cols, k.Filters}
	case plan.Map:
		return k.Dims
	case plan.Reduce:
		return k.Dims[:len(k.Dims)-k.Reduced]
	case plan.Contract:
		return k.Dims[:len(k.Dims)-k.Summed]
	case plan.Softmax:
		return k.Dims
	case plan.Random:
		return k.Dims
	case plan.Fill:
		return k.Dims
	case plan.Copy:
		return k.Dims
	case plan.Nest:
		return k.Dims
	case plan.Opaque:
		return append(append([]int{}, k.Degree...), k.To...)
	}
	return nil
}

// elements are those of a view's buffer.
func (b *binder[F]) elements(v plan.View) []F {
	buffer := b.machine.plan.Buffers[v.Buffer]
	to := buffer.Offset + buffer.Len()
	return b.numbers[buffer.Offset:to:to]
}

func (b *binder[F]) places(v plan.View) []int32 {
	buffer := b.machine.plan.Buffers[v.Buffer]
	to := buffer.Offset + buffer.Len()
	return b.machine.int32s[buffer.Offset:to:to]
}

func (b *binder[F]) isPlaces(v plan.View) bool {
	return b.machine.plan.Buffers[v.Buffer].DType == plan.Int32
}

func (b *binder[F]) all(views []plan.View) [][]F {
	list := make([][]F, len(views))
	for i, v := range views {
		list[i] = b.elements(v)
	}
	return list
}

func lies(v plan.View) kernel.View { return kernel.View{Offset: v.Offset, Strides: v.Strides} }

func lieAll(views []plan.View) []kernel.View {
	list := make([]kernel.View, len(views))
	for i, v := range views {
		list[i] = lies(v)
	}
	return list
}

// whole is a call of one piece that cannot fail.
func whole(run func()) call {
	return call{pieces: 1, run: func(int, *workspace) error { run(); return nil }}
}

// pieces is a call of pieces that cannot fail.
func pieces(n int, run func(piece int)) call {
	return call{pieces: n, run: func(piece int, _ *workspace) error { run(piece); return nil }}
}
