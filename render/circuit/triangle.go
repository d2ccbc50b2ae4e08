package circuit

import "ncd/render/scene"

// triangle draws softmax on the wires it normalises, its apex on the left.
type triangle struct{}

func (triangle) settle(s *step) { settleInPlace(s) }

const (
	triangleDepth = 3.4
	triangleHalf  = 2.3 // beyond the outer wires at the right side
	titleRoom     = 3.1 // for the title above
	panelPadding  = 0.9
)

func (triangle) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	m.widen(triangleHalf+titleRoom+panelPadding+clearance, triangleHalf+panelPadding+clearance)
	return m
}

func (triangle) title(s *step) string {
	if s.box.Op.Kind() == "logsoftmax" {
		return "LogSoftMax"
	}
	return "SoftMax"
}

func (g triangle) width(f *frame) (left, right float64) {
	w := max(triangleDepth, widthOf(g.title(f.step), scene.Sans, smallSize))/2 + panelPadding
	return w, w
}

func (g triangle) draw(f *frame) {
	about := f.step.about()
	top, bottom := f.span(func(i int) bool { return f.mid.own[i] })
	mid := (top + bottom) / 2
	left, right := f.middle-triangleDepth/2, f.middle+triangleDepth/2
	w, _ := g.width(f)
	f.panels = append(f.panels, &scene.Panel{About: about, Fill: scene.Softmax, Outline: scene.Rect{
		Min: scene.Point{X: f.middle - w, Y: top - triangleHalf - titleRoom - panelPadding},
		Max: scene.Point{X: f.middle + w, Y: bottom + triangleHalf + panelPadding},
	}.Outline()})
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "triangle", Fill: scene.Paper, Stroke: scene.Ink, Weight: scene.Thin,
		Outline: scene.Polygon(scene.Point{X: left, Y: mid}, scene.Point{X: right, Y: top - triangleHalf}, scene.Point{X: right, Y: bottom + triangleHalf})})
	f.centered(about, g.title(f.step), scene.Sans, smallSize, scene.Point{X: f.middle, Y: top - triangleHalf - titleRoom/2 - 0.2})
	f.drawStrip(left, right)
}
