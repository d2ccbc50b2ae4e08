package circuit

import (
	"slices"

	"ncd/compiler/shape"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// place is where a column and the rank behind it stand on the page, mm.
type place struct {
	x0, x1, middle, x2, x3 float64 // as in frame
}

// placeArrow is the room behind the label of a wire of places for the arrowhead
// that marks it, mm.
const placeArrow = 2.4

// zone is the stretch between two columns: the right sides of fences that end,
// labels, the left sides of fences that begin.
type zone struct {
	start, labels, gates, states, end float64
}

// spread places columns and zones from left to right. Columns under a title
// that is wider than they are get more room.
func (l *layout) spread(o Options) ([]zone, []place) {
	extra := make([]float64, len(l.columns))
	for range 3 {
		zones, places := l.tryPlaces(o, extra)
		if !l.widenForTitles(zones, extra) {
			return zones, places
		}
	}
	return l.tryPlaces(o, extra)
}

func (l *layout) tryPlaces(o Options, extra []float64) ([]zone, []place) {
	var zones []zone
	var places []place
	x := 0.0
	for r := range l.ranks {
		z := l.zone(r, x, o)
		zones = append(zones, z)
		if x = z.end; r == len(l.columns) {
			break
		}
		p := l.columnPlace(r, x+extra[r], o)
		p.x0 = x
		places = append(places, p)
		x = p.x3
	}
	return zones, places
}

func (l *layout) zone(r int, start float64, o Options) zone {
	z := zone{start: start, labels: start + 0.4, gates: start, end: start}
	if depth := l.gateDepth(r, false); depth > 0 {
		z.labels = start + l.feedRoom(r, false) + float64(depth)*fenceMargin + 0.6
	}
	widest, fed := 0.0, 0.0
	for i, s := range l.ranks[r].strands {
		for j, labelled := range l.ranks[r].labelled[i] {
			if labelled {
				width := widthOf(o.label(s.axes[j], s.inLoop()), scene.Math, labelSize)
				if s.axes[j].kind == placeAxis {
					width += placeArrow
				}
				if l.comesIn(s, r) {
					fed = max(fed, width+0.8)
					continue
				}
				widest = max(widest, width)
			}
		}
	}
	z.gates = z.labels + widest
	if widest > 0 {
		z.gates += 0.6
	}
	z.states = z.gates + float64(l.gateDepth(r, true))*fenceMargin + l.feedRoom(r, true)
	z.end = z.states + fed
	return z
}

// gateDepth is how many fences begin or end one inside another at a rank.
func (l *layout) gateDepth(r int, begin bool) int {
	low, high := -1, -2
	for _, f := range l.fences {
		if begin && (l.begin(f) != r || r == len(l.columns)) || !begin && (l.end(f) != r || r == 0) {
			continue
		}
		if low < 0 || f.depth < low {
			low = f.depth
		}
		high = max(high, f.depth)
	}
	return high - low + 1
}

// columnPlace makes room for the widest glyph and the widest curve at each
// side.
func (l *layout) columnPlace(c int, x float64, o Options) place {
	left, right, in, out := 0.0, 0.0, lead, lead
	for i := range l.columns[c] {
		f := l.frame(c, i)
		if f.step != nil {
			a, b := f.step.glyph.width(f)
			reserved := o.reserved(f.step) / 2
			left, right = max(left, a, reserved), max(right, b, reserved)
		}
		in, out = max(in, curves(f.mid.in, f.yIn, f.yMid)), max(out, curves(f.mid.out, f.yOut, f.yMid))
	}
	p := place{x0: x, x1: x + in}
	p.middle = p.x1 + left
	p.x2 = p.middle + right
	p.x3 = p.x2 + out
	return p
}

// reserved is how wide the column of a step must be.
func (o Options) reserved(s *step) float64 {
	if o.Reserve == nil || s.box == nil || s.gate != nil {
		return 0
	}
	return o.Reserve(s.about().Path)
}

func curves(ties [][]tie, edge [][]float64, mid []float64) float64 {
	widest := 0.0
	for s := range ties {
		for j, t := range ties[s] {
			if t.lane >= 0 {
				widest = max(widest, curveWidth(edge[s][j]-mid[t.lane]))
			}
		}
	}
	return widest
}

// frame is an item with its heights, not yet with its place from left to right.
func (l *layout) frame(c, i int) *frame {
	it := l.columns[c][i]
	f := &frame{step: it.step, mid: l.middles[c].plan[i], yMid: l.middleHeights(c, i)}
	f.yIn, f.yOut = l.laneHeights(c, it.before()), l.laneHeights(c+1, it.after())
	return f
}

// widenForTitles gives columns under a title more room; it reports whether it
// had to.
func (l *layout) widenForTitles(zones []zone, extra []float64) bool {
	widened := false
	for _, f := range l.fences {
		from, to := l.covered(f)
		if to <= from || l.begin(f) < 0 {
			continue
		}
		left, right := l.sides(f, zones)
		lack := widthOf(f.title, scene.Sans, smallSize) + 2 - (right - left)
		if lack < 0.01 {
			continue
		}
		widened = true
		for c := from; c < to; c++ {
			extra[c] += lack / float64(to-from)
		}
	}
	return widened
}

// covered are the columns of the line that a fence is around.
func (l *layout) covered(f *fence) (from, to int) {
	return max(l.begin(f), 0), min(l.end(f), len(l.columns))
}

// sides are the left and the right side of a fence, or of the part of it that is
// on the line.
func (l *layout) sides(f *fence, zones []zone) (left, right float64) {
	left, right = zones[0].start, l.lineEnd(zones)
	if begin := l.begin(f); begin >= 0 {
		left = zones[begin].gates + float64(l.nesting(f, begin, true))*fenceMargin + 0.3
	}
	if end := l.end(f); end <= len(l.columns) {
		right = zones[end].start + l.feedRoom(end, false) + float64(l.gateDepth(end, false)-l.nesting(f, end, false))*fenceMargin
	}
	return left, right
}

// nesting is how many fences around one begin, or end, at the same rank.
func (l *layout) nesting(f *fence, rank int, begin bool) int {
	low := f.depth
	for _, other := range l.fences {
		if begin && l.begin(other) == rank || !begin && l.end(other) == rank {
			low = min(low, other.depth)
		}
	}
	return f.depth - low
}

// lineEnd is where the wires of the line end.
func (l *layout) lineEnd(zones []zone) float64 {
	last := zones[len(zones)-1]
	if l.more {
		return last.start + l.feedRoom(len(l.columns), false) + float64(l.gateDepth(len(l.columns), false))*fenceMargin + lead
	}
	return last.end + lead
}

// label is what is written above a lane.
func (o Options) label(a axis, inLoop bool) string {
	if a.kind == unitAxis {
		return ""
	}
	text := a.text(inLoop)
	if n, known := a.size.Int(); known && o.Numbers {
		text += " = " + literalText(float64(n))
	}
	return text
}

// text is what a lane is called: its label, with a bar where it stands for any
// number of axes, or its size where that is worked out from the label. In a loop,
// where sizes may change from turn to turn, it is the label alone.
func (a axis) text(inLoop bool) string {
	text := typeset.Name(a.label)
	if a.group {
		text = `\mathbf{\bar{` + a.label + "}}"
	}
	own := shape.Letter(a.label)
	if !inLoop && !a.size.Equal(own) && slices.Contains(a.size.Letters(), a.label) {
		return sizeIn(a.size, map[string]string{a.label: text})
	}
	return text
}
