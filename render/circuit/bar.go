package circuit

import (
	"slices"

	"ncd/render/scene"
)

// bar draws axes that merge into one, or one that splits: a thick upright bar
// marked with a ×.
type bar struct{}

func (bar) settle(s *step) {
	settleInPlace(s)
	if !isBarOfGroup(s) {
		return
	}
	out := s.out[0]
	for i, l := range letters(s.box.Weave.Out[0], out.axes) {
		if a := &out.axes[i]; s.isOwn(l) {
			a.label, a.fresh, a.group = out.wire.Type.Axes[a.at].Label, true, isView(s.box, "split")
		}
	}
}

// isBarOfGroup reports whether what merges or comes apart is any number of axes, which
// are one lane on either side.
func isBarOfGroup(s *step) bool {
	return shapeOfMap(s.box.Weave.In[0]) == follows && shapeOfMap(s.box.Weave.Out[0]) == follows
}

const (
	barHalf  = 0.45 // thickness
	barReach = 1.3  // beyond the outer wires
	signRoom = 3.0  // for the sign above
)

// middle has a lane for each part and one between them for the whole, so that
// it meets the bar in its middle.
func (bar) middle(s *step) middle {
	m := stripOf(s, barOwn(s))
	first, last := slices.Index(m.own, true), lastIndex(m.own)
	m.widen(barReach+signRoom+clearance, barReach+clearance)
	if parts := last - first + 1; parts%2 == 0 {
		m.center(first, last, s)
	}
	return m
}

// barOwn are the letters that take part in the bar.
func barOwn(s *step) func(letter) bool {
	if isBarOfGroup(s) {
		return s.isOwn
	}
	in, out := s.inLetters(), s.outLetters()
	return func(l letter) bool { return l == loneLetter || !contains(in, l) || !contains(out, l) }
}

// center ties the whole to a lane of its own between the parts.
func (m *middle) center(first, last int, s *step) {
	at := (first + last + 1) / 2
	whole, side := m.out, s.outLetters()
	if !contains(side, loneLetter) {
		whole, side = m.in, s.inLetters()
	}
	m.insert(at, nil, nil)
	m.lanes[at] = room{0.2, 0.2}
	for i, ls := range side {
		for j, l := range ls {
			if l == loneLetter {
				whole[i][j] = tie{at, weightBox}
			}
		}
	}
}

func (bar) width(*frame) (left, right float64) { return lead, lead }

func (bar) draw(f *frame) {
	about := f.step.about()
	top, bottom := f.span(func(i int) bool { return f.mid.own[i] })
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "bar", Fill: scene.Ink, Outline: scene.Rect{
		Min: scene.Point{X: f.middle - barHalf, Y: top - barReach}, Max: scene.Point{X: f.middle + barHalf, Y: bottom + barReach},
	}.Outline()})
	f.centered(about, `\times`, scene.Math, labelSize, scene.Point{X: f.middle, Y: top - barReach - signRoom/2})
	f.drawStrip(f.middle-barHalf, f.middle+barHalf)
}
