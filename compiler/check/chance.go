package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

var chanceBoxes = []*primitive{
	{name: "normal", form: "a.., scale: number = 1", shape: draw, isSource: true},
	{name: "uniform", form: "a.., scale: number = 1", shape: draw, isSource: true},
	{name: "bernoulli", form: "p: number", shape: bernoulli},
	{name: "dropout", form: "p: number", shape: dropout},
}

// draw is a source of chance: normal with the deviation `scale`, or uniform from
// -scale to scale.
func draw(a *application) value {
	words, ok := a.wanted()
	if !ok || len(a.wires) > 0 {
		return poison{}
	}
	axes, ok := a.newAxes(words)
	if !ok || !a.holdFree(&diagram.Wire{}, nil, axes) {
		return poison{}
	}
	scale, isKnown := a.number("scale", 1).Float()
	if !isKnown {
		a.fault(SizeNeeded, a.at.span, "the scale of a draw is a number that is known before data flow")
		return poison{}
	}
	name := a.boxName(a.at, a.made.name)
	op := diagram.Random{Distribution: a.made.name, Stream: name, Scale: scale}
	if a.made.name == "uniform" {
		op.Scale = 2 * scale
	}
	out := &diagram.Wire{Type: shape.Type{Axes: axes}}
	weave := diagram.Weave{Degree: axes, Out: [][]diagram.Affine{ownPort(len(axes))}}
	drawn := a.put(op, name, weave, nil, out)
	if a.made.name == "normal" {
		return drawn
	}
	return a.elementwise(diagram.FnSub, drawn, numberOf(diagram.Literal(scale)), a.at.span)
}

// kept is 1 with a probability at each place of a wire, and else 0.
func (a *application) kept(w *diagram.Wire, probability diagram.Number) *diagram.Wire {
	name := a.boxName(a.at, a.made.name)
	op := diagram.Random{Distribution: "uniform", Stream: name, Scale: 1}
	axes := w.Type.Axes
	weave := diagram.Weave{Degree: axes, Out: [][]diagram.Affine{ownPort(len(axes))}}
	drawn := a.put(op, name, weave, nil, &diagram.Wire{Type: shape.Type{Axes: axes}})
	return a.elementwise(diagram.FnLess, drawn, numberOf(probability), a.at.span).(wire).Wire
}

// probability is the number in the brackets.
func (a *application) probability() (diagram.Number, bool) {
	s, ok := a.values["p"].(static)
	if !ok {
		a.fault(ParameterMissing, a.at.span, "`%s` must say with which probability: `%s[0.1]`", a.made.name, a.made.name)
		return diagram.Number{}, false
	}
	if p, isKnown := s.number.Float(); isKnown && (p < 0 || p > 1) {
		a.fault(SizeInvalid, a.at.span, "a probability is from 0 to 1, and this is %v", p)
		return diagram.Number{}, false
	}
	return s.number, true
}

// bernoulli is 1 with a probability at each place of what flows in, and else 0.
func bernoulli(a *application) value {
	w, ok := a.one()
	if !ok {
		return poison{}
	}
	p, ok := a.probability()
	if !ok {
		return poison{}
	}
	return wire{a.kept(w, p)}
}

// dropout makes numbers 0 with a probability while training, and the others so much
// larger that their mean stays (Srivastava et al. 2014).
func dropout(a *application) value {
	w, ok := a.ofNumbers()
	if !ok {
		return poison{}
	}
	p, ok := a.probability()
	if !ok {
		return poison{}
	}
	if !a.program.options.Training {
		return wire{w}
	}
	share := diagram.Arithmetic("-", diagram.Literal(1), p)
	if x, isKnown := share.Float(); isKnown && x == 0 {
		return a.elementwise(diagram.FnMul, wire{w}, numberOf(share), a.at.span)
	}
	kept := a.elementwise(diagram.FnDiv, wire{a.kept(w, share)}, numberOf(share), a.at.span)
	return a.elementwise(diagram.FnMul, wire{w}, kept, a.at.span)
}
