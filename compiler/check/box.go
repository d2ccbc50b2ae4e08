package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

func (c *configured) apply(e *elaborator, in value, at use) value {
	return c.made.apply(e, c, in, at)
}

func (c *configured) isPrimitive() bool {
	_, ok := c.made.(*primitive)
	return ok
}

// isRelation reports whether it stands for another box, with weights that hang on its.
func (c *configured) isRelation() bool {
	p, ok := c.made.(*primitive)
	return ok && p.isRelation
}

// apply sends a value through all boxes of the chain; the name is the last one's.
func (c chain) apply(e *elaborator, in value, at use) value {
	for i, f := range c {
		step := use{span: at.span}
		if i == len(c)-1 {
			step.name = at.name
		}
		in = e.applied(f, in, step)
	}
	return in
}

// apply gives each wire of a tuple to its own box.
func (a abreast) apply(e *elaborator, in value, at use) value {
	t, ok := in.(tuple)
	if !ok || len(t) != len(a) {
		e.fault(WireCount, at.span, "%s side by side want as many wires, and %s flows in", counted(len(a), "box"), kindOf(in))
		return poison{}
	}
	out := make(tuple, len(a))
	for i, f := range a {
		out[i] = e.applied(f, t[i], use{span: at.span})
	}
	return out
}

// bind gives a box a name, so that all uses of it have the same weights.
func (e *elaborator) bind(name string, f box) *bound {
	b := &bound{name: name, of: f, store: e.part(name)}
	b.store.owner = e.d
	return b
}

func (b *bound) apply(e *elaborator, in value, at use) value {
	at.name, at.store = b.name, b.store
	before := len(e.d.Boxes)
	var out value
	if c, ok := b.of.(*configured); ok && (!b.isWhole || !c.isPrimitive() || c.isRelation()) {
		out = c.apply(e, in, at)
	} else {
		out = e.wrapped(b.of, in, at)
	}
	for _, made := range slices.Backward(e.d.Boxes[before:]) {
		if made.Name != "" || made == e.d.Boxes[before] {
			b.boxes = append(b.boxes, made)
			break
		}
	}
	return out
}

// wrapped applies boxes that have a name together as a composite box of that name.
func (e *elaborator) wrapped(f box, in value, at use) value {
	wires, ok := e.allWires(in, at.span)
	if !ok {
		return poison{}
	}
	name := e.boxName(at, at.name)
	inner := e.insideOf(e.storeOf(at, name))
	inner.d.Name, inner.d.Span = name, at.span
	copies := inner.copies(e, wires)
	out := inner.applied(f, copies, use{span: at.span})
	return e.enclose(inner, name, wires, out, at.span)
}

// copies are wires of a body that stand for those of the diagram around it.
func (e *elaborator) copies(outer *elaborator, wires []*diagram.Wire) value {
	var t tuple
	for _, w := range wires {
		c := *w
		e.d.In = append(e.d.In, &c)
		for label, from := range outer.origins[w] {
			e.setOrigin(&c, label, from)
		}
		t = append(t, wire{&c})
	}
	if len(t) == 1 {
		return t[0]
	}
	return t
}

// enclose ends a body whose labels are those around it, and puts its box in.
func (e *elaborator) enclose(inner *elaborator, name string, in []*diagram.Wire, result value, span source.Span) value {
	if isPoisoned(result) {
		return poison{}
	}
	results, ok := wiresOf(result)
	if !ok {
		e.fault(WireNeeded, span, "a wire must come out of this box, not %s", kindOf(result))
		return poison{}
	}
	inner.d.Out = results
	out := make([]*diagram.Wire, len(results))
	var t tuple
	for i, w := range results {
		out[i] = &diagram.Wire{Type: w.Type, Span: span}
		t = append(t, wire{out[i]})
	}
	b := &diagram.Box{Op: diagram.Composite{Body: inner.d}, In: in, Out: out, Name: name, Span: span}
	b.Weave = wholeWeave(in, out)
	e.add(b)
	if len(t) == 1 {
		return t[0]
	}
	return t
}

// wholeWeave is the weave of a box that is lifted over nothing: all axes of its
// wires are its own.
func wholeWeave(in, out []*diagram.Wire) diagram.Weave { return weaveFrom(nil, in, out) }

// weaveFrom is a whole weave whose first own axes are given.
func weaveFrom(first shape.Shape, in, out []*diagram.Wire) diagram.Weave {
	w := diagram.Weave{Own: first}
	maps := func(wires []*diagram.Wire) [][]diagram.Affine {
		ports := make([][]diagram.Affine, len(wires))
		for i, x := range wires {
			ports[i] = []diagram.Affine{}
			for _, a := range x.Type.Axes {
				ports[i] = append(ports[i], diagram.At(ownIndex(&w.Own, a)))
			}
		}
		return ports
	}
	w.In = maps(in)
	w.Out = maps(out)
	return w
}

// ownIndex is the number of an axis in a list, which gets it if it lacks it.
func ownIndex(own *shape.Shape, a shape.Axis) int {
	for i, known := range *own {
		if known.Equal(a) {
			return i
		}
	}
	*own = append(*own, a)
	return len(*own) - 1
}

// power is a number to a power, a wire to a power place by place, or a box after
// itself a number of times.
func (e *elaborator) power(x *grammar.Power, name string) value {
	base := e.eval(x.Base)
	switch base := base.(type) {
	case box:
		return e.repetition(base, x)
	case static:
		if exponent, isWire := e.eval(x.Exponent).(wire); isWire {
			return e.elementwise(diagram.FnPower, base, exponent, x.Span())
		}
		return e.reader().value(x)
	case poison:
		return base
	}
	return e.elementwise(diagram.FnPower, base, e.eval(x.Exponent), x.Span())
}
