package circuit

import (
	"math"

	"ncd/render/scene"
)

// A dashed line lies above the strand it parts from the one before. It runs on
// through the columns as long as both sides of it do, ends at the glyph that
// brings them together, and begins behind one that makes several strands.

// startDash begins the dashed line above a strand.
func (d *drawing) startDash(s *strand, x float64, y float64) {
	line := &scene.Separator{Path: scene.From(scene.Point{X: x, Y: y})}
	d.lines[s] = line
	d.canvas.dashes = append(d.canvas.dashes, line)
}

// farthestRise is how far a dashed line follows the strands it parts up or down, mm.
// Beyond it would lie across other strands: it stops, and begins again where it
// arrives.
const farthestRise = 4.5

func extend(line *scene.Separator, x, y float64) {
	if line == nil {
		return
	}
	to := scene.Point{X: x, Y: y}
	if math.Abs(y-line.Path.End().Y) > farthestRise {
		line.Path = line.Path.Move(to)
		return
	}
	line.Path = line.Path.Line(to)
}

// dashes draws the dashed lines of a column.
func (d *drawing) dashes(c int) {
	for i, it := range d.columns[c] {
		f := d.frame(c, i)
		d.outerDash(c, i)
		for s, strand := range it.before() {
			if s > 0 {
				extend(d.lines[strand], f.dashEnd(d.places[c]), d.heights[2*c][d.edges[c].dash[strand]])
			}
		}
		for s, strand := range it.after() {
			if s > 0 {
				d.startDash(strand, f.dashStart(d.places[c]), d.heights[2*c+2][d.edges[c+1].dash[strand]])
			}
		}
	}
}

// outerDash carries the line above an item from one edge to the other.
func (d *drawing) outerDash(c, i int) {
	from, mid, to := d.dashRows(c, i)
	if mid < 0 {
		return
	}
	it, p := d.columns[c][i], d.places[c]
	y := d.heights[2*c+1][mid]
	var line *scene.Separator
	if from >= 0 {
		line = d.lines[it.before()[0]]
		extend(line, p.x0, d.heights[2*c][from])
		extend(line, p.x1, y)
	}
	if to < 0 {
		return
	}
	if line == nil {
		d.startDash(it.after()[0], p.middle, y)
		line = d.lines[it.after()[0]]
	}
	extend(line, p.x2, y)
	extend(line, p.x3, d.heights[2*c+2][to])
	d.lines[it.after()[0]] = line
}

// dashEnd is how far a line between the inputs of a step runs: up to its glyph,
// and not among arms that cross.
func (f *frame) dashEnd(p place) float64 {
	switch f.step.glyph.(type) {
	case *join, crossing:
		return p.x0 + (p.x1-p.x0)*0.35
	}
	left, _ := f.step.glyph.width(f)
	return p.middle - left - 0.3
}

func (f *frame) dashStart(p place) float64 {
	switch f.step.glyph.(type) {
	case copying:
		return p.x2 + (p.x3-p.x2)*0.6
	case crossing:
		return p.x1
	}
	_, right := f.step.glyph.width(f)
	return p.middle + right + 0.3
}

// firstDashes begin where the line does.
func (d *drawing) firstDashes() {
	for i, s := range d.ranks[0].strands {
		if i > 0 {
			d.startDash(s, d.zones[0].start, d.heights[0][d.edges[0].dash[s]])
		}
	}
}

func (d *drawing) lastDashes(x float64) {
	last := len(d.columns)
	for i, s := range d.ranks[last].strands {
		if i > 0 && !s.ended && !(d.more && d.comesIn(s, last)) {
			extend(d.lines[s], x, d.heights[2*last][d.edges[last].dash[s]])
		}
	}
}
