package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
)

// A state is carried on by the nearest scan around the diagram that has it. A
// diagram with states of its own is made to be scanned; one that only uses such a
// diagram may be, and is where something in the file applies it.

// noteCarried notes the first use of a diagram whose states this one leaves to a
// scan around it.
func (d *declared) noteCarried(e *elaborator) {
	if !slices.ContainsFunc(e.d.States, isCarried) {
		d.carries = carriedBy(e.d)
	}
}

// holdScans tells of diagrams of the file that leave states to a scan around them,
// where nothing applies them.
func (p *Program) holdScans() {
	for _, d := range p.main.ordered {
		if d.carries.IsZero() || d.isApplied {
			continue
		}
		f := p.report.fault(StateOutside, d.carries, "a state is carried from place to place of an axis here, and no `scan` says of which")
		f.Help = append(f.Help,
			"`x >> scan[t, f]` applies f at one place of the axis t after another",
			"or scan `"+d.name+"` as a whole, in another diagram or in a test of this file")
	}
}

func isCarried(s *diagram.State) bool { return !s.Kept }

// carriedBy is the first box of a diagram with states that no scan carries on.
func carriedBy(d *diagram.Diagram) source.Span {
	for _, b := range d.Boxes {
		for _, body := range forward(b.Op) {
			if slices.ContainsFunc(body.States, isCarried) || !carriedBy(body).IsZero() {
				return b.Span
			}
		}
	}
	return source.Span{}
}

// forward are the bodies of a box that states leave: not those of a scan, nor what a
// diagram sends back, which goes on from step to step of training.
func forward(op diagram.Op) []*diagram.Diagram {
	switch op := op.(type) {
	case diagram.Composite:
		return []*diagram.Diagram{op.Body}
	case diagram.Repeat:
		return op.Turns
	}
	return nil
}
