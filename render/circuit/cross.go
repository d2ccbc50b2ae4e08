package circuit

import (
	"slices"
)

// together reports whether the strands of a step lie side by side, in the
// order of its ports where that counts.
func (a *arranger) together(s *step) bool {
	if len(s.in) == 0 {
		return true
	}
	first, last := a.reach(s)
	if last-first+1 != len(s.in) {
		return false
	}
	return !s.ordered || slices.Equal(a.live[first:last+1], s.in)
}

// reach is where the highest and the lowest strand of a step lie.
func (a *arranger) reach(s *step) (first, last int) {
	first, last = len(a.live), -1
	for _, in := range s.in {
		at := slices.Index(a.live, in)
		first, last = min(first, at), max(last, at)
	}
	return first, last
}

// cross places a crossing that brings the strands of a step together. It keeps
// out of fences that the step is not inside, unless forced.
func (a *arranger) cross(s *step, forced bool) bool {
	first, last := a.reach(s)
	between := a.live[first : last+1]
	for _, other := range between {
		if a.busy[other] || !forced && len(other.fences) > len(s.fences) && !slices.Contains(s.in, other) {
			return false
		}
	}
	x := &step{in: slices.Clone(between), fences: s.fences, ordered: true}
	x.out = gathered(between, s.in)
	order := make([]int, len(x.out))
	for i, out := range x.out {
		order[i] = slices.Index(x.in, out)
	}
	x.glyph = crossing{order}
	a.sheet.crossed += turns(x, order)
	for _, in := range x.in {
		a.busy[in], a.column[in] = true, x
	}
	return true
}

// gathered is the strands with some of them brought together, where the first
// of these lies.
func gathered(strands, together []*strand) []*strand {
	var rest []*strand
	at := 0
	for i, s := range strands {
		if !slices.Contains(together, s) {
			rest = append(rest, s)
		} else if s == together[0] {
			at = i
		}
	}
	above := 0
	for _, s := range strands[:at] {
		if !slices.Contains(together, s) {
			above++
		}
	}
	return slices.Insert(rest, above, together...)
}
