package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// Cost is what boxes cost, for figures that are shaded by it.
type Cost struct {
	Of   map[*diagram.Box]float64 // by the boxes of the diagram and of its bodies
	Unit string                   // "multiply-adds", "bytes"
}

// heats are the grounds of boxes from the cheap to the dear, and up to which share
// of the whole each goes.
var heats = []struct {
	ground scene.Role
	most   float64
	text   string
}{
	{scene.Heat1, 0.01, "less than 1%"}, {scene.Heat2, 0.05, "1 to 5%"}, {scene.Heat3, 0.15, "5 to 15%"},
	{scene.Heat4, 0.4, "15 to 40%"}, {scene.Heat5, 1, "40% and more"},
}

// costOf is what a box costs, with all that is inside it.
func (c *Cost) costOf(b *diagram.Box) float64 {
	if known, ok := c.Of[b]; ok {
		return known
	}
	sum := 0.0
	for _, body := range diagram.Bodies(b.Op) {
		sum += c.whole(body)
	}
	return sum
}

// whole is what a diagram costs.
func (c *Cost) whole(d *diagram.Diagram) float64 {
	sum := 0.0
	for _, b := range d.Boxes {
		sum += c.costOf(b)
	}
	return sum
}

// shade gives the signs of a step the colour of its share, and a ground to those
// that are mere lines.
func (d *drawing) shade(s *step, from int, lines int) {
	if d.o.Cost == nil || s.box == nil || s.cost <= 0 {
		return
	}
	ground := heatOf(s.cost / d.o.total)
	painted := false
	for _, m := range d.canvas.boxes[from:] {
		if g, ok := m.(*scene.Glyph); ok && g.Fill != "" && g.Fill != scene.Ink {
			g.Fill, painted = ground, true
		}
	}
	if painted || len(d.canvas.signs) == lines {
		return
	}
	area := d.canvas.signs[lines].Bounds()
	for _, m := range d.canvas.signs[lines:] {
		area = area.Union(m.Bounds())
	}
	d.canvas.panels = append(d.canvas.panels, &scene.Panel{About: s.about(), Fill: ground, Outline: area.Grown(1).Outline()})
}

func heatOf(share float64) scene.Role {
	for _, h := range heats {
		if share < h.most {
			return h.ground
		}
	}
	return heats[len(heats)-1].ground
}

// scale draws the legend of a shaded figure beneath it.
func (c *canvas) scale(unit string, corner scene.Point) {
	c.text(scene.About{}, "Share of the "+unit, scene.Sans, smallSize, corner.X, corner.Y+3)
	x := corner.X
	for _, h := range heats {
		patch := scene.Rect{Min: scene.Point{X: x, Y: corner.Y + 4.2}, Max: scene.Point{X: x + 4, Y: corner.Y + 7.2}}
		c.boxes = append(c.boxes, &scene.Glyph{Kind: "heat", Fill: h.ground, Stroke: scene.Ink, Weight: scene.Hairline, Outline: patch.Outline()})
		l := c.text(scene.About{}, h.text, scene.Sans, smallSize, x+4.8, corner.Y+6.7)
		x = l.At.X + l.Width + 2.5
	}
}
