package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

var lookups = []*primitive{
	{name: "take", form: "a..", shape: take},
	{name: "put", form: "a.., b.. -> c..", shape: put, isMaker: true},
	{name: "one_hot", form: "a..", shape: oneHot},
	{name: "places", form: "a..", shape: placesSource, isSource: true},
}

// take looks places up in an array: out[i] = array[places[i], i]. Other axes of the
// same name go together; they come first, in the order in which they are met.
func take(a *application) value {
	array, places, ok := a.pair()
	if !ok {
		return poison{}
	}
	i, ok := a.oneAxis(array)
	if !ok || !a.holdPlaces(places, array.Type.Axes[i]) {
		return poison{}
	}
	axis := array.Type.Axes[i]
	degree := degreeBut(array, []int{i})
	for _, other := range places.Type.Axes {
		if other.Label == axis.Label {
			a.fault(AxisCapture, a.at.span, "axis `%s` is looked up, and %s has it too", axis.Label, a.wireName(places))
			return poison{}
		}
		if degree.Index(other.Label) < 0 {
			degree = append(degree, other)
		} else if !a.sameSize(array, places, other.Label, a.at.span) {
			return poison{}
		}
	}
	weave := diagram.Weave{Degree: degree, Own: shape.Shape{axis}}
	weave.In = [][]diagram.Affine{weave.Indices(array.Type.Axes), weave.Indices(places.Type.Axes)}
	weave.Out = [][]diagram.Affine{ownPort(len(degree))}
	return a.put(diagram.Take{}, "", weave, []*diagram.Wire{array, places}, &diagram.Wire{Type: shape.Type{Axes: degree}})
}

// put adds numbers up at the places that a second wire says: the transpose of take. The
// axes that the brackets name left of the arrow are summed; without an arrow it is all
// axes of the places.
func put(a *application) value {
	numbers, places, ok := a.pair()
	if !ok {
		return poison{}
	}
	words, target := a.axes["b"], a.axes["a"]
	if words != nil {
		target = a.to["b"]
	}
	if len(target) != 1 || target[0].many || numbers.Type.IsPlace() {
		a.fault(BadAxes, a.at.span, "`put` adds numbers up along one axis: `(numbers, places) >> put[edge -> node]`")
		return poison{}
	}
	axis := shape.Axis{Label: target[0].label}
	if places.Type.IsPlace() && places.Type.In.Label == axis.Label {
		axis.Size = places.Type.In.Size
	}
	if !a.holdPlaces(places, axis) || !a.holdPlaceSize(target[0], axis) {
		return poison{}
	}
	degree, ok := a.joined([]*diagram.Wire{numbers, places}, a.at.span)
	if !ok {
		return poison{}
	}
	summed := places.Type.Axes
	if words != nil {
		found, ok := a.named(places, words)
		if !ok {
			return poison{}
		}
		summed = picked(places, found)
	} else {
		summed = slices.DeleteFunc(slices.Clone(summed), func(s shape.Axis) bool { return a.rides(s.Label) })
	}
	return a.putAlong(numbers, places, degree, summed, axis)
}

// putAlong adds the box. The axis that is made stands where the first that is summed
// stood.
func (a *application) putAlong(numbers, places *diagram.Wire, degree, summed shape.Shape, axis shape.Axis) value {
	weave := diagram.Weave{Degree: degree, Own: shape.Shape{axis}}
	weave.In = [][]diagram.Affine{weave.Indices(numbers.Type.Axes), weave.Indices(places.Type.Axes)}
	axes, port, isMade := shape.Shape{}, []diagram.Affine{}, false
	put := func() {
		if !isMade {
			axes, port, isMade = append(axes, axis), append(port, diagram.At(len(degree))), true
		}
	}
	for i, kept := range degree {
		if summed.Index(kept.Label) >= 0 {
			put()
			continue
		}
		if kept.Label == axis.Label {
			a.fault(AxisCapture, a.at.span, "axis `%s` is free in the argument but also made by `put`", axis.Label)
			return poison{}
		}
		axes, port = append(axes, kept), append(port, diagram.At(i))
	}
	put()
	weave.Out = [][]diagram.Affine{port}
	return a.put(diagram.Put{}, "", weave, []*diagram.Wire{numbers, places}, &diagram.Wire{Type: shape.Type{Axes: axes}})
}

func (a *application) holdPlaceSize(word axisWord, axis shape.Axis) bool {
	if word.size == nil {
		return true
	}
	said, ok := a.reader.size(word.size)
	if ok && !a.job.unifier.Unify(said, axis.Size) {
		a.sizeFault(axis.Label, axis.Size, said, word.span)
		return false
	}
	return ok
}

// holdPlaces holds that a wire holds places along an axis.
func (a *application) holdPlaces(w *diagram.Wire, axis shape.Axis) bool {
	if !w.Type.IsPlace() {
		a.fault(PlaceNeeded, a.at.span, "`%s` wants places along `%s`, and %s holds numbers", a.made.name, axis.Label, a.wireName(w))
		return false
	}
	if w.Type.In.Label != axis.Label {
		d := a.fault(PlaceNeeded, a.at.span, "`%s` wants places along `%s`, and %s holds places along `%s`", a.made.name, axis.Label, a.wireName(w), w.Type.In.Label)
		d.Help = append(d.Help, "rename the axis first: `["+axis.Label+" -> "+w.Type.In.Label+"]`")
		return false
	}
	if !a.job.unifier.Unify(w.Type.In.Size, axis.Size) {
		a.sizeFault(axis.Label, axis.Size, w.Type.In.Size, a.at.span)
		return false
	}
	return true
}

// oneHot is 1 at the place that the wire says, along a new last axis.
func oneHot(a *application) value {
	w, ok := a.one()
	if !ok {
		return poison{}
	}
	words, ok := a.wanted()
	if !ok || !a.holdPlaceWord(w, words) {
		return poison{}
	}
	axis := *w.Type.In
	if !a.holdFree(w, nil, shape.Shape{axis}) {
		return poison{}
	}
	n := len(w.Type.Axes)
	weave := diagram.Weave{Degree: w.Type.Axes, Own: shape.Shape{axis}}
	weave.In = [][]diagram.Affine{ownPort(n)}
	weave.Out = [][]diagram.Affine{ownPort(n + 1)}
	out := &diagram.Wire{Type: shape.Type{Axes: slices.Concat(w.Type.Axes, shape.Shape{axis})}}
	return a.put(diagram.OneHot{}, "", weave, []*diagram.Wire{w}, out)
}

func (a *application) holdPlaceWord(w *diagram.Wire, words []axisWord) bool {
	if len(words) != 1 || !w.Type.IsPlace() || w.Type.In.Label != words[0].label {
		a.fault(PlaceNeeded, a.at.span, "`%s` wants places along one axis that it names, and %s flows in", a.made.name, a.wireName(w))
		return false
	}
	return true
}

// placesSource is 0, 1, 2 … along an axis, as numbers.
func placesSource(a *application) value {
	words, ok := a.wanted()
	if !ok {
		return poison{}
	}
	axes, ok := a.newAxes(words)
	if !ok || len(axes) != 1 || len(a.wires) > 0 {
		if ok {
			a.fault(BadAxes, a.at.span, "`places` is a source along one axis")
		}
		return poison{}
	}
	return a.source(diagram.Places{}, "", axes)
}
