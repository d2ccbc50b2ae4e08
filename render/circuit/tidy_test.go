package circuit

import (
	"fmt"
	"math"
	"strings"

	"ncd/render/scene"
)

// untidy lists what is wrong with a scene as a figure: marks outside the page,
// labels that touch what is not theirs, wires that jump or run into each other.
func untidy(s *scene.Scene) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	page := scene.Rect{Max: scene.Point{X: s.Width, Y: s.Height}}
	for _, m := range s.Marks {
		if b := m.Bounds(); !page.Grown(1e-6).Contains(b) {
			fault("%T %+v lies outside the page at %v", m, m.Stands(), b)
		}
		switch m := m.(type) {
		case *scene.Wire:
			if jumps(m.Path) {
				fault("the wire of %s jumps: %s", m.Axis, m.Path)
			}
		case *scene.Separator:
			if climbs(m.Path) {
				fault("a dashed line lies across what it parts: %s", m.Path)
			}
		case *scene.Label:
			for _, other := range s.Marks {
				if other != scene.Mark(m) && touches(m, other) {
					fault("label %q touches %T %+v", m.Text, other, other.Stands())
				}
			}
		}
	}
	return append(faults, crowded(s)...)
}

// climbs reports whether a line goes up or down farther than dashed ones may.
func climbs(p scene.Path) bool {
	for i, step := range p[1:] {
		if step.Verb == scene.LineTo && math.Abs(step.To.Y-p[i].To.Y) > farthestRise {
			return true
		}
	}
	return false
}

func jumps(p scene.Path) bool { return strings.Count(p.String(), "M") != 1 }

// touches reports whether a label touches a mark it has nothing to do with. Text
// may stand wholly inside a box or panel.
func touches(l *scene.Label, other scene.Mark) bool {
	ink := l.Bounds().Grown(-0.05)
	switch other := other.(type) {
	case *scene.Label:
		return ink.Overlaps(other.Bounds())
	case *scene.Wire:
		return crosses(other.Path, ink)
	case *scene.Separator:
		return crosses(other.Path, ink)
	case *scene.Panel:
		return crosses(other.Outline, ink)
	case *scene.Glyph:
		if other.Kind == "hatching" { // what is fixed is hatched beneath its name
			return false
		}
		return crosses(other.Outline, ink)
	case *scene.Dot:
		return ink.Overlaps(other.Bounds())
	}
	return false
}

// crosses reports whether a path has a place in a rectangle.
func crosses(p scene.Path, r scene.Rect) bool {
	for _, line := range p.Flatten(24) {
		for i := 1; i < len(line); i++ {
			n := int(line[i].Distance(line[i-1])/0.2) + 1
			for k := range n + 1 {
				t := float64(k) / float64(n)
				q := scene.Point{X: line[i-1].X + t*(line[i].X-line[i-1].X), Y: line[i-1].Y + t*(line[i].Y-line[i-1].Y)}
				if r.Min.X < q.X && q.X < r.Max.X && r.Min.Y < q.Y && q.Y < r.Max.Y {
					return true
				}
			}
		}
	}
	return false
}

// leastPitch is how near two wires that run level beside each other may come.
const leastPitch = 1.2

// crowded lists wires that run level beside each other too near.
func crowded(s *scene.Scene) []string {
	type run struct{ left, right, y float64 }
	var runs []run
	var faults []string
	for _, m := range s.Marks {
		w, ok := m.(*scene.Wire)
		if !ok {
			continue
		}
		at := w.Path.Start()
		var mine []run
		for _, step := range w.Path[1:] {
			if step.Verb == scene.LineTo && math.Abs(step.To.Y-at.Y) < 1e-6 {
				mine = append(mine, run{at.X, step.To.X, at.Y})
			}
			at = step.To
		}
		for _, a := range mine {
			for _, b := range runs {
				if near := math.Abs(a.y - b.y); near < leastPitch && min(a.right, b.right)-max(a.left, b.left) > 0.5 {
					faults = append(faults, fmt.Sprintf("two wires run %.2f mm apart at x %.1f, y %.1f", near, max(a.left, b.left), a.y))
				}
			}
		}
		runs = append(runs, mine...)
	}
	return faults
}

// loose lists the ends of wires that lead nowhere: an end lies on a dot, at a glyph or
// a word, on another wire, or where all wires of the figure begin or end.
func loose(s *scene.Scene) []string {
	var faults []string
	first, last := math.Inf(1), math.Inf(-1)
	for _, m := range s.Marks {
		if w, ok := m.(*scene.Wire); ok {
			first, last = min(first, w.Path.Start().X), max(last, w.Path.End().X)
		}
	}
	for _, m := range s.Marks {
		w, ok := m.(*scene.Wire)
		if !ok {
			continue
		}
		if start := w.Path.Start(); start.X > first+0.01 && !isHeld(s, w, start) {
			faults = append(faults, fmt.Sprintf("the wire of %s begins nowhere, at %v", w.Axis, start))
		}
		if end := w.Path.End(); end.X < last-0.01 && !isHeld(s, w, end) {
			faults = append(faults, fmt.Sprintf("the wire of %s ends nowhere, at %v", w.Axis, end))
		}
	}
	return faults
}

// isHeld reports whether another mark is where a wire begins or ends.
func isHeld(s *scene.Scene, w *scene.Wire, at scene.Point) bool {
	spot := scene.Rect{Min: at, Max: at}.Grown(0.05)
	for _, m := range s.Marks {
		switch m := m.(type) {
		case *scene.Wire:
			if m != w && (m.Path.Start().Distance(at) < 0.05 || m.Path.End().Distance(at) < 0.05 || crosses(m.Path, spot)) {
				return true
			}
		case *scene.Dot, *scene.Glyph:
			if m.Bounds().Grown(0.05).Overlaps(spot) {
				return true
			}
		case *scene.Label: // a word on the wire, as of a maximum
			if m.Box != "" && m.Bounds().Grown(1).Overlaps(spot) {
				return true
			}
		}
	}
	return false
}
