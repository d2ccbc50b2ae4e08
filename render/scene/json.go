package scene

import (
	"encoding/json"
	"fmt"
	"math"
)

// MarshalJSON writes the scene with a "kind" on each mark, paths in SVG's
// words and lengths in hundredths of a millimetre, so that equal figures have
// equal bytes.
func (s *Scene) MarshalJSON() ([]byte, error) {
	marks := make([]markJSON, len(s.Marks))
	for i, m := range s.Marks {
		marks[i] = markOf(m)
	}
	return json.Marshal(struct {
		Title       string     `json:"title"`
		Description string     `json:"description,omitempty"`
		Width       length     `json:"width"`
		Height      length     `json:"height"`
		Theme       string     `json:"theme"`
		Marks       []markJSON `json:"marks"`
	}{s.Title, s.Description, length(s.Width), length(s.Height), s.Theme.Name, marks})
}

// length is a length in mm that prints rounded.
type length float64

// MarshalJSON prints the length as Number does.
func (l length) MarshalJSON() ([]byte, error) {
	if f := float64(l); math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, fmt.Errorf("a length of %v in a figure", f)
	}
	return []byte(Number(float64(l))), nil
}

// markJSON is every mark's fields together; those a mark lacks stay out.
type markJSON struct {
	Kind   string  `json:"kind"`
	Axis   string  `json:"axis,omitempty"`
	Box    string  `json:"box,omitempty"`
	Within string  `json:"within,omitempty"`
	Line   int     `json:"line,omitempty"`
	Sign   string  `json:"sign,omitempty"`
	Text   string  `json:"text,omitempty"`
	Style  Style   `json:"style,omitempty"`
	At     *length `json:"x,omitempty"`
	AtY    *length `json:"y,omitempty"`
	Size   *length `json:"size,omitempty"`
	Width  *length `json:"width,omitempty"`
	Radius *length `json:"radius,omitempty"`
	Path   string  `json:"path,omitempty"`
	Fill   Role    `json:"fill,omitempty"`
	Stroke Role    `json:"stroke,omitempty"`
	Weight Weight  `json:"weight,omitempty"`
	Double bool    `json:"double,omitempty"`
	Dotted bool    `json:"dotted,omitempty"`
	Open   bool    `json:"open,omitempty"`
}

func markOf(m Mark) markJSON {
	about := m.Stands()
	j := markJSON{Axis: about.Axis, Box: about.Box, Within: about.Path}
	if !about.Span.IsZero() {
		j.Line, _ = about.Span.File.Position(about.Span.Start)
	}
	switch m := m.(type) {
	case *Wire:
		j.Kind, j.Path, j.Double = "wire", m.Path.String(), m.Double
	case *Separator:
		j.Kind, j.Path = "separator", m.Path.String()
	case *Panel:
		j.Kind, j.Path, j.Fill, j.Dotted = "panel", m.Outline.String(), m.Fill, m.Dotted
	case *Glyph:
		j.Kind, j.Sign, j.Path = "glyph", m.Kind, m.Outline.String()
		j.Fill, j.Stroke, j.Weight = m.Fill, m.Stroke, m.Weight
	case *Dot:
		j.Kind, j.Sign, j.Open = "dot", m.Kind, m.Open
		j.At, j.AtY, j.Radius = rounded(m.Center.X), rounded(m.Center.Y), rounded(m.Radius)
	case *Label:
		j.Kind, j.Text, j.Style, j.Fill = "label", m.Text, m.Style, m.Color
		j.At, j.AtY, j.Size, j.Width = rounded(m.At.X), rounded(m.At.Y), rounded(m.Size), rounded(m.Width)
	}
	return j
}

func rounded(x float64) *length {
	l := length(x)
	return &l
}
