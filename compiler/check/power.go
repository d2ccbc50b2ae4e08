package check

import (
	"strconv"

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
	case !e.turns(n, p.exponent):
		return poison{}
	}
	op := diagram.Repeat{From: shape.Int(1), To: p.times}
	current := wires
	turns := e.part("^")
	for i := range n {
		body := p.turn(e, turns.within(strconv.Itoa(i)), current)
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
		return Segment(f.made.title())
	case *bound:
		return f.name
	}
	return "repeat"
}

func (p *repeated) turn(e *elaborator, s *store, wires []*diagram.Wire) *diagram.Diagram {
	inner := e.insideOf(s)
	inner.d.Name, inner.d.Span = "turn", p.span
	v := inner.applied(p.of, inner.copies(e, wires), use{span: p.span, isSole: true})
	if isPoisoned(v) {
		return nil
	}
	results, ok := wiresOf(v)
	if !ok || len(results) != len(wires) {
		e.fault(WireCount, p.span, "a box after itself makes as many wires as it takes: %s in, and %s out", flows(len(wires)), counted(len(results), "wire"))
		return nil
	}
	inner.d.Out = results
	return inner.d
}

func (p *repeated) close(e *elaborator, op diagram.Repeat, wires []*diagram.Wire, at use, isNumber bool) value {
	last := op.Turns[len(op.Turns)-1]
	var out []*diagram.Wire
	var t tuple
	for i, w := range last.Out {
		if !isNumber && !sameType(e, w, last.In[i]) {
			e.job.failed = true
			return poison{}
		}
		out = append(out, &diagram.Wire{Type: w.Type, Span: p.span})
		t = append(t, wire{out[i]})
	}
	b := &diagram.Box{Op: op, In: wires, Out: out, Weave: wholeWeave(wires, out), Span: p.span}
	b.Name = e.boxName(use{name: at.name}, p.kind())
	e.add(b)
	if len(t) == 1 {
		return t[0]
	}
	return t
}
