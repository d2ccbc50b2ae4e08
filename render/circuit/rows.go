package circuit

import (
	"slices"

	"ncd/render/lanes"
)

// layout is a sheet with the rows of each of its ranks: the edges between the
// columns at even numbers, their middles at odd ones. A row is a lane, a dashed
// line, or the upper or lower side of a fence.
type layout struct {
	*sheet
	problem lanes.Problem
	edges   []edge
	middles []middles
	heights lanes.Heights
	places  []place // of each column, from left to right
}

// edge tells where the rows between two columns are.
type edge struct {
	lane   map[*strand]int // the first lane of each strand
	dash   map[*strand]int // the dashed line above a strand
	fences map[side]int
}

// middles tells where the rows in the middle of a column are.
type middles struct {
	plan   []middle // of each item
	lane   []int    // the first lane of each item
	dash   []int    // the dashed line above each item, or -1
	fences map[side]int
}

// side is the upper or the lower side of a fence.
type side struct {
	fence *fence
	lower bool
}

// rank gathers the rows of one rank from top to bottom.
type rows struct {
	lanes  []lanes.Lane
	below  float64 // room that the last row needs
	fences map[side]int
	open   []*fence
}

func (r *rows) add(need room) int {
	gap := 0.0
	if len(r.lanes) > 0 {
		gap = max(r.below+need.above, 0.5)
	}
	r.lanes, r.below = append(r.lanes, lanes.Lane{Gap: gap}), need.below
	return len(r.lanes) - 1
}

// closeTo ends the fences that are not among those of what comes next.
func (r *rows) closeTo(next []*fence) {
	for n := len(r.open); n > 0 && !(n <= len(next) && next[n-1] == r.open[n-1]); n-- {
		f := r.open[n-1]
		r.fences[side{f, true}] = r.add(f.lowerRoom())
		r.open = r.open[:n-1]
	}
}

func (r *rows) openTo(next []*fence) {
	for _, f := range next[len(r.open):] {
		r.fences[side{f, false}] = r.add(f.upperRoom())
		r.open = append(r.open[:len(r.open):len(r.open)], f)
	}
}

// upperRoom holds the title.
func (f *fence) upperRoom() room { return room{clearance, titleRoom + 0.9} }

func (f *fence) lowerRoom() room {
	if n := f.feedLanes(); n > 0 {
		return room{clearance + float64(n)*feedPitch, clearance}
	}
	if f.loop() != nil {
		return room{titleRoom + 0.6, clearance}
	}
	return room{clearance, clearance}
}

// newLayout lists the rows of every rank and the links between them.
func newLayout(s *sheet) *layout {
	l := &layout{sheet: s}
	for i := range s.ranks {
		l.addEdge(i)
		if i < len(s.columns) {
			l.addMiddle(i)
		}
	}
	for c := range s.columns {
		l.link(c)
	}
	return l
}

func (l *layout) addEdge(at int) {
	e := edge{lane: map[*strand]int{}, dash: map[*strand]int{}, fences: map[side]int{}}
	r := &rows{fences: e.fences}
	for i, s := range l.ranks[at].strands {
		inside := l.around(s, at)
		r.closeTo(inside)
		if i > 0 {
			e.dash[s] = r.add(room{dashRoom, dashRoom})
		}
		r.openTo(inside)
		for j, labelled := range l.ranks[at].labelled[i] {
			need := room{wireRoom, wireRoom * 0.6}
			if labelled {
				need.above = labelRoom + s.axes[j].halfWidth()
			}
			lane := r.add(need)
			if j == 0 {
				e.lane[s] = lane
			}
		}
		for from := s.origin; from != nil; from = from.origin { // what it was before the gates here
			e.lane[from] = e.lane[s]
			if dash, ok := e.dash[s]; ok {
				e.dash[from] = dash
			}
		}
	}
	r.closeTo(nil)
	l.edges = append(l.edges, e)
	l.problem.Ranks = append(l.problem.Ranks, r.lanes)
}

// around are the fences whose sides a strand must keep to between two columns:
// those it is inside, and those it just leaves. A fence that begins where the
// line ends is not seen on it.
func (l *layout) around(s *strand, rank int) []*fence {
	fences := s.fences
	for from := s.origin; from != nil && rank > 0; from = from.origin {
		n := len(from.fences)
		if n > len(fences) && l.end(from.fences[n-1]) == rank && !l.enters(fences, rank) {
			fences = from.fences
		}
	}
	if rank == len(l.columns) && l.more {
		for n, f := range fences {
			if l.begin(f) == rank {
				return fences[:n]
			}
		}
	}
	return fences
}

func (l *layout) enters(fences []*fence, rank int) bool {
	return slices.ContainsFunc(fences, func(f *fence) bool { return l.begin(f) == rank })
}

func (l *layout) addMiddle(c int) {
	m := middles{fences: map[side]int{}}
	r := &rows{fences: m.fences}
	for i, it := range l.columns[c] {
		r.closeTo(it.fences())
		dash := -1
		if i > 0 {
			dash = r.add(room{dashRoom, dashRoom})
		}
		r.openTo(it.fences())
		plan := it.plan()
		m.plan, m.lane, m.dash = append(m.plan, plan), append(m.lane, len(r.lanes)), append(m.dash, dash)
		for _, need := range plan.lanes {
			r.add(need)
		}
	}
	r.closeTo(nil)
	l.middles = append(l.middles, m)
	l.problem.Ranks = append(l.problem.Ranks, r.lanes)
}

// plan is the middle of an item; a strand that passes runs through.
func (it item) plan() middle {
	if it.step != nil {
		return it.step.glyph.middle(it.step)
	}
	n := len(it.pass.axes)
	m := middle{lanes: make([]room, n), in: [][]tie{make([]tie, n)}}
	for j := range n {
		m.lanes[j], m.in[0][j] = room{wireRoom, wireRoom}, tie{j, weightRun}
	}
	m.out = m.in
	return m
}

// link ties the rows of a column's middle to those of its edges.
func (l *layout) link(c int) {
	m := l.middles[c]
	for i, it := range l.columns[c] {
		for s, ties := range m.plan[i].in {
			for j, t := range ties {
				if t.lane >= 0 {
					l.add(2*c, l.edges[c].lane[it.before()[s]]+j, m.lane[i]+t.lane, t.weight)
				}
			}
		}
		for s, ties := range m.plan[i].out {
			for j, t := range ties {
				if t.lane >= 0 {
					l.add(2*c+1, m.lane[i]+t.lane, l.edges[c+1].lane[it.after()[s]]+j, t.weight)
				}
			}
		}
		l.linkDash(c, i)
	}
	l.linkFences(2*c, l.edges[c].fences, m.fences)
	l.linkFences(2*c+1, m.fences, l.edges[c+1].fences)
}

func (l *layout) add(rank, from, to, weight int) {
	l.problem.Links = append(l.problem.Links, lanes.Link{Rank: rank, From: from, To: to, Weight: weight})
}

// linkDash ties the dashed line above an item to where it comes from and goes.
func (l *layout) linkDash(c, i int) {
	from, mid, to := l.dashRows(c, i)
	if from >= 0 && mid >= 0 {
		l.add(2*c, from, mid, weightDash)
	}
	if mid >= 0 && to >= 0 {
		l.add(2*c+1, mid, to, weightDash)
	}
}

// dashRows are the rows of the dashed line above an item at the left edge, in the
// middle and at the right edge of its column; -1 where it is not.
func (l *layout) dashRows(c, i int) (from, mid, to int) {
	at := func(e edge, strands []*strand) int {
		if len(strands) > 0 {
			if row, ok := e.dash[strands[0]]; ok {
				return row
			}
		}
		return -1
	}
	it := l.columns[c][i]
	return at(l.edges[c], it.before()), l.middles[c].dash[i], at(l.edges[c+1], it.after())
}

func (l *layout) linkFences(rank int, from, to map[side]int) {
	for _, f := range l.fences {
		for _, lower := range []bool{false, true} {
			a, atFrom := from[side{f, lower}]
			b, atTo := to[side{f, lower}]
			if atFrom && atTo {
				l.add(rank, a, b, weightFence)
			}
		}
	}
}
