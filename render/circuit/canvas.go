package circuit

import (
	"math"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// Measures of a figure, mm.
const (
	labelSize    = 3.0 // 8.5 pt
	smallSize    = 2.7 // titles of boxes
	titleSize    = 3.3
	nameSize     = 4.6 // of the inputs
	learnedSize  = 4.8
	labelLift    = 0.55 // between a wire and the foot of its label
	labelRoom    = 3.6  // above a wire that is labelled
	wireRoom     = 1.0  // around a wire that is not
	overhang     = 2.4  // of a box beyond its outer wires
	clearance    = 0.8  // between things that have nothing to do with each other
	dotRadius    = 0.55
	dashRoom     = 0.8
	maxCup       = 2.4 // radius
	lead         = 1.4 // straight wire before and behind a glyph
	fenceMargin  = 1.5 // between nested fences
	pageMargin   = 2.0
	steepest     = 0.85 // width of a swerve by its height
	longestCurve = 15.0
)

// canvas gathers marks by layer.
type canvas struct {
	fences, panels, boxes, dashes, wires, signs, labels []scene.Mark
}

// marks are all marks, the lowest layer first.
func (c *canvas) marks() []scene.Mark {
	var all []scene.Mark
	for _, layer := range [][]scene.Mark{c.fences, c.panels, c.boxes, c.dashes, c.wires, c.signs, c.labels} {
		all = append(all, layer...)
	}
	return all
}

// track is the wire of one lane from the step where it begins to the one where
// it ends.
type track struct {
	wire *scene.Wire
}

func (c *canvas) newTrack(about scene.About, from scene.Point) *track {
	t := &track{wire: &scene.Wire{About: about, Path: scene.From(from)}}
	c.wires = append(c.wires, t.wire)
	return t
}

// swerve carries the track to a place on another level.
func (t *track) swerve(x, y float64) { t.wire.Path = t.wire.Path.Swerve(scene.Point{X: x, Y: y}) }

// line carries the track straight.
func (t *track) line(x, y float64) { t.wire.Path = t.wire.Path.Line(scene.Point{X: x, Y: y}) }

// text sets a label with its foot on a height: the ink ends there, whatever
// letters it has.
func (c *canvas) text(about scene.About, text string, style scene.Style, size float64, x, foot float64) *scene.Label {
	l := typeset.Label(text, style, size)
	l.About, l.At = about, scene.Point{X: x, Y: foot - l.Descent}
	c.labels = append(c.labels, l)
	return l
}

// centered sets a label with the middle of its ink at a place.
func (c *canvas) centered(about scene.About, text string, style scene.Style, size float64, at scene.Point) *scene.Label {
	l := typeset.Label(text, style, size)
	l.About = about
	l.At = scene.Point{X: at.X - l.Width/2, Y: at.Y + (l.Ascent-l.Descent)/2}
	c.labels = append(c.labels, l)
	return l
}

func (c *canvas) dot(about scene.About, kind string, x, y float64) {
	c.signs = append(c.signs, &scene.Dot{About: about, Kind: kind, Center: scene.Point{X: x, Y: y}, Radius: dotRadius})
}

// dotOn is a dot that covers a track, be it double.
func (c *canvas) dotOn(t *track, kind string, x, y float64) {
	radius := dotRadius
	if t.wire.Double {
		radius += scene.DoubleWidth / 2
	}
	c.signs = append(c.signs, &scene.Dot{About: t.wire.About, Kind: kind, Center: scene.Point{X: x, Y: y}, Radius: radius})
}

// arrowhead is the paper's barbed head, its point at a place.
func (c *canvas) arrowhead(about scene.About, x, y float64) {
	c.arrowheadAt(about, scene.Point{X: x, Y: y}, 0)
}

// arrowheadAt is the head turned down by an angle, in radians.
func (c *canvas) arrowheadAt(about scene.About, tip scene.Point, angle float64) {
	const long, wide, barb = 1.7, 0.8, 0.45
	sin, cos := math.Sincos(angle)
	at := func(x, y float64) scene.Point { return tip.Add(scene.Point{X: x*cos - y*sin, Y: x*sin + y*cos}) }
	c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "arrowhead", Fill: scene.Ink,
		Outline: scene.Polygon(tip, at(-long, -wide), at(barb-long, 0), at(-long, wide))})
}

// shaft is the thin line of an arrow.
func (c *canvas) shaft(about scene.About, x0, x1, y float64) {
	c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "shaft", Stroke: scene.Ink, Weight: scene.Thin,
		Outline: scene.From(scene.Point{X: x0, Y: y}).Line(scene.Point{X: x1, Y: y})})
}

// widthOf is how wide a text will be.
func widthOf(text string, style scene.Style, size float64) float64 {
	return typeset.Set(text, style, size).Width
}

// curveWidth is the width a swerve of a height wants.
func curveWidth(height float64) float64 {
	if math.Abs(height) < level {
		return lead
	}
	return min(max(steepest*math.Abs(height), 5), longestCurve)
}

// level is the difference in height below which lanes count as level, mm.
const level = 0.02
