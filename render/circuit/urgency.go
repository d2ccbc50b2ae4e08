package circuit

import (
	"slices"
)

// urgencies counts, for each step, the steps on the longest way from it to the
// end.
func urgencies(steps []*step) map[*step]int {
	readers := map[*strand]*step{}
	for _, s := range steps {
		for _, in := range s.in {
			readers[in] = s
		}
	}
	urgency := map[*step]int{}
	inside := map[*fence]int{} // of the sources inside, which wait for the fence
	for _, s := range slices.Backward(steps) {
		if s.gate != nil && s.enters {
			urgency[s] = inside[s.gate]
		}
		for _, out := range s.out {
			urgency[s] = max(urgency[s], urgency[readers[out]])
		}
		if s.gate == nil {
			urgency[s]++
		}
		if len(s.in) == 0 {
			for _, f := range s.fences {
				inside[f] = max(inside[f], urgency[s])
			}
		}
	}
	return urgency
}

// hasSibling reports whether the column has a step that reads a copy of the same
// array: what is read together is drawn together.
func (a *arranger) hasSibling(s *step) bool {
	for taken := range a.busy {
		if taken.wire == s.in[0].wire && taken != s.in[0] && len(s.in) == 1 && len(a.column[taken].in) == 1 {
			return true
		}
	}
	return false
}

// mostUrgent is the urgency below which steps stand back: that of the most
// urgent step that could be taken now.
func (a *arranger) mostUrgent() int {
	most := 0
	for _, s := range a.pending {
		if len(s.in) > 0 && a.couldCome(s) {
			most = max(most, a.urgency[s])
		}
	}
	return most
}

// couldCome reports whether a step waits for nothing but sources.
func (a *arranger) couldCome(s *step) bool {
	for _, in := range s.in {
		if !slices.Contains(a.live, in) && a.sourceOf(in) == nil {
			return false
		}
	}
	return true
}
