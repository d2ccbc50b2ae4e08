package cost

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"testing"

	"ncd/compiler/plan"
)

// TestStepsByHand counts single steps on buffers of 100 numbers.
func TestStepsByHand(t *testing.T) {
	view := func(strides ...int) plan.View { return plan.View{Strides: strides} }
	for _, c := range []struct {
		name    string
		kernel  plan.Kernel
		in, out []plan.View
		want    Step
	}{
		{
			"matrix product with bias and relu", plan.Gemm{M: 3, N: 4, K: 5, Relu: true},
			[]plan.View{view(5, 1), view(4, 1), view(0, 1)}, []plan.View{view(4, 1)},
			Step{MultiplyAdds: 60, Scalar: 24, Moved: 4 * (15 + 20 + 4 + 12)},
		},
		{
			"windows of 3 on a row of 10", plan.Gemm{Taps: []int{3}, M: 8, N: 2, K: 1, Accumulate: true},
			[]plan.View{view(1, 1, 1), view(2, 2, 1)}, []plan.View{view(2, 1)},
			Step{MultiplyAdds: 48, Scalar: 16, Moved: 4 * (10 + 6 + 2*16)},
		},
		{
			"contraction with a number", plan.Contract{Dims: []int{4, 5}, Summed: 1},
			[]plan.View{view(5, 1), view(0, 1), view(0, 0)}, []plan.View{view(1, 0)},
			Step{MultiplyAdds: 20, Scalar: 20, Moved: 4 * (20 + 5 + 1 + 4)},
		},
		{
			"sum as a contraction", plan.Contract{Dims: []int{4, 5}, Summed: 1},
			[]plan.View{view(5, 1)}, []plan.View{view(1, 0)},
			Step{Scalar: 20, Moved: 4 * (20 + 4)},
		},
		{
			"scalar program", plan.Map{Dims: []int{6}, Program: []plan.Instr{{Fn: "exp", Args: []int{0}}, {Fn: "add", Args: []int{1, 0}}}, Results: []int{2}},
			[]plan.View{view(1)}, []plan.View{view(1)},
			Step{Scalar: 30, Moved: 4 * 12},
		},
		{"mean", plan.Reduce{Fn: "mean", Dims: []int{3, 4}, Reduced: 1}, []plan.View{view(4, 1)}, []plan.View{view(1)}, Step{Scalar: 15, Moved: 4 * 15}},
		{"softmax", plan.Softmax{Dims: []int{3, 4}}, []plan.View{view(4, 1)}, []plan.View{view(4, 1)}, Step{Scalar: 96, Moved: 4 * 24}},
		{"look-up", plan.Take{Dims: []int{3, 4}, Along: 4, Size: 25}, []plan.View{view(0, 1), view(1, 0)}, []plan.View{view(4, 1)}, Step{Moved: 4 * (12 + 3 + 12)}},
		{"scattered sum", plan.Put{Dims: []int{3, 4}, Along: 4, Size: 25}, []plan.View{view(4, 1), view(1, 0)}, []plan.View{view(0, 1)}, Step{Scalar: 12, Moved: 4 * (12 + 3 + 100)}},
		{"fill", plan.Fill{Dims: []int{7}}, nil, []plan.View{view(1)}, Step{Moved: 4 * 7}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &plan.Plan{
				Buffers: []plan.Buffer{{Dims: []int{100}, Axes: []string{"i"}}}, Numbers: 100, Places: 3,
				Steps: []plan.Step{{Kernel: c.kernel, In: c.in, Out: c.out, Origin: plan.Origin{Box: "b", Kind: "k", Pass: "forward"}}},
			}
			r := OfPlan(p)
			c.want.Box, c.want.Kind, c.want.Pass = "b", "k", "forward"
			if r.Steps[0] != c.want {
				t.Errorf("got %+v, want %+v", r.Steps[0], c.want)
			}
			if r.Peak != 412 || r.Moved != c.want.Moved || r.MultiplyAdds != c.want.MultiplyAdds || r.Scalar != c.want.Scalar {
				t.Errorf("the run is not the sum of its step: %+v", r)
			}
		})
	}
}

// TestNestByHand counts rows of 5 that are exponentiated and added up, one after
// another for each of 4: what lies between is the worker's own.
func TestNestByHand(t *testing.T) {
	exp := plan.Step{
		Kernel: plan.Map{Dims: []int{5}, Program: []plan.Instr{{Fn: "exp", Args: []int{0}}}, Results: []int{1}},
		In:     []plan.View{{Buffer: 0, Strides: []int{5, 1}}}, Out: []plan.View{{Buffer: 1, Strides: []int{0, 1}}},
	}
	sum := plan.Step{
		Kernel: plan.Reduce{Fn: "sum", Dims: []int{5}, Reduced: 1},
		In:     []plan.View{{Buffer: 1, Strides: []int{0, 1}}}, Out: []plan.View{{Buffer: 2, Strides: []int{1}}},
	}
	p := &plan.Plan{
		Buffers: []plan.Buffer{{Dims: []int{4, 5}, Role: plan.Input}, {Dims: []int{5}, Role: plan.Own}, {Dims: []int{4}, Role: plan.Output}},
		Steps:   []plan.Step{{Kernel: plan.Nest{Dims: []int{4}, Steps: []plan.Step{exp, sum}, Own: 5}}},
	}
	if got, want := OfPlan(p).Steps[0], (Step{Scalar: 4 * (4*5 + 5), Moved: 4 * (20 + 4)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestEveryKernelIsCounted holds that whoever adds a kernel to plan says in kernelCost,
// and then here, what it costs.
func TestEveryKernelIsCounted(t *testing.T) {
	counted := []string{"Gemm", "Winograd", "Contract", "Map", "Reduce", "Softmax", "Put", "Nest"}
	free := []string{"Take", "OneHot", "Random", "Fill", "Copy", "Opaque"} // of the last nobody knows
	files, _ := filepath.Glob("../plan/*.go")
	found := 0
	for _, name := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range tree.Decls {
			f, isFunc := declared.(*ast.FuncDecl)
			if !isFunc || f.Recv == nil || f.Name.Name != "kernel" {
				continue
			}
			found++
			if kernel := f.Recv.List[0].Type.(*ast.Ident).Name; !slices.Contains(counted, kernel) && !slices.Contains(free, kernel) {
				t.Errorf("kernelCost does not say what a %s costs", kernel)
			}
		}
	}
	if found < len(counted)+len(free) {
		t.Errorf("found %d kernels in plan", found)
	}
}
