package rewrite

import (
	"strconv"
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// text is the boxes of a diagram as text.
func text(d *diagram.Diagram) string {
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(d.String()), "\n")[1:] {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, "\n")
}

// chain builds a diagram of maps over one axis; `f` adds its boxes.
func chain(f func(d *diagram.Diagram, apply func(fn diagram.Fn, name string, in ...*diagram.Wire) *diagram.Wire, x *diagram.Wire)) *diagram.Diagram {
	a := axis("a", 3)
	x := diagram.NewWire("x", a)
	d := &diagram.Diagram{Name: "Chain", In: wires(x)}
	apply := func(fn diagram.Fn, name string, in ...*diagram.Wire) *diagram.Wire {
		return d.Add(diagram.NewBox(diagram.Apply(fn), axes(a), nil, in, wires(diagram.NewWire(name, a))))
	}
	f(d, apply, x)
	return d
}

// summed adds the box that sums over the axis of a chain and spreads the sum again.
func summed(d *diagram.Diagram, w *diagram.Wire) *diagram.Wire {
	s := d.Add(diagram.NewBox(diagram.Contract{}, nil, w.Type.Axes, wires(w), wires(diagram.NewWire("sum"))))
	return d.Add(diagram.NewBox(diagram.Contract{}, w.Type.Axes, nil, wires(s), wires(diagram.NewWire("spread", w.Type.Axes...))))
}

type applying = func(fn diagram.Fn, name string, in ...*diagram.Wire) *diagram.Wire

func TestFuseMaps(t *testing.T) {
	cases := []struct {
		name  string
		build func(d *diagram.Diagram, apply applying, x *diagram.Wire)
		want  string
	}{
		{
			// x → exp → neg → out
			"a chain", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
				d.Out = wires(apply(diagram.FnNeg, "y", apply(diagram.FnExp, "", x)))
			}, `y = map {exp %0; neg %1} x[a] over [a:3] : [a:3]
-> y`},
		{
			// x → exp → e → neg → out, and e is a result too
			"an inner wire that leaves", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
				e := apply(diagram.FnExp, "e", x)
				d.Out = wires(apply(diagram.FnNeg, "y", e), e)
			}, `e, y = map {exp %0; neg %1} x[a] over [a:3] : [a:3], [a:3]
-> y, e`},
		{
			// exp → e → sum → spread → s, and e + s: joined, the box would wait for itself
			"a way out and back", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
				e := apply(diagram.FnExp, "e", x)
				d.Out = wires(apply(diagram.FnDiv, "y", e, summed(d, e)))
			}, `e = map exp x[a] over [a:3] : [a:3]
sum = contract e[a] own [a:3] : []
spread = contract sum[] over [a:3] : [a:3]
y = map div e[a] spread[a] over [a:3] : [a:3]
-> y`},
		{
			// two branches that meet
			"a tree", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
				d.Out = wires(apply(diagram.FnAdd, "y", apply(diagram.FnSin, "", x), apply(diagram.FnCos, "", x)))
			}, `y = map {sin %0; cos %0; add %1 %2} x[a] over [a:3] : [a:3]
-> y`},
		{
			// exp waits below until the sum is there
			"a branch that waits", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
				e := apply(diagram.FnExp, "e", x)
				d.Out = wires(apply(diagram.FnMul, "y", e, summed(d, apply(diagram.FnSin, "", x))))
			}, `1 = map sin x[a] over [a:3] : [a:3]
sum = contract 1[a] own [a:3] : []
spread = contract sum[] over [a:3] : [a:3]
y = map {exp %0; mul %2 %1} x[a] spread[a] over [a:3] : [a:3]
-> y`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := chain(c.build)
			after := FuseMaps(before)
			if got := text(after); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			holdSame(t, before, after)
		})
	}
}

// TestFuseMapsAcrossOrders joins maps whose indices are in other orders.
func TestFuseMapsAcrossOrders(t *testing.T) {
	a, b := axis("a", 2), axis("b", 3)
	x, y, z := diagram.NewWire("x", a, b), diagram.NewWire("y", b, a), diagram.NewWire("z", a, b)
	d := &diagram.Diagram{Name: "Orders", In: wires(x), Out: wires(z)}
	d.Add(diagram.NewBox(diagram.Apply(diagram.FnExp), axes(a, b), nil, wires(x), wires(y)))
	d.Add(diagram.NewBox(diagram.Apply(diagram.FnNeg), axes(b, a), nil, wires(y), wires(z)))
	after := FuseMaps(d)
	if len(after.Boxes) != 1 {
		t.Errorf("%d boxes, want 1, in\n%s", len(after.Boxes), after)
	}
	holdSame(t, d, after)
}

// TestFuseMapsLeavesSmallerSpaces holds that what is computed once for a row is not
// computed again at each place of it.
func TestFuseMapsLeavesSmallerSpaces(t *testing.T) {
	a, b := axis("a", 2), axis("b", 3)
	x, y, z := diagram.NewWire("x", a), diagram.NewWire("y", a), diagram.NewWire("z", a, b)
	d := &diagram.Diagram{Name: "Smaller", In: wires(x), Out: wires(z)}
	d.Add(diagram.NewBox(diagram.Apply(diagram.FnExp), axes(a), nil, wires(x), wires(y)))
	d.Add(diagram.NewBox(diagram.Apply(diagram.FnNeg), axes(a, b), nil, wires(y), wires(z)))
	if after := FuseMaps(d); len(after.Boxes) != 2 {
		t.Errorf("%d boxes, want 2, in\n%s", len(after.Boxes), after)
	}
}

func TestFoldConstants(t *testing.T) {
	a := axis("a", 3)
	number := func(d *diagram.Diagram, x float64, axes ...shape.Axis) *diagram.Wire {
		return d.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(x)}, axes, nil, nil, wires(diagram.NewWire("", axes...))))
	}
	cases := []struct {
		name  string
		build func(d *diagram.Diagram, apply applying, x *diagram.Wire)
		want  string
	}{
		{"into a program", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
			d.Out = wires(apply(diagram.FnMul, "y", x, number(d, 2, a)))
		}, `y = map {2; mul %0 %1} x[a] over [a:3] : [a:3]
-> y`},
		{"of nothing but numbers", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
			d.Out = wires(apply(diagram.FnAdd, "y", number(d, 2, a), number(d, 3, a)))
		}, `y = constant 5 over [a:3] : [a:3]
-> y`},
		{"operands of a contraction", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
			d.Out = wires(d.Add(diagram.NewBox(diagram.Contract{}, axes(a), nil, wires(x, number(d, 2), number(d, 3, a)), wires(diagram.NewWire("y", a)))))
		}, `1 = constant 6 : []
y = contract x[a] 1[] over [a:3] : [a:3]
-> y`},
		{"a factor of 1", func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
			d.Out = wires(d.Add(diagram.NewBox(diagram.Contract{}, axes(a), nil, wires(number(d, 1), x), wires(diagram.NewWire("y", a)))))
		}, `y = contract x[a] over [a:3] : [a:3]
-> y`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			before := chain(c.build)
			after := RemoveDead(FoldConstants(before))
			if got := text(after); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			holdSame(t, before, after)
		})
	}
}

func TestShareCommon(t *testing.T) {
	before := chain(func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
		d.Out = wires(apply(diagram.FnAdd, "y", apply(diagram.FnExp, "", x), apply(diagram.FnExp, "", x)))
		draw := func() *diagram.Wire {
			return d.Add(diagram.NewBox(diagram.Random{Distribution: "normal", Stream: "n", Scale: 1}, x.Type.Axes, nil, nil, wires(diagram.NewWire("", x.Type.Axes...))))
		}
		d.Out = append(d.Out, draw(), draw())
	})
	const want = `1 = map exp x[a] over [a:3] : [a:3]
y = map add 1[a] 1[a] over [a:3] : [a:3]
2 = normal over [a:3] : [a:3]
3 = normal over [a:3] : [a:3]
-> y, 2, 3`
	if got := text(ShareCommon(before)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRemoveDead(t *testing.T) {
	w := weight("dead.weight", axis("a", 3))
	before := chain(func(d *diagram.Diagram, apply applying, x *diagram.Wire) {
		d.Weights = append(d.Weights, w)
		d.Add(diagram.NewBox(diagram.Learned{Weight: w}, nil, x.Type.Axes, nil, wires(diagram.NewWire("", x.Type.Axes...))))
		apply(diagram.FnExp, "dead", apply(diagram.FnSin, "", x))
		d.Out = wires(apply(diagram.FnNeg, "y", x))
	})
	const want = `y = map neg x[a] over [a:3] : [a:3]
-> y`
	if got := text(RemoveDead(before)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReplaceSizesReachesEverything(t *testing.T) {
	s, m := shape.Axis{Label: "s", Size: shape.Letter("s")}, shape.Axis{Label: "m", Size: shape.Letter("m")}
	x, y := diagram.NewWire("x", s, m), diagram.NewWire("y", s, m)
	d := &diagram.Diagram{Name: "Tower", In: wires(x), Out: wires(y)}
	body := residual(block(s, m, m), s, m)
	d.Add(diagram.NewBox(diagram.Repeat{From: shape.Int(1), To: shape.Letter("n"), Turns: []*diagram.Diagram{body}}, nil, axes(s, m), wires(x), wires(y)))
	sizes := map[string]int{"s": 3, "m": 4, "n": 1}
	numbered := ReplaceSizes(d, func(letter string) (shape.Size, bool) {
		n, ok := sizes[letter]
		return shape.Int(n), ok
	})
	if err := diagram.Verify(numbered); err != nil {
		t.Fatal(err)
	}
	if !isWholeNumbered(numbered) {
		t.Errorf("letters are left in\n%s", numbered)
	}
	holdSame(t, numbered, Normalize(numbered))
	if d.Boxes[0].Weave.Own[0].Size.IsInt() {
		t.Error("the diagram that was given has changed")
	}
}

// TestPathsAreComplete holds the names that weights and boxes have after inlining.
func TestPathsAreComplete(t *testing.T) {
	s, m := axis("s", 3), axis("m", 4)
	shared := weight("shared.weight", m)
	gained := func() *diagram.Diagram {
		x, y := diagram.NewWire("x", m), diagram.NewWire("y", m)
		d := &diagram.Diagram{Name: "Gained", In: wires(x), Out: wires(y)}
		b := diagram.NewBox(diagram.Scale{Weight: shared}, nil, axes(m), wires(x), wires(y))
		b.Name = "shared"
		d.Add(b)
		return d
	}
	x, y, z := diagram.NewWire("x", s, m), diagram.NewWire("y", s, m), diagram.NewWire("z", s, m)
	d := &diagram.Diagram{Name: "Net", In: wires(x), Out: wires(z), Weights: []*diagram.Weight{shared}}
	tower := diagram.NewBox(diagram.Repeat{From: shape.Int(1), To: shape.Int(2), Turns: []*diagram.Diagram{residual(block(s, m, m), s, m), residual(block(s, m, m), s, m)}}, nil, axes(s, m), wires(x), wires(y))
	tower.Name = "tower"
	d.Add(tower)
	mid := diagram.NewWire("mid", s, m)
	d.Add(composite("first", gained(), axes(s), axes(m), wires(y), wires(mid)))
	d.Add(composite("second", gained(), axes(s), axes(m), wires(mid), wires(z)))
	flat := Normalize(d)
	holdSame(t, d, flat)
	var paths []string
	for _, w := range flat.Weights {
		paths = append(paths, w.Path)
	}
	want := "tower.1.block.affine.0.weight tower.1.block.affine.0.bias tower.2.block.affine.0.weight tower.2.block.affine.0.bias shared.weight"
	if got := strings.Join(paths, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	last := flat.Boxes[len(flat.Boxes)-1]
	if got := strings.Join(last.Path, ".") + " " + last.Name + " " + last.Kind; got != "second shared gain" {
		t.Errorf("got %s, want second shared gain", got)
	}
}

// TestDrawsOfChanceAreApart gives two uses of one body draws of their own, one for
// each place that they are lifted over.
func TestDrawsOfChanceAreApart(t *testing.T) {
	batch, a := axis("batch", 2), axis("a", 3)
	noisy := func() *diagram.Diagram {
		x, y, n := diagram.NewWire("x", a), diagram.NewWire("y", a), diagram.NewWire("n", a)
		d := &diagram.Diagram{Name: "Noisy", In: wires(x), Out: wires(y)}
		d.Add(diagram.NewBox(diagram.Random{Distribution: "normal", Stream: "normal.0", Scale: 1}, axes(a), nil, nil, wires(n)))
		d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes(a), nil, wires(x, n), wires(y)))
		return d
	}
	x, y, z := diagram.NewWire("x", batch, a), diagram.NewWire("y", batch, a), diagram.NewWire("z", batch, a)
	d := &diagram.Diagram{Name: "Net", In: wires(x), Out: wires(z)}
	d.Add(composite("noisy.0", noisy(), axes(batch), axes(a), wires(x), wires(y)))
	d.Add(composite("noisy.1", noisy(), axes(batch), axes(a), wires(y), wires(z)))
	flat := Normalize(d)
	var streams []string
	for _, b := range flat.Boxes {
		if op, ok := b.Op.(diagram.Random); ok {
			streams = append(streams, op.Stream+" "+b.Out[0].Type.String())
		}
	}
	if got, want := strings.Join(streams, ", "), "noisy.0.normal.0 [batch:2 a:3], noisy.1.normal.0 [batch:2 a:3]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// tower is n residual blocks one after another, three flat boxes each.
func tower(n int) *diagram.Diagram {
	batch, s, m := axis("batch", 2), axis("s", 3), axis("m", 4)
	x := diagram.NewWire("x", batch, s, m)
	d := &diagram.Diagram{Name: "Tower", In: wires(x)}
	for i := range n {
		y := diagram.NewWire("", batch, s, m)
		d.Add(composite("part."+strconv.Itoa(i), residual(block(s, m, m), s, m), axes(batch), axes(s, m), wires(x), wires(y)))
		x = y
	}
	d.Out = wires(x)
	return d
}

// BenchmarkNormalize flattens about a thousand boxes, and ten times as many: what
// it takes must grow no faster.
func BenchmarkNormalize(b *testing.B) {
	for _, boxes := range []int{1000, 10000} {
		b.Run(strconv.Itoa(boxes), func(b *testing.B) {
			d := tower(boxes / 4)
			for b.Loop() {
				Normalize(d)
			}
		})
	}
}

func BenchmarkFinish(b *testing.B) {
	for _, boxes := range []int{1000, 10000} {
		b.Run(strconv.Itoa(boxes), func(b *testing.B) {
			d := Normalize(tower(boxes / 4))
			for b.Loop() {
				Finish(d)
			}
		})
	}
}

func TestRepeatWaitsForItsBounds(t *testing.T) {
	s, m := axis("s", 3), axis("m", 4)
	x, y := diagram.NewWire("x", s, m), diagram.NewWire("y", s, m)
	d := &diagram.Diagram{Name: "Tower", In: wires(x), Out: wires(y)}
	body := residual(block(s, m, m), s, m)
	d.Add(diagram.NewBox(diagram.Repeat{From: shape.Int(1), To: shape.Letter("n"), Turns: []*diagram.Diagram{body}}, nil, axes(s, m), wires(x), wires(y)))
	flat := Normalize(d)
	if len(flat.Boxes) != 1 || flat.Boxes[0].Op.Kind() != "repeat" {
		t.Errorf("got\n%s", flat)
	}
}
