package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

// site is what a rule speaks of: a whole layer, or its learned box alone.
type site struct {
	boxes    []*diagram.Box
	outputs  []*diagram.Wire
	upstream []*diagram.Wire // inputs that hang on weights that learn
	isBox    bool

	// Of a learned box: the boxes behind it in the layer, what they read of other
	// layers, and weights that stand there.
	behind        []*diagram.Box
	behindInputs  []*diagram.Wire
	behindWeights []*diagram.Wire
}

// siteOf is the whole layer, or where it is asked for and has one output its learned
// box.
func (l *layer) siteOf(atBox bool) *site {
	whole := &site{boxes: l.boxes, outputs: l.outputs, upstream: l.upstream()}
	if !atBox || l.isWhole {
		return whole
	}
	box := &site{isBox: true}
	for _, b := range l.boxes {
		if strings.Join(append(slices.Clone(b.Path), b.Name), ".") == l.path && slices.Contains(opened, b.Kind) {
			box.boxes = append(box.boxes, b)
		} else {
			box.behind = append(box.behind, b)
		}
	}
	made := map[*diagram.Wire]bool{}
	for _, b := range box.boxes {
		for _, w := range b.Out {
			made[w] = true
		}
	}
	isRead := map[*diagram.Wire]bool{}
	for _, w := range l.outputs {
		isRead[w] = true
	}
	for _, b := range box.behind {
		for _, w := range b.In {
			isRead[w] = true
		}
	}
	for _, b := range box.boxes {
		for _, w := range b.Out {
			if isRead[w] {
				box.outputs = append(box.outputs, w)
			}
		}
	}
	if len(box.outputs) != 1 {
		return whole
	}
	box.upstream = l.between(box.boxes, made)
	box.behindInputs = l.between(box.behind, made)
	for _, w := range l.learnable() {
		if readBy(box.behind, w) {
			box.behindWeights = append(box.behindWeights, w)
		}
	}
	return box
}

// between lists what boxes of the layer read of other layers.
func (l *layer) between(boxes []*diagram.Box, made map[*diagram.Wire]bool) []*diagram.Wire {
	return slices.DeleteFunc(l.upstream(), func(w *diagram.Wire) bool { return made[w] || !readBy(boxes, w) })
}

func readBy(boxes []*diagram.Box, w *diagram.Wire) bool {
	return slices.ContainsFunc(boxes, func(b *diagram.Box) bool { return slices.Contains(b.In, w) })
}
