package exec

import (
	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

func (b *binder[F]) gemm(k plan.Gemm, s plan.Step) call {
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
	c, a, d := b.elements(s.Out[0]), b.elements(s.In[0]), b.elements(s.In[1])
	var bias []F
	if len(s.In) > 2 {
		bias = b.elements(s.In[2])
		shape.BiasAxis, shape.Bias = biasOf(s.In[2], batch)
	}
	if c, ok := fast(c); ok {
		a, _ := fast(a)
		d, _ := fast(d)
		bias, _ := fast(bias)
		g := kernel.NewGemm(shape)
		return pieces(g.Pieces(), g.Scratch(), func(piece int, scratch []float32) { g.Run(piece, c, a, d, bias, scratch) })
	}
	return whole(func() { kernel.PlainGemm(&shape, c, a, d, bias) })
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

func (b *binder[F]) contract(k plan.Contract, s plan.Step) call {
	kept := len(k.Dims) - k.Summed
	c := &kernel.Contract{
		Dims: k.Dims[:kept], Sums: k.Dims[kept:], Accumulate: k.Accumulate, In: lieAll(s.In),
		Out: kernel.View{Offset: s.Out[0].Offset, Strides: s.Out[0].Strides[:kept]},
	}
	out, in := b.elements(s.Out[0]), b.all(s.In)
	return whole(func() { kernel.RunContract(c, out, in...) })
}
