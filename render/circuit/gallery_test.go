package circuit

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// The gallery has a small diagram for each element of the notation.

var gallery = map[string]func() *diagram.Diagram{
	"attention": attention, "multihead": multiHead, "digits": digits,
	"residual": residual, "embedding": embedding, "reductions": reductions, "loop": loop,
	"outer": outer, "split": split, "crossing": crossed, "unused": unused, "arithmetic": arithmetic,
	"nested": nested, "gather": gather,
}

func out(labels ...string) []*diagram.Wire { return []*diagram.Wire{wire("", labels...)} }

// residual is x + affine(relu(affine(x))).
func residual() *diagram.Diagram {
	x := wire("x", "s", "m")
	d := &diagram.Diagram{Name: "Residual", In: []*diagram.Wire{x}}
	a := d.Add(linear("affine1", x, axes("m"), axes("hidden"), true))
	r := d.Add(diagram.NewBox(diagram.Apply(diagram.FnRelu), axes("s", "hidden"), nil, []*diagram.Wire{a}, out("s", "hidden")))
	b := d.Add(linear("affine2", r, axes("hidden"), axes("m"), true))
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes("s", "m"), nil, []*diagram.Wire{x, b}, out("s", "m")))}
	return d
}

// embedding looks tokens up and adds learned positions.
func embedding() *diagram.Diagram {
	vocab := axes("vocab")[0]
	tokens := &diagram.Wire{Name: "tokens", Type: shape.Type{Axes: axes("s"), In: &vocab}}
	d := &diagram.Diagram{Name: "Embedding", In: []*diagram.Wire{tokens}}
	look := diagram.NewBox(diagram.Linear{From: 1, To: 1, Weight: &diagram.Weight{Path: "linear1.weight"}}, axes("s"), axes("vocab", "m"), []*diagram.Wire{tokens}, out("s", "m"))
	look.Name = "linear1"
	e := d.Add(look)
	p := d.Add(diagram.NewBox(diagram.Learned{Weight: &diagram.Weight{Path: "learned1"}}, axes("s", "m"), nil, nil, out("s", "m")))
	d.Boxes[1].Name = "learned1"
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), axes("s", "m"), nil, []*diagram.Wire{e, p}, out("s", "m")))}
	return d
}

// reductions takes the last place, a mean, a maximum and a sum.
func reductions() *diagram.Diagram {
	x := wire("x", "t", "row", "c", "k")
	d := &diagram.Diagram{Name: "Reductions", In: []*diagram.Wire{x}}
	last := &diagram.Box{Op: diagram.View{Name: "at"}, In: []*diagram.Wire{x}, Out: out("row", "c", "k"), Name: "at1",
		Weave: diagram.Weave{Degree: axes("row", "c", "k"),
			In:  [][]diagram.Affine{{{Offset: shape.Int(7)}, diagram.At(0), diagram.At(1), diagram.At(2)}},
			Out: [][]diagram.Affine{{diagram.At(0), diagram.At(1), diagram.At(2)}}}}
	x.Type.Axes[0].Size = shape.Int(8)
	a := d.Add(last)
	b := d.Add(diagram.NewBox(diagram.Reduce{Fn: "mean"}, axes("c", "k"), axes("row"), []*diagram.Wire{a}, out("c", "k")))
	c := d.Add(diagram.NewBox(diagram.Reduce{Fn: "max"}, axes("c"), axes("k"), []*diagram.Wire{b}, out("c")))
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Sum{}, nil, axes("c"), []*diagram.Wire{c}, out()))}
	return d
}

// loop is a block applied n times.
func loop() *diagram.Diagram {
	body := residual()
	body.Name = "Block"
	x := wire("x", "s", "m")
	d := &diagram.Diagram{Name: "Tower", In: []*diagram.Wire{x}}
	repeat := diagram.Repeat{Letter: "i", From: shape.Int(1), To: shape.Letter("n"), Turns: []*diagram.Diagram{body}}
	y := d.Add(diagram.NewBox(repeat, nil, axes("s", "m"), []*diagram.Wire{x}, out("s", "m")))
	d.Out = []*diagram.Wire{d.Add(linear("linear1", y, axes("m"), axes("vocab"), false))}
	return d
}

// outer multiplies two vectors out and takes the inner product of two others.
func outer() *diagram.Diagram {
	a, b, c, e := wire("a", "i"), wire("b", "j"), wire("c", "k"), wire("d", "k")
	d := &diagram.Diagram{Name: "Products", In: []*diagram.Wire{a, b, c, e}}
	p := d.Add(diagram.NewBox(diagram.Contract{}, axes("i", "j"), nil, []*diagram.Wire{a, b}, out("i", "j")))
	q := d.Add(diagram.NewBox(diagram.Contract{}, nil, axes("k"), []*diagram.Wire{c, e}, out()))
	d.Out = []*diagram.Wire{p, q}
	return d
}

// split parts one axis into two beside one that passes.
func split() *diagram.Diagram {
	m := shape.Axis{Label: "m", Size: shape.Letter("h").Mul(shape.Letter("k"))}
	x := diagram.NewWire("x", axes("s")[0], m)
	d := &diagram.Diagram{Name: "Split", In: []*diagram.Wire{x}}
	d.Add(&diagram.Box{Op: diagram.View{Name: "split"}, In: []*diagram.Wire{x}, Out: out("s", "h", "k"),
		Weave: diagram.Weave{Degree: axes("s", "h", "k"),
			In:  [][]diagram.Affine{{diagram.At(0), {Terms: []diagram.AffineTerm{{Index: 1, Stride: shape.Letter("k")}, {Index: 2, Stride: shape.Int(1)}}}}},
			Out: [][]diagram.Affine{{diagram.At(0), diagram.At(1), diagram.At(2)}}}})
	d.Out = d.Boxes[0].Out
	return d
}

// crossed joins arrays that do not lie side by side, and gives results in
// another order.
func crossed() *diagram.Diagram {
	a, b, c := wire("a", "x"), wire("b", "y"), wire("c", "x")
	d := &diagram.Diagram{Name: "Crossing", In: []*diagram.Wire{a, b, c}}
	s := d.Add(diagram.NewBox(diagram.Apply(diagram.FnMul), axes("x"), nil, []*diagram.Wire{a, c}, out("x")))
	d.Out = []*diagram.Wire{b, s}
	return d
}

// unused reads one input of two, and one wire never.
func unused() *diagram.Diagram {
	a, b := wire("a", "x"), wire("b", "y", "z")
	d := &diagram.Diagram{Name: "Unused", In: []*diagram.Wire{a, b}}
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Apply(diagram.FnTanh), axes("x"), nil, []*diagram.Wire{a}, out("x")))}
	return d
}

// arithmetic is (x - 1) / tau * gain, with a bias.
func arithmetic() *diagram.Diagram {
	x := wire("x", "n")
	d := &diagram.Diagram{Name: "Arithmetic", In: []*diagram.Wire{x}}
	one := d.Add(diagram.NewBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, out()))
	tau := d.Add(diagram.NewBox(diagram.Constant{Value: diagram.OfSize(shape.Letter("tau"))}, nil, nil, nil, out()))
	a := d.Add(diagram.NewBox(diagram.Apply(diagram.FnSub), axes("n"), nil, []*diagram.Wire{x, one}, out("n")))
	b := d.Add(diagram.NewBox(diagram.Apply(diagram.FnDiv), axes("n"), nil, []*diagram.Wire{a, tau}, out("n")))
	g := d.Add(diagram.NewBox(diagram.Scale{Weight: &diagram.Weight{Path: "gain1"}}, nil, axes("n"), []*diagram.Wire{b}, out("n")))
	h := d.Add(diagram.NewBox(diagram.Scale{Weight: &diagram.Weight{Path: "bias1"}, Adds: true}, nil, axes("n"), []*diagram.Wire{g}, out("n")))
	d.Boxes[4].Name, d.Boxes[5].Name = "gain1", "bias1"
	d.Out = []*diagram.Wire{h}
	return d
}

// nested is multi-head attention inside a box inside the figure.
func nested() *diagram.Diagram {
	x := wire("x", "s", "m")
	d := &diagram.Diagram{Name: "SelfAttention", In: []*diagram.Wire{x}}
	body := multiHead()
	rename := diagram.NewBox(diagram.View{Name: "rename"}, axes("s", "m"), nil, []*diagram.Wire{x}, []*diagram.Wire{x})
	other := diagram.NewWire("", shape.Axis{Label: "s'", Size: shape.Letter("s")}, axes("m")[0])
	rename.Out = []*diagram.Wire{other}
	d.Add(rename)
	y := wire("", "s", "m")
	call := &diagram.Box{Op: diagram.Composite{Body: body}, In: []*diagram.Wire{x, other}, Out: []*diagram.Wire{y}, Name: "MultiHead1",
		Weave: diagram.Weave{Own: shape.Shape{{Label: "y", Size: shape.Letter("s")}, axes("m")[0], {Label: "x", Size: shape.Letter("s")}},
			In:  [][]diagram.Affine{{diagram.At(0), diagram.At(1)}, {diagram.At(2), diagram.At(1)}},
			Out: [][]diagram.Affine{{diagram.At(0), diagram.At(1)}}}}
	d.Add(call)
	d.Out = []*diagram.Wire{y}
	return d
}

// gather takes rows of an array at places.
func gather() *diagram.Diagram {
	n := axes("n")[0]
	rows := wire("rows", "n", "m")
	places := &diagram.Wire{Name: "places", Type: shape.Type{Axes: axes("s"), In: &n}}
	d := &diagram.Diagram{Name: "Gather", In: []*diagram.Wire{rows, places}}
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Take{}, axes("s", "m"), axes("n"), d.In, out("s", "m")))}
	return d
}
