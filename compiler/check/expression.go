package check

import (
	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
)

// eval evaluates an expression; what is wrong with it is told, and it is poison.
func (e *elaborator) eval(x grammar.Expr) value { return e.evalAs(x, "") }

// evalAs evaluates an expression that a statement gives a name: the box that
// ends it is called so.
func (e *elaborator) evalAs(x grammar.Expr, name string) value {
	switch x := x.(type) {
	case *grammar.Number:
		return literal(x.Text)
	case *grammar.Text:
		return text(x.Value)
	case *grammar.Name, *grammar.Apply:
		return e.flowing(e.named(x, false), use{span: x.Span(), name: name})
	case *grammar.Flow:
		return e.flow(x, name)
	case *grammar.Binary:
		return e.binary(x)
	case *grammar.Negate:
		return e.negate(x)
	case *grammar.Power:
		return e.power(x, name)
	case *grammar.Tuple:
		return e.tuple(x)
	case *grammar.Box:
		return &configured{made: rearrangement{}, args: x.Args, site: e, scope: e.scope, span: x.Span()}
	case *grammar.Select:
		return e.selection(x)
	case *grammar.Load:
		return e.load(x)
	case *grammar.Merge:
		e.fault(WireNeeded, x.Span(), "`%s` reads axes as one, and may stand in brackets only", x.Span().Text())
		return poison{}
	}
	return e.phased(x.(*grammar.At))
}

func (e *elaborator) phased(x *grammar.At) value {
	if e.rule == nil {
		d := e.fault(WireNeeded, x.Span(), "`y@p` is what a layer makes in a phase of a learning rule, and may stand in a rule only")
		d.Help = append(d.Help, "a product of arrays is an index equation: `z[b e] = x[b d] * y[d e]`")
		return poison{}
	}
	return e.inPhase(x)
}

func (e *elaborator) tuple(x *grammar.Tuple) value {
	t := make(tuple, len(x.Parts))
	for i, part := range x.Parts {
		t[i] = e.eval(part)
	}
	if sides, ok := sideBySide(t); ok {
		return sides
	}
	for i, v := range t {
		if _, isBox := v.(box); isBox {
			e.fault(WireNeeded, x.Parts[i].Span(), "a tuple is all wires or all boxes, and this is a box")
			return poison{}
		}
	}
	return t
}

// selection is a part of a tuple, or a declaration of a file imported by a name.
func (e *elaborator) selection(x *grammar.Select) value {
	if x.Name != nil {
		return e.qualified(x)
	}
	v := e.eval(x.From)
	t, ok := v.(tuple)
	switch {
	case isPoisoned(v):
		return poison{}
	case !ok:
		e.fault(WireNeeded, x.Span(), "`.%d` takes a wire out of a tuple, and this is %s", x.Index, kindOf(v))
		return poison{}
	case x.Index < 0 || x.Index >= len(t):
		e.fault(WireCount, x.Span(), "the tuple has %s, counted from 0: there is no number %d", counted(len(t), "wire"), x.Index)
		return poison{}
	}
	return t[x.Index]
}

// oneWire is the wire a value is: a number becomes one of no axes.
func (e *elaborator) oneWire(v value, span source.Span) (*diagram.Wire, bool) {
	switch v := v.(type) {
	case wire:
		return v.Wire, true
	case static:
		return e.constantWire(v.number, span), true
	case tuple:
		if len(v) == 1 {
			return e.oneWire(v[0], span)
		}
	case poison:
		return nil, false
	}
	if !isPoisoned(v) {
		e.fault(WireNeeded, span, "a wire is wanted here, not %s", kindOf(v))
	}
	return nil, false
}

// constantWire is a scalar wire that carries one number.
func (e *elaborator) constantWire(n diagram.Number, span source.Span) *diagram.Wire {
	w := &diagram.Wire{Span: span}
	e.add(&diagram.Box{
		Op: diagram.Constant{Value: n}, Out: []*diagram.Wire{w}, Span: span,
		Weave: diagram.Weave{Out: [][]diagram.Affine{{}}},
	})
	return w
}

// allWires lists the wires of what flows into a box, numbers made wires.
func (e *elaborator) allWires(in value, span source.Span) ([]*diagram.Wire, bool) {
	t, ok := in.(tuple)
	if !ok {
		t = tuple{in}
	}
	var wires []*diagram.Wire
	for _, part := range t {
		if inner, ok := part.(tuple); ok {
			some, ok := e.allWires(inner, span)
			if !ok {
				return nil, false
			}
			wires = append(wires, some...)
			continue
		}
		w, ok := e.oneWire(part, span)
		if !ok {
			return nil, false
		}
		wires = append(wires, w)
	}
	return wires, true
}
