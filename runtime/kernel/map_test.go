package kernel

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// program builds a Program in the order of its instructions.
type program struct{ Program }

func (p *program) add(op Op, regs ...int) int {
	i := Instr{Op: op}
	for k, r := range regs {
		*[]*int{&i.A, &i.B, &i.C}[k] = r
	}
	p.Instrs = append(p.Instrs, i)
	if op == OpInput {
		p.Inputs = max(p.Inputs, i.A+1)
	}
	return len(p.Instrs) - 1
}

func (p *program) constant(value float64) int {
	p.Instrs = append(p.Instrs, Instr{Op: OpConst, Value: value})
	return len(p.Instrs) - 1
}

// adam is one step of Kingma and Ba, Adam: A Method for Stochastic Optimization,
// 2014, without the correction of bias: weight, gradient, m and v to weight, m, v.
func adam() *Program {
	var p program
	w, g, m, v, rate := p.add(OpInput, 0), p.add(OpInput, 1), p.add(OpInput, 2), p.add(OpInput, 3), p.add(OpInput, 4)
	b1, b2, c1, c2, eps := p.constant(0.9), p.constant(0.999), p.constant(0.1), p.constant(0.001), p.constant(1e-8)
	m = p.add(OpAdd, p.add(OpMul, b1, m), p.add(OpMul, c1, g))
	v = p.add(OpAdd, p.add(OpMul, b2, v), p.add(OpMul, c2, p.add(OpSquare, g)))
	step := p.add(OpDiv, m, p.add(OpAdd, p.add(OpSqrt, v), eps))
	w = p.add(OpSub, w, p.add(OpMul, rate, step))
	p.Outputs = []int{w, m, v}
	return &p.Program
}

// biased is gelu(a + b·c).
func biased() *Program {
	var p program
	a, b, c := p.add(OpInput, 0), p.add(OpInput, 1), p.add(OpInput, 2)
	p.Outputs = []int{p.add(OpGELU, p.add(OpAdd, a, p.add(OpMul, b, c)))}
	return &p.Program
}

// copies returns an operand twice, and a constant.
func copies() *Program {
	var p program
	a, k := p.add(OpInput, 0), p.constant(2)
	p.Outputs = []int{a, k, a}
	return &p.Program
}

func random(r *rand.Rand, n int) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = float32(r.NormFloat64())
	}
	return s
}

func TestMap(t *testing.T) {
	scalar := func(rank int) View { return View{Strides: make([]int, rank)} }
	cases := []struct {
		name    string
		program *Program
		dims    []int
		out, in []View
	}{
		{"adam over a vector", adam(), []int{1300},
			[]View{Contiguous(1300), Contiguous(1300), Contiguous(1300)},
			[]View{Contiguous(1300), Contiguous(1300), Contiguous(1300), Contiguous(1300), scalar(1)}},
		{"rows and columns", biased(), []int{37, 29},
			[]View{{3, []int{33, 1}}}, []View{Contiguous(37, 29), {0, []int{0, 1}}, {0, []int{1, 0}}}},
		{"transposed", biased(), []int{2, 33, 1, 40},
			[]View{{0, []int{1320, 1, 1, 33}}}, []View{{0, []int{1, 80, 7, 2}}, Contiguous(2, 33, 1, 40), {5, []int{0, 0, 0, 0}}}},
		{"reversed", copies(), []int{700}, []View{{699, []int{-1}}, Contiguous(700), Contiguous(700)}, []View{{699, []int{-1}}}},
		{"one element", biased(), nil, []View{{}}, []View{{}, {}, {}}},
		{"no elements", biased(), []int{4, 0}, []View{Contiguous(4, 0)}, []View{Contiguous(4, 0), Contiguous(4, 0), Contiguous(4, 0)}},
		{"many pieces", biased(), []int{5, 9000}, []View{Contiguous(5, 9000)}, []View{Contiguous(5, 9000), {0, []int{0, 1}}, {0, []int{1, 0}}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { checkMap(t, NewMap(c.program, c.dims, c.out, c.in)) })
	}
}

func checkMap(t *testing.T, m *Map) {
	t.Helper()
	r := rand.New(rand.NewPCG(3, 4))
	var in, out, want [][]float32
	for _, v := range m.In {
		in = append(in, random(r, v.length(m.Dims)))
		for i := range in[len(in)-1] {
			in[len(in)-1][i] = abs32(in[len(in)-1][i])
		}
	}
	for _, v := range m.Out {
		out = append(out, random(r, v.length(m.Dims)))
		want = append(want, append([]float32(nil), out[len(out)-1]...))
	}
	PlainMap(m, want, in)
	scratch := make([]float32, m.Scratch())
	for piece := range m.Pieces() {
		m.Run(m.Pieces()-1-piece, out, in, scratch)
	}
	for o := range out {
		for i := range out[o] {
			if math.Abs(float64(out[o][i]-want[o][i])) > 1e-5*(1+math.Abs(float64(want[o][i]))) {
				t.Fatalf("element %d of output %d is %v, want %v", i, o, out[o][i], want[o][i])
			}
		}
	}
}

// drawProgram is any program of the Ops that round correctly, so that every way
// of running it gives the same bits.
func drawProgram(t *rapid.T, inputs int) *Program {
	var p program
	for i := range inputs {
		p.add(OpInput, i)
	}
	p.constant(0.7)
	for range rapid.IntRange(1, 25).Draw(t, "instructions") {
		op := rapid.SampledFrom([]Op{OpAdd, OpAdd, OpSub, OpSub, OpMul, OpMul, OpMul, OpSquare, OpNeg, OpMax, OpLess, OpSelect}).Draw(t, "op")
		regs := make([]int, op.Arity())
		for k := range regs {
			regs[k] = rapid.IntRange(0, len(p.Instrs)-1).Draw(t, "register")
		}
		p.add(op, regs...)
	}
	p.Outputs = rapid.SliceOfN(rapid.IntRange(0, len(p.Instrs)-1), 1, 3).Draw(t, "outputs")
	return &p.Program
}

func TestMapAgreesWithPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.SliceOfN(rapid.IntRange(1, 40), 0, 3).Draw(t, "dims")
		p := drawProgram(t, rapid.IntRange(1, 4).Draw(t, "inputs"))
		r := rand.New(rand.NewPCG(2, 2))
		var views [2][]View
		var in, out, want [][]float32
		for range p.Inputs {
			v := permuted(t, dims, "in")
			for k := range v.Strides {
				if v.Strides[k] > 0 && rapid.IntRange(0, 3).Draw(t, "broadcast") == 0 {
					v.Strides[k] = 0
				}
			}
			views[1] = append(views[1], v)
			in = append(in, random(r, v.length(dims)))
		}
		for range p.Outputs {
			v := permuted(t, dims, "out")
			views[0] = append(views[0], v)
			out = append(out, make([]float32, v.length(dims)))
			want = append(want, make([]float32, v.length(dims)))
		}
		m := NewMap(p, dims, views[0], views[1])
		PlainMap(m, want, in)
		scratch := make([]float32, m.Scratch())
		for piece := range m.Pieces() {
			m.Run(piece, out, in, scratch)
		}
		for o := range out {
			for i := range out[o] {
				if out[o][i] != want[o][i] && (out[o][i] == out[o][i] || want[o][i] == want[o][i]) {
					t.Fatalf("element %d of output %d is %v, want %v (%+v)", i, o, out[o][i], want[o][i], p)
				}
			}
		}
	})
}

// Outputs may be the very elements of operands, in any order of instructions.
func TestMapInPlace(t *testing.T) {
	const n = 1500
	r := rand.New(rand.NewPCG(5, 6))
	v := Contiguous(n)
	m := NewMap(adam(), []int{n}, []View{v, v, v}, []View{v, v, v, v, {0, []int{0}}})
	in := [][]float32{random(r, n), random(r, n), random(r, n), random(r, n), {0.01}}
	for i := range in[3] {
		in[3][i] = abs32(in[3][i])
	}
	want := [][]float32{make([]float32, n), make([]float32, n), make([]float32, n)}
	scratch := make([]float32, m.Scratch())
	for piece := range m.Pieces() {
		m.Run(piece, want, in, scratch)
	}
	out := [][]float32{in[0], in[2], in[3]}
	for piece := range m.Pieces() {
		m.Run(piece, out, in, scratch)
	}
	for o := range out {
		for i := range out[o] {
			if out[o][i] != want[o][i] {
				t.Fatalf("element %d of output %d is %v in place, %v apart", i, o, out[o][i], want[o][i])
			}
		}
	}
}

func TestMapRefusesBadPrograms(t *testing.T) {
	for name, p := range map[string]*Program{
		"a later register": {Instrs: []Instr{{Op: OpNeg, A: 0}}, Outputs: []int{0}},
		"a third operand":  {Instrs: []Instr{{Op: OpInput, A: 2}}, Inputs: 2, Outputs: []int{0}},
		"no such output":   {Outputs: []int{0}},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("accepted")
				}
			}()
			NewMap(p, nil, make([]View, len(p.Outputs)), make([]View, p.Inputs))
		})
	}
}

func TestMapAllocatesNothing(t *testing.T) {
	v := Contiguous(40, 50)
	m := NewMap(biased(), []int{40, 50}, []View{v}, []View{v, {0, []int{0, 1}}, {0, []int{1, 0}}})
	in := [][]float32{make([]float32, 2000), make([]float32, 50), make([]float32, 40)}
	out := [][]float32{make([]float32, 2000)}
	scratch := make([]float32, m.Scratch())
	if n := testing.AllocsPerRun(10, func() { m.Run(0, out, in, scratch) }); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}

// corrected is Adam as the library writes it: the change points downhill, and running
// means are divided by what they lack at first.
func corrected(decay float64) *Program {
	var p program
	g, m, v, one, two, w := p.add(OpInput, 0), p.add(OpInput, 1), p.add(OpInput, 2), p.add(OpInput, 3), p.add(OpInput, 4), p.add(OpInput, 5)
	change := p.add(OpNeg, g)
	m1 := p.add(OpAdd, p.add(OpMul, p.constant(0.9), m), p.add(OpMul, p.constant(0.1), change))
	v1 := p.add(OpAdd, p.add(OpMul, p.constant(0.999), v), p.add(OpMul, p.constant(0.001), p.add(OpMul, change, change)))
	root := p.add(OpAdd, p.add(OpSqrt, p.add(OpDiv, v1, two)), p.constant(1e-8))
	w1 := p.add(OpAdd, p.add(OpMul, p.constant(1-decay), w), p.add(OpDiv, p.add(OpMul, one, m1), root))
	p.Outputs = []int{m1, v1, w1}
	return &p.Program
}

// Programs of Adam run in their own loop however they are written, on every processor.
func TestMoments(t *testing.T) {
	const n = 1301
	v, number := Contiguous(n), View{Strides: []int{0}}
	cases := []struct {
		name    string
		program *Program
		in      []View
	}{
		{"plain", adam(), []View{v, v, v, v, number}},
		{"corrected, as the library has it", corrected(0), []View{v, v, v, number, number, v}},
		{"with decay", corrected(0.1), []View{v, v, v, number, number, v}},
	}
	best := loops
	defer func() { loops = best }()
	eachLoopSet(t, func(t *testing.T, s *loopSet) {
		loops = s
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				m := NewMap(c.program, []int{n}, []View{v, v, v}, c.in)
				if m.tiles.moments == nil {
					t.Error("not recognised")
				}
				checkMap(t, m)
			})
		}
	})
}

// Nothing but Adam is taken for it.
func TestMomentsRefuse(t *testing.T) {
	v, number := Contiguous(9), View{Strides: []int{0}}
	cases := []struct {
		name   string
		change func(p *Program)
		in     []View
	}{
		{"another function than the root", func(p *Program) { p.Instrs[len(p.Instrs)-5].Op = OpExp }, []View{v, v, v, v, number}},
		{"weights that are one number", func(*Program) {}, []View{number, v, v, v, number}},
		{"a rate of many numbers", func(*Program) {}, []View{v, v, v, v, v}},
		{"outputs of which two are the same", func(p *Program) { p.Outputs[1] = p.Outputs[0] }, []View{v, v, v, v, number}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := adam()
			c.change(p)
			m := NewMap(p, []int{9}, []View{v, v, v}, c.in)
			if m.tiles.moments != nil {
				t.Error("taken for a step of Adam")
			}
			checkMap(t, m)
		})
	}
}

// slope is the derivative of GELU as differentiation writes it.
func slope() *Program {
	var p program
	dy, x := p.add(OpInput, 0), p.add(OpInput, 1)
	erf := p.add(OpErf, p.add(OpMul, p.constant(1/math.Sqrt2), x))
	below := p.add(OpAdd, p.constant(0.5), p.add(OpMul, p.constant(0.5), erf))
	e := p.add(OpExp, p.add(OpMul, p.constant(-0.5), p.add(OpSquare, x)))
	density := p.add(OpMul, e, p.constant(1/math.Sqrt(2*math.Pi)))
	p.Outputs = []int{p.add(OpMul, dy, p.add(OpAdd, below, p.add(OpMul, x, density)))}
	return &p.Program
}

// The derivative of GELU runs as one function, which keeps its bound.
func TestSlopeOfGELU(t *testing.T) {
	v := Contiguous(1300)
	m := NewMap(slope(), []int{1300}, []View{v}, []View{v, v})
	if n := m.tiles.slots; n > 1 {
		t.Errorf("%d tiles of scratch: the derivative was not recognised", n)
	}
	checkMap(t, m)
	x := make([]float32, 0, 1<<14)
	for place := -8.0; place < 8; place += 1.0 / 1024 {
		x = append(x, float32(place))
	}
	got := make([]float32, len(x))
	eachLoopSet(t, func(t *testing.T, s *loopSet) {
		s.unary[opGELUSlope](got, x)
		for i, a := range x {
			a := float64(a)
			want := math.Erfc(-a/math.Sqrt2)/2 + a*math.Exp(-a*a/2)/math.Sqrt(2*math.Pi)
			if d := math.Abs(float64(got[i]) - want); d > 8*math.Ldexp(math.Max(math.Abs(want), 0.25), -24) {
				t.Fatalf("slope of gelu at %v is %v, want %v", a, got[i], want)
			}
		}
	})
}

func TestMomentsAllocateNothing(t *testing.T) {
	v := Contiguous(50)
	m := NewMap(adam(), []int{50}, []View{v, v, v}, []View{v, v, v, v, {0, []int{0}}})
	s := make([]float32, 50)
	out, in, scratch := [][]float32{s, s, s}, [][]float32{s, s, s, s, {0.1}}, make([]float32, m.Scratch())
	if n := testing.AllocsPerRun(10, func() { m.Run(0, out, in, scratch) }); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}
