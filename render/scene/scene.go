// Package scene is a figure as typed drawing primitives: wires, separators,
// panels, glyphs, dots and labels, in millimetres, with y growing downward.
//
// Whoever draws a diagram writes a scene; the writers (SVG, PNG and the rest)
// read one. A mark knows which axis, box and place in the source it stands
// for, so that a writer can link and light it up, but the package knows
// nothing of diagrams and nothing of what the marks mean.
package scene

import "ncd/grammar/source"

// Scene is one finished figure. Marks are painted in order, the first lowest.
type Scene struct {
	Title       string
	Description string  // the figure in words, for those who do not see it
	Width       float64 // of the page, mm
	Height      float64 // of the page, mm
	Theme       Theme
	Marks       []Mark
}

// About says what a mark stands for. Any part may be empty.
type About struct {
	Axis string      // the label of the axis, for a wire and its label
	Box  string      // the name of the box, for its glyph, panel and title
	Path string      // which box of that name: its name behind those of the boxes around it
	Span source.Span // where the source says it
}

// Stands returns what the mark stands for.
func (a About) Stands() About { return a }

// Mark is one drawing primitive: *Wire, *Separator, *Panel, *Glyph, *Dot or
// *Label.
type Mark interface {
	Stands() About
	Bounds() Rect // of the ink, without the width of strokes
}

// Wire is a stretch of one axis. A double wire is a group of axes drawn as
// one.
type Wire struct {
	About
	Path   Path
	Double bool
}

// Separator is the dashed line between two segments of a tuple.
type Separator struct {
	About
	Path Path
}

// Panel is the coloured ground of a box whose inside is shown.
type Panel struct {
	About
	Outline Path
	Fill    Role
	Dotted  bool // outlined with dots, for panels without colour
}

// Weight is how heavy a stroke is.
type Weight string

// The weights of strokes. What is learned is heavy.
const (
	NoStroke Weight = ""
	Hairline Weight = "hairline"
	Thin     Weight = "thin"
	Medium   Weight = "medium"
	Heavy    Weight = "heavy"
)

// Glyph is the sign of an operation, or part of one.
type Glyph struct {
	About
	Kind    string // the word for the sign: "triangle", "bar", "arrowhead", …
	Outline Path
	Fill    Role // empty for none
	Stroke  Role
	Weight  Weight
}

// Dot is a filled or open disc: a copy, a diagonal, the end of a wire.
type Dot struct {
	About
	Kind   string
	Center Point
	Radius float64 // mm
	Open   bool
}

// Label is a line of text, with the metrics it has when set.
type Label struct {
	About
	Text    string // in the TeX subset of package typeset
	Style   Style
	Size    float64 // of the type, mm
	At      Point   // left end of the baseline
	Width   float64 // advance, mm
	Ascent  float64 // of the ink above the baseline, mm
	Descent float64 // of the ink below the baseline, mm
	Color   Role
}

// Style is the face a label is set in.
type Style string

// The styles of labels.
const (
	Math     Style = "math"      // the TeX subset, letters slanted
	Sans     Style = "sans"      // titles
	SansBold Style = "sans-bold" // titles of whole figures
)

// Bounds returns the smallest rectangle about the path.
func (w *Wire) Bounds() Rect { return w.Path.Bounds() }

// Bounds returns the smallest rectangle about the path.
func (s *Separator) Bounds() Rect { return s.Path.Bounds() }

// Bounds returns the smallest rectangle about the panel.
func (p *Panel) Bounds() Rect { return p.Outline.Bounds() }

// Bounds returns the smallest rectangle about the outline.
func (g *Glyph) Bounds() Rect { return g.Outline.Bounds() }

// Bounds returns the square about the dot.
func (d *Dot) Bounds() Rect {
	r := Point{d.Radius, d.Radius}
	return Rect{d.Center.Sub(r), d.Center.Add(r)}
}

// Bounds returns the rectangle of the ink.
func (l *Label) Bounds() Rect {
	return Rect{Point{l.At.X, l.At.Y - l.Ascent}, Point{l.At.X + l.Width, l.At.Y + l.Descent}}
}

// Add puts marks on top of those already there.
func (s *Scene) Add(marks ...Mark) { s.Marks = append(s.Marks, marks...) }

// Bounds returns the smallest rectangle that holds every mark.
func (s *Scene) Bounds() Rect {
	var all Rect
	for i, m := range s.Marks {
		if i == 0 {
			all = m.Bounds()
		}
		all = all.Union(m.Bounds())
	}
	return all
}

// Move shifts every mark.
func (s *Scene) Move(by Point) {
	for _, m := range s.Marks {
		switch m := m.(type) {
		case *Wire:
			m.Path = m.Path.Moved(by)
		case *Separator:
			m.Path = m.Path.Moved(by)
		case *Panel:
			m.Outline = m.Outline.Moved(by)
		case *Glyph:
			m.Outline = m.Outline.Moved(by)
		case *Dot:
			m.Center = m.Center.Add(by)
		case *Label:
			m.At = m.At.Add(by)
		}
	}
}

// Mirror turns the scene round its middle from left to right. Text stays as it
// reads, in its new place.
func (s *Scene) Mirror() {
	for _, m := range s.Marks {
		switch m := m.(type) {
		case *Wire:
			m.Path = m.Path.mirrored(s.Width)
		case *Separator:
			m.Path = m.Path.mirrored(s.Width)
		case *Panel:
			m.Outline = m.Outline.mirrored(s.Width)
		case *Glyph:
			m.Outline = m.Outline.mirrored(s.Width)
		case *Dot:
			m.Center.X = s.Width - m.Center.X
		case *Label:
			m.At.X = s.Width - m.At.X - m.Width
		}
	}
}
