package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// repetition is a box after itself a number of times: f^n.
func (e *elaborator) repetition(f box, x *grammar.Power) value {
	n, ok := e.sizeAt(x.Exponent)
	if !ok {
		return poison{}
	}
	return &repeated{of: f, times: n, span: x.Span(), exponent: x.Exponent.Span()}
}

// repeated is a box after itself a number of times.
type repeated struct {
	of             box
	times          shape.Size
	span, exponent source.Span
}

func (*repeated) isValue() {}

// apply elaborates each turn as a diagram of its own.
func (p *repeated) apply(e *elaborator, in value, at use) value {
	wires, ok := e.allWires(in, at.span)
	if !ok {
		return poison{}
	}
	n, isNumber := p.times.Int()
	switch {
	case isNumber && n == 0:
		return in
	case !isNumber:
		n = 1
	case n > mostTurns:
		e.fault(SizeInvalid, p.exponent, "this box stands %d times after itself, and %d are the most", n, mostTurns)
		return poison{}
	}
	op := diagram.Repeat{From: shape.Int(1), To: p.times}
	current := wires
	for range n {
		body := p.turn(e, current)
		if body == nil {
			return poison{}
		}
		op.Turns = append(op.Turns, body)
		current = body.Out
	}
	return p.close(e, op, wires, at, isNumber)
}

// kind is what a repetition without a name is called: after its box.
func (p *repeated) kind() string {
	switch f := p.of.(type) {
	case *configured:
		return snake(f.made.title())
	case *bound:
		return f.name
	}
	return "repeat"
}
