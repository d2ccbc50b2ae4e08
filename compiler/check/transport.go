package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// transport makes the boxes of learning rules that stand for derivatives of the
// layer: push, from a signal at its output to one at its input, and pull, to a
// change of its weight. A substitute may stand for a weight: push[w = B].
type transport struct{ pulls bool }

func (t transport) title() string {
	if t.pulls {
		return "pull"
	}
	return "push"
}

func (t transport) apply(e *elaborator, c *configured, in value, at use) value {
	signal, ok := e.oneWire(in, at.span)
	if !ok {
		return poison{}
	}
	if !sameLabels(signal.Type.Axes.Labels(), e.rule.layer.Output.Axes.Labels()) {
		e.fault(RuleMismatch, at.span, "`%s` takes a signal at the layer's output %s, and this is %s", t.title(), e.rule.layer.Output.Axes, e.typeOf(signal))
		return poison{}
	}
	wires := []*diagram.Wire{signal}
	substitutes, ok := t.substitutes(e, c, &wires)
	if !ok {
		return poison{}
	}
	made, ok := t.result(e, at)
	if !ok {
		return poison{}
	}
	out := &diagram.Wire{Type: made, Span: at.span}
	b := &diagram.Box{In: wires, Out: []*diagram.Wire{out}, Span: at.span, Weave: wholeWeave(wires, []*diagram.Wire{out})}
	if t.pulls {
		b.Op = diagram.Pull{Substitute: substitutes}
	} else {
		b.Op = diagram.Push{Substitute: substitutes}
	}
	e.add(b)
	return wire{out}
}

// result is the type of what comes out: of the layer's input, or of its weight.
func (t transport) result(e *elaborator, at use) (shape.Type, bool) {
	if !t.pulls {
		return shape.Type{Axes: e.rule.layer.Input.Axes}, true
	}
	w := e.rule.weight("weight")
	if w == nil {
		e.fault(RuleMismatch, at.span, "this layer has no weight to pull on")
		return shape.Type{}, false
	}
	return shape.Type{Axes: w.Axes}, true
}

// substitutes reads the wires that stand for weights.
func (t transport) substitutes(e *elaborator, c *configured, wires *[]*diagram.Wire) (map[string]int, bool) {
	var substitutes map[string]int
	for _, a := range c.args {
		item, isNamed := namedArg(a)
		if !isNamed {
			e.fault(UnknownParameter, a.Span(), "`%s` takes substitutes by name: `%s[w = B]`", t.title(), t.title())
			return nil, false
		}
		role, known := e.rule.weights[item.Name().Text]
		if !known {
			e.fault(UnknownParameter, item.Span(), "this layer has no weight `%s`", item.Name().Text)
			return nil, false
		}
		w, ok := e.oneWire(e.eval(item.Value), item.Value.Span())
		if !ok {
			return nil, false
		}
		if substitutes == nil {
			substitutes = map[string]int{}
		}
		substitutes[role] = len(*wires)
		*wires = append(*wires, w)
	}
	return substitutes, true
}
