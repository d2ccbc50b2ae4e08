package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// elementwise draws a function of single numbers as an arrow above the wires
// that touches none.
type elementwise struct{ op diagram.Map }

func (elementwise) settle(s *step) { settleInPlace(s) }

// arrowRise is how far the arrow runs above the highest wire, and arrowRoom
// what it takes, mm.
const (
	arrowRise = 2.1
	arrowRoom = 4.2
)

func (elementwise) middle(s *step) middle {
	m := stripOf(s, func(letter) bool { return false })
	if len(m.lanes) > 0 {
		m.lanes[0].above = arrowRoom
	}
	return m
}

func (g elementwise) width(f *frame) (left, right float64) {
	w := widthOf(expression(g.op, f.step), scene.Math, labelSize+0.4)/2 + 2.9
	return w, w
}

func (g elementwise) draw(f *frame) {
	f.pass(func(int) bool { return true })
	g.arrow(f, f.yMid[0]-arrowRise)
}

// arrow writes ➤text➤ on a height.
func (g elementwise) arrow(f *frame, y float64) {
	about := f.step.about()
	l := f.centered(about, expression(g.op, f.step), scene.Math, labelSize+0.4, scene.Point{X: f.middle, Y: y})
	left, right := f.middle-l.Width/2, f.middle+l.Width/2
	f.arrowhead(about, left-0.5, y)
	f.shaft(about, right+0.3, right+1.4, y)
	f.arrowhead(about, right+2.4, y)
}
