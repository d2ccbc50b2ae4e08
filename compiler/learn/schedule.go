package learn

import (
	"slices"

	"ncd/compiler/diagram"
)

// schedule lets what a step carries on be made as soon as the forward boxes that it
// hangs on have been run: what a layer kept for a change that hangs on no later layer
// need not be kept until the end. Where everything hangs on the loss the order stays.
func schedule(d *diagram.Diagram) {
	s := &scheduling{maker: map[*diagram.Wire]int{}, reached: make([]int, len(d.Boxes)), due: make([]int, len(d.Boxes))}
	for i, b := range d.Boxes {
		s.note(i, b)
	}
	wanted := slices.Clone(d.Out)
	for _, state := range d.States {
		wanted = append(wanted, state.Out)
	}
	for _, w := range wanted {
		if i, isMade := s.maker[w]; isMade && d.Boxes[i].Pass != diagram.Forward {
			s.last = max(s.last, s.reached[i])
		}
	}
	for _, w := range wanted {
		s.want(w)
	}
	for i, b := range slices.Backward(d.Boxes) {
		s.pass(i, b)
	}
	order := make([]int, len(d.Boxes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return s.due[a] - s.due[b] })
	boxes := make([]*diagram.Box, len(order))
	for place, i := range order {
		boxes[place] = d.Boxes[i]
	}
	d.Boxes = boxes
}

// never is when a box is due that leads to nothing.
const never = int(^uint(0) >> 1)

// scheduling orders boxes by when they are due: forward box i at 2i, what it reads
// before that, and what hangs on it alone right behind it.
type scheduling struct {
	maker   map[*diagram.Wire]int
	reached []int // when all is there that a box hangs on
	due     []int
	last    int // when the last of what is carried on has all that it hangs on: it waits for the end
}

func (s *scheduling) note(i int, b *diagram.Box) {
	s.due[i] = never
	for _, w := range b.In {
		if j, isMade := s.maker[w]; isMade {
			s.reached[i] = max(s.reached[i], s.reached[j])
		}
	}
	if b.Pass == diagram.Forward {
		s.reached[i], s.due[i] = 2*i+1, 2*i
	}
	for _, w := range b.Out {
		s.maker[w] = i
	}
}

// want makes what leads to a result due as soon as all is there.
func (s *scheduling) want(w *diagram.Wire) {
	if i, isMade := s.maker[w]; isMade {
		due := s.reached[i]
		if due == s.last {
			due = never - 1
		}
		s.due[i] = min(s.due[i], due)
	}
}

// pass makes what a box reads due no later than itself.
func (s *scheduling) pass(i int, b *diagram.Box) {
	due := s.due[i]
	if b.Pass == diagram.Forward {
		due--
	}
	for _, w := range b.In {
		if j, isMade := s.maker[w]; isMade {
			s.due[j] = min(s.due[j], due)
		}
	}
}
