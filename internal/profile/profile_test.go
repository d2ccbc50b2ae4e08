package profile

import (
	"strings"
	"testing"
	"time"

	"ncd/compiler/plan"
	"ncd/grammar/source"
)

// A product of a second and a fill of half a second, measured over two runs.
func TestOf(t *testing.T) {
	line := source.Span{File: &source.File{Name: "a.ncd", Text: "\nx"}, Start: 1, End: 2}
	p := &plan.Plan{
		Buffers: []plan.Buffer{{Dims: []int{2, 3}}, {Dims: []int{3, 4}}, {Dims: []int{2, 4}}},
		Steps: []plan.Step{
			{
				Kernel: plan.Fill{Dims: []int{2, 3}}, Out: []plan.View{{Buffer: 0, Strides: []int{3, 1}}},
				Origin: plan.Origin{Kind: "constant"},
			},
			{
				Kernel: plan.Gemm{M: 2, N: 4, K: 3},
				In:     []plan.View{{Buffer: 0, Strides: []int{3, 1}}, {Buffer: 1, Strides: []int{4, 1}}},
				Out:    []plan.View{{Buffer: 2, Strides: []int{4, 1}}},
				Origin: plan.Origin{Box: "q", Kind: "linear", Pass: "forward", Span: line},
			},
		},
	}
	rows := Of(p, []time.Duration{time.Second, 2 * time.Second}, 2)
	first := rows[0]
	if first.Step != 1 || first.Seconds != 1 || first.Share != 2.0/3 || first.Kernel != "gemm" || first.Place != "a.ncd:2" {
		t.Errorf("the first row is %+v", first)
	}
	if first.Operations != 2*2*4*3 || first.Moved != 4*(6+12+8) {
		t.Errorf("got %d operations and %d bytes, want 48 and 104", first.Operations, first.Moved)
	}
	var b strings.Builder
	if err := Print(&b, rows); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if !strings.HasSuffix(lines[1], "gemm, linear, q, forward, a.ncd:2") || !strings.HasPrefix(strings.TrimSpace(lines[3]), "1500000.0  100.0") {
		t.Errorf("got\n%s", b.String())
	}
}
