package circuit

import (
	"errors"
	"slices"
)

// arranger packs steps into columns, as early as their strands allow. A step
// that others need not wait for yet stands back, so that what is used together
// is made in one column.
type arranger struct {
	pending []*step
	live    []*strand
	busy    map[*strand]bool // taken by a step of the column being made
	column  map[*strand]*step
	sources map[int][]*step // steps without input, by the place they go to
	urgency map[*step]int   // how many columns follow a step at the least
	sheet   sheet
}

// arrange makes the sheet. It errs where a step never gets its strands, which
// a sound diagram does not let happen.
func arrange(steps []*step, inputs []*strand) (*sheet, error) {
	a := &arranger{pending: slices.Clone(steps), live: slices.Clone(inputs), urgency: urgencies(steps)}
	for {
		a.gates()
		if len(a.pending) == 0 || len(a.pending) == 1 && a.isSettled(a.pending[0]) {
			a.closeRank(true)
			return &a.sheet, nil
		}
		a.closeRank(false)
		if !a.nextColumn() {
			return nil, errors.New("the steps of a figure wait for each other")
		}
	}
}

// isSettled reports whether the last step has nothing to cross: all results lie
// in order with their axes in order.
func (a *arranger) isSettled(end *step) bool {
	if end.box != nil || !slices.Equal(a.live, end.in) {
		return false
	}
	for _, s := range end.in {
		if !slices.IsSortedFunc(s.axes, func(p, q axis) int { return boundaryOrder(p) - boundaryOrder(q) }) {
			return false
		}
	}
	return true
}

// gates lets through every fence edge whose strands have come, and every step
// that there is nothing to draw of.
func (a *arranger) gates() {
	for again := true; again; {
		again = false
		for i, s := range a.pending {
			if len(s.in) == 0 && s.gate == nil || !a.ready(s) || !a.mayPass(s) {
				continue
			}
			a.pass(s)
			a.pending = slices.Delete(a.pending, i, i+1)
			again = true
			break
		}
	}
}

func (a *arranger) mayPass(s *step) bool {
	switch {
	case s.gate == nil:
		g, ok := s.glyph.(*join)
		return ok && g.changesNothing(s)
	case s.enters:
		return a.together(s)
	}
	return s.gate.waiting == 0
}

// pass replaces strands where they lie, without a column.
func (a *arranger) pass(s *step) {
	s.glyph.settle(s)
	below := 0
	for i, in := range s.in {
		at := slices.Index(a.live, in)
		if below = max(below, at+1); i >= len(s.out) {
			in.ended = true
			continue
		}
		s.out[i].origin = in
		a.live[at] = s.out[i]
	}
	if len(s.out) > len(s.in) { // states begin here
		a.live = slices.Insert(a.live, below, s.out[len(s.in):]...)
	}
	switch {
	case s.gate == nil:
	case s.enters:
		s.gate.left = len(a.sheet.columns)
		a.sheet.fences = append(a.sheet.fences, s.gate)
	default:
		s.gate.right = len(a.sheet.columns)
	}
	a.done(s)
}

func (a *arranger) done(s *step) {
	for _, f := range s.fences {
		f.waiting--
	}
}

// labelReach is how many columns a label is read across: a wire that leaves the figure
// so near behind its label has no other.
const labelReach = 3

// closeRank records what lies between the columns now. At the end lanes are
// labelled once more, those that come all the way and those with a far label.
func (a *arranger) closeRank(last bool) {
	r, at := rank{strands: slices.Clone(a.live)}, len(a.sheet.ranks)
	for _, s := range a.live {
		labelled := make([]bool, len(s.axes))
		for i := range s.axes {
			lane := &s.axes[i]
			again := last && (lane.told == 0 || at-lane.told > labelReach)
			labelled[i] = lane.kind != unitAxis && !s.ended && (lane.fresh || again)
			if lane.fresh {
				lane.told = at
			}
			lane.fresh = false
		}
		r.labelled = append(r.labelled, labelled)
	}
	a.live = slices.DeleteFunc(slices.Clone(a.live), func(s *strand) bool { return s.ended })
	a.sheet.ranks = append(a.sheet.ranks, r)
}

// isInside reports whether every fence around a step has been entered.
func isInside(s *step) bool {
	return !slices.ContainsFunc(s.fences, func(f *fence) bool { return f.left < 0 })
}

// ready reports whether all strands of a step have come.
func (a *arranger) ready(s *step) bool {
	for _, in := range s.in {
		if !slices.Contains(a.live, in) || a.busy[in] {
			return false
		}
	}
	return true
}

// nextColumn places what can be placed; it reports whether anything could.
// Where nothing urgent can, the rest is tried, and at last a crossing is let
// through fences.
func (a *arranger) nextColumn() bool {
	a.busy, a.column, a.sources = map[*strand]bool{}, map[*strand]*step{}, map[int][]*step{}
	last := len(a.pending) - 1
	if last == 0 && a.ready(a.pending[0]) && a.pending[0].box == nil {
		a.finish(a.pending[0])
		return true
	}
	before := slices.Clone(a.pending[:last])
	placed := a.take(before, a.mostUrgent(), false) || a.take(before, 0, false) || a.take(before, 0, true) ||
		a.fetch(a.pending[last]) // a result may be made from nothing
	a.closeColumn()
	return placed
}

// take places the steps of some urgency, and those at which arrays end, whose strands lie together, and
// crossings for those whose strands do not. It reports whether it placed any.
func (a *arranger) take(steps []*step, urgency int, force bool) bool {
	var apart []*step
	placed := false
	for _, s := range steps {
		switch {
		case len(s.in) == 0 || a.urgency[s] < urgency && !a.hasSibling(s) && len(s.out) > 0:
		case !a.ready(s):
			placed = a.fetch(s) || placed
		case !a.together(s):
			apart = append(apart, s)
		case s.gate == nil:
			a.place(s)
			placed = true
		}
	}
	for _, s := range apart {
		if a.ready(s) && (s.gate == nil || s.enters) {
			placed = a.cross(s, force && !placed) || placed
		}
	}
	return placed
}

// finish places the last step: it crosses all that is left into the order of
// the figure's results.
func (a *arranger) finish(end *step) {
	order := make([]int, len(end.in))
	for i, in := range end.in {
		order[i] = slices.Index(a.live, in)
	}
	end.in, end.glyph = slices.Clone(a.live), crossing{order}
	a.sheet.crossed += turns(end, order)
	a.place(end)
	a.closeColumn()
}

// place takes a step into the column. Strands that may lie in any order are
// listed as they lie.
func (a *arranger) place(s *step) {
	if !s.ordered {
		a.sortInputs(s)
	}
	for _, in := range s.in {
		a.busy[in], a.column[in] = true, s
	}
	s.glyph.settle(s)
	a.pending = slices.DeleteFunc(a.pending, func(p *step) bool { return p == s })
	a.done(s)
}

func (a *arranger) sortInputs(s *step) {
	order := make([]int, len(s.in))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		return slices.Index(a.live, s.in[i]) - slices.Index(a.live, s.in[j])
	})
	in, ports := slices.Clone(s.in), slices.Clone(s.ports)
	for to, from := range order {
		s.in[to] = in[from]
		if s.box != nil {
			s.ports[to] = ports[from]
		}
	}
}

// fetch places the sources a step waits for, if it waits for nothing else.
func (a *arranger) fetch(s *step) bool {
	var missing []*step
	for _, in := range s.in {
		switch maker := a.sourceOf(in); {
		case a.busy[in]:
			return false
		case slices.Contains(a.live, in):
		case maker == nil:
			return false
		default:
			missing = append(missing, maker)
		}
	}
	for _, m := range missing {
		at := a.beside(m.out[0])
		a.sources[at] = append(a.sources[at], m)
		a.place(m)
	}
	return len(missing) > 0
}

// beside is the place for a new strand: next to those that come to the same step
// in the end, above them where its port is, else below.
func (a *arranger) beside(s *strand) int {
	reader, slot := destination(s)
	above, below := -1, -1
	for i, other := range a.live {
		step, port := destination(other)
		switch {
		case step != reader || reader == nil:
		case port > slot && reader.ordered && above < 0:
			above = i
		case port < slot || !reader.ordered:
			below = i + 1
		}
	}
	switch {
	case below >= 0:
		return below
	case above >= 0:
		return above
	}
	return a.bottom(s.fences)
}

// destination is the step that brings a strand together with others, and as
// which input; nil where there is none.
func destination(s *strand) (reader *step, slot int) {
	for s.reader != nil {
		if len(s.reader.in) > 1 {
			return s.reader, s.slot
		}
		if len(s.reader.out) != 1 {
			break
		}
		s = s.reader.out[0]
	}
	return nil, 0
}

func (a *arranger) sourceOf(s *strand) *step {
	for _, p := range a.pending {
		if len(p.in) == 0 && p.gate == nil && isInside(p) && slices.Contains(p.out, s) {
			return p
		}
	}
	return nil
}

// bottom is the place below what lies inside the innermost of the fences.
func (a *arranger) bottom(fences []*fence) int {
	if len(fences) > 0 {
		for i := len(a.live) - 1; i >= 0; i-- {
			if slices.Contains(a.live[i].fences, fences[len(fences)-1]) {
				return i + 1
			}
		}
	}
	return len(a.live)
}

// closeColumn writes the column down and puts outputs in the place of inputs.
func (a *arranger) closeColumn() {
	var c column
	seen := map[*step]bool{}
	for i, s := range a.live {
		for _, source := range a.sources[i] {
			c = append(c, item{step: source})
		}
		switch step := a.column[s]; {
		case step == nil:
			c = append(c, item{pass: s})
		case !seen[step]:
			seen[step] = true
			c = append(c, item{step: step})
		}
	}
	for _, source := range a.sources[len(a.live)] {
		c = append(c, item{step: source})
	}
	a.live = nil
	for _, it := range c {
		a.live = append(a.live, it.after()...)
	}
	a.busy = nil
	a.sheet.columns = append(a.sheet.columns, c)
}
