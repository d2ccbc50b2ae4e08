package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// transport makes the boxes of learning rules that are derived from the layer: push,
// from a signal at its output to one at its input; pull, to a change of its weight;
// forward, from another input to an output; and, where the rule is said at a box,
// behind, from an output of the box to one of the layer. Substitutes may stand for
// weights, and for the input of push and pull: push[w = B], pull[x = trace].
type transport string

// transports are those boxes.
var transports = setOf("push pull forward behind")

func (t transport) title() string { return string(t) }

func (t transport) apply(e *elaborator, c *configured, in value, at use) value {
	given, ok := e.oneWire(in, at.span)
	if !ok {
		return poison{}
	}
	wanted, made := t.ends(e.rule)
	if t == "pull" && made.Axes == nil {
		e.fault(RuleMismatch, at.span, "this layer has no weight to pull on")
		return poison{}
	}
	if !isWithin(given.Type.Axes, wanted) {
		e.fault(RuleMismatch, at.span, "`%s` takes %s, and this is %s", t, wanted, e.typeOf(given))
		return poison{}
	}
	wires := []*diagram.Wire{e.asTold(given, at.span)}
	substitutes, ok := t.substitutes(e, c, &wires)
	if !ok {
		return poison{}
	}
	return wire{t.box(e, wires, substitutes, made, at.span)}
}

// ends are the axes of what goes in, and the type of what comes out.
func (t transport) ends(r *ruleSite) (shape.Shape, shape.Type) {
	output := r.output()
	switch t {
	case "push":
		return output.Axes, shape.Type{Axes: r.layer.Input.Axes}
	case "forward":
		return r.layer.Input.Axes, output
	case "behind":
		return output.Axes, r.layer.Output
	}
	return output.Axes, shape.Type{Axes: r.pulled()}
}

// pulled are the axes of the weight whose change is said, or of the first one.
func (r *ruleSite) pulled() shape.Shape {
	if r.isWeight && r.wanted != nil {
		return r.wanted
	}
	if w := r.weight("weight"); w != nil {
		return w.Axes
	}
	for _, w := range r.layer.Weights {
		return w.Axes
	}
	return nil
}

// box adds the box, which has the labels by which the layer was told.
func (t transport) box(e *elaborator, wires []*diagram.Wire, substitutes map[string]int, made shape.Type, span source.Span) *diagram.Wire {
	back := map[string]string{}
	for label, own := range e.rule.relabels {
		back[own] = label
	}
	told := made
	told.Axes = relabelled(made.Axes, back)
	out := &diagram.Wire{Type: told, Span: span}
	b := &diagram.Box{In: wires, Out: []*diagram.Wire{out}, Span: span, Weave: wholeWeave(wires, []*diagram.Wire{out})}
	switch t {
	case "push":
		b.Op = diagram.Push{Substitute: substitutes}
	case "pull":
		b.Op = diagram.Pull{Substitute: substitutes}
	default:
		b.Op = diagram.Ahead{Behind: t == "behind", Substitute: substitutes}
	}
	e.add(b)
	if told.Axes.Equal(made.Axes) {
		return out
	}
	return e.renamed(out, made.Axes, span)
}

// substitutes reads the wires that stand for weights and for the input.
func (t transport) substitutes(e *elaborator, c *configured, wires *[]*diagram.Wire) (map[string]int, bool) {
	var substitutes map[string]int
	for _, a := range c.args {
		item, isNamed := namedArg(a)
		if !isNamed {
			e.fault(UnknownParameter, a.Span(), "`%s` takes substitutes by name: `%s[w = B]`", t, t)
			return nil, false
		}
		name := item.Name().Text
		role, axes := e.rule.names.weights[name], shape.Shape(nil)
		if w := e.rule.weight(role); w != nil {
			axes = w.Axes
		} else if name == e.rule.names.input && (t == "push" || t == "pull") {
			role, axes = "x", e.rule.layer.Input.Axes
		} else {
			e.fault(UnknownParameter, item.Span(), "this layer has no weight `%s`", name)
			return nil, false
		}
		w, ok := e.oneWire(e.eval(item.Value), item.Value.Span())
		if !ok {
			return nil, false
		}
		if !isWithin(w.Type.Axes, axes) {
			e.fault(RuleMismatch, item.Span(), "`%s` is %s, and %s stands for it", name, axes, e.typeOf(w))
			return nil, false
		}
		if substitutes == nil {
			substitutes = map[string]int{}
		}
		substitutes[role] = len(*wires)
		*wires = append(*wires, e.asTold(w, item.Span()))
	}
	return substitutes, true
}
