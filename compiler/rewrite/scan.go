package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
)

// scan writes the turns of a Scan out, one after another.
//
// The body is first inlined as that of a Composite lifted over the scanned axis: its
// states then stand for what they hold in every turn. Boxes that hang on no state
// stay so, and are done for all turns at once; the others are done turn by turn, on
// slices. What a turn makes is stacked in the end.
func (s *scope) scan(b *diagram.Box, op diagram.Scan, turns int) {
	lifted := *b
	lifted.Weave.Degree, lifted.Weave.Own = slices.Concat(b.Weave.Degree, b.Weave.Own[:1]), b.Weave.Own[1:]
	lifts := newLifts(lifted.Weave.Degree)
	lifts[len(lifts)-1].isTurn = true
	inner := &scope{s.inliner, s.below(b.Name), s.usesBelow(s.below(b.Name), op.Body.Name), slices.Concat(s.lifts, lifts), map[*diagram.Wire]layout{}, false, s.again}
	for i, w := range op.Body.In {
		inner.bound[w] = s.enter(&lifted, i, w, lifts)
	}
	u := newUnrolling(inner, op.Gradient, turns)
	u.capture(op.Body)
	u.run()
	for i, w := range op.Body.Out {
		l := inner.bound[w]
		inner.bound[w] = layout{u.whole(l.wire), l.slots}
		s.bound[b.Out[i]] = inner.exit(&lifted, i, w, lifts)
	}
}

// unrolling is a scan while its turns are written out. Axis is where the scanned
// axis stands on the wires that hang on a state; in a turn they lack it.
type unrolling struct {
	*scope
	gradient diagram.Through
	turns    int
	axis     map[*diagram.Wire]int

	boxes   []*diagram.Box   // those done in every turn
	states  []*diagram.State // as the body has them
	results []*diagram.Wire
	chosen  *diagram.Wire // of the "random" policy: 1 for each turn that is followed, else 0; or nil

	turn   int
	now    map[*diagram.Wire]*diagram.Wire   // the wires of the present turn
	slices map[*diagram.Wire]*diagram.Wire   // of the present turn
	masked map[*diagram.Wire]*diagram.Wire   // what sent makes of a wire
	pieces map[*diagram.Wire][]*diagram.Wire // of results, by turn
}

func newUnrolling(s *scope, gradient diagram.Through, turns int) *unrolling {
	return &unrolling{scope: s, gradient: gradient, turns: turns, axis: map[*diagram.Wire]int{}, masked: map[*diagram.Wire]*diagram.Wire{}, pieces: map[*diagram.Wire][]*diagram.Wire{}}
}

// capture inlines the body, emits what hangs on no state, and keeps the rest.
func (u *unrolling) capture(body *diagram.Diagram) {
	outer := *u.flat
	u.flat.Boxes, u.flat.States = nil, nil
	u.body(body)
	boxes := u.flat.Boxes
	u.states = u.flat.States
	u.flat.Boxes, u.flat.States = outer.Boxes, outer.States
	for _, state := range u.states {
		u.axis[state.In] = u.axisOf(state)
	}
	for _, b := range boxes {
		if index := u.index(b); index >= 0 {
			u.boxes = append(u.boxes, b)
			u.mark(b, index)
		} else {
			u.emit(b)
			u.leaf(b)
		}
	}
	for _, w := range body.Out {
		if made := u.bound[w].wire; !slices.Contains(u.results, made) {
			u.results = append(u.results, made)
		}
	}
}

// axisOf is where the scanned axis stands on the wires of a state.
func (u *unrolling) axisOf(state *diagram.State) int {
	axis := 0
	for _, x := range u.lifts[:len(u.lifts)-1] {
		if x.isTurn || !state.Kept {
			axis++
		}
	}
	return axis
}

// index is the index of a box's space that is the scanned axis, if the box hangs on
// a state; else -1.
func (u *unrolling) index(b *diagram.Box) int {
	for i, w := range b.In {
		if axis, ok := u.axis[w]; ok {
			index, _ := b.Weave.In[i][axis].Sole()
			return index
		}
	}
	return -1
}

// mark notes where the scanned axis stands on what a box makes.
func (u *unrolling) mark(b *diagram.Box, index int) {
	for i, w := range b.Out {
		u.axis[w] = axisAlong(b.Weave.Out[i], index)
	}
}

// axisAlong is the axis of a port that an index is, or -1.
func axisAlong(port []diagram.Affine, index int) int {
	return slices.IndexFunc(port, func(a diagram.Affine) bool {
		sole, ok := a.Sole()
		return ok && sole == index
	})
}

// run writes out the turns.
func (u *unrolling) run() {
	if len(u.boxes) == 0 && len(u.states) == 0 {
		return
	}
	if u.gradient.Policy == "random" {
		u.drawTurns()
	}
	outer := u.path
	carried := u.starts()
	for u.turn = range u.turns {
		u.path = append(slices.Clone(outer), turnSegment(u.lifts[len(u.lifts)-1].axis, u.turn))
		u.now, u.slices = map[*diagram.Wire]*diagram.Wire{}, map[*diagram.Wire]*diagram.Wire{}
		for i, state := range u.states {
			u.now[state.In] = u.received(state, carried[i])
		}
		for _, b := range u.boxes {
			u.emit(u.turned(b))
		}
		for i, state := range u.states {
			carried[i] = u.sent(u.here(state.Out, u.axis[state.In]))
		}
		for _, w := range u.results {
			if axis, ok := u.axis[w]; ok {
				u.pieces[w] = append(u.pieces[w], u.sent(u.here(w, axis)))
			}
		}
	}
	u.path = outer
	u.keep(carried)
}
