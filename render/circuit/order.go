package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// settleInPlace gives the outputs of a step their lanes where the inputs have
// theirs: an axis that goes on stays, and what the box makes stands where the
// first axis it took stood.
func settleInPlace(s *step) {
	var taken []axis
	var names []letter
	for i, ls := range s.inLetters() {
		for j, l := range ls {
			if !slices.Contains(names, l) || l == loneLetter {
				taken, names = append(taken, s.in[i].axes[j]), append(names, l)
			}
		}
	}
	for p, out := range s.out {
		made := madeFrom(taken, axesOf(out.wire))
		out.axes = withoutUnit(inPlace(taken, names, made, letters(s.box.Weave.Out[p], made)))
	}
}

// madeFrom marks the lanes that stand for any number of axes, as the lanes of the
// same label do that they are made from.
func madeFrom(taken, made []axis) []axis {
	for i, a := range made {
		made[i].group = slices.ContainsFunc(taken, func(t axis) bool { return t.group && t.label == a.label })
	}
	return made
}

// withoutUnit takes the lane for an array without axes away where lifted axes
// give it lanes, and puts it in where nothing does.
func withoutUnit(axes []axis) []axis {
	return orUnit(slices.DeleteFunc(axes, func(a axis) bool { return a.kind == unitAxis }))
}

// inPlace orders the lanes of one output.
func inPlace(taken []axis, names []letter, made []axis, madeNames []letter) []axis {
	var axes []axis
	at := -1 // where what is made will stand
	for i, l := range names {
		goesOn := slices.Index(madeNames, l)
		switch {
		case l < 0 && l > unitLetter:
			axes = append(axes, stale(taken[i]))
		case goesOn >= 0 && l != loneLetter:
			axes = append(axes, goOn(taken[i], made[goesOn]))
		case at < 0:
			at = len(axes)
		}
	}
	var fresh []axis
	for i, l := range madeNames {
		if !slices.Contains(names, l) || l == loneLetter {
			if at < 0 {
				at = min(i, len(axes))
			}
			fresh = append(fresh, made[i])
		}
	}
	return slices.Insert(axes, max(at, 0), fresh...)
}

// stale is a lane that is labelled already.
func stale(a axis) axis {
	a.fresh = false
	return a
}

// goOn is the lane of an axis behind a step. It keeps its name, whatever the
// step calls it, and so has one label.
func goOn(before, after axis) axis {
	after.label, after.fresh, after.told, after.group = before.label, false, before.told, before.group
	return after
}

// role is what becomes of a lane in the middle of a join.
type role int

const (
	goesOn       role = iota
	cupTop            // the upper arm of a cup
	cupFoot           // its lower arm
	ends              // summed by itself
	endsInNumber      // summed by itself to a lone number, which leaves there
	leaves            // a lone number, from the tip of the cup
	barArm            // into a bar, beside the others of its letter
)

// slot is a lane in the middle of a join.
type slot struct {
	letter letter
	role   role
}

// slotOf is where a lane of an input goes: the first of a letter to the top of
// its cup, the others to its foot; into a bar each to its own slot. Before is how
// many lanes of the letter lie above.
func slotOf(slots []slot, l letter, before int) int {
	arm := 0
	return slices.IndexFunc(slots, func(s slot) bool {
		switch {
		case s.letter != l:
			return false
		case s.role == cupTop:
			return before == 0
		case s.role == cupFoot:
			return before > 0
		case s.role == barArm:
			arm++
			return arm == before+1
		}
		return true
	})
}

// weaving is what decides in which order the lanes of a join lie.
type weaving struct {
	lanes    []letter // of the inputs, from top to bottom
	together []letter // lanes that the next step wants side by side
}

// place puts units of slots between the fixed ones such that the arms from the
// lanes to their slots cross least; where that is alike, such that lanes wanted
// together are, and such that arms climb least.
func (w weaving) place(fixed []slot, units [][]slot) []slot {
	if len(units) == 0 {
		return fixed
	}
	var best []slot
	least := 0
	for at := range len(fixed) + 1 {
		if at > 0 && at < len(fixed) && fixed[at-1].letter == fixed[at].letter {
			continue // nothing lies inside a cup, or among the arms of a bar
		}
		tried := slices.Insert(slices.Clone(fixed), at, units[0]...)
		if len(units) <= maxSearched {
			tried = w.place(tried, units[1:])
		}
		if c := w.cost(tried); best == nil || c < least {
			best, least = tried, c
		}
	}
	if len(units) > maxSearched {
		return w.place(best, units[1:])
	}
	return best
}

// maxSearched is how many units are tried in all places together; more are
// placed one by one.
const maxSearched = 3

// The costs of an order: a crossing, a lane between two that are wanted
// together, a step of climbing.
const (
	costCrossing = 100
	costBetween  = 30
	costClimb    = 1
)

func (w weaving) cost(slots []slot) int {
	var targets []int
	seen := map[letter]int{}
	cost := costBetween * w.between(slots)
	for i, l := range w.lanes {
		t := slotOf(slots, l, seen[l])
		seen[l]++
		if t < 0 {
			continue
		}
		for _, before := range targets {
			if before > t {
				cost += costCrossing
			}
		}
		targets = append(targets, t)
		cost += costClimb * max(i-t, t-i)
	}
	return cost
}

// between counts the slots that lie among those wanted together.
func (w weaving) between(slots []slot) int {
	first, last, n := -1, -1, 0
	for i, s := range slots {
		if s.role == goesOn && slices.Contains(w.together, s.letter) {
			if first < 0 {
				first = i
			}
			last, n = i, n+1
		}
	}
	if n == 0 {
		return 0
	}
	return last - first + 1 - n
}

// wantedTogether are the letters of the lanes that the reader of a step's result
// takes in one place: those that a learned box takes in.
func wantedTogether(s *step) []letter {
	reader, slot := s.out[0].reader, s.out[0].slot
	for reader != nil && reader.gate != nil && slot < len(reader.out) {
		next := reader.out[slot]
		reader, slot = next.reader, next.slot
	}
	if reader == nil || reader.box == nil {
		return nil
	}
	op, ok := reader.box.Op.(diagram.Linear)
	if !ok {
		return nil
	}
	return lettersNamed(s, reader.box.Weave.Own[:op.From])
}

// lettersNamed are the letters of the inputs' lanes whose labels are among
// those of some axes.
func lettersNamed(s *step, axes shape.Shape) []letter {
	var named []letter
	for i, ls := range s.inLetters() {
		for j, l := range ls {
			if axes.Index(s.in[i].axes[j].label) >= 0 && !slices.Contains(named, l) {
				named = append(named, l)
			}
		}
	}
	return named
}
