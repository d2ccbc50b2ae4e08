package circuit

import (
	"math"
	"slices"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// feed is a state of the body inside a fence: what the end of a turn hands on to
// the start of the next. It is drawn as the paper's loop, from the right side of
// the fence back to its left one beneath the body.
type feed struct {
	name  string
	start *strand
	gate  *step // the right edge, which takes the end of a turn as input number slot
	slot  int
	joins bool // the start is a wire that comes in from outside, the first turn's
}

// How feedback runs, mm.
const (
	feedPitch = 4.2 // from loop to loop, with room for a name
	feedTurn  = 1.2 // radius of its corners
	feedStep  = 1.6 // between upright stretches
)

// feeds counts the lanes of a fence's feedback.
func (f *fence) feedLanes() int {
	n := 0
	for _, fd := range f.feeds {
		n += fd.lanes()
	}
	return n
}

// lanes counts the axes of a state.
func (fd feed) lanes() int {
	n := 0
	for _, a := range fd.start.axes {
		if a.kind != liftedAxis {
			n++
		}
	}
	return max(n, 1)
}

// feedRoom is what the upright stretches of feedback take at a side of fences that
// begin or end at a rank, mm.
func (l *layout) feedRoom(rank int, begin bool) float64 {
	n := 0
	for _, f := range l.fences {
		if begin && l.begin(f) == rank && rank < len(l.columns) || !begin && l.end(f) == rank && rank > 0 {
			n = max(n, f.feedLanes())
		}
	}
	if n == 0 {
		return 0
	}
	return float64(n)*feedStep + feedTurn + 0.8
}

// isFed reports whether a strand begins at the left side of its fence.
func (s *strand) isFed() bool {
	return s.origin == nil && slices.ContainsFunc(s.fences, func(f *fence) bool {
		return slices.ContainsFunc(f.feeds, func(fd feed) bool { return fd.start == s && !fd.joins })
	})
}

// comesIn reports whether a strand begins at a rank, at the left side of its fence.
func (l *layout) comesIn(s *strand, rank int) bool {
	return s.isFed() && l.begin(s.fences[len(s.fences)-1]) == rank
}

// states puts the states of a body into its scope, at the left edge of its fence.
// A kept one is taken out of memory where it is read.
func (f *flattener) states(body *diagram.Diagram, in *step, inner scope, around *fence) {
	inside := append(slices.Clone(in.fences), around)
	for _, s := range body.States {
		switch started := slices.Index(body.In, s.Start); {
		case s.Kept:
			inner[s.In] = f.kept(s, inside)
		case started >= 0 && inner[s.Start] != nil && inner[s.Start].made != nil:
			inner[s.In] = inner[s.Start]
			around.feeds = append(around.feeds, feed{name: s.Path, start: inner[s.Start].made, joins: true})
		default:
			strand := &strand{wire: s.In, axes: axesOf(s.In), fences: inside}
			in.out = append(in.out, strand)
			inner[s.In] = f.value(strand)
			around.feeds = append(around.feeds, feed{name: s.Path, start: strand})
		}
	}
}

// kept is a value out of memory.
func (f *flattener) kept(s *diagram.State, fences []*fence) *value {
	b := &diagram.Box{Op: diagram.View{Name: "load", Slot: s.Path}, Name: s.Path, Out: []*diagram.Wire{s.In}, Weave: byLabel(nil, []*diagram.Wire{s.In}), Span: s.Span}
	out := &strand{wire: s.In, fences: fences}
	f.add(&step{box: b, fences: fences, glyph: remembering{loads: true}, ordered: true, out: []*strand{out}})
	return f.value(out)
}

// carried lets the right edge of a fence take the states that a turn leaves; kept
// ones are put into memory.
func (f *flattener) carried(body *diagram.Diagram, out *step, inner scope, around *fence) error {
	n := 0
	for _, s := range body.States {
		if s.Kept {
			if s.Out == s.In {
				continue
			}
			b := &diagram.Box{Op: diagram.View{Name: "save", Slot: s.Path}, Name: s.Path, In: []*diagram.Wire{s.Out}, Weave: byLabel([]*diagram.Wire{s.Out}, nil), Span: s.Span}
			save := &step{box: b, fences: append(slices.Clone(out.fences), around), glyph: remembering{}, ordered: true, ports: []int{0}}
			if err := f.read(inner, s.Out, save, 0); err != nil {
				return err
			}
			f.add(save)
			continue
		}
		around.feeds[n].gate, around.feeds[n].slot = out, len(out.in)
		if err := f.read(inner, s.Out, out, len(out.in)); err != nil {
			return err
		}
		n++
	}
	return nil
}

// endOf is the strand that a turn leaves for the next.
func (fd feed) endOf() *strand { return fd.gate.in[fd.slot] }

// feedback draws the loops of a fence beneath its body, as far as they lie on the
// line.
func (d *drawing) feedback(f *fence, area scene.Rect, begins, ends bool) {
	about := f.about()
	n := 0
	for _, fd := range f.feeds {
		for j := range fd.lanes() {
			level := area.Max.Y - 1.2 - float64(n)*feedPitch
			offset := 0.8 + float64(n)*feedStep
			about.Axis = fd.name
			w := d.canvas.newTrack(about, scene.Point{X: area.Max.X, Y: level})
			if ends {
				at := scene.Point{X: d.zones[d.end(f)].start, Y: d.feedHeight(d.end(f), fd.endOf(), j)}
				w.wire.Path = scene.From(at).Line(scene.Point{X: area.Max.X - offset - feedTurn, Y: at.Y}).
					Around(scene.Point{X: area.Max.X - offset, Y: at.Y}, scene.Point{X: area.Max.X - offset, Y: level}, feedTurn).
					Around(scene.Point{X: area.Max.X - offset, Y: level}, scene.Point{X: area.Min.X, Y: level}, feedTurn)
			}
			d.arriveFed(f, fd, w, j, scene.Point{X: area.Min.X + offset, Y: level}, begins)
			if j == 0 {
				d.feedName(about, fd.name, area, level)
			}
			n++
		}
	}
}

// arriveFed leads a loop up to the lane that it starts the next turn on.
func (d *drawing) arriveFed(f *fence, fd feed, w *track, lane int, corner scene.Point, begins bool) {
	if !begins {
		w.line(corner.X, corner.Y)
		return
	}
	rank := d.begin(f)
	to := scene.Point{X: d.zones[rank].states, Y: d.feedHeight(rank, fd.start, lane)}
	top := scene.Point{X: corner.X, Y: to.Y}
	w.wire.Path = w.wire.Path.Around(corner, top, feedTurn).Around(top, to, feedTurn).Line(to)
	if fd.joins {
		d.canvas.dot(w.wire.About, "turn", to.X, to.Y)
	}
}

// feedHeight is how high a lane of a state runs, counted among those that are its
// own: an array that a turn has made also has those that the box is lifted over.
func (d *drawing) feedHeight(rank int, s *strand, lane int) float64 {
	heights := d.laneHeights(rank, []*strand{s})[0]
	for j, a := range s.axes {
		if a.kind == liftedAxis {
			continue
		}
		if lane == 0 {
			return heights[j]
		}
		lane--
	}
	return heights[len(heights)-1]
}

// stop ends the lanes of a state that do not go on into the next turn, with open
// dots: the axis that the turns follow.
func (d *drawing) stop(rank int, s *strand) {
	for j, y := range d.laneHeights(rank, []*strand{s})[0] {
		t := d.tracks[s][j]
		t.line(d.zones[rank].start, y)
		if s.axes[j].kind == liftedAxis {
			d.canvas.signs = append(d.canvas.signs, &scene.Dot{About: t.wire.About, Kind: "drop", Open: true, Center: t.wire.Path.End(), Radius: dotRadius})
		}
	}
}

// feedName writes what is handed on upon the middle of its loop, with a head that
// says which way it goes.
func (d *drawing) feedName(about scene.About, name string, area scene.Rect, level float64) {
	x := (area.Min.X + area.Max.X) / 2
	d.canvas.arrowheadAt(about, scene.Point{X: x - 0.8, Y: level}, math.Pi)
	d.canvas.text(about, typeset.Name(name), scene.Math, labelSize, x+1.2, level-labelLift)
}

// scanned marks the lanes of the axis that a box is applied along place by place.
func (d *drawing) scanned(f *fence, area scene.Rect) {
	if _, ok := f.box.Op.(diagram.Scan); !ok {
		return
	}
	about := f.about()
	rank := d.begin(f)
	for _, s := range d.ranks[rank].strands {
		for j, a := range s.axes {
			if a.kind == liftedAxis && a.lift == f.along && slices.Contains(s.fences, f) {
				d.canvas.arrowhead(about, area.Min.X+2, d.laneHeights(rank, []*strand{s})[0][j])
			}
		}
	}
}
