package reference

import (
	"fmt"
	"maps"
	"slices"

	"ncd/compiler/diagram"
)

// step is how far a number is moved for a difference.
const step = 1e-5

// gradient takes central differences: the boxes that hang on a wire are run again with
// each of its numbers a little more, and a little less.
func (f *frame) gradient(b *diagram.Box) error {
	if len(b.Weave.Degree) > 0 {
		return fmt.Errorf("a gradient that is lifted has lost the diagram around it")
	}
	for i, w := range b.In[1:] {
		for j := range f.arrays[w].Values {
			up, err := f.moved(b.In[0], w, j, step)
			if err != nil {
				return err
			}
			down, err := f.moved(b.In[0], w, j, -step)
			if err != nil {
				return err
			}
			f.arrays[b.Out[i]].Values[j] = (up - down) / (2 * step)
		}
	}
	return nil
}

// moved is what a scalar becomes where one number of a wire is moved.
func (f *frame) moved(scalar, w *diagram.Wire, at int, by float64) (float64, error) {
	again := &frame{machine: f.machine, context: f.context, arrays: maps.Clone(f.arrays), ran: slices.Clone(f.ran)}
	again.memory = newMemory(f.memory)
	x := New(f.arrays[w].Dims...)
	copy(x.Values, f.arrays[w].Values)
	x.Values[at] += by
	again.arrays[w] = x
	hangs := map[*diagram.Wire]bool{w: true}
	for i, b := range f.ran {
		if !slices.ContainsFunc(b.In, func(in *diagram.Wire) bool { return hangs[in] }) {
			continue
		}
		again.ran = f.ran[:i]
		if err := again.box(b); err != nil {
			return 0, err
		}
		for _, out := range b.Out {
			hangs[out] = true
		}
	}
	return again.arrays[scalar].Values[0], nil
}
