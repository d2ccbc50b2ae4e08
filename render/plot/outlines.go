package plot

import (
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// outlines sets a plot's text in the figures' type and fills its outlines, so
// that a viewer needs no font. It implements text.Handler.
type outlines struct{}

// Proportions of the type, per em: its line box, the width of a space, and how
// far the baseline must go down for figures to stand level with their marks.
const (
	ascent  = 0.72
	descent = 0.2
	space   = 0.33
	drop    = 0.07
)

// Cache implements text.Handler: there are no fonts to be had from it.
func (outlines) Cache() *font.Cache { return nil }

// Extents implements text.Handler.
func (outlines) Extents(f font.Font) font.Extents {
	return font.Extents{Ascent: ascent * f.Size, Descent: descent * f.Size, Height: (ascent + descent) * f.Size}
}

// Lines implements text.Handler.
func (outlines) Lines(txt string) []string { return strings.Split(strings.TrimRight(txt, "\n"), "\n") }

// Box implements text.Handler.
func (outlines) Box(txt string, f font.Font) (width, height, depth vg.Length) {
	if strings.TrimSpace(txt) == "" {
		return space * f.Size * vg.Length(len(txt)), ascent * f.Size, descent * f.Size
	}
	return vg.Length(set(txt, f).Width), ascent * f.Size, descent * f.Size
}

func set(txt string, f font.Font) typeset.Line {
	return typeset.Set(strings.ReplaceAll(txt, "-", "−"), scene.Sans, f.Size.Points())
}

// Draw implements text.Handler for single lines, which is all that plots have.
func (outlines) Draw(c vg.Canvas, txt string, sty text.Style, pt vg.Point) {
	line := set(txt, sty.Font)
	c.SetColor(sty.Color)
	c.Push()
	c.Translate(pt)
	if sty.Rotation != 0 {
		c.Rotate(sty.Rotation)
	}
	shift := vg.Point{
		X: vg.Length(sty.XAlign) * vg.Length(line.Width),
		Y: vg.Length(sty.YAlign)*sty.Height(txt) - drop*sty.Font.Size,
	}
	for _, g := range line.Glyphs {
		at := shift.Add(vg.Point{X: vg.Length(g.At.X), Y: vg.Length(-g.At.Y)})
		c.Fill(pathOf(typeset.Outline(g.Face, g.Index), at, vg.Length(g.Size/1000)))
	}
	c.Pop()
}

// pathOf is an outline in font units, y downward, at its place and size on a
// canvas where y grows upward.
func pathOf(outline scene.Path, at vg.Point, scale vg.Length) vg.Path {
	var p vg.Path
	to := func(q scene.Point) vg.Point {
		return at.Add(vg.Point{X: vg.Length(q.X) * scale, Y: vg.Length(-q.Y) * scale})
	}
	for _, s := range outline {
		switch s.Verb {
		case scene.MoveTo:
			p.Move(to(s.To))
		case scene.LineTo:
			p.Line(to(s.To))
		case scene.CurveTo:
			p.CubeTo(to(s.C1), to(s.C2), to(s.To))
		case scene.Close:
			p.Close()
		}
	}
	return p
}
