package plan

import (
	"strings"
	"testing"
)

// sound is y = relu(x·w + b), then its sum and the place of its largest.
func sound() *Plan {
	return &Plan{
		Name: "small", Float: Float32, Numbers: 80, Places: 16,
		Buffers: []Buffer{
			{Name: "w", Role: Weight, Axes: []string{"k", "n"}, Dims: []int{3, 4}, Fixed: Fixed{Kind: "uniform", Scale: 0.5}},
			{Name: "b", Role: Weight, Axes: []string{"n"}, Dims: []int{4}, Offset: 16, Fixed: Fixed{Kind: "constant", Frozen: true}},
			{Name: "x", Role: Input, Axes: []string{"m", "k"}, Dims: []int{2, 3}, Offset: 32},
			{Name: "sum", Role: Output, Offset: 48},
			{Name: "best", Role: Output, DType: Int32, In: 4, Axes: []string{"m"}, Dims: []int{2}},
			{Role: Constant, Offset: 49, Value: []float64{2}},
			{Role: Temporary, Axes: []string{"m", "n"}, Dims: []int{2, 4}, Offset: 64},
		},
		Steps: []Step{
			{Gemm{M: 2, N: 4, K: 3, Relu: true}, []View{{2, 0, []int{3, 1}}, {0, 0, []int{4, 1}}, {1, 0, []int{0, 1}}}, []View{{6, 0, []int{4, 1}}}, Origin{Box: "net.affine", Kind: "affine", Pass: "forward"}},
			{Map{Dims: []int{8}, Program: []Instr{{Fn: "mul", Args: []int{0, 1}}}, Results: []int{2}}, []View{{6, 0, []int{1}}, {5, 0, []int{0}}}, []View{{6, 0, []int{1}}}, Origin{Kind: "map", Pass: "forward"}},
			{Reduce{Fn: "argmax", Dims: []int{2, 4}, Reduced: 1}, []View{{6, 0, []int{4, 1}}}, []View{{4, 0, []int{1}}}, Origin{Kind: "argmax", Pass: "forward"}},
			{Reduce{Fn: "sum", Dims: []int{8}, Reduced: 1}, []View{{6, 0, []int{1}}}, []View{{3, 0, []int{}}}, Origin{Kind: "sum", Pass: "forward"}},
		},
	}
}

func TestPrint(t *testing.T) {
	const want = `plan small float32, 80 numbers, 16 places
  %0 weight w [k:3 n:4] at 0, uniform 0.5
  %1 weight b [n:4] at 16, constant 0, frozen
  %2 input x [m:2 k:3] at 32
  %3 output sum [] at 48
  %4 output best [m:2] in 4 at 0
  %5 constant [] at 49, 2
  %6 temporary [m:2 n:4] at 64
  0 gemm [] 2×4 over [] 3 relu %2(3 1) %0(4 1) %1(0 1) -> %6(4 1) — net.affine, affine, forward
  1 map [8] {mul $0 $1} [$2] %6(1) %5(0) -> %6(1) — map, forward
  2 argmax [2 4] reduced 1 %6(4 1) -> %4(1) — argmax, forward
  3 sum [8] reduced 1 %6(1) -> %3() — sum, forward
`
	if got := sound().String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestBytes(t *testing.T) {
	p := sound()
	if got := p.Bytes(); got != 4*80+4*16 {
		t.Errorf("got %d", got)
	}
	if p.Float = Float64; p.Bytes() != 8*80+4*16 {
		t.Errorf("in double precision: got %d", p.Bytes())
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		role Role
		name string
		want int
	}{{Weight, "b", 1}, {Input, "x", 2}, {Input, "b", -1}} {
		if got := sound().Find(c.role, c.name); got != c.want {
			t.Errorf("%v %s: got %d, want %d", c.role, c.name, got, c.want)
		}
	}
}

func TestVerify(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(*Plan)
		want  string
	}{
		{"a sound plan", func(p *Plan) {}, ""},
		{"a view beyond its buffer", func(p *Plan) { p.Steps[0].In[0].Offset = 1 }, "step 0 gemm"},
		{"a view before its buffer", func(p *Plan) { p.Steps[1].In[0].Strides[0] = -1 }, "elements -7 to 0 of a buffer of 8"},
		{"a stride too few", func(p *Plan) { p.Steps[0].In[2].Strides = []int{1} }, "view 2: 1 strides for 2 axes"},
		{"an operand too many", func(p *Plan) { p.Steps[3].In = append(p.Steps[3].In, p.Steps[3].In[0]) }, "2 operands and 1 results, want 1 and 1"},
		{"no such buffer", func(p *Plan) { p.Steps[3].In[0].Buffer = 9 }, "there is no buffer %9"},
		{"a buffer beyond its arena", func(p *Plan) { p.Buffers[6].Offset = 73 }, "from 73 to 81 in an arena of 80"},
		{"labels that are missing", func(p *Plan) { p.Buffers[6].Axes = nil }, "0 labels for 2 axes"},
		{"a precision of its own", func(p *Plan) { p.Buffers[6].DType = Float64 }, "float64 in a plan of float32"},
		{"read before it is written", func(p *Plan) { p.Steps = p.Steps[1:] }, "%6 is read before it is written"},
		{"added to before it is written", func(p *Plan) { p.Steps[0].Kernel = Gemm{M: 2, N: 4, K: 3, Accumulate: true} }, "%6 is added to before it is written"},
		{"an input is written", func(p *Plan) { p.Buffers[6].Role = Input }, "writes the input"},
		{"an output is not written", func(p *Plan) { p.Steps = p.Steps[:3] }, "output sum is never written"},
		{"written while it is read", func(p *Plan) { p.Steps[1].Out[0] = View{6, 7, []int{-1}} }, "%6 is written while it is read"},
		{"overlapping weights", func(p *Plan) { p.Buffers[1].Offset = 11 }, "buffers %0 and %1 overlap at step 0"},
		{"a temporary on an input", func(p *Plan) { p.Buffers[6].Offset = 37 }, "buffers %2 and %6 overlap at step 0"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := sound()
			c.spoil(p)
			switch err := Verify(p); {
			case c.want == "" && err != nil:
				t.Errorf("got %v, want none", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestLifetimes(t *testing.T) {
	lives := sound().Lifetimes()
	if got, want := lives[6], (Lifetime{0, 3}); got != want {
		t.Errorf("the temporary: got %v, want %v", got, want)
	}
	if got, want := lives[2], (Lifetime{0, 4}); got != want {
		t.Errorf("an input: got %v, want %v", got, want)
	}
}
