package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
)

// state carries one over. It is lifted as a draw of chance is, so that each place
// has its own; a kept one is one for all places, and goes on from where an earlier
// use of it has left it.
func (s *scope) state(old *diagram.State) *diagram.State {
	lifts := s.stateLifts(old)
	if old.Kept {
		path := s.keptPath(old)
		if known := slices.IndexFunc(s.flat.States, func(f *diagram.State) bool { return f.Path == path }); known >= 0 {
			state := s.flat.States[known]
			s.bound[old.In] = layout{state.Out, slotsOf(old.In, lifts)}
			return state
		}
	}
	state := *old
	state.Path, state.Shares = s.statePath(old), nil
	in := s.fresh(old.In, lifts)
	state.In, s.bound[old.In] = in.wire, in
	s.flat.States = append(s.flat.States, &state)
	return &state
}

// stateLifts are the axes of the scope that a state has.
func (s *scope) stateLifts(state *diagram.State) []*lift {
	if !state.Kept {
		return s.lifts
	}
	return slices.DeleteFunc(slices.Clone(s.lifts), func(x *lift) bool { return !x.isTurn })
}

// statePath is the complete path of a state. What is carried only from turn to turn
// has no name outside.
func (s *scope) statePath(state *diagram.State) string {
	switch {
	case state.Kept || s.isReverse:
		return s.keptPath(state)
	case slices.ContainsFunc(s.lifts, func(x *lift) bool { return x.isTurn }):
		return s.complete(state.Path)
	}
	return s.unique(s.complete(state.Path))
}

func (s *scope) keptPath(state *diagram.State) string {
	for state.Shares != nil {
		state = state.Shares
	}
	path, ok := s.kept[state]
	if !ok {
		path = s.unique(s.shared(state.Path))
		s.kept[state] = path
	}
	return path
}

// carryOn binds what a state becomes, and what it starts at.
func (s *scope) carryOn(old, state *diagram.State) {
	if old.Kept {
		state.Out = s.averaged(old.Out, s.stateLifts(old))
	} else {
		state.Out = s.leave(old.Out, s.lifts, false)
	}
	if old.Start != nil {
		state.Start = s.leave(old.Start, s.startLifts(old.Start), false)
	}
}

// startLifts are the axes of what a state starts at: that of its own turns only
// where it hangs on something scanned.
func (s *scope) startLifts(start *diagram.Wire) []*lift {
	lifts := slices.Clone(s.lifts)
	for i, x := range slices.Backward(lifts) {
		if x.isTurn {
			if !s.bound[start].carries(x) {
				lifts = slices.Delete(lifts, i, i+1)
			}
			break
		}
	}
	return lifts
}

// averaged is a wire with just these lifts: the mean over all others that it carries.
func (s *scope) averaged(w *diagram.Wire, lifts []*lift) *diagram.Wire {
	l := s.bound[w]
	others := slices.DeleteFunc(s.carried(l), func(x *lift) bool { return slices.Contains(lifts, x) })
	if len(others) == 0 {
		return s.leave(w, lifts, false)
	}
	degree := slices.DeleteFunc(s.carried(l), func(x *lift) bool { return slices.Contains(others, x) })
	n, axes := len(degree), len(w.Type.Axes)
	order := slices.Concat(degree, make([]*lift, axes), others)
	b := &diagram.Box{Op: diagram.Reduce{Fn: "mean"}, In: []*diagram.Wire{l.wire}, Path: s.path, Span: w.Span}
	b.Weave.Degree, b.Weave.Own = slices.Concat(axesOf(degree), w.Type.Axes), axesOf(others)
	b.Weave.In = [][]diagram.Affine{make([]diagram.Affine, len(l.slots))}
	for i, x := range l.slots {
		if x.lift != nil {
			b.Weave.In[0][i] = diagram.At(slices.Index(order, x.lift))
		} else {
			b.Weave.In[0][i] = diagram.At(n + x.axis)
		}
	}
	made := *w
	made.Type.Axes = b.Weave.Degree
	s.made[&made] = true
	b.Out, b.Weave.Out = []*diagram.Wire{&made}, [][]diagram.Affine{indices(0, n+axes)}
	s.emit(b)
	return s.settled(layout{&made, slotsOf(w, degree)}, w, lifts, false)
}
