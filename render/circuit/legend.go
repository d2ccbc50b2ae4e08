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

const legendTitle = "Legend"

// legendSize is how large the panel is.
func legendSize(formulas []string) (width, height float64) {
	width = widthOf(legendTitle, scene.Sans, smallSize)
	for _, f := range formulas {
		width = max(width, widthOf(f, scene.Math, labelSize))
	}
	return width + 4, 4.4 + legendLine*float64(len(formulas)) + 0.8
}

// legendPlace is where the legend comes: beside the heading, or into a lower corner
// that is free, else beneath the figure; above it, if something is to stand beneath.
func legendPlace(s *scene.Scene, formulas []string, o Options) scene.Rect {
	area := s.Bounds()
	width, height := legendSize(formulas)
	at := func(x, y float64) scene.Rect {
		return scene.Rect{Min: scene.Point{X: x, Y: y}, Max: scene.Point{X: x + width, Y: y + height}}
	}
	if o.Heading {
		return at(area.Max.X-width, area.Min.Y)
	}
	if o.Reserve != nil {
		return at(area.Max.X-width, area.Min.Y-legendGap-height)
	}
	for _, x := range []float64{area.Max.X - width, area.Min.X} {
		if corner := at(x, area.Max.Y-height); isFree(s, corner.Grown(legendGap/2)) {
			return corner
		}
	}
	return at(area.Max.X-width, area.Max.Y+legendGap)
}

// isFree reports whether no mark has a part in an area.
func isFree(s *scene.Scene, area scene.Rect) bool {
	return !slices.ContainsFunc(s.Marks, func(m scene.Mark) bool {
		switch m := m.(type) {
		case *scene.Wire:
			return runsThrough(m.Path, area)
		case *scene.Separator:
			return runsThrough(m.Path, area)
		}
		return m.Bounds().Overlaps(area)
	})
}

// runsThrough reports whether a stretch of a path may lie in an area.
func runsThrough(p scene.Path, area scene.Rect) bool {
	for _, line := range p.Flatten(16) {
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			stretch := scene.Rect{Min: a, Max: a}.Union(scene.Rect{Min: b, Max: b})
			if stretch.Grown(0.1).Overlaps(area) {
				return true
			}
		}
	}
	return false
}

// legend draws the panel.
func (c *canvas) legend(formulas []string, area scene.Rect) {
	left, right, top := area.Min.X, area.Max.X, area.Min.Y
	middle := (left + right) / 2
	c.panels = append(c.panels, &scene.Panel{Fill: scene.Learned, Outline: area.Outline()})
	c.centered(scene.About{}, legendTitle, scene.Sans, smallSize, scene.Point{X: middle, Y: top + 2.2})
	c.signs = append(c.signs, &scene.Glyph{Kind: "rule", Stroke: scene.Ink, Weight: scene.Hairline,
		Outline: scene.From(scene.Point{X: left + 1, Y: top + 4.2}).Line(scene.Point{X: right - 1, Y: top + 4.2})})
	for i, f := range formulas {
		c.centered(scene.About{}, f, scene.Math, labelSize, scene.Point{X: middle, Y: top + 4.4 + legendLine*(float64(i)+0.5)})
	}
}
