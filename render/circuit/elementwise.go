package circuit

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// elementwise draws a function of single numbers as an arrow above the wires
// that touches none.
type elementwise struct {
	op       diagram.Map
	name     string // of a diagram that works on single numbers; empty: op is meant
	reverses bool   // it says itself what goes back
}

// text is what is written on the arrow.
func (g elementwise) text(s *step) string {
	if g.name == "" {
		return expression(g.op, s)
	}
	return `\mathrm{` + strings.ReplaceAll(g.name, "_", `\_`) + "}"
}

func (elementwise) settle(s *step) { settleInPlace(s) }

// arrowRise is how far the arrow runs above the highest wire, and arrowRoom
// what it takes, mm.
const (
	arrowRise = 2.1
	arrowRoom = 4.2
)

func (g elementwise) middle(s *step) middle {
	m := stripOf(s, func(letter) bool { return false })
	if len(m.lanes) > 0 {
		m.lanes[0].above = arrowRoom
		if g.reverses {
			m.lanes[0].above += returnRoom
		}
	}
	return m
}

func (g elementwise) width(f *frame) (left, right float64) {
	w := widthOf(g.text(f.step), scene.Math, labelSize+0.4)/2 + 2.9
	return w, w
}

func (g elementwise) draw(f *frame) {
	f.pass(func(int) bool { return true })
	g.arrow(f, f.yMid[0]-arrowRise)
}

// arrow writes ➤text➤ on a height.
func (g elementwise) arrow(f *frame, y float64) {
	about := f.step.about()
	l := f.centered(about, g.text(f.step), scene.Math, labelSize+0.4, scene.Point{X: f.middle, Y: y})
	left, right := f.middle-l.Width/2, f.middle+l.Width/2
	f.arrowhead(about, left-0.5, y)
	f.shaft(about, right+0.3, right+1.4, y)
	f.arrowhead(about, right+2.4, y)
	if g.reverses {
		f.returns(about, scene.Point{X: f.middle + 1.6, Y: y - returnRise})
	}
}
