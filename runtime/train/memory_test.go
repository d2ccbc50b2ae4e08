package train

import (
	"testing"

	"ncd/compiler/plan"
	"ncd/runtime/exec"
	"ncd/runtime/fault"
)

func TestPlansThatDoNotFit(t *testing.T) {
	const huge = 1 << 32
	for _, c := range []struct {
		name string
		plan *plan.Plan
		fits bool
	}{
		{"small", descent(2), true},
		{"an arena too large", &plan.Plan{Numbers: 1 << 50}, false},
		{"a size beyond whole numbers", &plan.Plan{Buffers: []plan.Buffer{{Dims: []int{huge, huge, huge}}}}, false},
	} {
		err := holdMemory(c.plan)
		if f := fault.As(err); (err == nil) != c.fits || err != nil && (f == nil || f.Code != TooLarge) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
	if _, err := bindMachine(&plan.Plan{Numbers: 1 << 50}, exec.Options{}); err == nil {
		t.Error("a plan that does not fit was bound")
	}
}
