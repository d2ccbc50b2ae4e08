package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/scene"
)

// windowing draws an array seen through windows: the paper's trapezoid with a
// star, which takes an axis and makes two, the places of the windows and those
// inside one. Transposed, it is the mirror image, marked with a T.
type windowing struct{ transposed bool }

func (windowing) settle(s *step) {
	settleInPlace(s)
	if !slices.ContainsFunc(s.in[0].axes, func(a axis) bool { return a.group }) {
		return
	}
	for i, a := range s.out[0].axes { // the places inside a window of many axes are many, too
		s.out[0].axes[i].group = a.group || a.fresh
	}
}

// windowHalf is half the width of the trapezoid at the least, and windowReach how
// far it goes beyond its outer wires, mm.
const (
	windowHalf  = 2.9
	windowReach = 1.9
)

func (windowing) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	m.widen(windowReach+clearance, windowReach+clearance)
	return m
}

func (g windowing) width(f *frame) (left, right float64) {
	w := max(windowHalf, widthOf(g.text(f.step), scene.Math, labelSize)/2+0.6)
	return w, w
}

func (g windowing) draw(f *frame) {
	about := f.step.about()
	top, bottom := f.span(func(i int) bool { return f.mid.own[i] })
	narrow := g.narrowEnd(f)
	w, _ := g.width(f)
	left, right := f.middle-w, f.middle+w
	lower := []float64{narrow, bottom}
	if g.transposed {
		lower[0], lower[1] = bottom, narrow
	}
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "window", Fill: scene.Strided, Stroke: scene.Ink, Weight: scene.Thin,
		Outline: scene.Polygon(
			scene.Point{X: left, Y: top - windowReach}, scene.Point{X: right, Y: top - windowReach},
			scene.Point{X: right, Y: lower[1] + windowReach}, scene.Point{X: left, Y: lower[0] + windowReach})})
	f.centered(about, g.text(f.step), scene.Math, labelSize, scene.Point{X: f.middle, Y: top})
	f.drawStrip(left, right)
}

// narrowEnd is the lowest wire at the side where there are fewer.
func (g windowing) narrowEnd(f *frame) float64 {
	side := f.mid.in
	if g.transposed {
		side = f.mid.out
	}
	low := f.yMid[0]
	for _, ties := range side {
		for _, t := range ties {
			if f.mid.own[t.lane] {
				low = max(low, f.yMid[t.lane])
			}
		}
	}
	return low
}

// text is the star, with the stride where it is not one.
func (g windowing) text(s *step) string {
	text := `\star `
	if stride, ok := strideOf(s.box.Weave); ok {
		text += "/" + sizeText(stride)
	}
	if g.transposed {
		text += "^{T}"
	}
	return text
}

// strideOf is the first stride of a weave that is not one.
func strideOf(w diagram.Weave) (shape.Size, bool) {
	for _, ports := range [][][]diagram.Affine{w.In, w.Out} {
		for _, port := range ports {
			for _, a := range port {
				for _, t := range a.Terms {
					if !t.Stride.Equal(shape.Int(1)) {
						return t.Stride, true
					}
				}
			}
		}
	}
	return shape.Size{}, false
}
