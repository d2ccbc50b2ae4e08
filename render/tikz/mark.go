package tikz

import (
	"fmt"
	"strings"

	"ncd/render/scene"
)

func (p *picture) mark(m scene.Mark) {
	switch m := m.(type) {
	case *scene.Wire:
		p.wire(m)
	case *scene.Separator:
		p.draw("ncd separator", m.Path)
	case *scene.Panel:
		p.fill(m.Outline, m.Fill)
		if m.Dotted || p.theme.Colors[m.Fill] == "" {
			p.draw("ncd dotted", m.Outline)
		}
	case *scene.Glyph:
		p.glyph(m)
	case *scene.Dot:
		p.dot(m)
	case *scene.Label:
		p.label(m)
	}
}

// wire draws a group of axes as two lines: a broad one with the ground's colour
// on its middle.
func (p *picture) wire(w *scene.Wire) {
	if !w.Double {
		p.draw("ncd wire", w.Path)
		return
	}
	p.draw("ncd wires", w.Path)
	p.draw("ncd between wires", w.Path)
}

func (p *picture) glyph(g *scene.Glyph) {
	width := p.theme.Strokes[g.Weight]
	if width <= 0 || p.theme.Colors[g.Stroke] == "" {
		p.fill(g.Outline, g.Fill)
		return
	}
	options := fmt.Sprintf("%s,line width=%smm", colorName(g.Stroke), scene.Number(width))
	if p.theme.Colors[g.Fill] != "" {
		options += ",fill=" + colorName(g.Fill)
	}
	p.draw(options, g.Outline)
}

func (p *picture) dot(d *scene.Dot) {
	options := "\\fill[" + colorName(scene.Ink)
	if d.Open {
		options = "\\filldraw[ncd wire,fill=" + colorName(scene.Paper)
	}
	fmt.Fprintf(p.out, "%s] %s circle[radius=%smm];\n", options, place(d.Center), scene.Number(d.Radius))
}

// baseSize is the size that the picture's nodes are set in, ten TeX points, mm
// an em. Each is then scaled, as fonts come in few sizes.
const baseSize = 10 * 25.4 / 72.27

// label puts text in the middle of its place, so that letters a little wider or
// narrower than ours stay where they belong.
func (p *picture) label(m *scene.Label) {
	if p.theme.Colors[m.Color] == "" {
		return
	}
	var text string
	switch m.Style {
	case scene.Math:
		text = "$" + formula(m.Text) + "$"
	case scene.SansBold:
		text = `\sffamily\bfseries ` + words(m.Text)
	default:
		text = `\sffamily ` + words(m.Text)
	}
	middle := m.At.Add(scene.Point{X: m.Width / 2})
	fmt.Fprintf(p.out, "\\node[%s,scale=%.3f] at %s {%s};\n", colorName(m.Color), m.Size/baseSize, place(middle), text)
}

func (p *picture) fill(path scene.Path, role scene.Role) {
	if p.theme.Colors[role] != "" {
		fmt.Fprintf(p.out, "\\fill[%s] %s;\n", colorName(role), drawn(path))
	}
}

func (p *picture) draw(options string, path scene.Path) {
	fmt.Fprintf(p.out, "\\draw[%s] %s;\n", options, drawn(path))
}

// drawn is a path in TikZ's words.
func drawn(path scene.Path) string {
	var b strings.Builder
	for i, s := range path {
		switch s.Verb {
		case scene.MoveTo:
			if i > 0 {
				b.WriteByte(' ')
			}
		case scene.LineTo:
			b.WriteString(" -- ")
		case scene.CurveTo:
			b.WriteString(" .. controls " + place(s.C1) + " and " + place(s.C2) + " .. ")
		case scene.Close:
			b.WriteString(" -- cycle")
			continue
		}
		b.WriteString(place(s.To))
	}
	return b.String()
}

func place(q scene.Point) string { return "(" + scene.Number(q.X) + "," + scene.Number(q.Y) + ")" }
