package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// closedBox draws a box by its name: flat for an operation, with depth for a
// composite one whose inside is not shown.
type closedBox struct{ solid bool }

func (closedBox) settle(s *step) { settleInPlace(s) }

// boxDepth is how far the faces of a solid box reach up and to the right.
const boxDepth = 1.1

func (g closedBox) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	above := overhang + clearance
	if g.solid {
		above += boxDepth
	}
	m.widen(above, overhang+clearance)
	return m
}

func (g closedBox) text(s *step) (text string, style scene.Style, size float64) {
	if body := openBody(s.box); body != nil {
		return titleOf(s.box, body), scene.Sans, smallSize
	}
	return typeset.Name(s.box.Op.Kind()), scene.Math, labelSize
}

func (g closedBox) width(f *frame) (left, right float64) {
	w := max(widthOf(g.text(f.step)), 4)/2 + panelPadding + 0.4
	if g.solid {
		return w, w + boxDepth
	}
	return w, w
}

func (g closedBox) draw(f *frame) {
	about := f.step.about()
	top, bottom := f.span(func(i int) bool { return f.mid.own[i] })
	w, _ := g.width(f)
	front := scene.Rect{Min: scene.Point{X: f.middle - w, Y: top - overhang}, Max: scene.Point{X: f.middle + w, Y: bottom + overhang}}
	fill, right := scene.Paper, front.Max.X
	if g.solid {
		fill, right = scene.Solid, front.Max.X+boxDepth
		f.faces(about, front)
	}
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "box", Fill: fill, Stroke: scene.Ink, Weight: scene.Thin, Outline: front.Outline()})
	text, style, size := g.text(f.step)
	f.centered(about, text, style, size, scene.Point{X: f.middle, Y: (top + bottom) / 2})
	f.drawStrip(front.Min.X, right)
}

// faces are the top and the right side of a solid box.
func (f *frame) faces(about scene.About, front scene.Rect) {
	back := scene.Point{X: boxDepth, Y: -boxDepth}
	a, b, c := front.Min, scene.Point{X: front.Max.X, Y: front.Min.Y}, front.Max
	f.boxes = append(f.boxes,
		&scene.Glyph{About: about, Kind: "top", Fill: scene.SolidTop, Stroke: scene.Ink, Weight: scene.Thin,
			Outline: scene.Polygon(a, a.Add(back), b.Add(back), b)},
		&scene.Glyph{About: about, Kind: "side", Fill: scene.SolidSide, Stroke: scene.Ink, Weight: scene.Thin,
			Outline: scene.Polygon(b, b.Add(back), c.Add(back), c)})
}

// titleOf is what a composite box is called.
func titleOf(b *diagram.Box, body *diagram.Diagram) string {
	switch {
	case body.Title != "":
		return body.Title
	case body.Name != "":
		return body.Name
	}
	return boxName(b)
}
