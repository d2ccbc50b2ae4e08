package rewrite

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
)

func axis(label string, size int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(size)} }

func axes(a ...shape.Axis) shape.Shape { return a }

func wires(w ...*diagram.Wire) []*diagram.Wire { return w }

// drawn is an array that hangs on its name alone.
func drawn(name string, dims []int) *reference.Array {
	h := fnv.New64a()
	h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 7))
	a := reference.New(dims...)
	for i := range a.Values {
		a.Values[i] = r.NormFloat64()
	}
	return a
}

// failing is what a test and a drawn case have in common.
type failing interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// given draws what a flat diagram needs to run.
func given(t failing, flat *diagram.Diagram) reference.Values {
	t.Helper()
	values := reference.Values{Weights: map[string]*reference.Array{}}
	for _, w := range flat.In {
		dims, err := w.Type.Axes.Ints()
		if err != nil {
			t.Fatal(err)
		}
		a := drawn(w.Name, dims)
		if w.Type.IsPlace() {
			for i := range a.Values {
				a.Values[i] = float64(int(math.Abs(10*a.Values[i])) % w.Type.In.Size.MustInt())
			}
		}
		values.Arrays = append(values.Arrays, a)
	}
	for _, w := range flat.Weights {
		dims, err := w.Axes.Ints()
		if err != nil {
			t.Fatal(err)
		}
		values.Weights[w.Path] = drawn(w.Path, dims)
	}
	return values
}

// holdSame holds that a pass keeps a diagram verified and its values as they were.
func holdSame(t failing, before, after *diagram.Diagram) {
	t.Helper()
	for _, d := range []*diagram.Diagram{before, after} {
		if err := diagram.Verify(d); err != nil {
			t.Fatalf("%v in\n%s", err, d)
		}
	}
	values := given(t, after)
	want, err := reference.Run(before, values)
	if err != nil {
		t.Fatalf("%v in\n%s", err, before)
	}
	got, err := reference.Run(after, values)
	if err != nil {
		t.Fatalf("%v in\n%s", err, after)
	}
	for i, a := range append(want.Arrays, want.States...) {
		b := append(got.Arrays, got.States...)[i]
		for j, x := range a.Values {
			if math.Abs(x-b.Values[j]) > 1e-12*(1+math.Abs(x)) {
				t.Fatalf("result %d: got %v, want %v, in\n%s\nfrom\n%s", i, b.Values, a.Values, after, before)
			}
		}
	}
}

func weight(path string, a ...shape.Axis) *diagram.Weight {
	return &diagram.Weight{Path: path, Axes: a}
}

// block is x[s m] >> affine[m -> n] >> relu, as a body.
func block(s, m, n shape.Axis) *diagram.Diagram {
	x, h, y := diagram.NewWire("x", s, m), diagram.NewWire("", s, n), diagram.NewWire("y", s, n)
	w, b := weight("affine.0.weight", m, n), weight("affine.0.bias", n)
	d := &diagram.Diagram{Name: "Block", In: wires(x), Out: wires(y), Weights: []*diagram.Weight{w, b}}
	affine := diagram.NewBox(diagram.Linear{From: 1, To: 1, Weight: w, Bias: b}, axes(s), axes(m, n), wires(x), wires(h))
	affine.Name = "affine.0"
	affine.Weave.Out[0][1] = diagram.At(2) // where m and n are one label
	d.Add(affine)
	d.Add(diagram.NewBox(diagram.Apply(diagram.FnRelu), axes(s, n), nil, wires(h), wires(y)))
	return d
}

// attention is scores, softmax and mix, as a body.
func attention(y, x, k shape.Axis) *diagram.Diagram {
	q, K, V := diagram.NewWire("q", y, k), diagram.NewWire("K", x, k), diagram.NewWire("V", x, k)
	d := &diagram.Diagram{Name: "Attention", In: wires(q, K, V)}
	c := d.Add(diagram.NewBox(diagram.Constant{Value: diagram.Arithmetic("^", diagram.OfSize(k.Size), diagram.Literal(-0.5))}, nil, nil, nil, wires(diagram.NewWire(""))))
	s := d.Add(diagram.NewBox(diagram.Contract{}, axes(y, x), axes(k), wires(c, q, K), wires(diagram.NewWire("scores", y, x))))
	w := d.Add(diagram.NewBox(diagram.Softmax{}, axes(y), axes(x), wires(s), wires(diagram.NewWire("weights", y, x))))
	r := d.Add(diagram.NewBox(diagram.Contract{}, axes(y, k), axes(x), wires(w, V), wires(diagram.NewWire("result", y, k))))
	d.Out = wires(r)
	return d
}

func composite(name string, body *diagram.Diagram, degree, own shape.Shape, in, out []*diagram.Wire) *diagram.Box {
	b := diagram.NewBox(diagram.Composite{Body: body}, degree, own, in, out)
	b.Name = name
	return b
}

var cases = []struct {
	name  string
	build func() *diagram.Diagram
}{
	{"a block lifted over the batch", func() *diagram.Diagram {
		batch, s, m, n := axis("batch", 2), axis("s", 3), axis("m", 4), axis("n", 5)
		x, y := diagram.NewWire("x", batch, s, m), diagram.NewWire("y", batch, s, n)
		d := &diagram.Diagram{Name: "Net", In: wires(x), Out: wires(y)}
		d.Add(composite("block", block(s, m, n), axes(batch), axes(s, m, n), wires(x), wires(y)))
		return d
	}},
	{"lifted axes in the middle of wires, and renamed ones", func() *diagram.Diagram {
		h, y, x, k := axis("h", 2), axis("y", 3), axis("x", 4), axis("k", 5)
		q, K, V := diagram.NewWire("Q", y, axis("h", 2), k), diagram.NewWire("K", axis("time", 4), h, k), diagram.NewWire("V", k, axis("time", 4), h)
		r := diagram.NewWire("R", y, h, k)
		d := &diagram.Diagram{Name: "Heads", In: wires(q, K, V), Out: wires(r)}
		b := composite("attend", attention(y, x, k), axes(h), axes(y, k, x), nil, wires(r))
		b.In = d.In
		at := diagram.At
		b.Weave.In = [][]diagram.Affine{{at(1), at(0), at(2)}, {at(3), at(0), at(2)}, {at(2), at(3), at(0)}}
		d.Add(b)
		return d
	}},
	{"a wire through a body, copied out twice", func() *diagram.Diagram {
		a := axis("a", 3)
		in := diagram.NewWire("v", a)
		body := &diagram.Diagram{Name: "Copy", In: wires(in), Out: wires(in, in)}
		x, y, z := diagram.NewWire("x", a), diagram.NewWire("y", a), diagram.NewWire("z", a)
		d := &diagram.Diagram{Name: "Twice", In: wires(x), Out: wires(y, z)}
		d.Add(composite("copy", body, nil, axes(a), wires(x), wires(y, z)))
		return d
	}},
	{"a turn for each of three, over a lifted axis", func() *diagram.Diagram {
		batch, s, m := axis("batch", 2), axis("s", 3), axis("m", 4)
		x, y := diagram.NewWire("x", batch, s, m), diagram.NewWire("y", batch, s, m)
		turns := []*diagram.Diagram{residual(block(s, m, m), s, m), residual(block(s, m, m), s, m), residual(block(s, m, m), s, m)}
		d := &diagram.Diagram{Name: "Tower", In: wires(x), Out: wires(y)}
		b := diagram.NewBox(diagram.Repeat{From: shape.Int(0), To: shape.Int(2), Turns: turns}, axes(batch), axes(s, m), wires(x), wires(y))
		b.Name = "tower"
		d.Add(b)
		return d
	}},
	{"a learned source lifted out of a body", func() *diagram.Diagram {
		batch, m := axis("batch", 2), axis("m", 3)
		w := weight("learned.0.weight", m)
		v, u := diagram.NewWire("v", m), diagram.NewWire("u", m)
		body := &diagram.Diagram{Name: "Source", In: wires(v), Out: wires(u), Weights: []*diagram.Weight{w}}
		body.Add(diagram.NewBox(diagram.Learned{Weight: w}, nil, axes(m), nil, wires(u)))
		x, y := diagram.NewWire("x", batch, m), diagram.NewWire("y", m, batch)
		d := &diagram.Diagram{Name: "Spread", In: wires(x), Out: wires(y)}
		d.Add(composite("source", body, axes(batch), axes(m), wires(x), wires(y)))
		return d
	}},
	{"a diagonal into a body", func() *diagram.Diagram {
		a, b := axis("a", 3), axis("b", 4)
		v, u := diagram.NewWire("v", a), diagram.NewWire("u", a)
		body := &diagram.Diagram{Name: "Exp", In: wires(v), Out: wires(u)}
		body.Add(diagram.NewBox(diagram.Apply(diagram.FnExp), axes(a), nil, wires(v), wires(u)))
		x, y := diagram.NewWire("x", a, b, axis("a'", 3)), diagram.NewWire("y", b, a)
		d := &diagram.Diagram{Name: "Diagonal", In: wires(x), Out: wires(y)}
		box := &diagram.Box{Op: diagram.Composite{Body: body}, In: d.In, Out: d.Out, Name: "exp"}
		at := diagram.At
		box.Weave = diagram.Weave{Degree: axes(b), Own: axes(a), In: [][]diagram.Affine{{at(1), at(0), at(1)}}, Out: [][]diagram.Affine{{at(0), at(1)}}}
		d.Add(box)
		return d
	}},
	{"looking up, gains, means and shared weights", func() *diagram.Diagram {
		s, vocab, m := axis("s", 3), axis("vocab", 5), axis("m", 4)
		tokens := diagram.NewWire("tokens", s)
		tokens.Type.In = &vocab
		w, g := weight("linear.0.weight", vocab, m), weight("gain.0.gain", m)
		d := &diagram.Diagram{Name: "Tied", In: wires(tokens), Weights: []*diagram.Weight{w, g}}
		e := d.Add(&diagram.Box{Op: diagram.Linear{From: 1, To: 1, Weight: w}, In: wires(tokens), Out: wires(diagram.NewWire("e", s, m)),
			Weave: diagram.Weave{Degree: axes(s), Own: axes(vocab, m), In: [][]diagram.Affine{{diagram.At(0)}}, Out: [][]diagram.Affine{{diagram.At(0), diagram.At(2)}}}})
		n := d.Add(diagram.NewBox(diagram.Scale{Weight: g}, axes(s), axes(m), wires(e), wires(diagram.NewWire("", s, m))))
		mean := d.Add(diagram.NewBox(diagram.Reduce{Fn: "mean"}, axes(m), axes(s), wires(n), wires(diagram.NewWire("", m))))
		again := d.Add(diagram.NewBox(diagram.Learned{Weight: w}, nil, axes(vocab, m), nil, wires(diagram.NewWire("", vocab, m))))
		out := d.Add(diagram.NewBox(diagram.Contract{}, axes(vocab), axes(m), wires(mean, again), wires(diagram.NewWire("scores", vocab))))
		c := d.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(3)}, axes(vocab), nil, nil, wires(diagram.NewWire("", vocab))))
		d.Out = wires(d.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), axes(vocab), nil, wires(out, c), wires(diagram.NewWire("y", vocab)))))
		return d
	}},
}

// residual is x + f(x).
func residual(f *diagram.Diagram, s, m shape.Axis) *diagram.Diagram {
	x, y, z := diagram.NewWire("x", s, m), diagram.NewWire("", s, m), diagram.NewWire("z", s, m)
	d := &diagram.Diagram{Name: "Residual", In: wires(x), Out: wires(z)}
	d.Add(composite("block", f, nil, axes(s, m), wires(x), wires(y)))
	d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(s, m), nil, wires(x, y), wires(z)))
	return d
}

func TestPassesKeepTheValue(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := c.build()
			holdSame(t, before, InlineComposites(before))
			flat := Normalize(before)
			holdSame(t, before, flat)
			holdCore(t, flat)
			holdSame(t, before, Finish(flat))
		})
	}
}

// holdCore checks that only boxes of the core form are left.
func holdCore(t *testing.T, d *diagram.Diagram) {
	t.Helper()
	sources := map[*diagram.Weight]bool{}
	for _, b := range d.Boxes {
		switch op := b.Op.(type) {
		case diagram.Composite, diagram.Repeat, diagram.Linear, diagram.Scale, diagram.View, diagram.Sum:
			t.Errorf("%s is left in\n%s", b.Op.Kind(), d)
		case diagram.Learned:
			if sources[op.Weight] {
				t.Errorf("weight %s has two sources", op.Weight.Path)
			}
			sources[op.Weight] = true
		}
	}
}
