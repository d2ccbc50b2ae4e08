package cost

import (
	"slices"
	"testing"

	"ncd/compiler/plan"
)

// TestLive: a weight, an array, another that takes its place, and a third beside it.
func TestLive(t *testing.T) {
	p := &plan.Plan{
		Buffers: []plan.Buffer{
			{Role: plan.Weight, Dims: []int{4}},
			{Dims: []int{8}, Offset: 4},
			{Dims: []int{8}, Offset: 4},
			{Dims: []int{2}, Offset: 12},
			{Dims: []int{3}, DType: plan.Int32},
			{Role: plan.Own, Dims: []int{100}},
		},
		Steps: []plan.Step{
			{In: []plan.View{{Buffer: 0}}, Out: []plan.View{{Buffer: 1}}},
			{In: []plan.View{{Buffer: 1}, {Buffer: 4}}, Out: []plan.View{{Buffer: 2}}},
			{Kernel: plan.Nest{Steps: []plan.Step{{In: []plan.View{{Buffer: 2}}, Out: []plan.View{{Buffer: 5}}}}}, Out: []plan.View{{Buffer: 3}}},
		},
	}
	if got, want := liveOf(p), []int{16 + 32, 16 + 32 + 12, 16 + 32 + 8}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestPeaks: no box needs more than all, what holds a box needs no less, and each
// learned layer is told.
func TestPeaks(t *testing.T) {
	all := trained(t, "perceptron", "backprop")
	if all.Total.Peak != all.Run.Peak {
		t.Errorf("in all %d, the run's peak is %d", all.Total.Peak, all.Run.Peak)
	}
	var hold func(l *Line)
	hold = func(l *Line) {
		if l.Kind == "affine" && l.Peak == 0 {
			t.Errorf("%s has no peak", l.Name)
		}
		for _, part := range l.Parts {
			if part.Peak > l.Peak {
				t.Errorf("%s needs %d, its part %s %d", l.Name, l.Peak, part.Name, part.Peak)
			}
			hold(part)
		}
	}
	hold(all.Total)
}
