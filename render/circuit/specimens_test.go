package circuit

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// Here are diagrams as the checker makes them, built by hand.

func axes(labels ...string) shape.Shape {
	s := make(shape.Shape, len(labels))
	for i, l := range labels {
		s[i] = shape.Axis{Label: l, Size: shape.Letter(l)}
	}
	return s
}

func wire(name string, labels ...string) *diagram.Wire {
	return diagram.NewWire(name, axes(labels...)...)
}

// attention is softmax(k^-½ q·K) V.
func attention() *diagram.Diagram {
	q, k, v := wire("q", "y", "k"), wire("K", "x", "k"), wire("V", "x", "k")
	d := &diagram.Diagram{Name: "Attention", Title: "Scaled Dot-Product Attention", In: []*diagram.Wire{q, k, v}}
	half := diagram.Arithmetic("^", diagram.OfSize(shape.Letter("k")), diagram.Literal(-0.5))
	c := d.Add(diagram.NewBox(diagram.Constant{Value: half}, nil, nil, nil, []*diagram.Wire{wire("")}))
	scores := d.Add(diagram.NewBox(diagram.Contract{}, axes("y", "x"), axes("k"), []*diagram.Wire{c, q, k}, []*diagram.Wire{wire("scores", "y", "x")}))
	weights := d.Add(diagram.NewBox(diagram.Softmax{}, axes("y"), axes("x"), []*diagram.Wire{scores}, []*diagram.Wire{wire("weights", "y", "x")}))
	result := d.Add(diagram.NewBox(diagram.Contract{}, axes("y", "k"), axes("x"), []*diagram.Wire{weights, v}, []*diagram.Wire{wire("result", "y", "k")}))
	d.Out = []*diagram.Wire{result}
	return d
}

// linear is a learned box on one wire: it takes the axes `from` and puts `to` in
// the place of the first of them.
func linear(name string, in *diagram.Wire, from, to shape.Shape, bias bool) *diagram.Box {
	var degree, result shape.Shape
	for _, a := range in.Type.Axes {
		switch at := from.Index(a.Label); {
		case at == 0:
			result = append(result, to...)
		case at < 0:
			degree, result = append(degree, a), append(result, a)
		}
	}
	if len(from) == 0 {
		result = append(result, to...)
	}
	own := append(append(shape.Shape{}, from...), to...)
	op := diagram.Linear{From: len(from), To: len(to), Weight: &diagram.Weight{Path: name + ".weight", Axes: own}}
	if bias {
		op.Bias = &diagram.Weight{Path: name + ".bias", Axes: to}
	}
	b := diagram.NewBox(op, degree, own, []*diagram.Wire{in}, []*diagram.Wire{diagram.NewWire("", result...)})
	b.Name = name
	return b
}

func bound(name string, b *diagram.Box) *diagram.Box {
	b.Out[0].Name = name
	return b
}

func multiHead() *diagram.Diagram {
	target, source := wire("target", "y", "m"), wire("source", "x", "m")
	d := &diagram.Diagram{Name: "MultiHead", Title: "Multi-Head Attention", In: []*diagram.Wire{target, source}}
	q := d.Add(bound("q", linear("q", target, axes("m"), axes("h", "k"), false)))
	k := d.Add(bound("K", linear("K", source, axes("m"), axes("h", "k"), false)))
	v := d.Add(bound("V", linear("V", source, axes("m"), axes("h", "k"), false)))
	mixed := d.Add(diagram.NewBox(diagram.Composite{Body: attention()}, axes("h"), axes("y", "k", "x"),
		[]*diagram.Wire{q, k, v}, []*diagram.Wire{wire("", "h", "y", "k")}))
	out := d.Add(linear("linear1", mixed, axes("h", "k"), axes("m"), false))
	back := d.Add(diagram.NewBox(diagram.View{Name: "rearrange"}, axes("y", "m"), nil, []*diagram.Wire{out}, []*diagram.Wire{wire("", "y", "m")}))
	d.Out = []*diagram.Wire{back}
	return d
}

func digits() *diagram.Diagram {
	image := wire("image", "row", "col")
	d := &diagram.Diagram{Name: "Digits", Title: "Digits", In: []*diagram.Wire{image}}
	pixel := shape.Axis{Label: "pixel", Size: shape.Letter("row").Mul(shape.Letter("col"))}
	merge := &diagram.Box{Op: diagram.View{Name: "merge"}, In: d.In, Out: []*diagram.Wire{diagram.NewWire("", pixel)},
		Weave: diagram.Weave{Degree: axes("row", "col"),
			In: [][]diagram.Affine{{diagram.At(0), diagram.At(1)}},
			Out: [][]diagram.Affine{{{Terms: []diagram.AffineTerm{
				{Index: 0, Stride: shape.Letter("col")}, {Index: 1, Stride: shape.Int(1)}}}}}}}
	flat := d.Add(merge)
	hidden := shape.Shape{{Label: "hidden", Size: shape.Int(512)}}
	a := d.Add(linear("affine1", flat, shape.Shape{pixel}, hidden, true))
	r := d.Add(diagram.NewBox(diagram.Apply(diagram.FnRelu), hidden, nil, []*diagram.Wire{a}, []*diagram.Wire{diagram.NewWire("", hidden...)}))
	out := d.Add(linear("affine2", r, hidden, shape.Shape{{Label: "class", Size: shape.Int(10)}}, true))
	d.Out = []*diagram.Wire{out}
	return d
}
