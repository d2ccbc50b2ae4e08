package cost

import (
	"slices"

	"ncd/compiler/shape"
)

// table adds the lines up.
func (t *tree) table() *Table {
	t.root.addUp()
	return &Table{Name: t.root.Name, Total: t.root}
}

// addUp adds the parts of a line to what is its own, and drops those that cost
// nothing.
func (l *Line) addUp() {
	for _, p := range l.Parts {
		p.addUp()
		l.Forward, l.Backward, l.Update = l.Forward.plus(p.Forward), l.Backward.plus(p.Backward), l.Update.plus(p.Update)
		l.Weights, l.Kept = l.Weights.Add(p.Weights), l.Kept.Add(p.Kept)
	}
	l.Parts = slices.DeleteFunc(l.Parts, (*Line).isFree)
}

func (l *Line) isFree() bool {
	return l.Work().IsZero() && l.Weights.IsZero() && l.Kept.IsZero()
}

// multiply takes the line and its parts so many times, with so many weights.
func (l *Line) multiply(n, weights shape.Size) {
	l.Forward, l.Kept, l.Weights = l.Forward.times(n), l.Kept.Mul(n), l.Weights.Mul(weights)
	for _, p := range l.Parts {
		p.multiply(n, weights)
	}
}
