package circuit

import (
	"math"

	"ncd/render/scene"
)

// norm draws a normalisation shown closed: a bold circle on the wires it
// normalises over. What is inscribed says which one it is: nothing for statistics
// of the batch, a diameter for layers, a V for the root of the mean square.
type norm struct{ title string }

func (norm) settle(s *step) { settleInPlace(s) }

const normRadius = 2.2 // on a single wire

func (g norm) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	reach := normRadius + panelPadding + clearance
	m.widen(reach+titleRoom, reach)
	return m
}

func (g norm) width(f *frame) (left, right float64) {
	_, radius := g.circle(f)
	w := max(radius, widthOf(g.title, scene.Sans, smallSize)/2) + panelPadding
	return w, w
}

// circle is the middle of the circle, and how far it reaches.
func (g norm) circle(f *frame) (y, radius float64) {
	top, bottom := f.span(func(i int) bool { return f.mid.own[i] })
	return (top + bottom) / 2, max(normRadius, (bottom-top)/2+1)
}

func (g norm) draw(f *frame) {
	about := f.step.about()
	y, radius := g.circle(f)
	center := scene.Point{X: f.middle, Y: y}
	w, _ := g.width(f)
	top := y - radius - panelPadding - titleRoom
	f.panels = append(f.panels, &scene.Panel{About: about, Fill: scene.Norm, Outline: scene.Rect{
		Min: scene.Point{X: f.middle - w, Y: top}, Max: scene.Point{X: f.middle + w, Y: y + radius + panelPadding}}.Outline()})
	f.centered(about, g.title, scene.Sans, smallSize, scene.Point{X: f.middle, Y: top + titleRoom/2 + 0.4})
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "norm", Fill: scene.Paper, Stroke: scene.Ink, Weight: scene.Heavy,
		Outline: scene.Circle(center, radius)})
	g.inscribe(f, center, radius)
	if g.title == "BatchNorm" {
		f.bend(about, center, radius)
	}
	g.wires(f, y, radius)
}

func (g norm) inscribe(f *frame, center scene.Point, radius float64) {
	at := func(x, y float64) scene.Point { return center.Add(scene.Point{X: x * radius, Y: y * radius}) }
	var sign scene.Path
	switch g.title {
	case "LayerNorm":
		sign = scene.From(at(0, -1)).Line(at(0, 1))
	case "RMSNorm":
		sign = scene.From(at(-0.5, -math.Sqrt(0.75))).Line(at(0, 1)).Line(at(0.5, -math.Sqrt(0.75)))
	default:
		return
	}
	f.boxes = append(f.boxes, &scene.Glyph{About: f.step.about(), Kind: "norm sign", Stroke: scene.Ink, Weight: scene.Medium, Outline: sign})
}

// bend draws the wire of the batch, which is bent into the circle and out again:
// the statistics are taken over it.
func (f *frame) bend(about scene.About, center scene.Point, radius float64) {
	about.Axis = batchLabel
	level := center.Y + radius + 0.5
	for _, side := range []float64{-1, 1} {
		from := center.Add(scene.Point{X: side * (radius + 1.4)})
		from.Y = level
		edge := center.Add(scene.Point{X: side * radius * 0.6, Y: radius * 0.8})
		f.signs = append(f.signs, &scene.Glyph{About: about, Kind: "batch", Stroke: scene.Ink, Weight: scene.Thin,
			Outline: scene.From(from).Curve(from.Sub(scene.Point{X: side * 1.2}), edge.Add(scene.Point{X: side * 0.4, Y: 0.5}), edge)})
	}
}

// wires leads each lane to the circle's edge at its own height.
func (g norm) wires(f *frame, y, radius float64) {
	half := func(lane int) float64 {
		dy := f.yMid[lane] - y
		return math.Sqrt(max(0, radius*radius-dy*dy))
	}
	own := f.mid.own
	f.pass(func(lane int) bool { return !own[lane] })
	for i, ties := range f.mid.in {
		for j, t := range ties {
			if own[t.lane] {
				f.arrive(i, j).line(f.middle-half(t.lane), f.height(t))
			}
		}
	}
	for o, ties := range f.mid.out {
		for j, t := range ties {
			if own[t.lane] {
				f.begin(o, j, f.middle+half(t.lane))
			}
		}
	}
}
