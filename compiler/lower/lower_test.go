package lower

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

func axes(a ...shape.Axis) shape.Shape { return a }

func wires(w ...*diagram.Wire) []*diagram.Wire { return w }

var wire = diagram.NewWire

// builder makes flat diagrams: boxes whose wires meet the index space by label.
type builder struct{ *diagram.Diagram }

func newBuilder(name string, in ...*diagram.Wire) builder {
	return builder{&diagram.Diagram{Name: name, In: in}}
}

// made adds a box with one result, over the axes of the result and its own.
func (b builder) made(op diagram.Op, out *diagram.Wire, own shape.Shape, in ...*diagram.Wire) *diagram.Wire {
	return b.Add(diagram.NewBox(op, out.Type.Axes, own, in, wires(out)))
}

func (b builder) contract(out *diagram.Wire, own shape.Shape, in ...*diagram.Wire) *diagram.Wire {
	return b.made(diagram.Contract{}, out, own, in...)
}

func (b builder) apply(fn diagram.Fn, out *diagram.Wire, in ...*diagram.Wire) *diagram.Wire {
	return b.made(diagram.Apply(fn), out, nil, in...)
}

// weight is a weight that the diagram carries on.
func (b builder) weight(path string, a ...shape.Axis) *diagram.State {
	w := &diagram.Weight{Path: path, Axes: a, Init: diagram.Init{Kind: "uniform", Scale: 1, FanIn: a[:1]}}
	s := &diagram.State{Path: path, In: wire(path, a...), Weight: w}
	b.Weights, b.States = append(b.Weights, w), append(b.States, s)
	return s
}

// lowered makes the plan and holds that it is sound.
func lowered(t *testing.T, d *diagram.Diagram) *plan.Plan {
	t.Helper()
	if err := diagram.Verify(d); err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	p, err := Lower(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := plan.Verify(p); err != nil {
		t.Fatalf("%v in\n%s", err, p)
	}
	return p
}

// perceptronStep is a training step of two layers by hand: squared error, gradient
// descent.
func perceptronStep() *diagram.Diagram {
	batch, in, hidden, out := axis("batch", 8), axis("in", 6), axis("hidden", 16), axis("out", 4)
	x, target := wire("x", batch, in), wire("target", batch, out)
	b := newBuilder("perceptron", x, target)
	w0, b0, w1 := b.weight("affine.0.weight", in, hidden), b.weight("affine.0.bias", hidden), b.weight("linear.weight", hidden, out)
	sum := b.contract(wire("sum", batch, hidden), axes(in), x, w0.In)
	active := b.apply(diagram.FnRelu, wire("active", batch, hidden), b.apply(diagram.FnAdd, wire("", batch, hidden), sum, b0.In))
	y := b.contract(wire("y", batch, out), axes(hidden), active, w1.In)
	err := b.apply(diagram.FnSub, wire("error", batch, out), target, y)
	b.Out = wires(b.contract(wire("loss"), axes(batch, out), err, err))

	back := b.contract(wire("back", batch, hidden), axes(out), err, w1.In)
	gate := b.apply(diagram.FnStep, wire("gate", batch, hidden), active)
	signal := b.apply(diagram.FnMul, wire("signal", batch, hidden), back, gate)
	rate := b.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(0.1)}, nil, nil, nil, wires(wire("rate"))))
	b.descend(w0, b.contract(wire("", in, hidden), axes(batch), rate, signal, x))
	b.descend(b0, b.contract(wire("", hidden), axes(batch), rate, signal))
	b.descend(w1, b.contract(wire("", hidden, out), axes(batch), rate, err, active))
	for _, box := range b.Boxes[6:] {
		box.Pass = diagram.Backward
	}
	return b.Diagram
}

func (b builder) descend(s *diagram.State, change *diagram.Wire) {
	s.Out = b.apply(diagram.FnAdd, wire("", s.In.Type.Axes...), s.In, change)
}

func TestGolden(t *testing.T) {
	got := lowered(t, perceptronStep()).String()
	if again := lowered(t, perceptronStep()).String(); again != got {
		t.Errorf("made twice, it differs:\n%s\n%s", got, again)
	}
	name := filepath.Join("testdata", "perceptron.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// brief lists the kernels of a plan with what tells them apart.
func brief(p *plan.Plan) string {
	var words []string
	for _, s := range p.Steps {
		word, _, _ := strings.Cut(s.String(), " %")
		word, _, _ = strings.Cut(word, " ->")
		words = append(words, word)
	}
	return strings.Join(words, "; ")
}

func linear(offset int, terms ...int) diagram.Affine {
	a := diagram.Affine{Offset: shape.Int(offset)}
	for i := 0; i < len(terms); i += 2 {
		a.Terms = append(a.Terms, diagram.AffineTerm{Index: terms[i], Stride: shape.Int(terms[i+1])})
	}
	return a
}

// view adds a rearrangement whose maps are given.
func (b builder) view(in, out *diagram.Wire, space shape.Shape, from, to []diagram.Affine) *diagram.Wire {
	return b.Add(&diagram.Box{Op: diagram.Contract{}, In: wires(in), Out: wires(out),
		Weave: diagram.Weave{Degree: space, In: [][]diagram.Affine{from}, Out: [][]diagram.Affine{to}}})
}

var at = diagram.At

func TestKernels(t *testing.T) {
	m, n, k, h, s := axis("m", 8), axis("n", 12), axis("k", 10), axis("h", 3), axis("s", 5)
	cases := []struct {
		name string
		make func() *diagram.Diagram
		want string
	}{
		{"rows of two axes are one", func() *diagram.Diagram {
			b := newBuilder("", wire("x", s, m, k), wire("w", k, n))
			b.Out = wires(b.contract(wire("y", s, m, n), axes(k), b.In...))
			return b.Diagram
		}, "gemm [] 40×12 over [] 10"},
		{"bias and relu in any order of axes", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("w", k, n), wire("bias", n))
			y := b.contract(wire("", m, n), axes(k), b.In[0], b.In[1])
			b.Out = wires(b.apply(diagram.FnRelu, wire("y", n, m), b.apply(diagram.FnAdd, wire("", n, m), b.In[2], y)))
			return b.Diagram
		}, "gemm [] 8×12 over [] 10 relu"},
		{"no bias where the sum is read elsewhere", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("w", k, n), wire("bias", n))
			y := b.contract(wire("y", m, n), axes(k), b.In[0], b.In[1])
			b.Out = wires(y, b.apply(diagram.FnAdd, wire("z", m, n), y, b.In[2]))
			return b.Diagram
		}, "gemm [] 8×12 over [] 10; map [8 12] {add $0 $1} [$2]"},
		{"a residual is no bias", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("w", k, n), wire("z", m, n))
			b.Out = wires(b.apply(diagram.FnAdd, wire("y", m, n), b.contract(wire("", m, n), axes(k), b.In[0], b.In[1]), b.In[2]))
			return b.Diagram
		}, "gemm [] 8×12 over [] 10; map [96] {add $0 $1} [$2]"},
		{"heads that come last cost no copy", func() *diagram.Diagram {
			b := newBuilder("", wire("q", s, k, h), wire("k", m, k, h), wire("v", m, k, h), wire("o", k, h, n))
			scores := b.contract(wire("scores", s, m, h), axes(k), b.In[0], b.In[1])
			weights := b.Add(diagram.NewBox(diagram.Softmax{}, axes(s, h), axes(m), wires(scores), wires(wire("", s, m, h))))
			taken := b.contract(wire("", s, k, h), axes(m), weights, b.In[2])
			b.Out = wires(b.contract(wire("y", s, n), axes(k, h), taken, b.In[3]))
			return b.Diagram
		}, "gemm [3] 5×8 over [] 10; softmax [15 8]; gemm [3] 5×10 over [] 8; gemm [] 5×12 over [3] 10"},
		{"a window is taps, and so is its transpose over zeros around", func() *diagram.Diagram {
			u := axis("u", 3)
			b := newBuilder("", wire("x", axis("p", 10), k), wire("w", u, k, n))
			y := b.Add(&diagram.Box{Op: diagram.Contract{}, In: b.In, Out: wires(wire("y", m, n)), Weave: diagram.Weave{
				Degree: axes(m, n), Own: axes(u, k),
				In:  [][]diagram.Affine{{linear(0, 0, 1, 2, 1), at(3)}, {at(2), at(3), at(1)}},
				Out: [][]diagram.Affine{{at(0), at(1)}}}})
			b.Add(&diagram.Box{Op: diagram.Contract{}, In: wires(y, b.In[1]), Out: wires(wire("back", axis("p", 10), k)), Weave: diagram.Weave{
				Degree: axes(m, n), Own: axes(u, k),
				In:  [][]diagram.Affine{{at(0), at(1)}, {at(2), at(3), at(1)}},
				Out: [][]diagram.Affine{{linear(0, 0, 1, 2, 1), at(3)}}}})
			b.Out = b.Boxes[1].Out
			return b.Diagram
		}, "gemm [] 8×12 over [] 30; fill [24] 0; fill [24] 0; map [96] {} [$0]; gemm [] 10×10 over [3] 12"},
		{"a window with a step, written back, is a product for each offset", func() *diagram.Diagram {
			u := axis("u", 3)
			b := newBuilder("", wire("y", m, n), wire("w", u, k, n))
			b.Add(&diagram.Box{Op: diagram.Contract{}, In: b.In, Out: wires(wire("back", axis("p", 17), k)), Weave: diagram.Weave{
				Degree: axes(m, n), Own: axes(u, k),
				In:  [][]diagram.Affine{{at(0), at(1)}, {at(2), at(3), at(1)}},
				Out: [][]diagram.Affine{{linear(0, 0, 2, 2, 1), at(3)}}}})
			b.Out = b.Boxes[0].Out
			return b.Diagram
		}, "fill [170] 0; " + strings.Join(slices.Repeat([]string{"gemm [] 8×10 over [] 12 accumulate"}, 3), "; ")},
		{"what only scatters a product is done by it", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("w", k, n))
			y := b.contract(wire("", m, n), axes(k), b.In...)
			b.Out = wires(b.view(y, wire("z", axis("p", 10), n), axes(m, n), []diagram.Affine{at(0), at(1)}, []diagram.Affine{linear(1, 0, 1), at(1)}))
			return b.Diagram
		}, "fill [12] 0; fill [12] 0; gemm [] 8×12 over [] 10"},
		{"rearrangements take no step", func() *diagram.Diagram {
			b := newBuilder("", wire("x", s, axis("a", 30)), wire("z", k))
			split := b.view(b.In[0], wire("", k, h, s), axes(s, h, k), []diagram.Affine{at(0), linear(0, 1, 10, 2, 1)}, []diagram.Affine{at(2), at(1), at(0)})
			merged := b.view(split, wire("", s, axis("a", 30)), axes(s, h, k), []diagram.Affine{at(2), at(1), at(0)}, []diagram.Affine{at(0), linear(0, 1, 10, 2, 1)})
			spread := b.contract(wire("", s, k), nil, b.In[1])
			flipped := b.view(spread, wire("", k, s), axes(s, k), []diagram.Affine{at(0), linear(9, 1, -1)}, []diagram.Affine{at(1), at(0)})
			b.Out = wires(b.apply(diagram.FnNeg, wire("", s, axis("a", 30)), merged), b.apply(diagram.FnNeg, wire("", s, k), flipped))
			return b.Diagram
		}, "map [150] {neg $0} [$1]; map [5 10] {neg $0} [$1]"},
		{"a factor goes into the smallest array", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("w", k, n))
			c := b.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(0.5)}, nil, nil, nil, wires(wire(""))))
			b.Out = wires(b.contract(wire("y", m, n), axes(k), c, b.In[0], b.In[1]))
			return b.Diagram
		}, "map [80] {0.5; mul $0 $1} [$2]; gemm [] 8×12 over [] 10"},
		{"what only one factor has is summed first", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, s, k), wire("w", k, n))
			b.Out = wires(b.contract(wire("y", m, n), axes(s, k), b.In...))
			return b.Diagram
		}, "sum [8 10 5] reduced 1; gemm [] 8×12 over [] 10"},
		{"a product of vectors at each place is no matrix product", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("z", m, k))
			b.Out = wires(b.contract(wire("y", m), axes(k), b.In...))
			return b.Diagram
		}, "map [80] {mul $0 $1} [$2]; sum [8 10] reduced 1"},
		{"gradients add up in the matrix product", func() *diagram.Diagram {
			b := newBuilder("", wire("x", m, k), wire("w", k, n), wire("z", m, k))
			first := b.contract(wire("", m, n), axes(k), b.In[0], b.In[1])
			second := b.contract(wire("", m, n), axes(k), b.In[2], b.In[1])
			b.Out = wires(b.apply(diagram.FnTanh, wire("y", m, n), b.apply(diagram.FnAdd, wire("", m, n), first, second)))
			return b.Diagram
		}, "gemm [] 8×12 over [] 10; gemm [] 8×12 over [] 10 accumulate; map [96] {tanh $0} [$1]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := lowered(t, c.make())
			if got := brief(p); got != c.want {
				t.Errorf("got\n%s\nwant\n%s\nin\n%s", got, c.want, p)
			}
		})
	}
}

// A state whose old value nobody needs any more is written where it lies.
func TestStatesAreWrittenInPlace(t *testing.T) {
	p := lowered(t, perceptronStep())
	for _, s := range p.Steps {
		if _, ok := s.Kernel.(plan.Copy); ok {
			t.Errorf("a copy: %s", s)
		}
	}
	for i, b := range p.Buffers {
		if b.Role == plan.Weight && !slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Out[0].Buffer == i }) {
			t.Errorf("weight %s is never written", b.Name)
		}
	}
}

// What a model keeps is saved with its weights; what an optimiser remembers is not.
func TestKeptStatesAreWeights(t *testing.T) {
	b := newBuilder("", wire("x", axis("m", 4)))
	mean := &diagram.State{Path: "norm.mean", In: wire("mean", axis("m", 4)), Init: 2, Kept: true}
	count := &diagram.State{Path: "count", In: wire("count")}
	b.States = []*diagram.State{mean, count}
	mean.Out = b.apply(diagram.FnAdd, wire("", axis("m", 4)), mean.In, b.In[0])
	count.Out = b.apply(diagram.FnNeg, wire(""), count.In)
	p := lowered(t, b.Diagram)
	i := p.Find(plan.Weight, "norm.mean")
	if i < 0 || p.Buffers[i].Fixed != (plan.Fixed{Kind: "constant", Scale: 2}) || p.Find(plan.State, "count") < 0 {
		t.Errorf("got\n%s", p)
	}
}

// A weight has the labels that it was declared with, whoever holds it, and is frozen
// where no step writes it.
func TestWeights(t *testing.T) {
	from, to := axis("m", 4), axis("m'", 4)
	declared := &diagram.Weight{Path: "w", Axes: axes(from, from), Init: diagram.Init{Kind: "normal", Scale: 3, FanIn: axes(from)}}
	hold := func(learns, source bool) *diagram.Diagram {
		b := newBuilder("", wire("x", from))
		b.Weights = []*diagram.Weight{declared}
		w := wire("w", from, to)
		if source {
			b.Add(diagram.NewBox(diagram.Learned{Weight: declared}, nil, w.Type.Axes, nil, wires(w)))
		} else {
			b.States = []*diagram.State{{Path: "w", In: w, Out: w, Weight: declared}}
		}
		if learns {
			b.States[0].Out = b.apply(diagram.FnNeg, wire("", from, to), w)
		}
		b.Out = wires(b.contract(wire("y", to), axes(from), b.In[0], w))
		return b.Diagram
	}
	cases := []struct {
		name           string
		learns, source bool
	}{{"a source", false, true}, {"a state that learns", true, false}, {"a frozen state", false, false}}
	for _, c := range cases {
		p := lowered(t, hold(c.learns, c.source))
		w := p.Buffers[p.Find(plan.Weight, "w")]
		if !slices.Equal(w.Axes, []string{"m", "m"}) {
			t.Errorf("%s: got the labels %v", c.name, w.Axes)
		}
		if want := (plan.Fixed{Kind: "normal", Scale: 1.5, Frozen: !c.learns}); w.Fixed != want {
			t.Errorf("%s: got %v, want %v", c.name, w.Fixed, want)
		}
	}
}

// A chain of maps needs the memory of one, and a chain of products that of two.
func TestMemoryIsShared(t *testing.T) {
	m := axis("m", 64)
	other := axis("m'", 64)
	x, w := wire("x", m), wire("w", m, other)
	for _, c := range []struct {
		name string
		step func(b builder, x *diagram.Wire) *diagram.Wire
		want int
	}{
		{"maps", func(b builder, x *diagram.Wire) *diagram.Wire { return b.apply(diagram.FnTanh, wire("", m), x) }, 1},
		{"products", func(b builder, x *diagram.Wire) *diagram.Wire {
			turned := b.view(b.contract(wire("", other), axes(m), x, w), wire("", m), axes(m), []diagram.Affine{at(0)}, []diagram.Affine{at(0)})
			return turned
		}, 2},
	} {
		b := newBuilder("chain", x, w)
		y := x
		for range 20 {
			y = c.step(b, y)
		}
		b.Out = wires(b.contract(wire("sum"), axes(m), y))
		p := lowered(t, b.Diagram)
		const carried = 64 + 64*64 + 16
		if got := p.Numbers - carried; got != c.want*64 {
			t.Errorf("%s: got %d numbers, want %d in\n%s", c.name, got, c.want*64, p)
		}
	}
}

func TestErrors(t *testing.T) {
	open := wire("x", shape.Axis{Label: "m", Size: shape.Letter("m")})
	m := axis("m", 4)
	cases := []struct {
		name string
		make func() *diagram.Diagram
		want string
	}{
		{"a size that is a letter", func() *diagram.Diagram {
			b := newBuilder("D", open)
			b.Out = wires(b.apply(diagram.FnNeg, wire("y", open.Type.Axes...), open))
			return b.Diagram
		}, "diagram D, input x: axis `m`"},
		{"a constant that is not known", func() *diagram.Diagram {
			b := newBuilder("D")
			box := diagram.NewBox(diagram.Constant{Value: diagram.OfSize(shape.Letter("k"))}, nil, nil, nil, wires(wire("c")))
			box.Name, box.Path = "scale", []string{"attention"}
			b.Add(box)
			return b.Diagram
		}, "diagram D, box attention.scale (constant): k is not a number yet"},
		{"a box that is not of the core form", func() *diagram.Diagram {
			b := newBuilder("D", wire("x", m))
			b.Add(diagram.NewBox(diagram.Scale{Weight: &diagram.Weight{Path: "gain"}}, axes(m), nil, b.In, wires(wire("y", m))))
			return b.Diagram
		}, "a gain is not of the core form"},
		{"places along two axes", func() *diagram.Diagram {
			b := newBuilder("D", wire("x", m, axis("n", 2)))
			b.Add(diagram.NewBox(diagram.Reduce{Fn: "argmax"}, nil, b.In[0].Type.Axes, b.In, wires(wire("y"))))
			return b.Diagram
		}, "argmax over 2 axes"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Lower(c.make(), Options{}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// chain is a diagram of n layers.
func chain(n int) *diagram.Diagram {
	batch := axis("batch", 16)
	b := newBuilder("chain", wire("x", batch, axis("m0", 32)))
	x := b.In[0]
	for i := range n {
		from, to := x.Type.Axes[1], axis(fmt.Sprintf("m%d", i+1), 32)
		w := b.weight(fmt.Sprintf("w.%d", i), from, to)
		w.Out = w.In
		y := b.contract(wire("", batch, to), axes(from), x, w.In)
		x = b.apply(diagram.FnTanh, wire("", batch, to), y)
	}
	b.Out = wires(x)
	return b.Diagram
}

// Ten times the boxes ask for ten times the memory, not near a hundred times.
// BenchmarkLower shows the time.
func TestLoweringIsLinear(t *testing.T) {
	asked := func(d *diagram.Diagram) float64 {
		return testing.AllocsPerRun(1, func() {
			if _, err := Lower(d, Options{}); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := asked(chain(300)), asked(chain(3000)); many > 12*few {
		t.Errorf("300 layers made %v objects, 3000 made %v", few, many)
	}
}

func BenchmarkLower(b *testing.B) {
	for _, boxes := range []int{100, 1_000, 10_000} {
		b.Run(strconv.Itoa(boxes), func(b *testing.B) {
			d := chain(boxes / 2)
			for b.Loop() {
				if _, err := Lower(d, Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestSumsOverTurnsCostNoMoreThanTheirTerms stacks what turns make, and adds up a
// product of each: nothing is added, and only the parts are written.
func TestSumsOverTurnsCostNoMoreThanTheirTerms(t *testing.T) {
	const turns = 4
	batch, k, n, along := axis("batch", 8), axis("k", 8), axis("n", 8), axis("t", turns)
	x := wire("x", along, batch, k)
	b := newBuilder("turns", x)
	var pieces, products []*diagram.Wire
	for turn := range turns {
		slice := b.Add(&diagram.Box{Op: diagram.Contract{}, In: wires(x), Out: wires(wire("", batch, k)),
			Weave: diagram.Weave{Degree: axes(batch, k), In: [][]diagram.Affine{{linear(turn), linear(0, 0, 1), linear(0, 1, 1)}}, Out: [][]diagram.Affine{{linear(0, 0, 1), linear(0, 1, 1)}}}})
		active := b.apply(diagram.FnTanh, wire("", batch, k), slice)
		pieces = append(pieces, b.Add(&diagram.Box{Op: diagram.Contract{}, In: wires(active), Out: wires(wire("", batch, along, k)),
			Weave: diagram.Weave{Degree: axes(batch, k), In: [][]diagram.Affine{{linear(0, 0, 1), linear(0, 1, 1)}}, Out: [][]diagram.Affine{{linear(0, 0, 1), linear(turn), linear(0, 1, 1)}}}}))
		products = append(products, b.contract(wire("", k, n), axes(batch), active, b.apply(diagram.FnExp, wire("", batch, n), wireAs(b, slice, n))))
	}
	p := diagram.NewProgram()
	total := p.Input(0)
	for i := range turns - 1 {
		total = p.Apply(diagram.FnAdd, total, p.Input(i+1))
	}
	sum, _ := p.Assemble([]int{total})
	stacked := b.made(sum, wire("", batch, along, k), nil, pieces...)
	b.Out = wires(b.contract(wire("mean", k), axes(batch, along), stacked, stacked), b.apply(diagram.FnNeg, wire("product", k, n), b.made(sum, wire("", k, n), nil, products...)))
	text := brief(lowered(t, b.Diagram))
	if strings.Contains(text, "add") || strings.Contains(text, "fill") || strings.Count(text, "accumulate") != turns-1 {
		t.Errorf("got %s", text)
	}
}

// wireAs is a wire with its last axis called another.
func wireAs(b builder, w *diagram.Wire, last shape.Axis) *diagram.Wire {
	out := wire("", append(slices.Clone(w.Type.Axes[:1]), last)...)
	both := []diagram.Affine{linear(0, 0, 1), linear(0, 1, 1)}
	return b.Add(&diagram.Box{Op: diagram.Contract{}, In: wires(w), Out: wires(out), Weave: diagram.Weave{Degree: out.Type.Axes, In: [][]diagram.Affine{both}, Out: [][]diagram.Affine{both}}})
}
