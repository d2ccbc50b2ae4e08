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

func (b *binder[F]) reduce(k plan.Reduce, s plan.Step) (call, error) {
	if k.Fn == "argmax" {
		return b.argmax(k, s), nil
	}
	op, ok := reduceOps[k.Fn]
	if !ok {
		return call{}, fmt.Errorf("no reduction %s", k.Fn)
	}
	kept := len(k.Dims) - k.Reduced
	r := kernel.NewReduce(kernel.Reduce{Op: op, Dims: k.Dims[:kept], Sums: k.Dims[kept:], Out: lies(s.Out[0]), In: lies(s.In[0])})
	out, in := b.elements(s.Out[0]), b.elements(s.In[0])
	if out, ok := fast(out); ok {
		in, _ := fast(in)
		return pieces(r.Pieces(), r.Scratch(), func(piece int, scratch []float32) { r.Run(piece, out, in, scratch) }), nil
	}
	return whole(func() { kernel.PlainReduce(r, out, in) }), nil
}

func (b *binder[F]) argmax(k plan.Reduce, s plan.Step) call {
	last, v := len(k.Dims)-1, s.In[0]
	a := kernel.NewArgMax(kernel.ArgMax{
		Dims: k.Dims[:last], Size: k.Dims[last], Stride: v.Strides[last],
		Out: lies(s.Out[0]), In: kernel.View{Offset: v.Offset, Strides: v.Strides[:last]},
	})
	out, in := b.places(s.Out[0]), b.elements(v)
	return pieces(a.Pieces(), 0, func(piece int, _ []float32) { kernel.RunArgMax(a, piece, out, in) })
}
