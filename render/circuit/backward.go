package circuit

import (
	"errors"
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// DrawBackward draws a flat diagram that has its backward half: the forward half
// from left to right, beneath it the backward half from right to left, and a double
// dashed line between. What the backward half needs of the forward one is put on a
// tape in the one, and taken from it in the other: a panel of the same name and
// colour. Boxes say by their Pass of which half they are.
//
// The drawing is that of Para in pyncd. It errs on diagrams that do not verify, with
// ErrOneWay, and with ErrTooLarge.
func DrawBackward(d *diagram.Diagram, o Options) (*scene.Scene, Stats, error) {
	if err := diagram.Verify(d); err != nil {
		return nil, Stats{}, err
	}
	if len(d.Boxes) > mostBackward {
		return nil, Stats{}, ErrTooLarge
	}
	forward, backward := halves(d)
	if len(backward.Boxes) == 0 {
		return nil, Stats{}, ErrOneWay
	}
	o.Heading = false
	upper, above, err := drawSound(forward, o)
	if err != nil {
		return nil, Stats{}, err
	}
	lower, below, err := drawSound(backward, o)
	if err != nil {
		return nil, Stats{}, err
	}
	lower.Mirror()
	s := stacked(upper, lower)
	s.Title, s.Description, s.Theme = title(d), describe(d), o.Theme
	above.Lines, above.Columns, above.Lanes = above.Lines+below.Lines, above.Columns+below.Columns, above.Lanes+below.Lanes
	above.Bends, above.Crossings = above.Bends+below.Bends, above.Crossings+below.Crossings
	return s, above, nil
}

// What cannot be drawn as two halves: a diagram that nothing goes back through, and one
// of so many boxes that nobody could read it.
var (
	ErrOneWay   = errors.New("it has no backward half")
	ErrTooLarge = fmt.Errorf("its two halves have more than %d boxes", mostBackward)
)

// mostBackward bounds the boxes of both halves. Laying them out takes the square of it.
const mostBackward = 240

// halves parts a diagram by the passes of its boxes.
func halves(d *diagram.Diagram) (forward, backward *diagram.Diagram) {
	forward = &diagram.Diagram{Name: d.Name, Title: d.Title, Doc: d.Doc, Span: d.Span}
	backward = &diagram.Diagram{Name: d.Name + " backward", Title: " ", Span: d.Span}
	half := func(b *diagram.Box) *diagram.Diagram {
		if b.Pass == diagram.Forward {
			return forward
		}
		return backward
	}
	made := map[*diagram.Wire]*diagram.Diagram{}
	for _, b := range d.Boxes {
		once := *b
		once.Turn = nil // what a turn keeps is read far from the loop, which is not rolled up
		half(b).Boxes = append(half(b).Boxes, exploded(&once)...)
		for _, w := range b.Out {
			made[w] = half(b)
		}
	}
	forward.In, backward.In = bySide(d, forward)
	for _, w := range forward.In {
		made[w] = forward
	}
	for _, s := range d.States {
		owner := stateOf(forward, backward, s, made)
		owner.States, made[s.In] = append(owner.States, s), owner
	}
	for _, w := range d.Out {
		if made[w] == forward {
			forward.Out = append(forward.Out, w)
		} else {
			backward.Out = append(backward.Out, w)
		}
	}
	tape(forward, backward, made)
	return forward, backward
}

// stateOf is the half that carries a state on: the one that makes what it becomes.
func stateOf(forward, backward *diagram.Diagram, s *diagram.State, made map[*diagram.Wire]*diagram.Diagram) *diagram.Diagram {
	if s.Out == s.In && reads(forward, s.In) || made[s.Out] == forward {
		return forward
	}
	return backward
}

func reads(d *diagram.Diagram, w *diagram.Wire) bool {
	return slices.ContainsFunc(d.Boxes, func(b *diagram.Box) bool { return slices.Contains(b.In, w) })
}

// bySide parts the inputs: those the forward half reads, and the others, which are
// what comes back to the results.
func bySide(d *diagram.Diagram, forward *diagram.Diagram) (front, back []*diagram.Wire) {
	for _, w := range d.In {
		if reads(forward, w) {
			front = append(front, w)
		} else {
			back = append(back, w)
		}
	}
	return front, back
}

// tapeKind marks the boxes that put arrays on tapes and take them off.
const tapeKind = "tape"

// tape puts what the backward half reads of the forward one onto tapes. Numbers and
// places are written where they are used, so that both halves have their own.
func tape(forward, backward *diagram.Diagram, made map[*diagram.Wire]*diagram.Diagram) {
	maker := map[*diagram.Wire]*diagram.Box{}
	for _, b := range forward.Boxes {
		for _, w := range b.Out {
			maker[w] = b
		}
	}
	var before []*diagram.Box
	taped := map[*diagram.Wire]bool{}
	n := 0
	for _, b := range backward.Boxes {
		for _, w := range b.In {
			if made[w] != forward || taped[w] {
				continue
			}
			taped[w] = true
			if from := maker[w]; from != nil && (isNumber(from) || isPlaces(from)) {
				before = append(before, from)
				continue
			}
			slot := fmt.Sprintf("s[%d]", n)
			n++
			save := &diagram.Box{Op: diagram.View{Name: "save", Slot: slot}, Name: slot, Kind: tapeKind, In: []*diagram.Wire{w}, Out: []*diagram.Wire{copyOf(w)}, Weave: byLabel([]*diagram.Wire{w}, []*diagram.Wire{w})}
			load := &diagram.Box{Op: diagram.View{Name: "load", Slot: slot}, Name: slot, Kind: tapeKind, Out: []*diagram.Wire{w}, Weave: byLabel(nil, []*diagram.Wire{w})}
			forward.Boxes, before = append(forward.Boxes, save), append(before, load)
		}
	}
	backward.Boxes = append(before, backward.Boxes...)
}

func copyOf(w *diagram.Wire) *diagram.Wire {
	twin := *w
	return &twin
}

// halvesGap is between the halves, and lineApart between the two dashed lines, mm.
const (
	halvesGap = 6.0
	lineApart = 1.2
)

// stacked sets one scene above another, to the right side, with a double dashed line
// between.
func stacked(upper, lower *scene.Scene) *scene.Scene {
	s := &scene.Scene{Width: max(upper.Width, lower.Width), Height: upper.Height + halvesGap + lower.Height}
	upper.Move(scene.Point{X: s.Width - upper.Width})
	lower.Move(scene.Point{X: s.Width - lower.Width, Y: upper.Height + halvesGap})
	s.Add(upper.Marks...)
	for _, dy := range []float64{-lineApart / 2, lineApart / 2} {
		y := upper.Height + halvesGap/2 + dy
		s.Add(&scene.Separator{Path: scene.From(scene.Point{X: pageMargin, Y: y}).Line(scene.Point{X: s.Width - pageMargin, Y: y})})
	}
	s.Add(lower.Marks...)
	return s
}
