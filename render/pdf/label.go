package pdf

import (
	"ncd/render/scene"
	"ncd/render/typeset"
)

// unitsPerEm is the grid of outlines of package typeset, and of PDF's text.
const unitsPerEm = 1000

func (p *painter) label(m *scene.Label) {
	color, ok := p.color(m.Color)
	line := typeset.Set(m.Text, m.Style, m.Size)
	if !ok || len(line.Glyphs)+len(line.Rules) == 0 {
		return
	}
	change(p, &p.pen.fill, color+" rg")
	if p.outline {
		p.shapes(m, line)
	} else {
		p.text(m, line)
	}
	for _, r := range line.Rules {
		p.path(r.Outline().Moved(m.At))
		p.write("f\n")
	}
}

// shapes fills each letter's outline, in font units under a matrix of its own.
func (p *painter) shapes(m *scene.Label, line typeset.Line) {
	for _, g := range line.Glyphs {
		em := scale(g.Size / unitsPerEm)
		p.write("q %s 0 0 %s %s cm ", em, em, place(m.At.Add(g.At)))
		p.path(typeset.Outline(g.Face, g.Index))
		p.write("f Q\n")
	}
}

// text shows the letters in their fonts, each at its own place. A gap as wide as
// between words is shown as a space, so that the words are found apart.
func (p *painter) text(m *scene.Label, line typeset.Line) {
	p.write("BT ")
	now := ""
	for i, g := range line.Glyphs {
		f := p.fonts.of(g.Face)
		if i > 0 {
			if before := line.Glyphs[i-1]; isSpace(p.fonts.of(before.Face), before, g) {
				p.write("<%04X>Tj ", p.fonts.of(before.Face).space())
			}
		}
		change(p, &now, f.name()+" "+scene.Number(g.Size)+" Tf")
		p.write("1 0 0 -1 %s Tm <%04X>Tj ", place(m.At.Add(g.At)), f.code(g.Index))
	}
	p.write("ET\n")
}

// leastSpace is the gap from which letters on a line are taken as of two words,
// per em. The space between words is twice as wide.
const leastSpace = 0.17

func isSpace(f *face, before, after typeset.Glyph) bool {
	end := before.At.X + f.right(before.Index)*before.Size/unitsPerEm
	return before.At.Y == after.At.Y && after.At.X-end > leastSpace*after.Size
}
