package circuit

import (
	"slices"

	"ncd/render/lanes"
)

// solve finds the heights of all rows.
func (l *layout) solve(solver lanes.Solver) error {
	heights, err := solver.Solve(&l.problem)
	if err != nil {
		return err
	}
	l.heights = heights
	l.straighten()
	l.unbend()
	l.shrinkFences()
	l.tightenCups()
	return nil
}

// tightenCups keeps wide cups small: nothing lies between their arms.
func (l *layout) tightenCups() {
	for c, column := range l.columns {
		for i, it := range column {
			if it.step == nil {
				continue
			}
			if g, ok := it.step.glyph.(*join); ok {
				g.tighten(l.frame(c, i))
				l.levelNumber(c, i, g)
			}
		}
	}
}

// levelNumber lets a lone number that leaves a cup run level, if it can.
func (l *layout) levelNumber(c, i int, g *join) {
	at := slices.IndexFunc(g.slots, func(s slot) bool { return s.role == leaves })
	if at < 0 {
		return
	}
	r := row{2*c + 2, l.edges[c+1].lane[l.columns[c][i].after()[0]]}
	low, high := l.freedom(r)
	l.heights[r.rank][r.at] = min(max(l.middleHeights(c, i)[at], low), high)
}

// laneHeights are the heights of the lanes of strands at an edge.
func (l *layout) laneHeights(at int, strands []*strand) [][]float64 {
	all := make([][]float64, len(strands))
	for i, s := range strands {
		first := l.edges[at].lane[s]
		all[i] = slices.Clone(l.heights[2*at][first : first+len(s.axes)])
	}
	return all
}

// middleHeights are those of an item's lanes in the middle of its column.
func (l *layout) middleHeights(c, i int) []float64 {
	first := l.middles[c].lane[i]
	return l.heights[2*c+1][first : first+len(l.middles[c].plan[i].lanes)]
}
