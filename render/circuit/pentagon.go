package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// origin draws what is made from nothing: a pentagon that points left, with the
// wires leaving its flat right side.
type origin struct{}

func (origin) settle(s *step) {
	for _, out := range s.out {
		out.axes = axesOf(out.wire)
	}
}

const pentagonPoint = 1.6 // how far the point reaches

func (origin) middle(s *step) middle {
	m := stripOf(s, func(letter) bool { return true })
	m.widen(overhang+clearance, overhang+clearance)
	return m
}

func (origin) text(s *step) string {
	switch op := s.box.Op.(type) {
	case diagram.Learned:
		if name := boundName(s); name != "" {
			return `\mathbf{` + typeset.Name(name) + "}"
		}
		return `\mathbf{E}`
	case diagram.Constant:
		return numberText(op.Value)
	}
	return typeset.Name(s.box.Op.Kind())
}

func (g origin) width(f *frame) (left, right float64) {
	w := max(widthOf(g.text(f.step), scene.Math, labelSize), 2)/2 + panelPadding
	return w + pentagonPoint, w
}

func (g origin) draw(f *frame) {
	about := f.step.about()
	top, bottom := f.span(func(int) bool { return true })
	_, w := g.width(f)
	fill, weight := scene.Paper, scene.Thin
	if _, ok := f.step.box.Op.(diagram.Learned); ok {
		fill, weight = scene.Learned, scene.Medium
	}
	left, right := f.middle-w, f.middle+w
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "source", Fill: fill, Stroke: scene.Ink, Weight: weight,
		Outline: scene.Polygon(
			scene.Point{X: left - pentagonPoint, Y: (top + bottom) / 2}, scene.Point{X: left, Y: top - overhang},
			scene.Point{X: right, Y: top - overhang}, scene.Point{X: right, Y: bottom + overhang}, scene.Point{X: left, Y: bottom + overhang})})
	f.centered(about, g.text(f.step), scene.Math, labelSize, scene.Point{X: f.middle, Y: (top + bottom) / 2})
	f.drawStrip(left, right)
}

// pick draws a place that is picked along an axis: the paper's index, a
// pentagon that ends the wire with its point to the right.
type pick struct{}

func (pick) settle(s *step) { settleInPlace(s) }

func (pick) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	for i := range m.lanes {
		if m.own[i] {
			m.lanes[i] = room{1.8 + clearance, 1.8 + clearance}
		}
	}
	return m
}

// text is the place picked along a lane.
func (pick) text(s *step, lane int) string {
	for i, ties := range s.glyph.middle(s).in {
		for j, t := range ties {
			if t.lane == lane && s.in[i].axes[j].kind == ownAxis {
				return typeset.Name(s.box.Weave.In[s.ports[i]][s.in[i].axes[j].at].Offset.String())
			}
		}
	}
	return ""
}

func (g pick) width(f *frame) (left, right float64) {
	widest := 2.0
	for lane, own := range f.mid.own {
		if own {
			widest = max(widest, widthOf(g.text(f.step, lane), scene.Math, labelSize))
		}
	}
	return widest/2 + 0.8, widest/2 + 0.8 + pentagonPoint
}

func (g pick) draw(f *frame) {
	about := f.step.about()
	w, reach := g.width(f)
	left, right := f.middle-w, f.middle+w
	for lane, y := range f.yMid {
		if !f.mid.own[lane] || len(f.arms(lane)) == 0 {
			continue
		}
		f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "index", Fill: scene.Index, Stroke: scene.Ink, Weight: scene.Thin,
			Outline: scene.Polygon(scene.Point{X: left, Y: y - 1.8}, scene.Point{X: right, Y: y - 1.8},
				scene.Point{X: f.middle + reach, Y: y}, scene.Point{X: right, Y: y + 1.8}, scene.Point{X: left, Y: y + 1.8})})
		l := f.centered(about, g.text(f.step, lane), scene.Math, labelSize, scene.Point{X: f.middle, Y: y})
		l.Color = scene.OnIndex
	}
	if slices.Contains(f.mid.own, true) {
		f.drawStrip(left, f.middle+reach)
	}
}
