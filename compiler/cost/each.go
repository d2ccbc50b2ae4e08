package cost

import (
	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
)

// Each counts the work of every box of a diagram as check makes it, and of those in
// its composite boxes, each by itself: a part is counted as often as what holds it is
// applied, be it that the part does not hang on that. Boxes with parts are not in the
// result, and a gradient that is asked for counts nothing: it is opened only within the
// whole.
func Each(d *diagram.Diagram) map[*diagram.Box]Work {
	counted := map[*diagram.Box]Work{}
	addEach(counted, d, shape.Int(1))
	return counted
}

func addEach(counted map[*diagram.Box]Work, d *diagram.Diagram, times shape.Size) {
	for _, b := range d.Boxes {
		switch op := b.Op.(type) {
		case diagram.Composite:
			addEach(counted, op.Body, times.Mul(b.Weave.Degree.Places()))
		case diagram.Scan:
			turns, _, _ := turnsOfBox(b)
			addEach(counted, op.Body, times.Mul(turns))
		case diagram.Repeat:
			turns := times.Mul(b.Weave.Degree.Places())
			if len(op.Turns) == 1 { // it may stand for all
				turns = turns.Mul(op.To.Sub(op.From).Add(shape.Int(1)))
			}
			for _, turn := range op.Turns {
				addEach(counted, turn, turns)
			}
		default:
			counted[b] = alone(b).times(times)
		}
	}
}

// alone is the work of a diagram of one box.
func alone(b *diagram.Box) Work {
	if _, isGradient := b.Op.(diagram.Gradient); isGradient || isKnown(b) {
		return Work{}
	}
	flat := rewrite.Normalize(&diagram.Diagram{In: b.In, Out: b.Out, Boxes: []*diagram.Box{b}})
	var sum Work
	for _, b := range flat.Boxes {
		if !isKnown(b) {
			sum = sum.plus(workOf(b))
		}
	}
	return sum
}
