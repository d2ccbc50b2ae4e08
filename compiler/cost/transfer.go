package cost

import (
	"slices"

	"ncd/compiler/diagram"
)

// Transfer is what crosses from layer to layer on the way back: the arrays that boxes
// of the way back make for those of another layer. An array that two other layers
// read crosses twice.
type Transfer struct {
	Layers    int        `json:"layers"`
	Between   Sum        `json:"between"`   // from layer to layer
	FromLoss  Sum        `json:"from_loss"` // from the losses to layers
	Crossings []Crossing `json:"crossings"` // in the order in which they are made
}

// Sum is arrays and their bytes.
type Sum struct {
	Arrays int `json:"arrays"`
	Bytes  int `json:"bytes"`
}

// Crossing is one array that a layer gets.
type Crossing struct {
	From  string `json:"from"` // path of the layer's learned box; empty: the losses
	To    string `json:"to"`
	Array string `json:"array,omitzero"` // name of the wire, if it has one
	Bytes int    `json:"bytes"`
}

// transferOf follows the wires of the way back from layer to layer. A number that is
// known ahead crosses nothing, and neither does what hangs on no weight of the model, as
// a label that several layers read. Element is the bytes of a number.
func transferOf(step *diagram.Diagram, l *layers, element int) Transfer {
	t := Transfer{Layers: len(l.paths)}
	maker := map[*diagram.Wire]int{}
	crossed := map[*diagram.Wire]map[int]bool{}
	hangs := hangOnWeights(step)
	for _, b := range step.Boxes {
		if b.Pass != diagram.Backward || isKnown(b) {
			continue
		}
		to := l.of(b)
		for _, w := range b.In {
			from, isBack := maker[w]
			if from >= 0 && from < to {
				continue // it goes forward: a map may be fused with one of the way back
			}
			if !isBack || from == to || from == none || to < 0 || crossed[w][to] || !hangs[w] {
				continue
			}
			if crossed[w] == nil {
				crossed[w] = map[int]bool{}
			}
			crossed[w][to] = true
			t.add(l, from, to, w, element)
		}
		for _, w := range b.Out {
			maker[w] = to
		}
	}
	return t
}

// hangOnWeights marks what hangs on a weight that learns.
func hangOnWeights(step *diagram.Diagram) map[*diagram.Wire]bool {
	hangs := map[*diagram.Wire]bool{}
	for _, s := range step.States {
		hangs[s.In] = s.Weight != nil && s.Weight.Learns()
	}
	for _, b := range step.Boxes {
		if slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return hangs[w] }) {
			for _, w := range b.Out {
				hangs[w] = true
			}
		}
	}
	return hangs
}

func (t *Transfer) add(l *layers, from, to int, w *diagram.Wire, element int) {
	places, _ := w.Type.Axes.Places().Int()
	c := Crossing{To: l.paths[to], Array: w.Name, Bytes: places * element}
	sum := &t.FromLoss
	if from != tail {
		c.From, sum = l.paths[from], &t.Between
	}
	sum.Arrays++
	sum.Bytes += c.Bytes
	t.Crossings = append(t.Crossings, c)
}
