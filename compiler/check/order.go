package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// Boxes that hang on the order of an axis's places or of its numbers. They are made of
// others: each compares every place of the axis with every other.
var orders = []*primitive{
	{name: "cumsum", form: "a..", shape: cumulative},
	{name: "sort", form: "a.., descending: bool = false", shape: sorted},
	{name: "top", form: "a.. -> b..", shape: top},
}

// ordering is such a box while it is made: the wire in its body, the axis, and that
// axis once more under another label.
type ordering struct {
	*application
	inner *elaborator
	name  string
	outer *diagram.Wire
	wire  *diagram.Wire
	axis  shape.Axis
	again shape.Axis
}

// order starts the body of a box on one axis of one wire of numbers.
func (a *application) order() (*ordering, bool) {
	w, ok := a.ofNumbers()
	if !ok {
		return nil, false
	}
	i, ok := a.oneAxis(w)
	if !ok {
		return nil, false
	}
	name := a.boxName(a.at, a.made.name)
	inner := a.insideOf(a.storeOf(a.at, name))
	inner.d.Name, inner.d.Span = a.made.name, a.at.span
	inner.copies(a.elaborator, []*diagram.Wire{w})
	again := shape.Axis{Label: w.Type.Axes[i].Label + "'", Size: w.Type.Axes[i].Size}
	for w.Type.Axes.Index(again.Label) >= 0 {
		again.Label += "'"
	}
	in := &application{elaborator: inner, brackets: a.brackets, made: a.made, at: use{span: a.at.span}, reader: a.reader}
	return &ordering{in, inner, name, w, inner.d.In[0], w.Type.Axes[i], again}, true
}

// places are 0, 1, 2 … along an axis.
func (o *ordering) places(axis shape.Axis) *diagram.Wire {
	return o.source(diagram.Places{}, "", shape.Shape{axis}).(wire).Wire
}

// renamed is the wire with the axis under its other label.
func (o *ordering) renamed() *diagram.Wire {
	axes := slices.Clone(o.wire.Type.Axes)
	axes[axes.Index(o.axis.Label)] = o.again
	out := &diagram.Wire{Type: shape.Type{Axes: axes}, Span: o.at.span}
	all := ownPort(len(axes))
	o.add(&diagram.Box{
		Op: diagram.View{Name: "rename"}, In: []*diagram.Wire{o.wire}, Out: []*diagram.Wire{out}, Span: o.at.span,
		Weave: diagram.Weave{Degree: axes, In: [][]diagram.Affine{all}, Out: [][]diagram.Affine{slices.Clone(all)}},
	})
	return out
}

// contracted multiplies two wires and adds up over the axis; what comes out has the
// axes of the first with another in its place.
func (o *ordering) contracted(w, by *diagram.Wire, over, made shape.Axis) *diagram.Wire {
	axes := slices.Clone(w.Type.Axes)
	axes[axes.Index(over.Label)] = made
	weave := diagram.Weave{Degree: axes, Own: shape.Shape{over}}
	weave.In = [][]diagram.Affine{weave.Indices(w.Type.Axes), weave.Indices(by.Type.Axes)}
	weave.Out = [][]diagram.Affine{ownPort(len(axes))}
	return o.put(diagram.Contract{}, "", weave, []*diagram.Wire{w, by}, &diagram.Wire{Type: shape.Type{Axes: axes}}).(wire).Wire
}

// compared applies a program to wires, over axes in this order.
func (o *ordering) compared(m diagram.Map, axes shape.Shape, wires ...*diagram.Wire) *diagram.Wire {
	out := &diagram.Wire{Type: shape.Type{Axes: axes}, Span: o.at.span}
	b := diagram.NewBox(m, axes, nil, wires, []*diagram.Wire{out})
	b.Span = o.at.span
	o.add(b)
	return out
}

// close puts the box in.
func (o *ordering) close(outer *application, results ...*diagram.Wire) value {
	var t tuple
	for _, w := range results {
		t = append(t, wire{w})
	}
	return outer.enclose(o.inner, o.name, []*diagram.Wire{o.outer}, t, outer.at.span)
}

// cumulative adds up all numbers up to each place of an axis, that place's own too.
func cumulative(a *application) value {
	o, ok := a.order()
	if !ok {
		return poison{}
	}
	p := diagram.NewProgram()
	one := p.Constant(diagram.Literal(1))
	upTo, _ := p.Assemble([]int{p.Apply(diagram.FnSub, one, p.Apply(diagram.FnGreater, p.Input(0), p.Input(1)))})
	mask := o.compared(upTo, shape.Shape{o.again, o.axis}, o.places(o.again), o.places(o.axis))
	return o.close(a, o.contracted(o.renamed(), mask, o.again, o.axis))
}

// sorted puts the numbers along an axis in order, the smallest first, or the largest
// with `descending`. The derivative goes back to where each number came from.
func sorted(a *application) value {
	o, ok := a.order()
	if !ok {
		return poison{}
	}
	fn := diagram.FnLess
	if a.flag("descending") {
		fn = diagram.FnGreater
	}
	chosen := o.chosen(fn, o.again)
	return o.close(a, o.renamedBack(o.contracted(o.wire, chosen, o.axis, o.again)))
}

// renamedBack is a wire whose doubled axis gets the label of the axis.
func (o *ordering) renamedBack(w *diagram.Wire) *diagram.Wire {
	back := *o
	back.wire, back.axis, back.again = w, o.again, o.axis
	return back.renamed()
}

// top is the largest numbers along an axis, and their places, from the largest on.
func top(a *application) value {
	o, ok := a.order()
	if !ok {
		return poison{}
	}
	to := a.to["a"]
	if len(to) != 1 || to[0].many {
		a.fault(BadAxes, a.at.span, "`top` puts the largest numbers along a new axis: `top[%s -> k:2]`", o.axis.Label)
		return poison{}
	}
	made, _, ok := a.reader.sized(to[0])
	if !ok || !a.holdFree(o.outer, nil, shape.Shape{made}) {
		return poison{}
	}
	if isNegative(o.axis.Size.Sub(made.Size)) {
		a.fault(IndexOutside, a.at.span, "axis `%s` has %s places, of which the %s largest are wanted", o.axis.Label, o.axis.Size, made.Size)
		return poison{}
	}
	chosen := o.chosen(diagram.FnGreater, made)
	values := o.contracted(o.wire, chosen, o.axis, made)
	taken := []int{chosen.Type.Axes.Index(o.axis.Label)}
	places := o.reduced(diagram.Reduce{Fn: "argmax"}, chosen, taken, &o.axis).(wire).Wire
	return o.close(a, values, places)
}

// chosen is 1 where a place of the axis comes at that place of the order, else 0. Of
// equal numbers the first comes first.
func (o *ordering) chosen(before diagram.Fn, made shape.Axis) *diagram.Wire {
	rank := o.rank(before)
	axes := append(slices.Clone(rank.Type.Axes), made)
	return o.compared(diagram.Apply(diagram.FnEqual), axes, rank, o.places(made))
}

// rank is how many places of the axis come before each.
func (o *ordering) rank(before diagram.Fn) *diagram.Wire {
	other := o.renamed()
	p := diagram.NewProgram()
	mine, others, place, places := p.Input(0), p.Input(1), p.Input(2), p.Input(3)
	tied := p.Apply(diagram.FnMul, p.Apply(diagram.FnEqual, others, mine), p.Apply(diagram.FnLess, places, place))
	precedes, _ := p.Assemble([]int{p.Apply(diagram.FnAdd, p.Apply(before, others, mine), tied)})
	axes := append(slices.Clone(o.wire.Type.Axes), o.again)
	each := o.compared(precedes, axes, o.wire, other, o.places(o.axis), o.places(o.again))
	return o.reduced(diagram.Sum{}, each, []int{len(axes) - 1}, nil).(wire).Wire
}
