package exec

import (
	"fmt"

	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// work is a kernel made ready, which runs on any memory that lies as its step says.
type work[F kernel.Float] struct {
	pieces  int
	scratch int // float32s that run needs
	run     func(piece int, out, in [][]F, scratch []float32)
}

// work makes the kernel of a step that runs on numbers.
func (b *binder[F]) work(s plan.Step) (work[F], error) {
	switch k := s.Kernel.(type) {
	case plan.Gemm:
		return b.gemm(k, s), nil
	case plan.Winograd:
		return b.winograd(k, s), nil
	case plan.Map:
		return b.apply(k, s)
	case plan.Reduce:
		return b.reduce(k, s)
	case plan.Softmax:
		return b.softmax(k, s), nil
	case plan.Copy:
		return b.copy(k, s), nil
	}
	return work[F]{}, fmt.Errorf("no kernel does %T", s.Kernel)
}

// over is the call of a kernel on the memory of its step.
func (w work[F]) over(out, in [][]F) call {
	return call{pieces: w.pieces, scratch: w.scratch, run: func(piece int, space *workspace) error {
		w.run(piece, out, in, space.scratch)
		return nil
	}}
}

// isFast reports whether the fast kernels run, which take float32.
func (b *binder[F]) isFast() bool {
	_, ok := any(b.numbers).([]float32)
	return ok
}

// plain is the work of a plain kernel: one piece.
func plain[F kernel.Float](run func(out, in [][]F)) work[F] {
	return work[F]{pieces: 1, run: func(_ int, out, in [][]F, _ []float32) { run(out, in) }}
}

// fast is the work of a fast kernel; F is float32.
func fast[F kernel.Float](k interface{ Pieces() int }, run func(piece int, out, in [][]float32, scratch []float32)) work[F] {
	w := work[F]{pieces: k.Pieces(), run: any(run).(func(int, [][]F, [][]F, []float32))}
	if k, ok := k.(interface{ Scratch() int }); ok {
		w.scratch = k.Scratch()
	}
	return w
}
