package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

var reductions = []*primitive{
	{name: "sum", form: "a..", shape: reduction},
	{name: "mean", form: "a..", shape: reduction},
	{name: "max", form: "a..", shape: extreme},
	{name: "min", form: "a..", shape: extreme},
	{name: "product", form: "a..", shape: reduction},
	{name: "logsumexp", form: "a..", shape: reduction},
	{name: "argmax", form: "a..", shape: argmax},
	{name: "argmin", form: "a..", shape: argmax},
	{name: "softmax", form: "a..", shape: softmax},
	{name: "logsoftmax", form: "a..", shape: softmax},
}

// reduction takes one number from all places of its axes.
func reduction(a *application) value {
	w, ok := a.ofNumbers()
	words, okWords := a.wanted()
	if !ok || !okWords {
		return poison{}
	}
	taken, ok := a.named(w, words)
	if !ok {
		return poison{}
	}
	var op diagram.Op = diagram.Reduce{Fn: a.made.name}
	if a.made.name == "sum" {
		op = diagram.Sum{}
	}
	return a.reduced(op, w, taken, nil)
}

func (a *application) reduced(op diagram.Op, w *diagram.Wire, taken []int, in *shape.Axis) value {
	degree := degreeBut(w, taken)
	weave := diagram.Weave{Degree: degree, Own: picked(w, taken)}
	weave.In = [][]diagram.Affine{inPort(w, taken, len(degree))}
	weave.Out = [][]diagram.Affine{ownPort(len(degree))}
	return a.put(op, "", weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: degree, In: in}})
}

// extreme is the reduction where brackets name axes, and else the larger or
// smaller of two wires, place by place.
func extreme(a *application) value {
	if a.list() == nil && len(a.wires) == 2 {
		return scalarFunction(a)
	}
	return reduction(a)
}

// argmax is the place of the largest or smallest number along an axis.
func argmax(a *application) value {
	w, ok := a.ofNumbers()
	if !ok {
		return poison{}
	}
	i, ok := a.oneAxis(w)
	if !ok {
		return poison{}
	}
	axis := w.Type.Axes[i]
	return a.reduced(diagram.Reduce{Fn: a.made.name}, w, []int{i}, &axis)
}

// softmax normalises over its axes and leaves them where they are.
func softmax(a *application) value {
	w, ok := a.ofNumbers()
	words, okWords := a.wanted()
	if !ok || !okWords {
		return poison{}
	}
	taken, ok := a.named(w, words)
	if !ok {
		return poison{}
	}
	if a.where != nil {
		masked, ok := a.masked(w)
		if !ok {
			return poison{}
		}
		w = masked
	}
	degree := degreeBut(w, taken)
	weave := diagram.Weave{Degree: degree, Own: picked(w, taken)}
	weave.In = [][]diagram.Affine{inPort(w, taken, len(degree))}
	weave.Out = [][]diagram.Affine{inPort(w, taken, len(degree))}
	op := diagram.Softmax{Log: a.made.name == "logsoftmax"}
	return a.put(op, "", weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: w.Type.Axes}})
}
