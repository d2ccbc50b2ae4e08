package circuit

import (
	"slices"

	"ncd/compiler/shape"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// A legend says which sizes are worked out from others: the small grey panel of the
// paper's figures.

const (
	legendLine = 4.6 // from line to line, mm
	legendGap  = 3.0 // to the figure
)

// legendOf lists the formulas of a figure's derived sizes, in the order in which
// the axes are met. An axis that has several sizes is left to its labels.
func legendOf(lines []*layout) []string {
	var labels []string
	sizes := map[string]shape.Size{}
	several := map[string]bool{}
	for _, a := range axesIn(lines) {
		size, known := sizes[a.label]
		switch {
		case !known:
			labels, sizes[a.label] = append(labels, a.label), a.size
		case !size.Equal(a.size):
			several[a.label] = true
		}
	}
	var formulas []string
	for _, label := range labels {
		size := sizes[label]
		letters := size.Letters()
		if !several[label] && len(letters) > 0 && !slices.Contains(letters, label) && !isUnprimed(label, size) {
			formulas = append(formulas, typeset.Name(label)+" = "+sizeText(size))
		}
	}
	return formulas
}

// isUnprimed reports whether a size is the letter that a primed label is fresh of.
func isUnprimed(label string, size shape.Size) bool {
	for n := len(label); n > 0 && label[n-1] == '\''; n-- {
		if size.Equal(shape.Letter(label[:n-1])) {
			return true
		}
	}
	return false
}

// axesIn are the lanes that are labelled, from left to right.
func axesIn(lines []*layout) []axis {
	var axes []axis
	for _, l := range lines {
		for _, r := range l.ranks {
			for i, s := range r.strands {
				for j, a := range s.axes {
					if r.labelled[i][j] && a.kind != placeAxis {
						axes = append(axes, a)
					}
				}
			}
		}
	}
	return axes
}

// legendCorner is where the legend's upper right corner comes: beside the heading,
// else beneath the figure.
func legendCorner(s *scene.Scene, o Options) scene.Point {
	area := s.Bounds()
	if o.Heading {
		return scene.Point{X: area.Max.X, Y: area.Min.Y}
	}
	return scene.Point{X: area.Max.X, Y: area.Max.Y + legendGap}
}

// legend draws the panel with its upper right corner at a place.
func (c *canvas) legend(formulas []string, corner scene.Point) {
	const title = "Legend"
	width := widthOf(title, scene.Sans, smallSize)
	for _, f := range formulas {
		width = max(width, widthOf(f, scene.Math, labelSize))
	}
	width += 4
	left := corner.X - width
	height := 4.4 + legendLine*float64(len(formulas)) + 0.8
	area := scene.Rect{Min: scene.Point{X: left, Y: corner.Y}, Max: scene.Point{X: corner.X, Y: corner.Y + height}}
	c.panels = append(c.panels, &scene.Panel{Fill: scene.Learned, Outline: area.Outline()})
	c.centered(scene.About{}, title, scene.Sans, smallSize, scene.Point{X: left + width/2, Y: corner.Y + 2.2})
	c.signs = append(c.signs, &scene.Glyph{Kind: "rule", Stroke: scene.Ink, Weight: scene.Hairline,
		Outline: scene.From(scene.Point{X: left + 1, Y: corner.Y + 4.2}).Line(scene.Point{X: corner.X - 1, Y: corner.Y + 4.2})})
	for i, f := range formulas {
		c.centered(scene.About{}, f, scene.Math, labelSize, scene.Point{X: left + width/2, Y: corner.Y + 4.4 + legendLine*(float64(i)+0.5)})
	}
}
