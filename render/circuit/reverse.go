package circuit

import (
	"math"

	"ncd/render/scene"
)

// returnRise is how far the mark lies above the middle of the text it belongs to, and
// returnRoom what it takes, mm.
const (
	returnRise = 2.7
	returnRoom = 2.0
)

// returns is the mark of a box that says itself what goes back through it: a small
// arrow to the left, its point at the left end.
func (c *canvas) returns(about scene.About, right scene.Point) {
	const long = 3.2
	tip := right.Sub(scene.Point{X: long})
	c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "reverse", Stroke: scene.Ink, Weight: scene.Thin,
		Outline: scene.From(right).Line(tip.Add(scene.Point{X: 1}))})
	c.arrowheadAt(about, tip, math.Pi)
}
