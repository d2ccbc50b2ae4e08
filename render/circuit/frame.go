package circuit

import (
	"math"

	"ncd/render/scene"
)

// frame is a step in its place on the page: what a glyph draws in. Wires come
// in at x0 and leave at x3; between x1 and x2, about the middle, every lane
// runs level at its middle height.
type frame struct {
	*canvas
	step           *step
	mid            middle
	x0, x1, x2, x3 float64
	middle         float64     // between x1 and x2
	meet           float64     // where lanes that meet end in a dot, if behind x1
	yIn, yOut      [][]float64 // of each strand and lane
	yMid           []float64
	in             [][]*track
	out            [][]*track // the glyph sets these
}

// height is the middle height of the lane that an input is tied to.
func (f *frame) height(t tie) float64 { return f.yMid[t.lane] }

// arrive carries an input to the middle height of its lane.
func (f *frame) arrive(strand, lane int) *track { return f.arriveAt(f.x1, strand, lane) }

// arriveAt carries an input to the middle height of its lane by a place.
func (f *frame) arriveAt(x float64, strand, lane int) *track {
	t := f.in[strand][lane]
	t.line(f.x0, f.yIn[strand][lane])
	t.swerve(x, f.height(f.mid.in[strand][lane]))
	return t
}

// depart carries a track from the middle height of a lane out to an output.
func (f *frame) depart(t *track, strand, lane int) {
	t.line(f.x2, f.height(f.mid.out[strand][lane]))
	t.swerve(f.x3, f.yOut[strand][lane])
	f.out[strand][lane] = t
}

// isDouble reports whether a wire of any number of axes comes in on a lane.
func (f *frame) isDouble(lane int) bool {
	for _, arm := range f.arms(lane) {
		if f.step.in[arm[0]].axes[arm[1]].group {
			return true
		}
	}
	return false
}

// begin starts the wire of an output at a place on the lane's middle height.
func (f *frame) begin(strand, lane int, x float64) *track {
	a := f.step.out[strand].axes[lane]
	about := scene.About{Axis: a.label, Span: f.step.out[strand].wire.Span}
	t := f.newTrack(about, scene.Point{X: x, Y: f.height(f.mid.out[strand][lane])})
	t.wire.Double = a.group
	f.depart(t, strand, lane)
	return t
}

// pass carries through the lanes that a glyph leaves alone: those tied at both
// sides to one lane of the middle. Several that meet end in a dot on the first.
// It returns which inputs and outputs it did.
func (f *frame) pass(isPassed func(lane int) bool) {
	carried := make([]*track, len(f.yMid))
	for i, ties := range f.mid.in {
		for j, t := range ties {
			if t.lane < 0 || !isPassed(t.lane) {
				continue
			}
			if carried[t.lane] != nil {
				f.dotOn(f.arriveAt(max(f.meet, f.x1), i, j), "diagonal", max(f.meet, f.x1), f.height(t))
				continue
			}
			carried[t.lane] = f.arrive(i, j)
		}
	}
	f.carry(carried)
}

// carry leads tracks out of the middle; one that leads to several outputs
// branches from a dot.
func (f *frame) carry(carried []*track) {
	used := make([]bool, len(carried))
	for o, ties := range f.mid.out {
		for j, t := range ties {
			if t.lane < 0 || carried[t.lane] == nil {
				continue
			}
			if used[t.lane] {
				f.begin(o, j, f.x2)
				f.dotOn(f.out[o][j], "copy", f.x2, f.height(t))
				continue
			}
			used[t.lane] = true
			f.depart(carried[t.lane], o, j)
		}
	}
}

// span is the highest and the lowest of the lanes that satisfy a condition; of
// all of them where none does.
func (f *frame) span(has func(lane int) bool) (top, bottom float64) {
	top, bottom = math.Inf(1), math.Inf(-1)
	for i, y := range f.yMid {
		if has(i) {
			top, bottom = min(top, y), max(bottom, y)
		}
	}
	if top > bottom {
		return f.yMid[0], f.yMid[len(f.yMid)-1]
	}
	return top, bottom
}
