package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// each applies a box with weights of its own at each place of an axis. Where the axis
// is on a wire that flows in, each place goes to its own; else all get the same. The
// axis rides along through the body, and every weight inside has it in front.
func each(a *application) value {
	words, ok := a.wanted()
	if !ok {
		return poison{}
	}
	f, isGiven := a.values["f"].(box)
	if len(words) != 1 || words[0].many || !isGiven {
		a.fault(ParameterMissing, a.at.span, "`each` must say along which axis and which box: `each[e:8, linear[m -> n]]`")
		return poison{}
	}
	axis, ok := a.eachAxis(words[0])
	if !ok {
		return poison{}
	}
	name := a.boxName(a.at, (&repeated{of: f}).kind())
	inner := a.insideOf(a.storeOf(a.at, name))
	inner.d.Name, inner.d.Span = "each", a.at.span
	inner.each = append(slices.Clone(a.each), axis)
	result := inner.applied(f, inner.copies(a.elaborator, a.wires), use{span: a.at.span, isSole: true})
	if isPoisoned(result) {
		return poison{}
	}
	results, ok := inner.allWires(result, a.at.span)
	if !ok {
		return poison{}
	}
	var out tuple
	for _, w := range results {
		out = append(out, wire{inner.onAxis(w, axis, a.wires, a)})
	}
	return a.enclose(inner, name, a.wires, out, a.at.span)
}

// eachAxis is the axis of the word, at the size of the wires that have it.
func (a *application) eachAxis(word axisWord) (shape.Axis, bool) {
	for _, w := range a.wires {
		if i := w.Type.Axes.Index(word.label); i >= 0 {
			return w.Type.Axes[i], a.reader.holdSize(word, w, i)
		}
	}
	if a.each.Index(word.label) >= 0 {
		a.fault(AxisTwice, word.span, "axis `%s` is that of an `each` around this one", word.label)
		return shape.Axis{}, false
	}
	axis, _, ok := a.reader.sized(word)
	return axis, ok
}

// onAxis is a result with the axis of `each`: where the sole wire that flows in has it,
// else outermost but for the batch.
func (e *elaborator) onAxis(w *diagram.Wire, axis shape.Axis, in []*diagram.Wire, a *application) *diagram.Wire {
	if w.Type.Axes.Index(axis.Label) < 0 {
		w = e.spreadAlong(w, shape.Shape{axis}, a.at.span)
	}
	labels := but(w.Type.Axes, axis.Label).Labels()
	place := 0
	if len(in) == 1 && in[0].Type.Axes.Index(axis.Label) >= 0 {
		place = min(in[0].Type.Axes.Index(axis.Label), len(labels))
	} else if len(labels) > 0 && labels[0] == ambient {
		place = 1
	}
	labels = slices.Insert(labels, place, axis.Label)
	if slices.Equal(labels, w.Type.Axes.Labels()) {
		return w
	}
	return e.arranged(w, labels, a.at.span)
}

// isApart reports whether weights are wires of their own here: they have the axes of
// `each`.
func (e *elaborator) isApart() bool { return len(e.each) > 0 }

// linearByWire is `linear` or `affine` with weights that are wires.
func (a *application) linearByWire(w *diagram.Wire, taken []int, in, out shape.Shape, op diagram.Linear, name string) *diagram.Wire {
	made := a.linearApart(w, taken, in, out, a.weightWire(op.Weight, name))
	if op.Bias != nil {
		made = a.onEach(diagram.FnAdd, made, a.weightWire(op.Bias, name), op.Bias.Axes.Labels())
	}
	return made
}

// missingEach are the axes of `each` that a wire lacks.
func (a *application) missingEach(w *diagram.Wire) shape.Shape {
	return slices.DeleteFunc(slices.Clone(a.each), func(axis shape.Axis) bool { return w.Type.Axes.Index(axis.Label) >= 0 })
}

// weightWire hands a weight out as a wire. Labels of its axes that repeat are primed;
// the wire says for each axis of the weight what it is called.
func (a *application) weightWire(w *diagram.Weight, name string) *diagram.Wire {
	axes := shape.Shape{}
	for _, axis := range w.Axes {
		for axes.Index(axis.Label) >= 0 {
			axis.Label += "'"
		}
		axes = append(axes, axis)
	}
	return a.source(diagram.Learned{Weight: w}, name, axes).(wire).Wire
}

// linearApart is the learned map as a contraction with a weight that is a wire: where
// the weight has more axes than a box of its own can say, or goes another way.
func (a *application) linearApart(w *diagram.Wire, taken []int, in, out shape.Shape, weight *diagram.Wire) *diagram.Wire {
	lacking := a.missingEach(w)
	degree := slices.Concat(lacking, degreeBut(w, taken))
	shift := len(lacking)
	weave := diagram.Weave{Degree: slices.Concat(degree, out), Own: in}
	first := len(weave.Degree)
	port := []diagram.Affine{}
	for _, at := range inPort(w, taken, first-shift) {
		port = append(port, at.Shifted(0, shift))
	}
	weightPort := []diagram.Affine{}
	for _, axis := range a.each {
		weightPort = append(weightPort, diagram.At(degree.Index(axis.Label)))
	}
	for i := range in {
		weightPort = append(weightPort, diagram.At(first+i))
	}
	for i := range out {
		weightPort = append(weightPort, diagram.At(len(degree)+i))
	}
	axes, outPort := placed(w, taken, out, len(degree)-shift)
	axes = slices.Concat(lacking, axes)
	made := ownPort(shift)
	for _, at := range outPort {
		made = append(made, at.Shifted(0, shift))
	}
	result := &diagram.Wire{Type: shape.Type{Axes: axes}}
	weave.Out = [][]diagram.Affine{made}
	if w.Type.IsPlace() {
		weave.In = [][]diagram.Affine{weightPort, port}
		return a.put(diagram.Take{}, "", weave, []*diagram.Wire{weight, w}, result).(wire).Wire
	}
	weave.In = [][]diagram.Affine{port, weightPort}
	return a.put(diagram.Contract{}, "", weave, []*diagram.Wire{w, weight}, result).(wire).Wire
}

// onEach applies a function of a wire and a weight that has the axes of `each`, place
// by place.
func (a *application) onEach(fn diagram.Fn, w, weight *diagram.Wire, labels []string) *diagram.Wire {
	axes := slices.Concat(a.missingEach(w), w.Type.Axes)
	out := &diagram.Wire{Type: shape.Type{Axes: axes}, Span: a.at.span}
	weave := diagram.Weave{Degree: axes}
	port := []diagram.Affine{}
	for _, label := range labels {
		port = append(port, diagram.At(axes.Index(label)))
	}
	weave.In = [][]diagram.Affine{weave.Indices(w.Type.Axes), port}
	weave.Out = [][]diagram.Affine{ownPort(len(axes))}
	return a.put(diagram.Apply(fn), "", weave, []*diagram.Wire{w, weight}, out).(wire).Wire
}
