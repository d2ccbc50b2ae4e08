package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

var viewBoxes = []*primitive{
	{name: "spread", form: "a..", shape: spread, isMaker: true},
	{name: "slice", form: "a.., from, to", shape: slice, isEach: true},
	{name: "pad", form: "a.., before = 0, after = 0", shape: pad, isEach: true},
	{name: "flip", form: "a..", shape: flip},
	{name: "at", form: "a.., i", shape: at, isEach: true},
	{name: "roll", form: "a.., by = 1", shape: roll, isEach: true},
	{name: "split", form: "a..", shape: split, isMany: true},
	{name: "unstack", form: "a..", shape: unstack},
	{name: "window", form: "a.. -> b.., stride = 1, dilation = 1, pad: word = same", shape: window},
	{name: "unwindow", form: "a.. -> b.., stride = 1, dilation = 1, pad = 0, extra = 0", shape: unwindow},
	{name: "concat", form: "a..", shape: concat},
	{name: "stack", form: "a..", shape: stack, isMaker: true},
	{name: "upsample", form: "a.., n", shape: upsample, isEach: true},
}

// viewed adds a view that changes one axis of a wire: how a place of the index
// space is found along it, before and after. A made size of nothing drops the axis.
func (a *application) viewed(name string, w *diagram.Wire, i int, index shape.Size, in, out func(own int) diagram.Affine, made *shape.Axis) value {
	degree := degreeBut(w, []int{i})
	own := len(degree)
	weave := diagram.Weave{Degree: degree}
	if made != nil {
		weave.Own = shape.Shape{{Label: made.Label, Size: index}}
	}
	read := inPort(w, nil, 0)
	result := &diagram.Wire{Type: shape.Type{In: w.Type.In}}
	port := []diagram.Affine{}
	lifted := 0
	for j, axis := range w.Type.Axes {
		if j != i {
			read[j] = diagram.At(lifted)
			result.Type.Axes, port = append(result.Type.Axes, axis), append(port, diagram.At(lifted))
			lifted++
			continue
		}
		read[j] = in(own)
		if made != nil {
			result.Type.Axes, port = append(result.Type.Axes, *made), append(port, out(own))
		}
	}
	weave.In, weave.Out = [][]diagram.Affine{read}, [][]diagram.Affine{port}
	if made != nil {
		holdPart(&weave, &read[i], w.Type.Axes[i])
		holdPart(&weave, &port[i], *made)
	}
	return a.put(diagram.View{Name: name}, "", weave, []*diagram.Wire{w}, result)
}

// holdPart says that an index which stands for itself reads a part of its axis only,
// the first places of it: it adds an index of one place, for an index alone stands
// for all of an axis.
func holdPart(w *diagram.Weave, a *diagram.Affine, axis shape.Axis) {
	index, ok := a.Sole()
	if !ok || w.Index(index).Size.Equal(axis.Size) {
		return
	}
	w.Own = append(w.Own, shape.Axis{Label: axis.Label + "'", Size: shape.Int(1)})
	a.Terms = append(a.Terms, diagram.AffineTerm{Index: len(w.Degree) + len(w.Own) - 1, Stride: shape.Int(1)})
}

func shifted(by shape.Size) func(int) diagram.Affine {
	return func(own int) diagram.Affine {
		at := diagram.At(own)
		at.Offset = by
		return at
	}
}

// spread repeats a wire along new axes, which become the outermost.
func spread(a *application) value {
	w, ok := a.one()
	words, okWords := a.wanted()
	if !ok || !okWords {
		return poison{}
	}
	made, ok := a.newAxes(words)
	if !ok || !a.holdFree(w, nil, made) {
		return poison{}
	}
	axes := slices.Concat(made, w.Type.Axes)
	weave := diagram.Weave{Degree: axes}
	weave.In = [][]diagram.Affine{ownPort(len(axes))[len(made):]}
	weave.Out = [][]diagram.Affine{ownPort(len(axes))}
	return a.put(diagram.View{Name: "spread"}, "", weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: axes, In: w.Type.In}})
}

// slice takes the places from `from` up to before `to`.
func slice(a *application) value { return a.alongEach(a.sliced) }

func (a *application) sliced(w *diagram.Wire, i int) value {
	axis := w.Type.Axes[i]
	from, _ := a.size("from")
	to, isGiven := a.size("to")
	if !isGiven {
		a.fault(ParameterMissing, a.at.span, "`slice` must say from where to where: `slice[%s, 0, 4]`", axis.Label)
		return poison{}
	}
	from, to = fromEnd(from, axis.Size), fromEnd(to, axis.Size)
	if isNegative(from) || isNegative(to.Sub(from)) || isNegative(axis.Size.Sub(to)) {
		a.fault(IndexOutside, a.at.span, "places %s up to %s are not all in axis `%s`, which has %s", from, to, axis.Label, axis.Size)
		return poison{}
	}
	size := to.Sub(from)
	return a.viewed("slice", w, i, size, shifted(from), shifted(shape.Size{}), &shape.Axis{Label: axis.Label, Size: size})
}

// fromEnd counts a negative place from the end.
func fromEnd(at, size shape.Size) shape.Size {
	if isNegative(at) {
		return size.Add(at)
	}
	return at
}

func isNegative(s shape.Size) bool {
	n, ok := s.Int()
	return ok && n < 0
}

// pad puts zeros before and after.
func pad(a *application) value { return a.alongEach(a.padded) }

func (a *application) padded(w *diagram.Wire, i int) value {
	axis := w.Type.Axes[i]
	before, _ := a.size("before")
	after, _ := a.size("after")
	if isNegative(before) || isNegative(after) {
		a.fault(SizeInvalid, a.at.span, "padding is not less than nothing")
		return poison{}
	}
	made := shape.Axis{Label: axis.Label, Size: axis.Size.Add(before).Add(after)}
	return a.viewed("pad", w, i, axis.Size, shifted(shape.Size{}), shifted(before), &made)
}

// flip turns an axis round.
func flip(a *application) value { return a.alongEach(a.flipped) }

func (a *application) flipped(w *diagram.Wire, i int) value {
	axis := w.Type.Axes[i]
	turned := func(own int) diagram.Affine {
		return diagram.Affine{Offset: axis.Size.Sub(shape.Int(1)), Terms: []diagram.AffineTerm{{Index: own, Stride: shape.Int(-1)}}}
	}
	return a.viewed("flip", w, i, axis.Size, turned, shifted(shape.Size{}), &axis)
}

// roll moves an axis round by some places; what leaves it behind comes in in front.
func roll(a *application) value { return a.alongEach(a.rolled) }

func (a *application) rolled(w *diagram.Wire, i int) value {
	if !a.holdNumbers(w) {
		return poison{}
	}
	axis, by := w.Type.Axes[i], a.step("by")
	if isNegative(by) {
		by = axis.Size.Add(by)
	}
	if n, isKnown := axis.Size.Int(); isKnown && by.IsInt() && n > 0 {
		by = shape.Int(((by.MustInt() % n) + n) % n)
	}
	if by.IsZero() {
		return wire{w}
	}
	rest := axis.Size.Sub(by)
	front := a.viewed("roll", w, i, rest, shifted(shape.Size{}), shifted(by), &axis)
	back := a.viewed("roll", w, i, by, shifted(rest), shifted(shape.Size{}), &axis)
	return a.mapped(added(2), []*diagram.Wire{front.(wire).Wire, back.(wire).Wire}, a.at.span)
}

// holdNumbers holds that a wire holds numbers.
func (a *application) holdNumbers(w *diagram.Wire) bool {
	if w.Type.IsPlace() {
		a.fault(NumberNeeded, a.at.span, "`%s` wants numbers, and %s holds places along `%s`", a.made.name, a.wireName(w), w.Type.In.Label)
	}
	return !w.Type.IsPlace()
}

// split is a tuple of the parts of an axis, of the sizes that the brackets say; what
// they leave is the last part.
func split(a *application) value {
	w, i, ok := a.along()
	if !ok {
		return poison{}
	}
	axis := w.Type.Axes[i]
	var parts tuple
	from := shape.Size{}
	for _, x := range a.many {
		size, ok := a.reader.size(x)
		if !ok {
			return poison{}
		}
		if isNegative(axis.Size.Sub(from).Sub(size)) {
			a.fault(IndexOutside, x.Span(), "these parts are more than axis `%s` has places: %s", axis.Label, axis.Size)
			return poison{}
		}
		parts = append(parts, a.viewed("slice", w, i, size, shifted(from), shifted(shape.Size{}), &shape.Axis{Label: axis.Label, Size: size}))
		from = from.Add(size)
	}
	if rest := axis.Size.Sub(from); !rest.IsZero() {
		parts = append(parts, a.viewed("slice", w, i, rest, shifted(from), shifted(shape.Size{}), &shape.Axis{Label: axis.Label, Size: rest}))
	}
	if len(parts) < 2 {
		a.fault(ParameterMissing, a.at.span, "`split` must say how many places each part has: `split[%s, 2, 3]`", axis.Label)
		return poison{}
	}
	return parts
}

// at is the part of a wire at one place of an axis; negative counts from the end. Of
// several axes it is the part at that place of each.
func at(a *application) value { return a.alongEach(a.picked) }

func (a *application) picked(w *diagram.Wire, i int) value {
	place, isGiven := a.size("i")
	if !isGiven {
		a.fault(ParameterMissing, a.at.span, "`at` must say which place: `at[%s, 0]`", w.Type.Axes[i].Label)
		return poison{}
	}
	return a.placeAt(w, i, place)
}

func (a *application) placeAt(w *diagram.Wire, i int, place shape.Size) value {
	axis := w.Type.Axes[i]
	place = fromEnd(place, axis.Size)
	if isNegative(place) || isNegative(axis.Size.Sub(place).Sub(shape.Int(1))) {
		a.fault(IndexOutside, a.at.span, "there is no place %s along axis `%s`, which has %s", place, axis.Label, axis.Size)
		return poison{}
	}
	constant := func(int) diagram.Affine { return diagram.Affine{Offset: place} }
	return a.viewed("at", w, i, shape.Int(1), constant, nil, nil)
}

// unstack is a tuple of the parts at each place of an axis.
func unstack(a *application) value {
	w, i, ok := a.along()
	if !ok {
		return poison{}
	}
	n, isKnown := a.job.unifier.Resolve(w.Type.Axes[i].Size).Int()
	if !isKnown || n > a.program.options.Limits.Turns {
		a.fault(SizeNeeded, a.at.span, "how many wires `unstack` makes must be known: axis `%s` has %s places", w.Type.Axes[i].Label, closed(w.Type.Axes[i].Size.String()))
		return poison{}
	}
	t := make(tuple, n)
	for j := range t {
		t[j] = a.placeAt(w, i, shape.Int(j))
	}
	return t
}
