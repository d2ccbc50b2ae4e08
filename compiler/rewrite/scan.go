package rewrite

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
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
	inner := &scope{s.inliner, s.below(b.Name), slices.Concat(s.lifts, lifts), map[*diagram.Wire]layout{}, false}
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
		}
	}
	for _, w := range body.Out {
		u.results = append(u.results, u.bound[w].wire)
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

// turnSegment names a turn in the paths of its boxes, as no author can: t=3.
func turnSegment(along shape.Axis, turn int) string { return along.Label + "=" + strconv.Itoa(turn) }

func isTurn(segment string) bool { return strings.Contains(segment, "=") }

// starts are the wires that the states start at.
func (u *unrolling) starts() []*diagram.Wire {
	u.turn, u.slices = 0, map[*diagram.Wire]*diagram.Wire{}
	wires := make([]*diagram.Wire, len(u.states))
	for i, state := range u.states {
		axis := u.axis[state.In]
		switch {
		case state.Kept:
			wires[i] = u.keptStart(state, axis)
		case state.Start == nil:
			wires[i] = u.constant(state, without(state.In, axis))
		case len(state.Start.Type.Axes) == len(state.In.Type.Axes):
			wires[i] = u.here(state.Start, axis)
		default:
			wires[i] = state.Start
		}
	}
	return wires
}

// claimed is a wire that belongs to the flat diagram alone.
func (u *unrolling) claimed(w *diagram.Wire) *diagram.Wire {
	u.made[w] = true
	return w
}

func (u *unrolling) constant(state *diagram.State, w *diagram.Wire) *diagram.Wire {
	u.emit(&diagram.Box{
		Op: diagram.Constant{Value: diagram.Literal(state.Init)}, Out: []*diagram.Wire{u.claimed(w)}, Path: u.path, Span: state.Span,
		Weave: diagram.Weave{Degree: w.Type.Axes, Out: [][]diagram.Affine{indices(0, len(w.Type.Axes))}},
	})
	return w
}

// without is a new wire that lacks an axis.
func without(w *diagram.Wire, axis int) *diagram.Wire {
	made := *w
	made.Type.Axes = slices.Delete(slices.Clone(w.Type.Axes), axis, axis+1)
	return &made
}

// received is what a state holds at the beginning of the turn: what was carried on,
// cut off from the turn before where the backward pass does not follow it.
func (u *unrolling) received(state *diagram.State, carried *diagram.Wire) *diagram.Wire {
	isLast := u.gradient.Policy == "last" && u.turn == u.turns-u.gradient.Turns
	if u.turn > 0 && (state.Kept || u.gradient.Policy == "local" || isLast) {
		return u.onto(diagram.Detach{}, carried)
	}
	return carried
}

// onto puts a box behind a wire that makes one alike.
func (u *unrolling) onto(op diagram.Op, w *diagram.Wire) *diagram.Wire {
	made := *w
	all := indices(0, len(w.Type.Axes))
	u.emit(&diagram.Box{
		Op: op, In: []*diagram.Wire{w}, Out: []*diagram.Wire{u.claimed(&made)}, Path: u.path, Kind: "scan", Span: w.Span,
		Weave: diagram.Weave{Degree: w.Type.Axes, In: [][]diagram.Affine{all}, Out: [][]diagram.Affine{all}},
	})
	return &made
}

// here is a wire in the present turn: as the turn has made it, or a slice of what
// has been made for all.
func (u *unrolling) here(w *diagram.Wire, axis int) *diagram.Wire {
	if made, ok := u.now[w]; ok {
		return made
	}
	if made, ok := u.slices[w]; ok {
		return made
	}
	made := u.claimed(without(w, axis))
	all := indices(0, len(made.Type.Axes))
	u.emit(&diagram.Box{
		Op: diagram.Contract{}, In: []*diagram.Wire{w}, Out: []*diagram.Wire{made}, Path: u.path, Kind: "slice", Span: w.Span,
		Weave: diagram.Weave{Degree: made.Type.Axes, In: [][]diagram.Affine{slices.Insert(slices.Clone(all), axis, u.place())}, Out: [][]diagram.Affine{all}},
	})
	u.slices[w] = made
	return made
}

// place is the place of the present turn along the scanned axis.
func (u *unrolling) place() diagram.Affine { return diagram.Affine{Offset: shape.Int(u.turn)} }

// turned is a box in the present turn: its space and its wires lack the scanned axis.
func (u *unrolling) turned(b *diagram.Box) *diagram.Box {
	index := u.index(b)
	made := *b
	made.Path = slices.Concat(u.path, b.Path[len(u.path)-1:])
	made.In, made.Out = slices.Clone(b.In), slices.Clone(b.Out)
	made.Weave.In, made.Weave.Out = slices.Clone(b.Weave.In), slices.Clone(b.Weave.Out)
	for i, w := range b.In {
		if axis := axisAlong(b.Weave.In[i], index); axis >= 0 {
			made.In[i], made.Weave.In[i] = u.here(w, axis), slices.Delete(slices.Clone(b.Weave.In[i]), axis, axis+1)
		}
	}
	for i, w := range b.Out {
		axis := u.axis[w]
		made.Out[i], made.Weave.Out[i] = u.claimed(without(w, axis)), slices.Delete(slices.Clone(b.Weave.Out[i]), axis, axis+1)
		u.now[w] = made.Out[i]
	}
	order := slices.Concat(numbers(0, index), numbers(index+1, len(b.Weave.Degree)+len(b.Weave.Own)-index-1))
	made.Weave = made.Weave.Reordered(order, len(b.Weave.Degree)-1)
	return &made
}

// keptStart is what a kept state holds ahead of the first turn: the diagram's, which
// an earlier use may have changed.
func (u *unrolling) keptStart(state *diagram.State, axis int) *diagram.Wire {
	if known := u.keptState(state); known != nil {
		return known.Out
	}
	made := *state
	made.In = u.claimed(without(state.In, axis))
	u.flat.States = append(u.flat.States, &made)
	return made.In
}

// keptState is the flat diagram's state for one of the body's, or nil.
func (u *unrolling) keptState(state *diagram.State) *diagram.State {
	i := slices.IndexFunc(u.flat.States, func(f *diagram.State) bool { return f.Path == state.Path })
	if i < 0 {
		return nil
	}
	return u.flat.States[i]
}

// keep hands what the kept states hold behind the last turn on to the diagram.
func (u *unrolling) keep(carried []*diagram.Wire) {
	for i, state := range u.states {
		if state.Kept {
			u.keptState(state).Out = carried[i]
		}
	}
}

// whole is a wire over all turns: what they made is stacked.
func (u *unrolling) whole(w *diagram.Wire) *diagram.Wire {
	pieces, ok := u.pieces[w]
	if !ok {
		return w
	}
	return u.stacked(w, pieces)
}

// stacked puts what the turns made side by side along the scanned axis: each piece
// is scattered into an array of zeros, and these are added.
func (u *unrolling) stacked(w *diagram.Wire, pieces []*diagram.Wire) *diagram.Wire {
	axis := u.axis[w]
	scattered := make([]*diagram.Wire, len(pieces))
	for i, piece := range pieces {
		u.turn = i
		made := *w
		scattered[i] = u.claimed(&made)
		all := indices(0, len(piece.Type.Axes))
		u.emit(&diagram.Box{
			Op: diagram.Contract{}, In: []*diagram.Wire{piece}, Out: []*diagram.Wire{&made}, Path: u.path, Kind: "stack", Span: w.Span,
			Weave: diagram.Weave{Degree: piece.Type.Axes, In: [][]diagram.Affine{all}, Out: [][]diagram.Affine{slices.Insert(slices.Clone(all), axis, u.place())}},
		})
	}
	if len(pieces) == 1 {
		return scattered[0]
	}
	made := *w
	all := indices(0, len(w.Type.Axes))
	u.emit(&diagram.Box{
		Op: added(len(pieces)), In: scattered, Out: []*diagram.Wire{u.claimed(&made)}, Path: u.path, Kind: "stack", Span: w.Span,
		Weave: diagram.Weave{Degree: w.Type.Axes, In: slices.Repeat([][]diagram.Affine{all}, len(pieces)), Out: [][]diagram.Affine{all}},
	})
	return &made
}

// added is the sum of n scalars.
func added(n int) diagram.Map {
	p := diagram.NewProgram()
	total := p.Input(0)
	for i := 1; i < n; i++ {
		total = p.Apply(diagram.FnAdd, total, p.Input(i))
	}
	m, _ := p.Assemble([]int{total})
	return m
}
