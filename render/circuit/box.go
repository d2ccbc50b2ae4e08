package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// closedBox draws a box by its name: flat for an operation, with depth for a
// composite one whose inside is not shown.
type closedBox struct {
	solid    bool
	reverses bool // it says itself what goes back
	recurs   bool // it hands on a state from place to place
}

func (closedBox) settle(s *step) { settleInPlace(s) }

// boxDepth is how far the faces of a solid box reach up and to the right.
const boxDepth = 1.1

func (g closedBox) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	above := overhang + clearance
	if g.solid {
		above += boxDepth
	}
	if m.straddles() {
		above += titleRoom
	}
	below := overhang + clearance
	if g.reverses {
		below += returnRoom
	}
	if g.recurs {
		below += recurRoom
	}
	m.widen(above, below)
	return m
}

// front is the rectangle of a glyph that covers its own lanes and reaches beyond
// them, half as wide as given, and the height of its text: in the middle, or
// above the wires that run over it.
func (f *frame) front(half, reach, headroom float64) (front scene.Rect, text float64) {
	top, bottom := f.span(func(i int) bool { return f.mid.own[i] })
	text = (top + bottom) / 2
	top -= reach
	if f.mid.straddles() {
		text, top = top-headroom/2+0.6, top-headroom
	}
	return scene.Rect{Min: scene.Point{X: f.middle - half, Y: top}, Max: scene.Point{X: f.middle + half, Y: bottom + reach}}, text
}

func (g closedBox) text(s *step) (text string, style scene.Style, size float64) {
	if body := openBody(s.box); body != nil {
		return titleOf(s.box, body), scene.Sans, smallSize
	}
	return s.box.Op.Kind(), scene.Sans, smallSize
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
	w, _ := g.width(f)
	front, height := f.front(w, overhang, titleRoom)
	fill, right := scene.Paper, front.Max.X
	if g.solid {
		fill, right = scene.Solid, front.Max.X+boxDepth
		f.faces(about, front)
	}
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "box", Fill: fill, Stroke: scene.Ink, Weight: scene.Thin, Outline: front.Outline()})
	text, style, size := g.text(f.step)
	f.centered(about, text, style, size, scene.Point{X: f.middle, Y: height})
	if g.reverses {
		f.returns(about, scene.Point{X: f.middle + 1.6, Y: front.Max.Y + 1.2})
	}
	if g.recurs {
		f.recurs(about, front)
	}
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

// titleOf is what a composite box is called. One whose inside is made again for the
// way back says so.
func titleOf(b *diagram.Box, body *diagram.Diagram) string {
	if op, ok := b.Op.(diagram.Composite); ok && (op.Again || op.Inverse != nil) {
		return boxName(b)
	}
	switch {
	case body.Title != "":
		return body.Title
	case body.Name != "":
		return body.Name
	}
	return boxName(b)
}
