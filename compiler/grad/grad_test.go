package grad_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
)

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

func axes(a ...shape.Axis) shape.Shape { return a }

func wire(name string, a ...shape.Axis) *diagram.Wire { return diagram.NewWire(name, a...) }

func place(name string, in shape.Axis, a ...shape.Axis) *diagram.Wire {
	w := diagram.NewWire(name, a...)
	w.Type.In = &in
	return w
}

func wires(w ...*diagram.Wire) []*diagram.Wire { return w }

// of is the diagram of one box.
func of(b *diagram.Box) *diagram.Diagram {
	return &diagram.Diagram{Name: b.Op.Kind(), In: unique(b.In), Out: b.Out, Boxes: []*diagram.Box{b}}
}

func unique(list []*diagram.Wire) []*diagram.Wire {
	var seen []*diagram.Wire
	for _, w := range list {
		if !slices.Contains(seen, w) {
			seen = append(seen, w)
		}
	}
	return seen
}

// affine is Offset + Σ stride·index, from pairs of index and stride.
func affine(offset int, terms ...int) diagram.Affine {
	a := diagram.Affine{Offset: shape.Int(offset)}
	for i := 0; i < len(terms); i += 2 {
		a.Terms = append(a.Terms, diagram.AffineTerm{Index: terms[i], Stride: shape.Int(terms[i+1])})
	}
	return a
}

// boxOf is a box whose maps are said one by one.
func boxOf(op diagram.Op, degree, own shape.Shape, in, out []*diagram.Wire, maps ...[]diagram.Affine) *diagram.Box {
	return &diagram.Box{Op: op, In: in, Out: out, Weave: diagram.Weave{Degree: degree, Own: own, In: maps[:len(in)], Out: maps[len(in):]}}
}

func list(a ...diagram.Affine) []diagram.Affine { return a }

var at = diagram.At

var cases = []struct {
	name string
	box  func() *diagram.Box
}{
	{"contract: product of three", func() *diagram.Box {
		b, y, x, k := axis("b", 2), axis("y", 3), axis("x", 5), axis("k", 7)
		return diagram.NewBox(diagram.Contract{}, axes(b, y, x), axes(k), wires(wire("c"), wire("q", b, y, k), wire("K", x, b, k)), wires(wire("s", b, y, x)))
	}},
	{"contract: one operand twice", func() *diagram.Box {
		x, k := axis("x", 3), axis("k", 5)
		a := wire("a", x, k)
		return diagram.NewBox(diagram.Contract{}, axes(x), axes(k), wires(a, a), wires(wire("s", x)))
	}},
	{"contract: windows", func() *diagram.Box {
		q, u, c := axis("q", 3), axis("u", 3), axis("c", 2)
		x := wire("x", axis("p", 7), c)
		return boxOf(diagram.Contract{}, axes(q, c), axes(u), wires(x, wire("w", u)), wires(wire("y", q, c)),
			list(affine(0, 0, 2, 2, 1), at(1)), list(at(2)), list(at(0), at(1)))
	}},
	{"contract: diagonal, and an axis that only the operand has", func() *diagram.Box {
		i, j := axis("i", 3), axis("j", 5)
		return boxOf(diagram.Contract{}, axes(i), axes(j), wires(wire("a", i, j, axis("i'", 3))), wires(wire("d", i)),
			list(at(0), at(1), at(0)), list(at(0)))
	}},
	{"contract: padding scatters", func() *diagram.Box {
		p := axis("p", 3)
		return boxOf(diagram.Contract{}, axes(p), nil, wires(wire("x", p)), wires(wire("y", axis("p", 7))), list(at(0)), list(affine(2, 0, 1)))
	}},
	{"contract: outputs accumulate and spread", func() *diagram.Box {
		i, j, n := axis("i", 3), axis("j", 2), axis("n", 5)
		return boxOf(diagram.Contract{}, axes(i, n), axes(j), wires(wire("x", i, j)), wires(wire("y", axis("p", 4), n)), list(at(0), at(2)), list(affine(0, 0, 1, 2, 1), at(1)))
	}},
	{"map: inputs that lack axes", func() *diagram.Box {
		b, m := axis("b", 3), axis("m", 5)
		p := diagram.NewProgram()
		x, g, c := p.Input(0), p.Input(1), p.Input(2)
		y := p.Apply(diagram.FnTanh, p.Apply(diagram.FnAdd, p.Apply(diagram.FnMul, x, g), c))
		op, _ := p.Assemble([]int{y, p.Apply(diagram.FnMul, y, x)})
		return diagram.NewBox(op, axes(b, m), nil, wires(wire("x", m, b), wire("gain", m), wire("c")), wires(wire("y", b, m), wire("z", m, b)))
	}},
	{"map: a product with what lacks axes", func() *diagram.Box {
		b, m := axis("b", 3), axis("m", 5)
		return diagram.NewBox(diagram.Apply(diagram.FnMul), axes(b, m), nil, wires(wire("x", b, m), wire("gain", m)), wires(wire("y", b, m)))
	}},
	{"map: one wire in two places", func() *diagram.Box {
		m := axis("m", 5)
		x := wire("x", m)
		return diagram.NewBox(diagram.Apply(diagram.FnDiv), axes(m), nil, wires(x, x), wires(wire("y", m)))
	}},
	{"map: transposed beside itself", func() *diagram.Box {
		i, j := axis("i", 3), axis("j", 3)
		x := wire("x", i, j)
		return boxOf(diagram.Apply(diagram.FnMul), axes(i, j), nil, wires(x, x), wires(wire("y", i, j)), list(at(0), at(1)), list(at(1), at(0)), list(at(0), at(1)))
	}},
	{"mean", func() *diagram.Box { return reduction("mean") }},
	{"max", func() *diagram.Box { return reduction("max") }},
	{"min", func() *diagram.Box { return reduction("min") }},
	{"product", func() *diagram.Box { return reduction("product") }},
	{"logsumexp", func() *diagram.Box { return reduction("logsumexp") }},
	{"max of windows", func() *diagram.Box {
		q, u := axis("q", 3), axis("u", 3)
		return boxOf(diagram.Reduce{Fn: "max"}, axes(q), axes(u), wires(wire("x", axis("p", 7))), wires(wire("y", q)), list(affine(0, 0, 2, 1, 1)), list(at(0)))
	}},
	{"softmax", func() *diagram.Box { return normal(false) }},
	{"logsoftmax", func() *diagram.Box { return normal(true) }},
	{"take", func() *diagram.Box {
		v, s, b, m := axis("v", 5), axis("s", 7), axis("b", 2), axis("m", 3)
		return diagram.NewBox(diagram.Take{}, axes(b, s, m), axes(v), wires(wire("table", v, m), place("tokens", v, b, s)), wires(wire("y", b, m, s)))
	}},
	{"take: a table for each place", func() *diagram.Box {
		v, b := axis("v", 5), axis("b", 3)
		return diagram.NewBox(diagram.Take{}, axes(b), axes(v), wires(wire("scores", b, v), place("label", v, b)), wires(wire("y", b)))
	}},
	{"put", func() *diagram.Box {
		v, s, m := axis("v", 5), axis("s", 7), axis("m", 3)
		return diagram.NewBox(diagram.Put{}, axes(s, m), axes(v), wires(wire("x", m, s), place("tokens", v, s)), wires(wire("table", m, v)))
	}},
	{"put: numbers that lack an axis", func() *diagram.Box {
		v, s, m := axis("v", 5), axis("s", 7), axis("m", 3)
		return diagram.NewBox(diagram.Put{}, axes(s, m), axes(v), wires(wire("x", m), place("tokens", v, s)), wires(wire("table", m, v)))
	}},
}

func reduction(fn string) *diagram.Box {
	b, i, j := axis("b", 3), axis("i", 5), axis("j", 2)
	return diagram.NewBox(diagram.Reduce{Fn: fn}, axes(b), axes(i, j), wires(wire("x", i, b, j)), wires(wire("y", b)))
}

func normal(log bool) *diagram.Box {
	b, i, j := axis("b", 3), axis("i", 5), axis("j", 2)
	return diagram.NewBox(diagram.Softmax{Log: log}, axes(b), axes(i, j), wires(wire("x", i, b, j)), wires(wire("y", b, i, j)))
}

func TestVJP(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { check(t, of(c.box()), normalDraw) })
	}
}

// TestScalarVJP differentiates every scalar function inside a Map of a lifted axis.
func TestScalarVJP(t *testing.T) {
	a, b := axis("a", 3), axis("b", 5)
	for fn, n := range diagram.Arity {
		if n == 0 {
			continue
		}
		t.Run(string(fn), func(t *testing.T) {
			in := wires(wire("x", a, b), wire("y", b, a), wire("z", a, b))[:n]
			check(t, of(diagram.NewBox(diagram.Apply(fn), axes(a, b), nil, in, wires(wire("out", a, b)))), positiveDraw)
			if fn != diagram.FnLog && fn != diagram.FnSqrt && fn != diagram.FnPower {
				check(t, of(diagram.NewBox(diagram.Apply(fn), axes(a, b), nil, in, wires(wire("out", a, b)))), normalDraw)
			}
		})
	}
}

func normalDraw(r *rand.Rand) float64   { return r.NormFloat64() }
func positiveDraw(r *rand.Rand) float64 { return 0.5 + r.Float64() }

// check compares the VJP of a diagram with a central difference along a random
// direction u: ⟨vjp(x, v), u⟩ = ⟨v, (f(x+hu) − f(x−hu)) / 2h⟩ + O(h²).
func check(t *testing.T, d *diagram.Diagram, draw func(*rand.Rand) float64) {
	t.Helper()
	checkFlat(t, d, d, draw)
}

// checkFlat compares the VJP of a flat diagram with differences of the one that it
// was made of.
func checkFlat(t *testing.T, d, flat *diagram.Diagram, draw func(*rand.Rand) float64) {
	t.Helper()
	const h, tolerance = 1e-6, 1e-7
	r := rand.New(rand.NewPCG(1, 2))
	x, v := drawn(r, d.In, draw), drawn(r, d.Out, normalDraw)
	u := drawn(r, d.In, normalDraw)
	for i, w := range d.In {
		if w.Type.IsPlace() {
			clear(u[i].Values)
		}
	}
	backward, numbers := withBackward(flat)
	sent := run(t, backward, slices.Concat(x, v))
	got := 0.0
	for i, n := range numbers {
		got += dot(sent[i], u[n])
	}
	up, down := run(t, d, moved(x, u, h)), run(t, d, moved(x, u, -h))
	want := 0.0
	for i := range v {
		want += (dot(v[i], up[i]) - dot(v[i], down[i])) / (2 * h)
	}
	if math.Abs(got-want) > tolerance*(1+math.Abs(want)) {
		t.Errorf("got %v, want %v, in\n%s", got, want, backward)
	}
}

// withBackward is the diagram of a VJP: it takes cotangents as further inputs and
// results in those of the inputs with the numbers given.
func withBackward(forward *diagram.Diagram) (*diagram.Diagram, []int) {
	d := *forward
	d.Boxes = slices.Clone(forward.Boxes)
	seeds := map[*diagram.Wire]*diagram.Wire{}
	d.In, d.Out = slices.Clone(d.In), nil
	for _, w := range forward.Out {
		seeds[w] = wire("v", w.Type.Axes...)
		d.In = append(d.In, seeds[w])
	}
	cotangents := grad.Backward(&d, seeds, forward.In)
	var numbers []int
	for i, w := range forward.In {
		if c := cotangents[w]; c != nil && !w.Type.IsPlace() {
			d.Out, numbers = append(d.Out, c), append(numbers, i)
		}
	}
	return &d, numbers
}

func drawn(r *rand.Rand, list []*diagram.Wire, draw func(*rand.Rand) float64) []*reference.Array {
	arrays := make([]*reference.Array, len(list))
	for i, w := range list {
		dims, _ := w.Type.Axes.Ints()
		arrays[i] = reference.New(dims...)
		for j := range arrays[i].Values {
			arrays[i].Values[j] = draw(r)
			if w.Type.IsPlace() {
				arrays[i].Values[j] = float64(r.IntN(w.Type.In.Size.MustInt()))
			}
		}
	}
	return arrays
}

func moved(x, u []*reference.Array, h float64) []*reference.Array {
	result := make([]*reference.Array, len(x))
	for i, a := range x {
		result[i] = &reference.Array{Dims: a.Dims, Values: slices.Clone(a.Values)}
		for j := range a.Values {
			result[i].Values[j] += h * u[i].Values[j]
		}
	}
	return result
}

func dot(a, b *reference.Array) float64 {
	sum := 0.0
	for i, x := range a.Values {
		sum += x * b.Values[i]
	}
	return sum
}

func run(t *testing.T, d *diagram.Diagram, in []*reference.Array) []*reference.Array {
	t.Helper()
	if err := diagram.Verify(d); err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	made, err := reference.Run(d, reference.Values{Arrays: in})
	if err != nil {
		t.Fatalf("%v in\n%s", err, d)
	}
	return made.Arrays
}

// TestEveryOperationHasVJP walks the closed list in the source of diagram and names
// the operation that has no VJP and is not known to be opened by rewrite.
func TestEveryOperationHasVJP(t *testing.T) {
	known := map[string]bool{}
	for op := range grad.VJPs() {
		known[op.Name()] = true
	}
	for _, opened := range []string{"Linear", "Scale", "Composite", "Repeat", "Scan", "Push", "Pull", "Ahead"} {
		known[opened] = true
	}
	for _, name := range operations(t) {
		if !known[name] {
			t.Errorf("%s has no VJP", name)
		}
	}
}

// operations lists the types of the diagram package that have a method Kind.
func operations(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../diagram/op.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "Kind" {
			names = append(names, f.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	if len(names) < 15 {
		t.Fatalf("only %d operations found", len(names))
	}
	return names
}

func TestScalarFunctionsWithoutDerivativeAreFlat(t *testing.T) {
	flat := []diagram.Fn{diagram.FnConstant, diagram.FnSign, diagram.FnStep, diagram.FnLess, diagram.FnGreater, diagram.FnEqual}
	for fn, n := range diagram.Arity {
		if rules, ok := grad.Derivatives()[fn]; ok == slices.Contains(flat, fn) || ok && len(rules) != n {
			t.Errorf("%s has %d derivatives for %d arguments", fn, len(rules), n)
		}
	}
}

// TestCorners pins what is sent where a derivative is a matter of choice.
func TestCorners(t *testing.T) {
	m := axis("m", 4)
	reduced := func(fn string) *diagram.Box {
		return diagram.NewBox(diagram.Reduce{Fn: fn}, nil, axes(m), wires(wire("x", m)), wires(wire("y")))
	}
	pair := func(fn diagram.Fn) *diagram.Box {
		return diagram.NewBox(diagram.Apply(fn), axes(m), nil, wires(wire("x", m), wire("y", m)), wires(wire("z", m)))
	}
	cases := []struct {
		name string
		box  *diagram.Box
		x    [][]float64
		v    []float64
		want []float64
	}{
		{"two largest share", reduced("max"), [][]float64{{1, 3, 3, 2}}, []float64{1}, []float64{0, 0.5, 0.5, 0}},
		{"one zero in a product", reduced("product"), [][]float64{{2, 0, 3, 4}}, []float64{1}, []float64{0, 24, 0, 0}},
		{"two zeros in a product", reduced("product"), [][]float64{{2, 0, 0, 4}}, []float64{1}, []float64{0, 0, 0, 0}},
		{"equal arguments of max share", pair(diagram.FnMax), [][]float64{{1, 2, 3, 4}, {1, 1, 4, 4}}, []float64{1, 1, 1, 1}, []float64{0.5, 1, 0, 0.5}},
		{"relu at 0", diagram.NewBox(diagram.Apply(diagram.FnRelu), axes(m), nil, wires(wire("x", m)), wires(wire("y", m))),
			[][]float64{{-1, 0, 1, 2}}, []float64{1, 1, 1, 1}, []float64{0, 0, 1, 1}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, _ := withBackward(of(c.box))
			var in []*reference.Array
			for _, values := range append(c.x, c.v) {
				in = append(in, &reference.Array{Dims: []int{4}[:min(1, len(values)-1)], Values: values})
			}
			if got := run(t, d, in)[0].Values; !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestSweepStaysBetween holds that boxes that no wanted wire leads through get no
// backward half, and that cotangents are added up in one box.
func TestSweepStaysBetween(t *testing.T) {
	m := axis("m", 3)
	x, y := wire("x", m), wire("y", m)
	d := &diagram.Diagram{Name: "Between", In: wires(x, y)}
	e := d.Add(diagram.NewBox(diagram.Apply(diagram.FnExp), axes(m), nil, wires(y), wires(wire("e", m))))
	f := d.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), axes(m), nil, wires(x, e), wires(wire("f", m))))
	g := d.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), axes(m), nil, wires(x, f), wires(wire("g", m))))
	h := d.Add(diagram.NewBox(diagram.Detach{}, axes(m), nil, wires(x), wires(wire("h", m))))
	d.Out = wires(d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(m), nil, wires(g, h), wires(wire("i", m)))))
	forward := len(d.Boxes)
	v := wire("v", m)
	d.In = append(d.In, v)
	sent := grad.Backward(d, map[*diagram.Wire]*diagram.Wire{d.Out[0]: v}, wires(x))
	d.Out = wires(sent[x])
	const want = `∂x, ∂f = map {mul %0 %1; mul %0 %2} v[m] f[m] x[m] over [m:3] : [m:3], [m:3]
∂x.2 = map mul ∂f[m] e[m] over [m:3] : [m:3]
∂x.3 = map add ∂x[m] ∂x.2[m] over [m:3] : [m:3]
-> ∂x.3
`
	var text []string
	for _, line := range strings.Split(d.String(), "\n")[1+forward:] {
		text = append(text, strings.TrimSpace(line))
	}
	if got := strings.Join(text, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
