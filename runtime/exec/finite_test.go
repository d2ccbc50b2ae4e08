package exec

import (
	"errors"
	"math"
	"testing"

	"ncd/compiler/plan"
)

// applied is the plan of y = f(x) over two places, where f is a program of one
// input.
func applied(program []plan.Instr) *plan.Plan {
	line := plan.View{Strides: []int{1}}
	out := line
	out.Buffer = 1
	return &plan.Plan{
		Name: "test", Numbers: 32,
		Buffers: []plan.Buffer{
			{Name: "x", Role: plan.Input, Axes: []string{"row"}, Dims: []int{2}},
			{Name: "y", Role: plan.Output, Axes: []string{"row"}, Dims: []int{2}, Offset: 16},
		},
		Steps: []plan.Step{{
			Kernel: plan.Map{Dims: []int{2}, Program: program, Results: []int{len(program)}},
			In:     []plan.View{line}, Out: []plan.View{out},
			Origin: plan.Origin{Box: "f", Kind: "map"},
		}},
	}
}

func TestCheckFinite(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	log := []plan.Instr{{Fn: "log", Args: []int{0}}}
	masked := []plan.Instr{{Fn: "constant", Value: math.Inf(-1)}, {Fn: "add", Args: []int{0, 1}}}
	for _, c := range []struct {
		name    string
		program []plan.Instr
		x       [2]float32
		want    string
	}{
		{"sound", log, [2]float32{1, 2}, ""},
		{"an infinity is made", log, [2]float32{1, 0}, "a number of `f` (map) is -Inf at row 1"},
		{"no number is made", log, [2]float32{-1, 1}, "a number of `f` (map) is NaN at row 0"},
		{"an infinity was there", log, [2]float32{1, inf}, ""},
		{"no number was there", log, [2]float32{1, nan}, "a number of `x` () is NaN at row 1"},
		{"a mask means it", masked, [2]float32{1, 2}, ""},
		{"a mask meets an infinity", masked, [2]float32{1, inf}, "a number of `f` (map) is NaN at row 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Bind(applied(c.program), Options{Threads: 1, CheckFinite: true})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			x, _ := m.Array(plan.Input, "x")
			copy(x.Float32, c.x[:])
			err = m.Run()
			var broken *NotFinite
			if c.want == "" && err == nil || errors.As(err, &broken) && broken.Error() == c.want {
				return
			}
			t.Errorf("got %v, want %q", err, c.want)
		})
	}
}
