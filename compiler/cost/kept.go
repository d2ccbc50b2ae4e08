package cost

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
)

// keep counts the wires that the vector-Jacobian products of a flat diagram's boxes
// would read. Its inputs are taken to hang on weights that learn.
func (t *tree) keep(d *diagram.Diagram) {
	moves := map[*diagram.Wire]bool{}
	for _, w := range d.In {
		moves[w] = !w.Type.IsPlace()
	}
	for _, s := range d.States {
		moves[s.In] = !s.In.Type.IsPlace()
	}
	for _, b := range d.Boxes {
		isMoved := slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return moves[w] })
		switch op := b.Op.(type) {
		case diagram.Learned:
			isMoved = !op.Weight.Frozen
		case diagram.Repeat, diagram.Scan, diagram.Push, diagram.Pull, diagram.Ahead: // iterated looks inside
			isMoved = true
		case diagram.Lens: // its own program back may read all
			t.keepAll(b.In)
		default:
			isMoved = isMoved && grad.Sends(b)
			if isMoved {
				t.keepAll(residuals(b, moves))
			}
		}
		for _, w := range b.Out {
			moves[w] = isMoved && !w.Type.IsPlace()
		}
	}
}

func (t *tree) keepAll(wires []*diagram.Wire) {
	for _, w := range wires {
		t.keepWire(w)
	}
}

// residuals lists the wires of a box that its way back to the inputs that move reads.
func residuals(b *diagram.Box, moves map[*diagram.Wire]bool) []*diagram.Wire {
	alone := &diagram.Diagram{}
	sweep := grad.NewSweep(alone)
	for _, w := range b.Out {
		if !w.Type.IsPlace() {
			sweep.Send(w, diagram.NewWire("", w.Type.Axes...))
		}
	}
	wanted := slices.DeleteFunc(slices.Clone(b.In), func(w *diagram.Wire) bool { return !moves[w] })
	sweep.Through([]*diagram.Box{b}, wanted)
	var read []*diagram.Wire
	for _, back := range alone.Boxes {
		for _, w := range back.In {
			if slices.Contains(b.In, w) || slices.Contains(b.Out, w) {
				read = append(read, w)
			}
		}
	}
	return read
}
