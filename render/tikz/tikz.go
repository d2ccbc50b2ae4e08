// Package tikz writes a scene as TikZ, for papers written in LaTeX: a document
// that pdflatex turns into one page of the figure's size, or the picture alone,
// to be read by \input. Nothing but the package tikz is asked for. Labels are
// TeX's own mathematics, so they are set in the paper's fonts, and wires and the
// rest have styles by name, so that a paper can change them.
//
// It knows scenes, and no diagram. Equal scenes give equal bytes.
//
// Source: Tantau, The TikZ and PGF Packages, Manual for version 3.1.
package tikz

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"ncd/render/scene"
)

// Options are what the bytes hang on besides the scene.
type Options struct {
	Picture bool // write the tikzpicture alone, without a document around it
}

// Write writes the scene. It errs where the writer does.
func Write(w io.Writer, s *scene.Scene, o Options) error {
	p := &picture{out: bufio.NewWriter(w), theme: s.Theme}
	fmt.Fprintf(p.out, "%% %s\n", strings.Join(strings.Fields("ncd: "+s.Title), " "))
	if o.Picture {
		p.picture(s)
	} else {
		fmt.Fprintf(p.out, documentHead, scene.Number(s.Width), scene.Number(s.Height))
		p.picture(s)
		fmt.Fprint(p.out, documentTail)
	}
	return p.out.Flush()
}

// documentHead opens a document whose page is the figure. A box that is shipped
// out by itself has no margins to undo. The page's sides are set late, as \begin
// sets them too; LuaTeX calls them otherwise.
const documentHead = `\documentclass{article}
\usepackage{tikz}
\begin{document}
\ifdefined\pdfpagewidth\else\let\pdfpagewidth\pagewidth\let\pdfpageheight\pageheight\fi
\pdfpagewidth=%smm
\pdfpageheight=%smm
\hoffset=-1in
\voffset=-1in
\shipout\hbox{%%
`

const documentTail = `}
\end{document}
`

// picture writes marks one after another.
type picture struct {
	out   *bufio.Writer
	theme scene.Theme
}

func (p *picture) picture(s *scene.Scene) {
	fmt.Fprint(p.out, "\\begin{tikzpicture}[x=1mm,y=-1mm,line cap=butt,line join=miter,miter limit=4,\n")
	fmt.Fprint(p.out, "  every node/.style={inner sep=0pt,outer sep=0pt,anchor=base,font=\\fontsize{10}{12}\\selectfont},\n")
	p.styles()
	p.colors(s)
	page := scene.Rect{Max: scene.Point{X: s.Width, Y: s.Height}}.Outline()
	fmt.Fprintf(p.out, "\\useasboundingbox %s;\n", drawn(page))
	p.fill(page, scene.Paper)
	for _, m := range s.Marks {
		p.mark(m)
	}
	fmt.Fprint(p.out, "\\end{tikzpicture}\n")
}

// styles name what strokes look like.
func (p *picture) styles() {
	thin, ink := p.theme.Strokes[scene.Thin], colorName(scene.Ink)
	style := func(name, color string, width float64, more string) {
		fmt.Fprintf(p.out, "  %s/.style={draw=%s,line width=%smm%s}", name, color, scene.Number(width), more)
	}
	style("ncd wire", ink, thin, "")
	fmt.Fprint(p.out, ",\n")
	style("ncd wires", ink, scene.DoubleWidth+thin, "")
	fmt.Fprint(p.out, ",\n")
	style("ncd between wires", colorName(scene.Paper), scene.DoubleWidth-thin, "")
	fmt.Fprint(p.out, ",\n")
	style("ncd separator", ink, p.theme.Strokes[scene.Medium], fmt.Sprintf(",dash pattern=on %smm off %smm", scene.Number(scene.DashOn), scene.Number(scene.DashOff)))
	fmt.Fprint(p.out, ",\n")
	style("ncd dotted", ink, thin, ",dash pattern=on 0.3mm off 0.7mm")
	fmt.Fprint(p.out, "]\n")
}

// colors defines the colours of the roles that the scene has, and of those that
// the styles name.
func (p *picture) colors(s *scene.Scene) {
	roles := []scene.Role{scene.Paper, scene.Ink}
	for _, m := range s.Marks {
		switch m := m.(type) {
		case *scene.Panel:
			roles = append(roles, m.Fill)
		case *scene.Glyph:
			roles = append(roles, m.Fill, m.Stroke)
		case *scene.Label:
			roles = append(roles, m.Color)
		}
	}
	slices.Sort(roles)
	for _, role := range slices.Compact(roles) {
		if color := p.theme.Colors[role]; color != "" {
			fmt.Fprintf(p.out, "\\definecolor{%s}{HTML}{%s}\n", colorName(role), strings.ToUpper(strings.TrimPrefix(color, "#")))
		}
	}
}

// colorName is what the picture calls a role's colour.
func colorName(role scene.Role) string { return "ncd" + strings.ReplaceAll(string(role), "-", "") }
