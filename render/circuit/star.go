package circuit

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/scene"
)

// star draws a convolution shown closed: the paper's bold box with a star and how
// wide the window is, marked with a T where it is the transposed one.
type star struct{}

func (star) settle(s *step) { settleInPlace(s) }

func (g star) middle(s *step) middle {
	m := stripOf(s, s.isOwn)
	above := overhang + clearance
	if m.straddles() {
		above += letterRoom
	}
	m.widen(above, overhang+clearance)
	return m
}

func (star) text(s *step) string {
	view := windowOf(openBody(s.box))
	text := `\star `
	if view.transposed {
		text += "^{T}"
	}
	text += sizesText(view.sizes)
	if apart := view.transposed && len(view.sizes) > 0 && view.sizes[0].Equal(view.stride); view.stride.String() != "1" && !apart {
		text += "/" + sizeText(view.stride)
	}
	return text
}

func (g star) width(f *frame) (left, right float64) {
	w := max(widthOf(g.text(f.step), scene.Math, starSize)/2+panelPadding, leastLearned)
	return w, w
}

const starSize = 4.0

func (g star) draw(f *frame) {
	w, _ := g.width(f)
	front, height := f.front(w, overhang, letterRoom)
	about := f.step.about()
	f.boxes = append(f.boxes, &scene.Glyph{About: about, Kind: "convolution", Fill: scene.Window, Stroke: scene.Ink,
		Weight: scene.Heavy, Outline: front.Outline()})
	f.centered(about, g.text(f.step), scene.Math, starSize, scene.Point{X: f.middle, Y: height})
	const border = 0.3 // half the stroke
	f.drawStrip(front.Min.X-border, front.Max.X+border)
}

// view is what the windows of a body look like.
type view struct {
	sizes      []shape.Size // of the window, along each axis
	stride     shape.Size
	transposed bool
}

// windowOf finds the windows in the body of a convolution or of pooling.
func windowOf(d *diagram.Diagram) view {
	v := view{stride: shape.Int(1)}
	for _, b := range d.Boxes {
		op, ok := b.Op.(diagram.View)
		if !ok || op.Name != "window" && op.Name != "unwindow" {
			continue
		}
		port := b.Weave.In[0]
		if v.transposed = op.Name == "unwindow"; v.transposed {
			port = b.Weave.Out[0]
		}
		for _, a := range port {
			if len(a.Terms) == 2 {
				v.stride = a.Terms[0].Stride
				v.sizes = append(v.sizes, b.Weave.Index(a.Terms[1].Index).Size)
			}
		}
	}
	return v
}

// sizesText is the size of a window: once where it is the same along all axes.
func sizesText(sizes []shape.Size) string {
	if len(sizes) == 0 {
		return "1"
	}
	words := make([]string, len(sizes))
	for i, s := range sizes {
		words[i] = sizeText(s)
	}
	return strings.Join(slices.Compact(words), `\times `)
}
