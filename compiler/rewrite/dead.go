package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
)

// RemoveDead drops the boxes that no result and no carried state hangs on, and the
// weights that no box is left for. A state that nothing but itself reads stays.
func RemoveDead(d *diagram.Diagram) *diagram.Diagram {
	wanted := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		wanted[w] = true
	}
	for _, s := range d.States {
		wanted[s.Out] = true
	}
	live := *d
	live.Boxes = nil
	held := map[*diagram.Weight]bool{}
	for _, s := range d.States {
		held[s.Weight] = true
	}
	for _, b := range slices.Backward(d.Boxes) {
		if !slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return wanted[w] }) {
			continue
		}
		for _, w := range b.In {
			wanted[w] = true
		}
		for _, w := range weightsOf(b.Op) {
			held[w] = true
		}
		live.Boxes = append(live.Boxes, b)
	}
	slices.Reverse(live.Boxes)
	live.Weights = slices.DeleteFunc(slices.Clone(d.Weights), func(w *diagram.Weight) bool { return !held[w] })
	return &live
}

// weightsOf lists the weights that a box and the bodies in it hold.
func weightsOf(op diagram.Op) []*diagram.Weight {
	weights := diagram.WeightsOf(op)
	for _, body := range diagram.Bodies(op) {
		weights = append(weights, body.Weights...)
		for _, b := range body.Boxes {
			weights = append(weights, weightsOf(b.Op)...)
		}
	}
	return weights
}
