package exec

import (
	"fmt"

	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

var reduceOps = map[string]kernel.ReduceOp{
	"sum": kernel.ReduceSum, "mean": kernel.ReduceMean, "max": kernel.ReduceMax, "min": kernel.ReduceMin,
	"product": kernel.ReduceProduct, "logsumexp": kernel.ReduceLogSumExp,
}

func (b *binder[F]) reduce(k plan.Reduce, s plan.Step) (work[F], error) {
	op, ok := reduceOps[k.Fn]
	if !ok {
		return work[F]{}, fmt.Errorf("no reduction %s", k.Fn)
	}
	kept := len(k.Dims) - k.Reduced
	r := kernel.NewReduce(kernel.Reduce{Op: op, Dims: k.Dims[:kept], Sums: k.Dims[kept:], Out: lies(s.Out[0]), In: lies(s.In[0])})
	if !b.isFast() {
		return plain(func(out, in [][]F) { kernel.PlainReduce(r, out[0], in[0]) }), nil
	}
	return fast[F](r, func(piece int, out, in [][]float32, scratch []float32) { r.Run(piece, out[0], in[0], scratch) }), nil
}

func (b *binder[F]) argmax(k plan.Reduce, s plan.Step) call {
	last, v := len(k.Dims)-1, s.In[0]
	a := kernel.NewArgMax(kernel.ArgMax{
		Dims: k.Dims[:last], Size: k.Dims[last], Stride: v.Strides[last],
		Out: lies(s.Out[0]), In: kernel.View{Offset: v.Offset, Strides: v.Strides[:last]},
	})
	out, in := b.places(s.Out[0]), b.elements(v)
	return pieces(a.Pieces(), func(piece int) { kernel.RunArgMax(a, piece, out, in) })
}
