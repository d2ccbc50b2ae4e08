package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// concat puts wires one behind the other along an axis: each is scattered into an
// array of zeros, and these are added.
func concat(a *application) value {
	words, ok := a.wanted()
	if !ok {
		return poison{}
	}
	if !a.holdOne(words) {
		return poison{}
	}
	if len(a.wires) == 0 {
		a.fault(WireCount, a.at.span, "`concat` puts wires of a tuple one behind the other along one axis: `(a, b) >> concat[c]`")
		return poison{}
	}
	var places []int
	var total shape.Size
	for _, w := range a.wires {
		found, ok := a.named(w, words)
		if !ok || len(found) != 1 || !a.holdAlike(w, words[0].label) {
			return poison{}
		}
		places = append(places, found[0])
		total = total.Add(w.Type.Axes[found[0]].Size)
	}
	if len(a.wires) == 1 {
		return wire{a.wires[0]}
	}
	var pieces []*diagram.Wire
	var before shape.Size
	for i, w := range a.wires {
		axis := w.Type.Axes[places[i]]
		made := shape.Axis{Label: axis.Label, Size: total}
		piece, ok := a.viewed("concat", w, places[i], axis.Size, shifted(shape.Size{}), shifted(before), &made).(wire)
		if !ok {
			return poison{}
		}
		pieces = append(pieces, piece.Wire)
		before = before.Add(axis.Size)
	}
	return a.mapped(added(len(pieces)), pieces, a.at.span)
}

// holdAlike holds that a wire has the axes of the first, but for the one along
// which they are put.
func (a *application) holdAlike(w *diagram.Wire, label string) bool {
	first := a.wires[0]
	if !sameLabels(w.Type.Axes.Labels(), first.Type.Axes.Labels()) || w.Type.IsPlace() || first.Type.IsPlace() {
		a.fault(AxisMissing, a.at.span, "`concat` wants wires of numbers with the same axes, and these are %s and %s", a.typeOf(first), a.typeOf(w))
		return false
	}
	for _, axis := range w.Type.Axes {
		if axis.Label != label && !a.sameSize(first, w, axis.Label, a.at.span) {
			return false
		}
	}
	return true
}

// added is the sum of n scalars.
func added(n int) diagram.Map {
	var program []diagram.Instr
	last := 0
	for i := 1; i < n; i++ {
		program = append(program, diagram.Instr{Fn: diagram.FnAdd, Args: []int{last, i}})
		last = n + len(program) - 1
	}
	return diagram.Map{Program: program, Results: []int{last}}
}

// stack puts wires side by side along a new axis, which becomes the outermost.
func stack(a *application) value {
	label, isWord := a.newLabel()
	if !isWord || len(a.wires) == 0 {
		a.fault(WireCount, a.at.span, "`stack` puts the wires of a tuple side by side along a new axis: `(a, b) >> stack[c]`")
		return poison{}
	}
	total := shape.Int(len(a.wires))
	var pieces []*diagram.Wire
	for i, w := range a.wires {
		if !a.holdAlike(w, "") || !a.holdFree(w, nil, shape.Shape{{Label: label, Size: total}}) {
			return poison{}
		}
		pieces = append(pieces, a.stacked(w, label, i, total))
	}
	return a.mapped(added(len(pieces)), pieces, a.at.span)
}

// stacked puts a wire at one place of a new axis, with zeros at the others.
func (a *application) stacked(w *diagram.Wire, label string, i int, total shape.Size) *diagram.Wire {
	n := len(w.Type.Axes)
	weave := diagram.Weave{Degree: w.Type.Axes, In: [][]diagram.Affine{ownPort(n)}}
	weave.Out = [][]diagram.Affine{append([]diagram.Affine{{Offset: shape.Int(i)}}, ownPort(n)...)}
	axes := append(shape.Shape{{Label: label, Size: total}}, w.Type.Axes...)
	return a.put(diagram.View{Name: "stack"}, "", weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: axes}}).(wire).Wire
}

// newLabel is the label of the axis that the brackets name.
func (a *application) newLabel() (string, bool) {
	words := a.list()
	if len(words) != 1 || words[0].many {
		return "", false
	}
	return words[0].label, true
}

// upsample repeats every place of an axis n times.
func upsample(a *application) value { return a.alongEach(a.upsampled) }

func (a *application) upsampled(w *diagram.Wire, i int) value {
	n, isGiven := a.size("n")
	if !isGiven || n.IsZero() || isNegative(n) {
		a.fault(ParameterMissing, a.at.span, "`upsample` must say how often: `upsample[%s, 2]`", w.Type.Axes[i].Label)
		return poison{}
	}
	axis := w.Type.Axes[i]
	degree := degreeBut(w, []int{i})
	weave := diagram.Weave{Degree: degree, Own: shape.Shape{axis, {Label: axis.Label + "'", Size: n}}}
	weave.In = [][]diagram.Affine{inPort(w, []int{i}, len(degree))}
	axes, out := placed(w, []int{i}, shape.Shape{{Label: axis.Label, Size: axis.Size.Mul(n)}}, len(degree))
	out[i] = diagram.Affine{Terms: []diagram.AffineTerm{{Index: len(degree), Stride: n}, {Index: len(degree) + 1, Stride: shape.Int(1)}}}
	weave.Out = [][]diagram.Affine{out}
	return a.put(diagram.View{Name: "upsample"}, "", weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: axes, In: w.Type.In}})
}
