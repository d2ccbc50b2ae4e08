package stdlib_test

import (
	"math"
	"testing"
	"testing/fstest"

	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
)

// TestSchedules holds what schedules of a run of 100 steps are at some of them.
func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		schedule string
		want     map[float64]float64 // by the number of the step
	}{
		{"constant[2]", map[float64]float64{0: 2, 99: 2}},
		{"warmup[4]", map[float64]float64{0: 0.25, 3: 1, 50: 1}},
		{"warmup[0]", map[float64]float64{0: 1}},
		{"linear[2, steps = 100]", map[float64]float64{0: 2, 50: 1, 100: 0, 120: 0}},
		{"linear[2, warmup = 20, end = 1, steps = 100]", map[float64]float64{9: 1, 20: 2, 60: 1.5, 100: 1}},
		{"cosine[2, steps = 100]", map[float64]float64{0: 2, 25: 1 + math.Sqrt2/2, 50: 1, 100: 0}},
		{"cosine[2, warmup = 200, steps = 100]", map[float64]float64{0: 0.01, 99: 1}},
		{"exponential[2, factor = 0.25, every = 10]", map[float64]float64{0: 2, 5: 1, 10: 0.5}},
		{"staircase[2, steps = 99]", map[float64]float64{0: 2, 32: 2, 33: 0.2, 66: 0.02, 98: 0.02}},
		{"one_cycle[2, steps = 100]", map[float64]float64{0: 0.08, 15: 1.04, 30: 2, 65: 1.000004, 100: 8e-6}},
	} {
		t.Run(c.schedule, func(t *testing.T) {
			files := fstest.MapFS{"at.ncd": {Data: []byte("import \"std/schedules\" as s\n\ndiagram At(step[]) -> [] { step >> s." + c.schedule + " }\n")}}
			d, said := checked(t, files, "at.ncd", false).Diagram("At", nil)
			hold(t, said)
			for step, want := range c.want {
				in := reference.New()
				in.Values[0] = step
				made, err := reference.Run(rewrite.Normalize(d), reference.Values{Arrays: []*reference.Array{in}})
				if err != nil {
					t.Fatal(err)
				}
				if got := made.Arrays[0].Values[0]; math.Abs(got-want) > 1e-9 {
					t.Errorf("at step %g: got %v, want %v", step, got, want)
				}
			}
		})
	}
}
