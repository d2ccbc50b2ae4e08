// Package svg writes a scene as SVG: one file that needs nothing else. Letters
// are outlines, each drawn once and used by reference, so no font is asked
// for; there is no foreignObject, filter or script, so every viewer shows the
// same. Equal scenes give equal bytes.
//
// It knows scenes and type, and no diagram.
package svg

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"ncd/render/scene"
)

// Options are what the bytes hang on besides the scene.
type Options struct {
	Sources bool // mark each mark with its axis, box and source line as data attributes
}

// Write writes the scene.
func Write(w io.Writer, s *scene.Scene, o Options) error {
	b := bufio.NewWriter(w)
	p := &page{out: b, theme: s.Theme, sources: o.Sources, letters: lettersOf(s)}
	p.head(s)
	p.letters.write(b)
	for _, m := range s.Marks {
		p.mark(m)
	}
	p.endGroup()
	fmt.Fprint(b, "</svg>\n")
	return b.Flush()
}

// page writes marks one after another and joins neighbours that look alike in
// one group.
type page struct {
	out     *bufio.Writer
	theme   scene.Theme
	sources bool
	letters *letters
	group   string // attributes of the open group
}

func (p *page) head(s *scene.Scene) {
	width, height := scene.Number(s.Width), scene.Number(s.Height)
	fmt.Fprintf(p.out, `<svg xmlns="http://www.w3.org/2000/svg" width="%smm" height="%smm" viewBox="0 0 %s %s" role="img" aria-labelledby="title desc">`+"\n",
		width, height, width, height)
	fmt.Fprintf(p.out, "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n", escape(s.Title), escape(s.Description))
	if ground := s.Theme.Colors[scene.Paper]; ground != "" {
		fmt.Fprintf(p.out, `<rect width="%s" height="%s" fill="%s"/>`+"\n", width, height, ground)
	}
}

func (p *page) mark(m scene.Mark) {
	switch m := m.(type) {
	case *scene.Label:
		p.label(m)
	case *scene.Dot:
		p.dot(m)
	default:
		for _, shape := range p.theme.Shapes(m) {
			p.path(m, shape.Path, p.paint(shape))
		}
	}
}

// dot is a circle by name, which is shorter than its path.
func (p *page) dot(d *scene.Dot) {
	p.open(p.paint(p.theme.Shapes(d)[0]))
	fmt.Fprintf(p.out, `<circle%s cx="%s" cy="%s" r="%s"/>`+"\n", p.about(d),
		scene.Number(d.Center.X), scene.Number(d.Center.Y), scene.Number(d.Radius))
}

func (p *page) path(m scene.Mark, path scene.Path, paint string) {
	p.open(paint)
	fmt.Fprintf(p.out, `<path%s d="%s"/>`+"\n", p.about(m), path)
}

// paint is the fill and the stroke of a shape as attributes.
func (p *page) paint(shape scene.Shape) string {
	color := p.theme.Colors[shape.Fill]
	if color == "" {
		color = "none"
	}
	attributes := fmt.Sprintf(`fill="%s"`, color)
	if shape.Width > 0 {
		attributes += fmt.Sprintf(` stroke="%s" stroke-width="%s"`, p.theme.Colors[shape.Stroke], scene.Number(shape.Width))
	}
	if shape.On > 0 {
		attributes += fmt.Sprintf(` stroke-dasharray="%s %s"`, scene.Number(shape.On), scene.Number(shape.Off))
	}
	return attributes
}

// open makes sure that the marks that follow stand in a group with these
// attributes.
func (p *page) open(attributes string) {
	if p.group == attributes {
		return
	}
	p.endGroup()
	fmt.Fprintf(p.out, "<g %s>\n", attributes)
	p.group = attributes
}

func (p *page) endGroup() {
	if p.group != "" {
		fmt.Fprint(p.out, "</g>\n")
		p.group = ""
	}
}

// about are the data attributes that say what a mark stands for.
func (p *page) about(m scene.Mark) string {
	if !p.sources {
		return ""
	}
	about, words := m.Stands(), ""
	if about.Axis != "" {
		words += fmt.Sprintf(` data-axis="%s"`, escape(about.Axis))
	}
	if about.Box != "" {
		words += fmt.Sprintf(` data-box="%s"`, escape(about.Box))
	}
	if about.Path != "" && about.Path != about.Box {
		words += fmt.Sprintf(` data-path="%s"`, escape(about.Path))
	}
	if !about.Span.IsZero() {
		line, _ := about.Span.File.Position(about.Span.Start)
		words += fmt.Sprintf(` data-line="%d"`, line)
	}
	return words
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		return ""
	}
	return b.String()
}
