package rule

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// upTo is the model with its losses, without what only reports hang on.
func upTo(f Figure) *diagram.Diagram {
	d := *f.Forward
	d.Title, d.Out = f.Title, f.Forward.Out[:f.Losses]
	needed := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		needed[w] = true
	}
	d.Boxes = nil
	for _, b := range slices.Backward(f.Forward.Boxes) {
		if !slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return needed[w] }) {
			continue
		}
		for _, w := range b.In {
			needed[w] = true
		}
		d.Boxes = append(d.Boxes, b)
	}
	slices.Reverse(d.Boxes)
	return &d
}

// closed is a diagram in which the boxes that are layers as a whole are the library's,
// which are drawn closed.
func closed(d *diagram.Diagram, isLayer func(path []string) bool, path []string) *diagram.Diagram {
	twin := *d
	twin.Boxes = slices.Clone(d.Boxes)
	for i, b := range twin.Boxes {
		op, isComposite := b.Op.(diagram.Composite)
		if !isComposite {
			continue
		}
		within := append(slices.Clone(path), b.Name)
		if isLayer(within) {
			op.Body = shut(op.Body)
		} else {
			op.Body = closed(op.Body, isLayer, within)
		}
		box := *b
		box.Op, twin.Boxes[i] = op, &box
	}
	return &twin
}

// shut is a diagram that counts as the library's, through and through.
func shut(d *diagram.Diagram) *diagram.Diagram {
	twin := *d
	twin.Library = true
	twin.Boxes = slices.Clone(d.Boxes)
	for i, b := range twin.Boxes {
		if op, ok := b.Op.(diagram.Composite); ok {
			op.Body = shut(op.Body)
			box := *b
			box.Op, twin.Boxes[i] = op, &box
		}
	}
	return &twin
}

// isPath reports whether a path of the figure is that of a layer: paths in the figure
// begin with the model and have no turns.
func isPath(drawn []string, layer string) bool {
	turnless := slices.DeleteFunc(strings.Split(layer, "."), func(s string) bool { return strings.Contains(s, "=") })
	key := strings.Join(turnless, ".")
	return strings.Join(drawn, ".") == key || len(drawn) > 1 && strings.Join(drawn[1:], ".") == key
}

// anchors finds for each layer the path of the box in the figure that stands for it: its
// own, or the one around it that is drawn closed.
func anchors(s *scene.Scene, layers []Layer) []string {
	var paths []string
	for _, m := range s.Marks {
		if g, ok := m.(*scene.Glyph); ok && g.Path != "" && !slices.Contains(paths, g.Path) {
			paths = append(paths, g.Path)
		}
	}
	found := make([]string, len(layers))
	for i, l := range layers {
		segments := strings.Split(l.Path, ".")
		for n := len(segments); n > 0 && found[i] == ""; n-- {
			for _, path := range paths {
				if isPath(strings.Split(path, "/"), strings.Join(segments[:n], ".")) {
					found[i] = path
					break
				}
			}
		}
	}
	return found
}

// glyphAt is the room that the sign of a box takes.
func glyphAt(s *scene.Scene, path string) (area scene.Rect, ok bool) {
	for _, m := range s.Marks {
		g, isGlyph := m.(*scene.Glyph)
		if !isGlyph || g.Path != path {
			continue
		}
		if !ok {
			area = g.Bounds()
		}
		area, ok = area.Union(g.Bounds()), true
	}
	return area, ok
}

// wiresInto are the heights at which wires come to the left side of a box, or leave its
// right one.
func wiresInto(s *scene.Scene, area scene.Rect, leaving bool) []float64 {
	var heights []float64
	for _, m := range s.Marks {
		w, ok := m.(*scene.Wire)
		if !ok {
			continue
		}
		at, side := w.Path.End(), area.Min.X
		if leaving {
			at, side = w.Path.Start(), area.Max.X
		}
		if at.X > side-1.5 && at.X < side+1.5 && at.Y > area.Min.Y && at.Y < area.Max.Y {
			heights = append(heights, at.Y)
		}
	}
	slices.Sort(heights)
	return heights
}
