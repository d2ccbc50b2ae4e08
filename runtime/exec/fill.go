package exec

import (
	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

func (b *binder[F]) fill(k plan.Fill, s plan.Step) call {
	v := s.Out[0]
	if b.isPlaces(v) {
		out := b.places(v)
		return whole(func() { eachPlace(k.Dims, v, v, func(at, _ int) { out[at] = int32(k.Value) }) })
	}
	out := b.elements(v)
	if last := len(k.Dims) - 1; last >= 0 && v.Strides[last] == 1 && k.Value == 0 {
		outer := plan.View{Offset: v.Offset, Strides: v.Strides[:last]}
		zero := func(at, _ int) { clear(out[at : at+k.Dims[last]]) }
		return whole(func() { eachPlace(k.Dims[:last], outer, outer, zero) })
	}
	return whole(func() { kernel.Fill(k.Dims, lies(v), out, F(k.Value)) })
}

func (b *binder[F]) copy(k plan.Copy, s plan.Step) work[F] {
	c := kernel.NewCopy(k.Dims, lies(s.Out[0]), lies(s.In[0]))
	if !b.isFast() {
		return plain(func(out, in [][]F) { kernel.PlainCopy(c, out[0], in[0]) })
	}
	return fast[F](c, func(piece int, out, in [][]float32, _ []float32) { c.Run(piece, out[0], in[0]) })
}

func (b *binder[F]) copyPlaces(k plan.Copy, s plan.Step) call {
	to, from := b.places(s.Out[0]), b.places(s.In[0])
	return whole(func() { eachPlace(k.Dims, s.Out[0], s.In[0], func(i, j int) { to[i] = from[j] }) })
}

// eachPlace walks two views in step.
func eachPlace(dims []int, to, from plan.View, do func(to, from int)) {
	walkPlaces(dims, to.Strides, from.Strides, to.Offset, from.Offset, do)
}

func walkPlaces(dims, toStrides, fromStrides []int, to, from int, do func(to, from int)) {
	if len(dims) == 0 {
		do(to, from)
		return
	}
	for range dims[0] {
		walkPlaces(dims[1:], toStrides[1:], fromStrides[1:], to, from, do)
		to, from = to+toStrides[0], from+fromStrides[0]
	}
}

// drawn is how many numbers a piece draws.
const drawn = 1 << 12

func (b *binder[F]) random(k plan.Random, s plan.Step) call {
	n, out := k.Dims[0], b.elements(s.Out[0])
	distribution := k.Distribution
	if distribution == "uniform" {
		distribution = "unit"
	}
	key := keyOf(b.machine.seed, k.Stream)
	return pieces((n+drawn-1)/drawn, func(piece int) {
		key := key
		key.Step = b.machine.run
		from := piece * drawn
		draw(out[from:min(n, from+drawn)], distribution, k.Scale, key, from)
	})
}
