package rewrite

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// turnSegment names a turn in the paths of its boxes, as no author can: t=3.
func turnSegment(along shape.Axis, turn int) string { return along.Label + "=" + strconv.Itoa(turn) }

// IsTurn reports whether a segment of a path names a turn of a Scan.
func IsTurn(segment string) bool { return strings.Contains(segment, "=") }

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

// constant is the wire of a state that starts at a number.
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
	made.Within = slices.Insert(slices.Clone(b.Within), len(u.path)-1, "")
	if made.Again != "" || u.gradient.Policy == "checkpoint" {
		made.Again += " " + u.path[len(u.path)-1]
	}
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
