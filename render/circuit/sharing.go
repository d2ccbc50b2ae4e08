package circuit

import (
	"math"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// weightsOf are the weights of a box and of all that is inside it.
func weightsOf(b *diagram.Box) []*diagram.Weight {
	switch op := b.Op.(type) {
	case diagram.Linear:
		return []*diagram.Weight{op.Weight}
	case diagram.Learned:
		return []*diagram.Weight{op.Weight}
	case diagram.Scale:
		return []*diagram.Weight{op.Weight}
	}
	var all []*diagram.Weight
	for _, body := range diagram.Bodies(b.Op) {
		for _, inner := range body.Boxes {
			all = append(all, weightsOf(inner)...)
		}
	}
	return all
}

// markShared marks the steps that share a weight with another.
func (f *flattener) markShared() {
	users := map[*diagram.Weight][]*step{}
	for _, s := range f.steps {
		if s.box == nil || s.gate != nil {
			continue
		}
		for _, w := range weightsOf(s.box) {
			if n := len(users[w]); n == 0 || users[w][n-1] != s {
				users[w] = append(users[w], s)
			}
		}
	}
	for _, steps := range users {
		for _, s := range steps {
			s.shares = len(steps) > 1
		}
	}
}

// isFixed reports whether a box's numbers are drawn once and never learned.
func isFixed(b *diagram.Box) bool {
	if b.Kind == FixedKind {
		return true
	}
	switch op := b.Op.(type) {
	case diagram.Random:
		return op.Fixed
	case diagram.Linear:
		return op.Weight.Frozen
	case diagram.Learned:
		return op.Weight.Frozen
	case diagram.Scale:
		return op.Weight.Frozen
	}
	return false
}

// annotate puts marks on the sign that a step has just drawn: hatching where its
// numbers are fixed, and two links of a chain where its weights are shared.
func (d *drawing) annotate(s *step, from int) {
	if s.box == nil || len(d.canvas.boxes) == from || !s.shares && !isFixed(s.box) {
		return
	}
	area := d.canvas.boxes[from].Bounds()
	if isFixed(s.box) {
		d.canvas.boxes = append(d.canvas.boxes, &scene.Glyph{About: s.about(), Kind: "hatching", Stroke: scene.Faint, Weight: scene.Hairline, Outline: hatching(area)})
	}
	if s.shares {
		d.canvas.link(s.about(), scene.Point{X: area.Max.X - 1.4, Y: area.Min.Y - linkRise})
	}
}

// linkRise is how far above its box the sign of shared weights stands, mm.
const linkRise = 0.6

// hatchPitch is between lines of hatching, mm along an edge.
const hatchPitch = 1.1

// hatching is lines at 45 degrees across a rectangle.
func hatching(area scene.Rect) scene.Path {
	var lines scene.Path
	w, h := area.Width(), area.Height()
	for at := hatchPitch; at < w+h; at += hatchPitch {
		from := scene.Point{X: area.Min.X + math.Min(at, w), Y: area.Min.Y + math.Max(0, at-w)}
		to := scene.Point{X: area.Min.X + math.Max(0, at-h), Y: area.Min.Y + math.Min(at, h)}
		lines = lines.Move(from).Line(to)
	}
	return lines
}

// link is the sign of shared weights.
func (c *canvas) link(about scene.About, at scene.Point) {
	const radius, apart = 0.55, 0.8
	for _, x := range []float64{0, apart} {
		c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "link", Fill: scene.Paper, Stroke: scene.Ink, Weight: scene.Thin,
			Outline: scene.Circle(scene.Point{X: at.X + x, Y: at.Y}, radius)})
	}
	c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "link", Stroke: scene.Ink, Weight: scene.Thin, Outline: scene.Circle(at, radius)})
}
