package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// opaque is a box whose inside is not known: `opaque["name", m -> n:64]`.
func opaque(a *application) value {
	w, ok := a.ofNumbers()
	if !ok {
		return poison{}
	}
	name := a.text("name")
	words, isSaid := a.axes["a"]
	if name == "" || !isSaid {
		d := a.fault(ParameterMissing, a.at.span, "`opaque` must say what it is called outside, and which axes it takes and makes")
		d.Help = append(d.Help, "`opaque[\"name\", m -> n:64]`")
		return poison{}
	}
	taken, ok := a.named(w, words)
	if !ok {
		return poison{}
	}
	in := picked(w, taken)
	out, ok := a.newAxes(a.to["a"])
	if !ok || !a.holdFree(w, taken, out) {
		return poison{}
	}
	degree := degreeBut(w, taken)
	weave := diagram.Weave{Degree: degree, Own: slices.Concat(in, out), In: [][]diagram.Affine{inPort(w, taken, len(degree))}}
	axes, port := placed(w, taken, out, len(degree)+len(in))
	weave.Out = [][]diagram.Affine{port}
	return a.put(diagram.Opaque{Name: name, From: len(in)}, a.boxName(a.at, "opaque"), weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: axes}})
}

// isOpaque reports whether a box's inside is not known, or that of a box inside it.
func isOpaque(b *diagram.Box) bool {
	if _, ok := b.Op.(diagram.Opaque); ok {
		return true
	}
	return slices.ContainsFunc(diagram.Bodies(b.Op), func(d *diagram.Diagram) bool { return slices.ContainsFunc(d.Boxes, isOpaque) })
}
