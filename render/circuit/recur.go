package circuit

import (
	"math"

	"ncd/render/scene"
)

// recurRoom is what the loop beneath a closed box takes, mm.
const recurRoom = 3.0

// recurs is the mark of a box that hands a state on from place to place and whose
// inside is not shown: a loop beneath it, as feedback is drawn where it is.
func (c *canvas) recurs(about scene.About, front scene.Rect) {
	left := scene.Point{X: front.Min.X + 1, Y: front.Max.Y}
	right := scene.Point{X: front.Max.X - 1, Y: front.Max.Y}
	level := front.Max.Y + recurRoom - 0.8
	lowerLeft, lowerRight := scene.Point{X: left.X, Y: level}, scene.Point{X: right.X, Y: level}
	c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "recurrence", Stroke: scene.Ink, Weight: scene.Thin,
		Outline: scene.From(right).Around(lowerRight, lowerLeft, feedTurn).Around(lowerLeft, left, feedTurn).Line(left)})
	c.arrowheadAt(about, scene.Point{X: (left.X+right.X)/2 - 0.8, Y: level}, math.Pi)
}
