package circuit

import (
	"slices"

	"ncd/render/scene"
)

// pooling draws a pooling box shown closed, as the paper's figures do: a trapezoid
// that makes windows, of whose places a word with an arrow takes one number.
type pooling struct{ word string }

func (pooling) settle(s *step) { settleInPlace(s) }

// middle has a lane of its own for the places of a window.
func (pooling) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	m.insert(lastIndex(m.own)+1, nil, nil)
	m.widen(windowReach+clearance, windowReach+clearance)
	m.lanes[lastIndex(m.own)].above = labelRoom
	return m
}

// window is how many places a window has: 2² over two axes.
func (pooling) window(s *step) string {
	sizes := windowOf(openBody(s.box)).sizes
	text := sizesText(sizes)
	if n := len(sizes); n > 1 && sizesText(sizes[:1]) == text {
		text += "^{" + literalText(float64(n)) + "}"
	}
	return text
}

func (g pooling) text(s *step) string {
	text := `\star `
	if v := windowOf(openBody(s.box)); v.stride.String() != "1" {
		text += "/" + sizeText(v.stride)
	}
	return text
}

// stub is how far the wire of the window's places runs before the word.
func (g pooling) stub(f *frame) float64 {
	return widthOf(g.window(f.step), scene.Math, labelSize) + 1.4
}

func (g pooling) trapezoid(f *frame) float64 {
	return max(windowHalf, widthOf(g.text(f.step), scene.Math, labelSize)/2+0.6)
}

func (g pooling) width(f *frame) (left, right float64) {
	w := g.trapezoid(f)
	return w, w + g.stub(f) + widthOf(g.word, scene.Math, labelSize) + 2.6
}

func (g pooling) draw(f *frame) {
	about := f.step.about()
	first, last := slices.Index(f.mid.own, true), lastIndex(f.mid.own)
	top, narrow, foot := f.yMid[first], f.yMid[last-1], f.yMid[last]
	w := g.trapezoid(f)
	left, right := f.middle-w, f.middle+w
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "window", Fill: scene.Strided, Stroke: scene.Ink, Weight: scene.Thin,
		Outline: scene.Polygon(
			scene.Point{X: left, Y: top - windowReach}, scene.Point{X: right, Y: top - windowReach},
			scene.Point{X: right, Y: foot + windowReach}, scene.Point{X: left, Y: narrow + windowReach})})
	f.centered(about, g.text(f.step), scene.Math, labelSize, scene.Point{X: f.middle, Y: top})
	stub := f.newTrack(about, scene.Point{X: right, Y: foot})
	stub.line(right+g.stub(f), foot)
	stub.wire.Double = f.isDouble(last - 1)
	f.text(about, g.window(f.step), scene.Math, labelSize, right+0.5, foot-labelLift)
	word := f.centered(about, `\mathrm{`+g.word+"}", scene.Math, labelSize, scene.Point{X: 0, Y: foot})
	word.At.X = right + g.stub(f) + 0.3
	f.arrowhead(about, word.At.X+word.Width+1.8, foot)
	f.drawStrip(left, right)
}
