package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

var chanceBoxes = []*primitive{
	{name: "normal", form: "a.., scale: number = 1", shape: draw, isSource: true},
	{name: "uniform", form: "a.., scale: number = 1", shape: draw, isSource: true},
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
