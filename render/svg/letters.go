package svg

import (
	"bufio"
	"fmt"
	"math"
	"strconv"
	"strings"

	"ncd/render/scene"
	"ncd/render/typeset"
)

// letter is one glyph of one face.
type letter struct {
	face  typeset.Face
	index uint16
}

// letters are the glyphs a scene uses, numbered in order of first use.
type letters struct {
	number map[letter]int
	order  []letter
}

func lettersOf(s *scene.Scene) *letters {
	l := &letters{number: map[letter]int{}}
	for _, m := range s.Marks {
		label, ok := m.(*scene.Label)
		if !ok {
			continue
		}
		for _, g := range typeset.Set(label.Text, label.Style, label.Size).Glyphs {
			key := letter{g.Face, g.Index}
			if _, seen := l.number[key]; !seen {
				l.number[key] = len(l.order)
				l.order = append(l.order, key)
			}
		}
	}
	return l
}

func (l *letters) id(g typeset.Glyph) string {
	return "g" + strconv.Itoa(l.number[letter{g.Face, g.Index}])
}

// write puts the outlines, in font units, where they can be used from.
func (l *letters) write(b *bufio.Writer) {
	if len(l.order) == 0 {
		return
	}
	fmt.Fprint(b, "<defs>\n")
	for i, key := range l.order {
		fmt.Fprintf(b, `<path id="g%d" d="%s"/>`+"\n", i, compact(typeset.Outline(key.face, key.index)))
	}
	fmt.Fprint(b, "</defs>\n")
}

// label writes a line of text as a group in font units, in which glyphs of the
// line's own size need only a shift.
func (p *page) label(m *scene.Label) {
	line := typeset.Set(m.Text, m.Style, m.Size)
	em := m.Size / 1000
	p.open(p.paint(scene.Shape{Fill: m.Color}))
	fmt.Fprintf(p.out, `<g%s transform="translate(%s %s) scale(%s)">`, p.about(m),
		scene.Number(m.At.X), scene.Number(m.At.Y), strconv.FormatFloat(round(em, 6), 'f', -1, 64))
	for _, g := range line.Glyphs {
		p.use(g, em)
	}
	for _, r := range line.Rules {
		fmt.Fprintf(p.out, `<rect x="%d" y="%d" width="%d" height="%d"/>`,
			whole(r.Min.X/em), whole(r.Min.Y/em), whole(r.Width()/em), whole(r.Height()/em))
	}
	fmt.Fprint(p.out, "</g>\n")
}

func (p *page) use(g typeset.Glyph, em float64) {
	x, y := whole(g.At.X/em), whole(g.At.Y/em)
	if scale := g.Size / 1000 / em; math.Abs(scale-1) > 1e-6 {
		fmt.Fprintf(p.out, `<use href="#%s" transform="translate(%d %d) scale(%s)"/>`,
			p.letters.id(g), x, y, scene.Number(scale))
		return
	}
	fmt.Fprintf(p.out, `<use href="#%s"`, p.letters.id(g))
	if x != 0 {
		fmt.Fprintf(p.out, ` x="%d"`, x)
	}
	if y != 0 {
		fmt.Fprintf(p.out, ` y="%d"`, y)
	}
	fmt.Fprint(p.out, "/>")
}

// compact is an outline in whole font units with steps relative to the last
// place, which takes about half the bytes.
func compact(outline scene.Path) string {
	var b strings.Builder
	var now, start [2]int
	at := func(q scene.Point) [2]int { return [2]int{whole(q.X), whole(q.Y)} }
	for _, s := range outline {
		to := at(s.To)
		switch s.Verb {
		case scene.MoveTo:
			steps(&b, 'M', [2]int{}, to)
			start = to
		case scene.LineTo:
			steps(&b, 'l', now, to)
		case scene.CurveTo:
			steps(&b, 'c', now, at(s.C1), at(s.C2), to)
		case scene.Close:
			b.WriteByte('z')
			to = start
		}
		now = to
	}
	return b.String()
}

func steps(b *strings.Builder, verb byte, from [2]int, to ...[2]int) {
	b.WriteByte(verb)
	first := true
	for _, q := range to {
		for i := range q {
			d := q[i] - from[i]
			if !first && d >= 0 { // a minus sign parts numbers by itself
				b.WriteByte(' ')
			}
			b.WriteString(strconv.Itoa(d))
			first = false
		}
	}
}

func whole(x float64) int { return int(math.Round(x)) }

func round(x float64, digits int) float64 {
	scale := math.Pow10(digits)
	return math.Round(x*scale) / scale
}
