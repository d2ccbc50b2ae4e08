package exec

import (
	"slices"

	"ncd/compiler/plan"
	"ncd/runtime/opaque"
)

// opaque hands the numbers of every place side by side to a function whose inside is
// not known, and puts what it makes where it belongs.
func (b *binder[F]) opaque(k plan.Opaque, s plan.Step) (call, error) {
	batch, from, to := plan.Count(k.Degree), plan.Count(k.From), plan.Count(k.To)
	f, end, err := opaque.Open(k.Name, from, to)
	if err != nil {
		return call{}, err
	}
	b.machine.ends = append(b.machine.ends, end)
	in, out := make([]float32, batch*from), make([]float32, batch*to)
	read, write := walk(slices.Concat(k.Degree, k.From), s.In[0]), walk(slices.Concat(k.Degree, k.To), s.Out[0])
	x, y := b.elements(s.In[0]), b.elements(s.Out[0])
	return call{pieces: 1, run: func(int, *workspace) error {
		for i, at := range read {
			in[i] = float32(x[at])
		}
		if err := f(batch, in, out); err != nil {
			return err
		}
		for i, at := range write {
			y[at] = F(out[i])
		}
		return nil
	}}, nil
}

// walk lists where a view shows each place of an index space, in row-major order.
func walk(dims []int, v plan.View) []int {
	list := []int{v.Offset}
	for i, n := range dims {
		longer := make([]int, 0, len(list)*n)
		for _, at := range list {
			for place := range n {
				longer = append(longer, at+place*v.Strides[i])
			}
		}
		list = longer
	}
	return list
}
