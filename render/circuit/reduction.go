package circuit

import "ncd/render/scene"

// reduction draws what takes one number from all places of an axis: a word and
// an arrow on the wire that ends.
type reduction struct{ fn string }

func (reduction) settle(s *step) { settleInPlace(s) }

func (reduction) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	m.widen(1.8+clearance, 1.8+clearance)
	return m
}

func (g reduction) text() string {
	if g.fn == "mean" {
		return `\mathbbE`
	}
	return `\mathrm{` + g.fn + "}"
}

func (g reduction) width(*frame) (left, right float64) {
	w := widthOf(g.text(), scene.Math, labelSize)/2 + 1.2
	return w, w + 1.4
}

func (g reduction) draw(f *frame) {
	about := f.step.about()
	w, _ := g.width(f)
	for i, y := range f.yMid {
		if f.mid.own[i] && len(f.arms(i)) > 0 {
			f.centered(about, g.text(), scene.Math, labelSize, scene.Point{X: f.middle, Y: y})
			f.arrowhead(about, f.middle+w+0.9, y)
		}
	}
	f.drawStrip(f.middle-w+0.7, f.middle+w+0.9) // what follows leaves the tip
}
