package exec

import (
	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// lookup describes a look-up of rows: the first axes are those that the places
// move along.
func lookup(dims []int, along, size int, table, places, out plan.View) *kernel.Take {
	first := 0
	for i := range dims {
		if places.Strides[i] != 0 {
			first = i + 1
		}
	}
	return kernel.NewTake(kernel.Take{
		Dims: dims[:first], Row: dims[first:], Size: size, Stride: along,
		Places: kernel.View{Offset: places.Offset, Strides: places.Strides[:first]},
		Table:  lies(table), Out: lies(out),
	})
}

func (b *binder[F]) take(k plan.Take, s plan.Step) call {
	t := lookup(k.Dims, k.Along, k.Size, s.In[0], s.In[1], s.Out[0])
	out, table, places := b.elements(s.Out[0]), b.elements(s.In[0]), b.places(s.In[1])
	return call{pieces: 1, run: func(int, *workspace) error { return kernel.RunTake(t, out, table, places) }}
}

func (b *binder[F]) put(k plan.Put, s plan.Step) call {
	t := lookup(k.Dims, k.Along, k.Size, s.Out[0], s.In[1], s.In[0])
	table, numbers, places := b.elements(s.Out[0]), b.elements(s.In[0]), b.places(s.In[1])
	return call{pieces: 1, run: func(int, *workspace) error {
		clear(table)
		return kernel.RunPut(t, table, numbers, places)
	}}
}

func (b *binder[F]) oneHot(k plan.OneHot, s plan.Step) call {
	last, v := len(k.Dims)-1, s.Out[0]
	o := &kernel.OneHot{
		Dims: k.Dims[:last], Size: k.Dims[last], Places: lies(s.In[0]),
		Out: kernel.View{Offset: v.Offset, Strides: v.Strides[:last]}, Stride: v.Strides[last],
	}
	out, places := b.elements(v), b.places(s.In[0])
	return whole(func() { kernel.RunOneHot(o, out, places) })
}
