package pdf

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"ncd/render/scene"
)

// painter writes the page's content: what to fill and to stroke, in mm and with
// y downward, which the first operator arranges.
type painter struct {
	out     bytes.Buffer
	theme   scene.Theme
	outline bool
	fonts   fonts
	pen     pen
}

// pen is what strokes and fills look like now, in PDF's operators. Only changes
// are written.
type pen struct{ fill, stroke, width, dash string }

func (p *painter) paint(s *scene.Scene) []byte {
	p.write("/Figure<</MCID 0>>BDC\n")
	p.write("%s 0 0 -%s 0 %s cm 4 M\n", scale(pointsPerMillimetre), scale(pointsPerMillimetre), number(s.Height*pointsPerMillimetre))
	if p.theme.Colors[scene.Paper] != "" {
		p.fill(scene.Rect{Max: scene.Point{X: s.Width, Y: s.Height}}.Outline(), scene.Paper)
	}
	for _, m := range s.Marks {
		p.mark(m)
	}
	p.write("EMC\n")
	return p.out.Bytes()
}

func (p *painter) write(format string, values ...any) { fmt.Fprintf(&p.out, format, values...) }

func (p *painter) mark(m scene.Mark) {
	if l, ok := m.(*scene.Label); ok {
		p.label(l)
	}
	for _, shape := range p.theme.Shapes(m) {
		p.fill(shape.Path, shape.Fill)
		dash := solid
		if shape.On > 0 {
			dash = fmt.Sprintf("[%s %s] 0 d", scene.Number(shape.On), scene.Number(shape.Off))
		}
		p.stroke(shape.Path, shape.Stroke, shape.Width, dash)
	}
}

// solid is the pattern of a line without gaps.
const solid = "[] 0 d"

func (p *painter) fill(path scene.Path, role scene.Role) {
	color, ok := p.color(role)
	if !ok || len(path) == 0 {
		return
	}
	change(p, &p.pen.fill, color+" rg")
	p.path(path)
	p.write("f\n")
}

func (p *painter) stroke(path scene.Path, role scene.Role, width float64, dash string) {
	color, ok := p.color(role)
	if !ok || len(path) == 0 || width <= 0 {
		return
	}
	change(p, &p.pen.stroke, color+" RG")
	change(p, &p.pen.width, scene.Number(width)+" w")
	change(p, &p.pen.dash, dash)
	p.path(path)
	p.write("S\n")
}

// change writes an operator if it says something new.
func change(p *painter, now *string, operator string) {
	if *now != operator {
		*now = operator
		p.write("%s ", operator)
	}
}

func (p *painter) path(path scene.Path) {
	for _, s := range path {
		switch s.Verb {
		case scene.MoveTo:
			p.write("%s m ", place(s.To))
		case scene.LineTo:
			p.write("%s l ", place(s.To))
		case scene.CurveTo:
			p.write("%s %s %s c ", place(s.C1), place(s.C2), place(s.To))
		case scene.Close:
			p.write("h ")
		}
	}
}

func place(q scene.Point) string { return scene.Number(q.X) + " " + scene.Number(q.Y) }

// color is the colour of a role as three parts of one, if the theme paints it.
func (p *painter) color(role scene.Role) (string, bool) {
	text := p.theme.Colors[role]
	if len(text) != len("#rrggbb") {
		return "", false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return "", false
	}
	part := func(shift uint) string { return number(float64(n>>shift&0xff) / 255) }
	return part(16) + " " + part(8) + " " + part(0), true
}

// number prints a thousandth at the finest, which tells colours of 8 bits apart.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64)
}

// scale prints a factor that lengths of a page are multiplied with.
func scale(x float64) string { return strconv.FormatFloat(math.Round(x*1e6)/1e6, 'f', -1, 64) }
