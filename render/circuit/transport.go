package circuit

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// FixedKind marks a box whose weights are drawn once at random and never learn: it is
// drawn hatched.
const FixedKind = "fixed"

// MinusKind marks a box of a learning rule whose result is turned round.
const MinusKind = "minus"

// transport draws what a learning rule does with a layer, as a learned box with corners
// cut: one where a signal goes back through the layer, two where it becomes a change of
// its weights, none where the layer is run ahead. A derivative is such a box, too.
type transport struct{}

func (transport) settle(s *step) {
	for _, out := range s.out {
		out.axes = axesOf(out.wire)
	}
}

// chip is how much of a corner is cut, mm.
const chip = 1.5

func (transport) middle(s *step) middle {
	m := stripOf(s, func(letter) bool { return true })
	m.widen(overhang+clearance, overhang+clearance)
	return m
}

// text is what is done, with the array that stands for the weights where one does.
func (transport) text(s *step) string {
	if _, ok := s.box.Op.(diagram.Gradient); ok {
		return `\partial `
	}
	text := `\mathrm{` + s.box.Op.Kind() + "}"
	if s.box.Kind == MinusKind {
		text = "-" + text
	}
	if s.box.Kind == FixedKind {
		text += "_{" + typeset.Name(s.box.Name) + "}"
	}
	return text
}

func (g transport) width(f *frame) (left, right float64) {
	w := widthOf(g.text(f.step), scene.Math, labelSize+0.4)/2 + panelPadding + 0.8
	return w, w
}

func (g transport) draw(f *frame) {
	about := f.step.about()
	w, _ := g.width(f)
	front, height := f.front(w, overhang, titleRoom)
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: f.step.box.Op.Kind(), Fill: scene.Learned, Stroke: scene.Ink,
		Weight: scene.Medium, Outline: g.outline(f.step, front)})
	f.centered(about, g.text(f.step), scene.Math, labelSize+0.4, scene.Point{X: f.middle, Y: height})
	f.drawStrip(front.Min.X, front.Max.X)
}

// outline is the rectangle with its corners cut.
func (transport) outline(s *step, r scene.Rect) scene.Path {
	lowRight := []scene.Point{r.Max}
	lowLeft := []scene.Point{{X: r.Min.X, Y: r.Max.Y}}
	kind := s.box.Op.Kind()
	if slices.Contains([]string{"push", "grad", "pull"}, kind) {
		lowLeft = []scene.Point{{X: r.Min.X + chip, Y: r.Max.Y}, {X: r.Min.X, Y: r.Max.Y - chip}}
	}
	if kind == "pull" {
		lowRight = []scene.Point{{X: r.Max.X, Y: r.Max.Y - chip}, {X: r.Max.X - chip, Y: r.Max.Y}}
	}
	corners := []scene.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}}
	return scene.Polygon(append(append(corners, lowRight...), lowLeft...)...)
}
