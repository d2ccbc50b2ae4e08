package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar"
)

// gradientBoxes are the boxes that make values of what travels backward.
var gradientBoxes = []*primitive{
	{name: "grad", shape: gradient, isSource: true, isMany: true},
	{name: "opaque", form: `name: string, a.. -> b..`, shape: opaque},
	{name: "checkpoint", form: "f: diagram", shape: checkpoint},
	{name: "reversible", form: "f: diagram, g: diagram", shape: reversible},
}

// gradient is the derivative of a scalar wire by others, as values: `grad[s, x]` is one
// wire with the axes of x, `grad[s, x, y]` a tuple of two.
func gradient(a *application) value {
	if len(a.many) < 2 {
		d := a.fault(ParameterMissing, a.at.span, "`grad` must say of which scalar, and by which wires")
		d.Help = append(d.Help, "`grad[loss, x]`")
		return poison{}
	}
	if a.reader.elaborator.d != a.d {
		a.fault(WireNeeded, a.at.span, "these are wires of another diagram: a gradient is taken where its wires flow")
		return poison{}
	}
	var wires []*diagram.Wire
	for _, x := range a.many {
		w, ok := a.gradientWire(x)
		if !ok {
			return poison{}
		}
		wires = append(wires, w)
	}
	return a.gradientOf(wires)
}

// gradientWire is a wire in the brackets. The first is a scalar, and hangs on all others.
func (a *application) gradientWire(x grammar.Expr) (*diagram.Wire, bool) {
	v := a.reader.withScope().eval(x)
	w, isWire := v.(wire)
	switch {
	case isPoisoned(v):
		return nil, false
	case !isWire || w.Type.IsPlace():
		a.fault(WireNeeded, x.Span(), "a gradient is of and by wires of numbers, and this is %s", kindOf(v))
		return nil, false
	case x == a.many[0] && len(w.Type.Axes) > 0:
		d := a.fault(NoGradient, x.Span(), "only a scalar has a gradient, and %s is %s", a.wireName(w.Wire), a.typeOf(w.Wire))
		d.Help = append(d.Help, "add it up first, or put the lines into a diagram that is applied at each place")
		return nil, false
	}
	return w.Wire, true
}

// gradientOf puts the box in.
func (a *application) gradientOf(wires []*diagram.Wire) value {
	var out []*diagram.Wire
	var t tuple
	for i, w := range wires[1:] {
		if !a.hangsOn(wires[0], w, isDetached) {
			d := a.fault(NoGradient, a.many[i+1].Span(), "%s does not hang on %s: there is no gradient", a.wireName(wires[0]), a.wireName(w))
			d.Help = append(d.Help, "the scalar must be made of the very wire, behind the line that gives it this name")
			return poison{}
		}
		if a.isOpaqueBetween(w, wires[0]) {
			a.fault(NoGradient, a.many[i+1].Span(), "between %s and %s stands an opaque box, which has no derivative", a.wireName(w), a.wireName(wires[0]))
			return poison{}
		}
		made := &diagram.Wire{Type: w.Type, Span: a.at.span}
		out, t = append(out, made), append(t, wire{made})
	}
	b := &diagram.Box{Op: diagram.Gradient{}, In: wires, Out: out, Name: a.boxName(a.at, "grad"), Span: a.at.span}
	b.Weave = wholeWeave(wires, out)
	a.add(b)
	if len(t) == 1 {
		return t[0]
	}
	return t
}

// isOpaqueBetween reports whether an opaque box lies on a way from one wire to another.
func (e *elaborator) isOpaqueBetween(from, to *diagram.Wire) bool {
	return slices.ContainsFunc(e.d.Boxes, func(b *diagram.Box) bool {
		leads := func(w *diagram.Wire) bool { return e.hangsOn(w, from, isDetached) }
		return isOpaque(b) && slices.ContainsFunc(b.In, leads) &&
			slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return e.hangsOn(to, w, isDetached) })
	})
}

func isDetached(b *diagram.Box) bool { _, ok := b.Op.(diagram.Detach); return ok }

// hangsOn reports whether boxes of the diagram lead from one wire to another, beside
// those that cut.
func (e *elaborator) hangsOn(w, from *diagram.Wire, cuts func(*diagram.Box) bool) bool {
	hangs := map[*diagram.Wire]bool{from: true}
	for _, b := range e.d.Boxes {
		if cuts(b) {
			continue
		}
		if slices.ContainsFunc(b.In, func(in *diagram.Wire) bool { return hangs[in] }) {
			for _, out := range b.Out {
				hangs[out] = true
			}
		}
	}
	return hangs[w]
}
