package circuit

import (
	"math"
	"slices"
)

// The least slope leaves freedom: a line that must fall may fall in one step or
// in several. straighten takes it away: dashed lines fall in as few steps as
// their neighbours let them.
func (l *layout) straighten() {
	for _, run := range l.dashRuns() {
		l.flatten(run)
	}
}

// unbend lets a wire that falls in two steps fall in one, where it can.
func (l *layout) unbend() {
	before := map[row]row{}
	for _, link := range l.problem.Links {
		if link.Weight == weightRun {
			before[row{link.Rank + 1, link.To}] = row{link.Rank, link.From}
		}
	}
	for _, link := range l.problem.Links {
		mid := row{link.Rank, link.From}
		if from, ok := before[mid]; ok && link.Weight == weightRun {
			l.unbendAt(from, mid, row{link.Rank + 1, link.To})
		}
	}
}

// unbendAt brings the middle one of three rows to the height of another if it
// lies between them.
func (l *layout) unbendAt(from, mid, to row) {
	a, y, b := l.heights[from.rank][from.at], l.heights[mid.rank][mid.at], l.heights[to.rank][to.at]
	if (y-a)*(b-y) <= 0 {
		return
	}
	low, high := l.freedom(mid)
	for _, wish := range []float64{a, b} {
		if low <= wish && wish <= high {
			l.heights[mid.rank][mid.at] = wish
			return
		}
	}
}

// shrinkFences brings the sides of fences as close as what is inside lets them,
// the inner ones first.
func (l *layout) shrinkFences() {
	fences := slices.Clone(l.fences)
	slices.SortStableFunc(fences, func(a, b *fence) int { return b.depth - a.depth })
	for _, f := range fences {
		for _, lower := range []bool{false, true} {
			l.shrink(l.rowsOf(side{f, lower}), lower)
		}
	}
}

// rowsOf are the rows of a side of a fence, from left to right.
func (l *layout) rowsOf(s side) []row {
	var rows []row
	for i, e := range l.edges {
		if at, ok := e.fences[s]; ok {
			rows = append(rows, row{2 * i, at})
		}
		if i < len(l.middles) {
			if at, ok := l.middles[i].fences[s]; ok {
				rows = append(rows, row{2*i + 1, at})
			}
		}
	}
	return rows
}

func (l *layout) shrink(rows []row, lower bool) {
	y := math.Inf(1)
	if lower {
		y = math.Inf(-1)
	}
	for _, r := range rows {
		rank, heights := l.problem.Ranks[r.rank], l.heights[r.rank]
		switch {
		case lower && r.at > 0:
			y = max(y, heights[r.at-1]+rank[r.at].Gap)
		case !lower && r.at+1 < len(rank):
			y = min(y, heights[r.at+1]-rank[r.at+1].Gap)
		}
	}
	if math.IsInf(y, 0) {
		return
	}
	for _, r := range rows {
		l.heights[r.rank][r.at] = y
	}
}

// row is a row of a rank.
type row struct{ rank, at int }

// dashRuns are the rows of each dashed line from left to right.
func (l *layout) dashRuns() [][]row {
	var runs [][]row
	open := map[*strand]int{} // the run above a strand
	for c, column := range l.columns {
		next := map[*strand]int{}
		for i, it := range column {
			from, mid, to := l.dashRows(c, i)
			if mid < 0 {
				continue
			}
			run := len(runs)
			if from >= 0 {
				if known, ok := open[it.before()[0]]; ok {
					run = known
				}
			}
			if run == len(runs) {
				runs = append(runs, nil)
				if from >= 0 {
					runs[run] = append(runs[run], row{2 * c, from})
				}
			}
			runs[run] = append(runs[run], row{2*c + 1, mid})
			if to >= 0 {
				runs[run] = append(runs[run], row{2*c + 2, to})
				next[l.behindGates(c+1, it.after()[0])] = run
			}
		}
		open = next
	}
	return runs
}

// behindGates is a strand as it is known right of a rank, behind the gates there.
func (l *layout) behindGates(rank int, s *strand) *strand {
	for _, t := range l.ranks[rank].strands {
		for from := t; from != nil; from = from.origin {
			if from == s {
				return t
			}
		}
	}
	return s
}

// flatten moves the rows of a run within what their neighbours leave, so that
// it changes its height as seldom as can be.
func (l *layout) flatten(run []row) {
	for start := 0; start < len(run); {
		low, high := l.freedom(run[start])
		end := start + 1
		for ; end < len(run); end++ {
			a, b := l.freedom(run[end])
			if max(a, low) > min(b, high) {
				break
			}
			low, high = max(a, low), min(b, high)
		}
		l.level(run[start:end], low, high)
		start = end
	}
}

// level puts rows on the one height between low and high that is nearest to
// their middle one.
func (l *layout) level(run []row, low, high float64) {
	heights := make([]float64, len(run))
	for i, r := range run {
		heights[i] = l.heights[r.rank][r.at]
	}
	slices.Sort(heights)
	y := min(max(heights[len(heights)/2], low), high)
	for _, r := range run {
		l.heights[r.rank][r.at] = y
	}
}

// freedom is how high and how low a row may lie between its neighbours.
func (l *layout) freedom(r row) (low, high float64) {
	rank, heights := l.problem.Ranks[r.rank], l.heights[r.rank]
	low, high = math.Inf(-1), math.Inf(1)
	if r.at > 0 {
		low = min(heights[r.at], heights[r.at-1]+rank[r.at].Gap)
	}
	if r.at+1 < len(rank) {
		high = max(heights[r.at], heights[r.at+1]-rank[r.at+1].Gap)
	}
	return low, high
}
