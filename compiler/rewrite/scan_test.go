package rewrite

import (
	"math"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/reference"
	"ncd/compiler/shape"
)

// recurrent is h = tanh(affine(x) + linear(h)), with what it hands out: h, x and h
// times the place-free g.
//
//	In   x [m], g [n]; with start: from [n], which h starts at
//	Out  h [n], x·h [n m]
func recurrent(m, n shape.Axis, start bool) *diagram.Diagram {
	x, g, h := diagram.NewWire("x", m), diagram.NewWire("g", n), diagram.NewWire("h", n)
	w, b, r := weight("affine.0.weight", m, n), weight("affine.0.bias", n), weight("linear.0.weight", n, n)
	d := &diagram.Diagram{Name: "Recurrent", In: wires(x, g), Weights: []*diagram.Weight{w, b, r}}
	add := func(fn diagram.Fn, in ...*diagram.Wire) *diagram.Wire {
		return d.Add(diagram.NewBox(diagram.Apply(fn), axes(n), nil, in, wires(diagram.NewWire("", n))))
	}
	named := func(name string, b *diagram.Box) *diagram.Wire {
		b.Name = name
		return d.Add(b)
	}
	a := named("affine.0", diagram.NewBox(diagram.Linear{From: 1, To: 1, Weight: w, Bias: b}, nil, axes(m, n), wires(x), wires(diagram.NewWire("", n))))
	square := diagram.NewBox(diagram.Linear{From: 1, To: 1, Weight: r}, nil, axes(n, n), wires(h), wires(diagram.NewWire("", n)))
	square.Weave.Out[0][0] = diagram.At(1)
	c := named("linear.0", square)
	next := add(diagram.FnTanh, add(diagram.FnAdd, a, c))
	state := &diagram.State{Path: "h", In: h, Out: next, Init: 0.5}
	if start {
		state.Start = diagram.NewWire("from", n)
		d.In = append(d.In, state.Start)
	}
	d.States = []*diagram.State{state}
	both := d.Add(diagram.NewBox(diagram.Contract{}, axes(n, m), nil, wires(x, next, g), wires(diagram.NewWire("both", n, m))))
	d.Out = wires(next, both)
	return d
}

// scanned applies a body along t, to inputs lifted over the batch; the second input
// is the same at all places.
func scanned(body *diagram.Diagram, t, batch, m, n shape.Axis, gradient diagram.Through) *diagram.Diagram {
	x, g := diagram.NewWire("x", batch, t, m), diagram.NewWire("g", n)
	y, both := diagram.NewWire("y", t, batch, n), diagram.NewWire("both", batch, n, t, m)
	d := &diagram.Diagram{Name: "Scanned", In: wires(x, g), Out: wires(y, both)}
	for _, w := range body.In[2:] {
		d.In = append(d.In, diagram.NewWire(w.Name, batch, n))
	}
	b := diagram.NewBox(diagram.Scan{Body: body, Gradient: gradient}, axes(batch), axes(t, m, n), d.In, d.Out)
	b.Name = "scan.0"
	d.Add(b)
	return d
}

// counting is a body whose state counts the turns; what hangs on nothing scanned is
// handed out too.
func counting(n shape.Axis) *diagram.Diagram {
	c, still := diagram.NewWire("c"), diagram.NewWire("still", n)
	d := &diagram.Diagram{Name: "Counting", In: wires(still)}
	one := d.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, wires(diagram.NewWire(""))))
	next := d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), nil, nil, wires(c, one), wires(diagram.NewWire(""))))
	twice := d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(n), nil, wires(still, still), wires(diagram.NewWire("", n))))
	d.States = []*diagram.State{{Path: "c", In: c, Out: next}}
	d.Out = wires(next, twice, still)
	return d
}

var scans = []struct {
	name  string
	build func() *diagram.Diagram
}{
	{"a recurrence over a lifted axis", func() *diagram.Diagram {
		t, batch, m, n := axis("t", 3), axis("batch", 2), axis("m", 4), axis("n", 5)
		return scanned(recurrent(m, n, false), t, batch, m, n, diagram.Through{})
	}},
	{"a start that is handed in", func() *diagram.Diagram {
		t, batch, m, n := axis("t", 3), axis("batch", 2), axis("m", 4), axis("n", 5)
		return scanned(recurrent(m, n, true), t, batch, m, n, diagram.Through{Policy: "last", Turns: 2})
	}},
	{"turns that are drawn", func() *diagram.Diagram {
		t, batch, m, n := axis("t", 3), axis("batch", 2), axis("m", 4), axis("n", 5)
		return scanned(recurrent(m, n, false), t, batch, m, n, diagram.Through{Policy: "random", Turns: 2})
	}},
	{"one turn", func() *diagram.Diagram {
		t, batch, m, n := axis("t", 1), axis("batch", 2), axis("m", 4), axis("n", 5)
		return scanned(recurrent(m, n, false), t, batch, m, n, diagram.Through{})
	}},
	{"what hangs on nothing scanned", func() *diagram.Diagram {
		t, n := axis("t", 3), axis("n", 2)
		x := diagram.NewWire("x", n)
		d := &diagram.Diagram{Name: "Net", In: wires(x), Out: wires(diagram.NewWire("c", t), diagram.NewWire("u", t, n), diagram.NewWire("v", n, t))}
		d.Add(diagram.NewBox(diagram.Scan{Body: counting(n)}, nil, axes(t, n), d.In, d.Out))
		return d
	}},
	{"a scan in a scan, in a composite over heads", func() *diagram.Diagram {
		s, head := axis("s", 2), axis("head", 3)
		t, batch, m, n := axis("t", 3), axis("batch", 2), axis("m", 4), axis("n", 5)
		inner := scanned(recurrent(m, n, false), t, batch, m, n, diagram.Through{})
		last := diagram.NewWire("last", batch, n)
		view := &diagram.Box{Op: diagram.View{Name: "at"}, In: wires(inner.Out[0]), Out: wires(last), Weave: diagram.Weave{Degree: axes(batch, n)}}
		view.Weave.In, view.Weave.Out = [][]diagram.Affine{append([]diagram.Affine{{Offset: shape.Int(2)}}, indices(0, 2)...)}, [][]diagram.Affine{indices(0, 2)}
		inner.Add(view)
		v := diagram.NewWire("v", batch, n)
		next := inner.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(batch, n), nil, wires(v, last), wires(diagram.NewWire("", batch, n))))
		inner.States = []*diagram.State{{Path: "v", In: v, Out: next}}
		inner.Out = wires(next)

		x, g, y := diagram.NewWire("x", batch, s, t, m), diagram.NewWire("g", n), diagram.NewWire("y", batch, s, n)
		outer := &diagram.Diagram{Name: "Outer", In: wires(x, g), Out: wires(y)}
		box := diagram.NewBox(diagram.Scan{Body: inner}, nil, axes(s, batch, t, m, n), outer.In, outer.Out)
		box.Name = "outer"
		outer.Add(box)
		X, G, Y := diagram.NewWire("X", batch, s, head, t, m), diagram.NewWire("G", n), diagram.NewWire("Y", head, batch, s, n)
		d := &diagram.Diagram{Name: "Heads", In: wires(X, G), Out: wires(Y)}
		d.Add(composite("each", outer, axes(head), axes(batch, s, t, m, n), d.In, d.Out))
		return d
	}},
	{"states of a composite in the body", func() *diagram.Diagram {
		t, head, n := axis("t", 3), axis("head", 2), axis("n", 5)
		v, x := diagram.NewWire("v", n), diagram.NewWire("x", n)
		leak := &diagram.Diagram{Name: "Leak", In: wires(x)}
		half := leak.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(0.5)}, nil, nil, nil, wires(diagram.NewWire(""))))
		less := leak.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), axes(n), nil, wires(v, half), wires(diagram.NewWire("", n))))
		leak.Out = wires(leak.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(n), nil, wires(less, x), wires(diagram.NewWire("", n)))))
		leak.States = []*diagram.State{{Path: "v", In: v, Out: leak.Out[0]}}
		in, out := diagram.NewWire("in", n, head), diagram.NewWire("out", head, n)
		body := &diagram.Diagram{Name: "Body", In: wires(in), Out: wires(out)}
		body.Add(composite("leak", leak, axes(head), axes(n), wires(in), wires(out)))
		X, Y := diagram.NewWire("X", n, head, t), diagram.NewWire("Y", head, t, n)
		d := &diagram.Diagram{Name: "Net", In: wires(X), Out: wires(Y)}
		d.Add(diagram.NewBox(diagram.Scan{Body: body}, nil, axes(t, n, head), d.In, d.Out))
		return d
	}},
}

func TestScansKeepTheValue(t *testing.T) {
	for _, c := range scans {
		t.Run(c.name, func(t *testing.T) {
			before := c.build()
			holdSame(t, before, InlineComposites(before))
			flat := Normalize(before)
			holdSame(t, before, flat)
			holdCore(t, flat)
			holdSame(t, before, Finish(flat))
			if len(flat.States) > 0 {
				t.Errorf("%d states are left in\n%s", len(flat.States), flat)
			}
		})
	}
}

// TestScanDoesOnceWhatHangsOnNoState holds that a product of what is scanned is one
// for all turns, and that boxes of turns are told apart by their paths.
func TestScanDoesOnceWhatHangsOnNoState(t *testing.T) {
	steps, batch, m, n := axis("t", 4), axis("batch", 2), axis("m", 3), axis("n", 5)
	flat := Normalize(scanned(recurrent(m, n, false), steps, batch, m, n, diagram.Through{}))
	var paths []string
	for _, b := range flat.Boxes {
		if b.Kind == "affine" || b.Kind == "linear" {
			paths = append(paths, strings.Join(b.Path, ".")+" "+b.Name+" "+b.Op.Kind())
		}
	}
	want := []string{"scan.0 affine.0 learned", "scan.0 affine.0 contract", "scan.0 affine.0 learned", "scan.0 affine.0 map",
		"scan.0.t=0 linear.0 learned", "scan.0.t=0 linear.0 contract", "scan.0.t=1 linear.0 contract", "scan.0.t=2 linear.0 contract", "scan.0.t=3 linear.0 contract"}
	if got := strings.Join(paths, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
	var weights []string
	for _, w := range flat.Weights {
		weights = append(weights, w.Path)
	}
	if got := strings.Join(weights, " "); got != "scan.0.affine.0.weight scan.0.affine.0.bias scan.0.linear.0.weight" {
		t.Errorf("got %s", got)
	}
}

func TestScanWaitsForItsSize(t *testing.T) {
	letters, batch, m, n := shape.Axis{Label: "t", Size: shape.Letter("t")}, axis("batch", 2), axis("m", 3), axis("n", 5)
	before := scanned(recurrent(m, n, true), letters, batch, m, n, diagram.Through{})
	if flat := Normalize(before); len(flat.Boxes) != 1 || flat.Boxes[0].Op.Kind() != "scan" {
		t.Errorf("got\n%s", flat)
	}
	numbered := ReplaceSizes(before, func(string) (shape.Size, bool) { return shape.Int(3), true })
	holdSame(t, numbered, Normalize(numbered))
}

// running is a body that keeps a running mean of what flows in, and takes it off.
func running(n shape.Axis) *diagram.Diagram {
	x, mean := diagram.NewWire("x", n), diagram.NewWire("mean", n)
	d := &diagram.Diagram{Name: "Running", In: wires(x)}
	p := diagram.NewProgram()
	next := p.Apply(diagram.FnAdd, p.Apply(diagram.FnMul, p.Constant(diagram.Literal(0.9)), p.Input(1)), p.Apply(diagram.FnMul, p.Constant(diagram.Literal(0.1)), p.Input(0)))
	op, _ := p.Assemble([]int{next, p.Apply(diagram.FnSub, p.Input(0), p.Input(1))})
	b := diagram.NewBox(op, axes(n), nil, wires(x, mean), wires(diagram.NewWire("", n), diagram.NewWire("", n)))
	d.Add(b)
	d.States = []*diagram.State{{Path: "mean", In: mean, Out: b.Out[0], Init: 0.25, Kept: true}}
	d.Out = b.Out[1:]
	return d
}

// TestKeptStatesAreOneForAllPlaces holds what kept states become: the mean over what
// their box is lifted over, one use and one turn after the other.
func TestKeptStatesAreOneForAllPlaces(t *testing.T) {
	batch, steps, n := axis("batch", 3), axis("t", 2), axis("n", 4)
	x, y, z := diagram.NewWire("x", batch, steps, n), diagram.NewWire("y", batch, steps, n), diagram.NewWire("z", batch, steps, n)
	d := &diagram.Diagram{Name: "Net", In: wires(x), Out: wires(z)}
	first, second := running(n), running(n)
	second.States[0].Shares = first.States[0]
	d.Add(composite("norm.0", first, axes(batch, steps), axes(n), wires(x), wires(y)))
	d.Add(composite("norm.1", second, axes(batch, steps), axes(n), wires(y), wires(diagram.NewWire("", batch, steps, n))))
	scan := diagram.NewBox(diagram.Scan{Body: running(n)}, axes(batch), axes(steps, n), wires(d.Boxes[1].Out[0]), wires(z))
	scan.Name = "turning"
	d.Add(scan)
	flat := Normalize(d)
	holdSame(t, d, flat)
	holdKept(t, d, flat, "norm.0.mean", "turning.mean")
	holdKept(t, d, Finish(flat), "norm.0.mean", "turning.mean")
}

// holdKept runs a diagram and its flat form with the same kept states, which are
// those listed.
func holdKept(t *testing.T, before, flat *diagram.Diagram, paths ...string) {
	t.Helper()
	values := given(t, flat)
	values.Kept = map[string]*reference.Array{}
	for i, s := range flat.States {
		dims, _ := s.In.Type.Axes.Ints()
		a := drawn(s.Path, dims)
		values.Kept[s.Path], values.States = a, append(values.States, a)
		if i >= len(paths) || paths[i] != s.Path || !s.Kept {
			t.Fatalf("state %s, want %v", s.Path, paths)
		}
	}
	got, err := reference.Run(flat, values)
	if err != nil {
		t.Fatal(err)
	}
	values.States = nil
	want, err := reference.Run(before, values)
	if err != nil {
		t.Fatal(err)
	}
	for i, path := range paths {
		for j, x := range want.Kept[path].Values {
			if math.Abs(x-got.States[i].Values[j]) > 1e-12 {
				t.Fatalf("%s: got %v, want %v, in\n%s", path, got.States[i].Values, want.Kept[path].Values, flat)
			}
		}
	}
	for i, a := range want.Arrays {
		for j, x := range a.Values {
			if math.Abs(x-got.Arrays[i].Values[j]) > 1e-12 {
				t.Fatalf("result %d: got %v, want %v", i, got.Arrays[i].Values, a.Values)
			}
		}
	}
}
