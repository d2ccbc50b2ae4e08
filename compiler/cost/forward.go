package cost

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
)

// forward is the forward boxes of a training before any are joined, with the paths
// that they have in the diagram of its step.
type forward struct {
	boxes     []*diagram.Box
	isOfModel map[*diagram.Box]bool // of a model, or ahead of one
}

func forwardOf(t *diagram.Training) *forward {
	f := &forward{isOfModel: map[*diagram.Box]bool{}}
	names := modelNames(t)
	feeds := map[*diagram.Wire]bool{}
	for _, old := range slices.Backward(rewrite.Normalize(t.Forward).Boxes) {
		b := *old
		isModel := renamed(&b, names) || slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return feeds[w] })
		f.isOfModel[&b] = isModel
		for _, w := range b.In {
			feeds[w] = feeds[w] || isModel
		}
		f.boxes = append(f.boxes, &b)
	}
	slices.Reverse(f.boxes)
	return f
}

// modelNames says how the step calls the boxes that apply models: by nothing the
// first, by the model's name the others.
func modelNames(t *diagram.Training) map[string]string {
	names := map[string]string{}
	for i, m := range t.Models {
		if names[m.Box.Name] = m.Name; i == 0 {
			names[m.Box.Name] = ""
		}
	}
	return names
}

// renamed gives a box its path in the step, and reports whether it is of a model.
func renamed(b *diagram.Box, names map[string]string) bool {
	if len(b.Path) == 0 {
		return false
	}
	name, isModel := names[b.Path[0]]
	if isModel {
		b.Path = b.Path[1:]
	}
	if name != "" {
		b.Path = append([]string{name}, b.Path...)
	}
	return isModel
}
