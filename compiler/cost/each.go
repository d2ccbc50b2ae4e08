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
	each(d, shape.Int(1), func(b *diagram.Box, times shape.Size) { counted[b] = alone(b).times(times) })
	return counted
}

// EachBytes counts what every box of a diagram holds, by the same rules: the bytes of the
// arrays that it makes, in all its turns, and of its weights, which turns share. A view
// makes none. Numbers have 4 bytes, as they are computed with.
func EachBytes(d *diagram.Diagram) map[*diagram.Box]shape.Size {
	counted := map[*diagram.Box]shape.Size{}
	each(d, shape.Int(1), func(b *diagram.Box, times shape.Size) {
		numbers := shape.Int(0)
		if _, isView := b.Op.(diagram.View); !isView {
			for _, w := range b.Out {
				numbers = numbers.Add(w.Type.Axes.Places())
			}
		}
		numbers = numbers.Mul(times)
		if _, isMade := b.Op.(diagram.Learned); !isMade { // whose array is what it makes
			for _, w := range diagram.WeightsOf(b.Op) {
				numbers = numbers.Add(w.Axes.Places())
			}
		}
		counted[b] = numbers.Mul(shape.Int(4))
	})
	return counted
}

// each visits the boxes without parts, and says how often each is applied.
func each(d *diagram.Diagram, times shape.Size, visit func(b *diagram.Box, times shape.Size)) {
	for _, b := range d.Boxes {
		switch op := b.Op.(type) {
		case diagram.Composite:
			each(op.Body, times.Mul(b.Weave.Degree.Places()), visit)
		case diagram.Scan:
			turns, _, _ := turnsOfBox(b)
			each(op.Body, times.Mul(turns), visit)
		case diagram.Repeat:
			turns := times.Mul(b.Weave.Degree.Places())
			if len(op.Turns) == 1 { // it may stand for all
				turns = turns.Mul(op.To.Sub(op.From).Add(shape.Int(1)))
			}
			for _, turn := range op.Turns {
				each(turn, turns, visit)
			}
		default:
			visit(b, times)
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
