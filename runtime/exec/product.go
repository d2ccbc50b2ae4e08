package exec

import (
	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

func (b *binder[F]) gemm(k plan.Gemm, s plan.Step) work[F] {
	batch, taps := len(k.Batch), len(k.Taps)
	matrix := func(v plan.View, taps int) kernel.Matrix {
		n := batch + taps
		return kernel.Matrix{Offset: v.Offset, Batch: v.Strides[:batch], Taps: v.Strides[batch:n], Row: v.Strides[n], Col: v.Strides[n+1]}
	}
	shape := kernel.GemmShape{
		Batch: k.Batch, Taps: k.Taps, M: k.M, N: k.N, K: k.K,
		A: matrix(s.In[0], taps), B: matrix(s.In[1], taps), C: matrix(s.Out[0], 0),
		Accumulate: k.Accumulate, ReLU: k.Relu,
	}
	if len(s.In) > 2 {
		shape.BiasAxis, shape.Bias = biasOf(s.In[2], batch)
	}
	if !b.isFast() {
		return plain(func(out, in [][]F) { kernel.PlainGemm(&shape, out[0], in[0], in[1], third(in)) })
	}
	g := kernel.NewGemm(shape)
	return fast[F](g, func(piece int, out, in [][]float32, scratch []float32) {
		g.Run(piece, out[0], in[0], in[1], third(in), scratch)
	})
}

// third is the bias, where there is one.
func third[F kernel.Float](in [][]F) []F {
	if len(in) > 2 {
		return in[2]
	}
	return nil
}

// biasOf finds along which axis of C a bias lies.
func biasOf(v plan.View, batch int) (kernel.BiasAxis, kernel.Vector) {
	row, col := v.Strides[batch], v.Strides[batch+1]
	bias := kernel.Vector{Offset: v.Offset, Batch: v.Strides[:batch], Stride: col}
	if row != 0 {
		bias.Stride = row
		return kernel.BiasRow, bias
	}
	return kernel.BiasCol, bias
}

func (b *binder[F]) winograd(k plan.Winograd, s plan.Step) work[F] {
	grid := func(v plan.View) kernel.Grid {
		return kernel.Grid{Offset: v.Offset, Image: v.Strides[0], Row: v.Strides[1], Col: v.Strides[2]}
	}
	shape := kernel.Winograd{
		Images: k.Images, Rows: k.Rows, Cols: k.Cols, Channels: k.Channels, Filters: k.Filters,
		In: grid(s.In[0]), Out: grid(s.Out[0]), Filter: s.In[1].Offset, ReLU: k.Relu,
	}
	if len(s.In) > 2 {
		shape.HasBias, shape.Bias = true, s.In[2].Offset
	}
	w := kernel.NewWinograd(shape)
	if !b.isFast() {
		return plain(func(out, in [][]F) { kernel.PlainWinograd(w, out[0], in[0], in[1], third(in)) })
	}
	return fast[F](w, func(piece int, out, in [][]float32, scratch []float32) {
		w.Run(piece, out[0], in[0], in[1], third(in), scratch)
	})
}

func (b *binder[F]) contract(k plan.Contract, s plan.Step) call {
	kept := len(k.Dims) - k.Summed
	c := &kernel.Contract{
		Dims: k.Dims[:kept], Sums: k.Dims[kept:], Accumulate: k.Accumulate, In: lieAll(s.In),
		Out: kernel.View{Offset: s.Out[0].Offset, Strides: s.Out[0].Strides[:kept]},
	}
	out, in := b.elements(s.Out[0]), b.all(s.In)
	return whole(func() { kernel.RunContract(c, out, in...) })
}
