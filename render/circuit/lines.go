package circuit

import (
	"math"
	"slices"

	"ncd/render/lanes"
	"ncd/render/scene"
)

// layOut finds the heights of a sheet, and breaks it into lines if it is to be
// narrower than it comes. Each line is laid out by itself.
func layOut(s *sheet, o Options) ([]*layout, error) {
	whole := newLayout(s)
	if o.Width > 0 {
		if err := whole.solve(lanes.Greedy{}); err != nil { // quick, and only for its widths
			return nil, err
		}
	}
	breaks := whole.lineBreaks(o)
	if len(breaks) == 0 {
		return []*layout{whole}, whole.solve(o.Solver)
	}
	var lines []*layout
	first := 0
	for _, last := range append(breaks, len(s.columns)) {
		l := newLayout(s.part(first, last))
		if err := l.solve(o.Solver); err != nil {
			return nil, err
		}
		lines = append(lines, l)
		first = last
	}
	return lines, nil
}

// part is the line of a sheet between two ranks. Where a line begins every wire
// is labelled.
func (s *sheet) part(first, last int) *sheet {
	line := &sheet{ranks: slices.Clone(s.ranks[first : last+1]), columns: s.columns[first:last], from: first, more: last < len(s.columns)}
	if first > 0 {
		line.labelAll(0)
		if !line.more && last-first <= labelReach {
			line.unlabel(last - first)
		}
	}
	for _, f := range s.fences {
		if f.left < last && first < f.right {
			line.fences = append(line.fences, f)
		}
	}
	return line
}

// begin and end are the ranks of the line between which a fence stands; they may
// lie off it.
func (s *sheet) begin(f *fence) int { return f.left - s.from }
func (s *sheet) end(f *fence) int   { return f.right - s.from }

func (s *sheet) labelAll(rank int) {
	r := &s.ranks[rank]
	r.labelled = nil
	for _, strand := range r.strands {
		labelled := make([]bool, len(strand.axes))
		for j, a := range strand.axes {
			labelled[j] = a.kind != unitAxis
		}
		r.labelled = append(r.labelled, labelled)
	}
}

// unlabel takes from a rank the labels that the start of its line has.
func (s *sheet) unlabel(rank int) {
	r := &s.ranks[rank]
	for i, strand := range r.strands {
		r.labelled[i] = slices.Clone(r.labelled[i])
		for j, a := range strand.axes {
			r.labelled[i][j] = r.labelled[i][j] && a.told >= s.from
		}
	}
}

// turnWidth is what the curved arrows at both ends of a line take, mm.
const turnWidth = 2*turnReach + 2*lead

// lineBreaks are the ranks at which to begin new lines, such that lines are as
// full as the page lets them; of the ranks near the end of a line, one with few
// fences around it.
func (l *layout) lineBreaks(o Options) []int {
	if o.Width == 0 {
		return nil
	}
	zones, places := l.spread(o)
	names := 0.0
	for _, s := range l.ranks[0].strands {
		names = max(names, nameWidth(s))
	}
	var breaks []int
	first, room := 0, o.Width-2*pageMargin-turnWidth
	for c := range l.columns {
		used := zones[c+1].end - zones[first].start
		if first == 0 {
			used += names
		}
		if used <= room || c == first {
			continue
		}
		at := l.goodBreak(first, c, zones, places)
		breaks = append(breaks, at)
		first = at
	}
	return breaks
}

// goodBreak is the rank after first and up to last that is inside the fewest
// fences and leaves the line at least two thirds full.
func (l *layout) goodBreak(first, last int, zones []zone, places []place) int {
	best, least := last, math.MaxInt
	full := places[last-1].x3 - zones[first].start
	for r := last; r > first; r-- {
		if places[r-1].x3-zones[first].start < full*2/3 {
			break
		}
		if n := l.fencesAt(r); n < least {
			best, least = r, n
		}
	}
	return best
}

func (l *layout) fencesAt(rank int) int {
	n := 0
	for _, f := range l.fences {
		if f.left < rank && rank < f.right {
			n++
		}
	}
	return n
}

// The curved arrows of the paper: out of a line downward to the right, into the
// next from the upper left, mm.
const (
	turnReach = 4.5
	turnDrop  = 1.9
)

// curveOut ends a track in an arrow that leads to the next line.
func (t *track) curveOut(c *canvas) {
	from := t.wire.Path.End()
	to := from.Add(scene.Point{X: turnReach, Y: turnDrop})
	t.wire.Path = t.wire.Path.Curve(
		from.Add(scene.Point{X: turnReach * 0.45}), to.Sub(scene.Point{X: turnReach * 0.3, Y: turnDrop * 0.55}), to)
	c.arrowheadAt(t.wire.About, to, math.Atan2(turnDrop*0.55, turnReach*0.3))
}

// arriving puts the arrowhead at the start of a wire that comes from the line
// above, and returns where the wire is seen first.
func (c *canvas) arriving(about scene.About, at scene.Point) scene.Point {
	c.arrowhead(about, at.X, at.Y)
	return at.Sub(scene.Point{X: turnReach, Y: turnDrop})
}

// curveIn carries a new track from the upper left to where its line begins.
func (t *track) curveIn(to scene.Point) {
	from := t.wire.Path.End()
	t.wire.Path = t.wire.Path.Curve(
		from.Add(scene.Point{X: turnReach * 0.3, Y: turnDrop * 0.55}), to.Sub(scene.Point{X: turnReach * 0.45}), to)
}
