package scene

import (
	"math"
	"strconv"
	"strings"
)

// Verb is what a step of a path does.
type Verb byte

// The verbs, by the letters SVG uses.
const (
	MoveTo  Verb = 'M'
	LineTo  Verb = 'L'
	CurveTo Verb = 'C' // a cubic with the controls C1 and C2
	Close   Verb = 'Z'
)

// Step is one step of a path.
type Step struct {
	Verb       Verb
	C1, C2, To Point
}

// Path is a line of straight and cubic steps, open or closed. Methods that
// extend a path return the longer one, as append does.
type Path []Step

// From starts a path.
func From(p Point) Path { return Path{{Verb: MoveTo, To: p}} }

// Move starts another stroke of the same path.
func (p Path) Move(to Point) Path { return append(p, Step{Verb: MoveTo, To: to}) }

// Line goes straight. A step of no length is left out.
func (p Path) Line(to Point) Path {
	if len(p) > 0 && p.End() == to {
		return p
	}
	return append(p, Step{Verb: LineTo, To: to})
}

// Curve goes along a cubic.
func (p Path) Curve(c1, c2, to Point) Path {
	return append(p, Step{Verb: CurveTo, C1: c1, C2: c2, To: to})
}

// Swerve goes to a place on another level, leaving and arriving level: the
// S-curve of the paper. On one level it is a straight line.
func (p Path) Swerve(to Point) Path {
	from := p.End()
	if isLevel(from, to) {
		return p.Line(to)
	}
	half := (to.X - from.X) / 2
	return p.Curve(Point{from.X + half, from.Y}, Point{to.X - half, to.Y}, to)
}

// isLevel reports whether two places are on one level as far as is written of them.
func isLevel(a, b Point) bool { return math.Abs(a.Y-b.Y) < 0.005 }

// Around goes straight towards a corner and leaves it towards another place, round
// by a radius; it stops where the curve does.
func (p Path) Around(corner, next Point, radius float64) Path {
	toward := func(q Point) Point {
		d := corner.Distance(q)
		if d == 0 {
			return corner
		}
		r := min(radius, d) / d
		return Point{corner.X + (q.X-corner.X)*r, corner.Y + (q.Y-corner.Y)*r}
	}
	in, out := toward(p.End()), toward(next)
	middle := func(q Point) Point {
		return Point{q.X + (corner.X-q.X)*circleControl, q.Y + (corner.Y-q.Y)*circleControl}
	}
	return p.Line(in).Curve(middle(in), middle(out), out)
}

// Close returns to the start of the stroke.
func (p Path) Close() Path { return append(p, Step{Verb: Close}) }

// Polygon is the closed path through the corners.
func Polygon(corners ...Point) Path {
	p := From(corners[0])
	for _, c := range corners[1:] {
		p = p.Line(c)
	}
	return p.Close()
}

// Outline is the rectangle as a path.
func (r Rect) Outline() Path {
	return Polygon(r.Min, Point{r.Max.X, r.Min.Y}, r.Max, Point{r.Min.X, r.Max.Y})
}

// Circle is a closed circle of four cubics.
func Circle(center Point, radius float64) Path {
	k := radius * circleControl
	at := func(x, y float64) Point { return center.Add(Point{x, y}) }
	return From(at(radius, 0)).
		Curve(at(radius, k), at(k, radius), at(0, radius)).
		Curve(at(-k, radius), at(-radius, k), at(-radius, 0)).
		Curve(at(-radius, -k), at(-k, -radius), at(0, -radius)).
		Curve(at(k, -radius), at(radius, -k), at(radius, 0)).Close()
}

// circleControl is how far the controls of a cubic lie along the tangents, per
// radius, for a quarter of a circle.
const circleControl = 0.5522847498

// Cup is the half circle that bulges to the right from the upper place to the
// lower one, which lies below it.
func (p Path) Cup(to Point) Path {
	from := p.End()
	r := (to.Y - from.Y) / 2
	k := math.Abs(r) * circleControl
	mid := Point{from.X + math.Abs(r), from.Y + r}
	return p.
		Curve(Point{from.X + k, from.Y}, Point{mid.X, mid.Y - r*circleControl}, mid).
		Curve(Point{mid.X, mid.Y + r*circleControl}, Point{to.X + k, to.Y}, to)
}

// Start is the first place of the path.
func (p Path) Start() Point { return p[0].To }

// End is the place the path has reached.
func (p Path) End() Point {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i].Verb != Close {
			return p[i].To
		}
	}
	return Point{}
}

// Moved returns the path shifted.
func (p Path) Moved(by Point) Path {
	moved := make(Path, len(p))
	for i, s := range p {
		moved[i] = Step{s.Verb, s.C1.Add(by), s.C2.Add(by), s.To.Add(by)}
	}
	return moved
}

// Flatten returns the path as polylines, one for each stroke, curves cut into
// the given number of pieces.
func (p Path) Flatten(pieces int) [][]Point {
	var lines [][]Point
	for _, s := range p {
		last := len(lines) - 1
		switch s.Verb {
		case MoveTo:
			lines = append(lines, []Point{s.To})
		case LineTo:
			lines[last] = append(lines[last], s.To)
		case CurveTo:
			from := lines[last][len(lines[last])-1]
			for i := 1; i <= pieces; i++ {
				lines[last] = append(lines[last], s.at(from, float64(i)/float64(pieces)))
			}
		case Close:
			lines[last] = append(lines[last], lines[last][0])
		}
	}
	return lines
}

// at is the place a part t of the way along a curve step.
func (s Step) at(from Point, t float64) Point {
	u := 1 - t
	a, b, c, d := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return Point{
		a*from.X + b*s.C1.X + c*s.C2.X + d*s.To.X,
		a*from.Y + b*s.C1.Y + c*s.C2.Y + d*s.To.Y,
	}
}

// Bounds is the smallest rectangle about the path, curves taken at 16 places.
func (p Path) Bounds() Rect {
	lo, hi := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, line := range p.Flatten(16) {
		for _, q := range line {
			lo = Point{min(lo.X, q.X), min(lo.Y, q.Y)}
			hi = Point{max(hi.X, q.X), max(hi.Y, q.Y)}
		}
	}
	return Rect{lo, hi}
}

// Straightened returns the path without the places that a level stretch merely passes.
func (p Path) Straightened() Path {
	var short Path
	for i, s := range p {
		if n := len(short); i > 1 && s.Verb == LineTo && short[n-1].Verb == LineTo && runsOn(short[n-2].To, short[n-1].To, s.To) {
			short[n-1].To = s.To
			continue
		}
		short = append(short, s)
	}
	return short
}

// runsOn reports whether three places lie on a level line in their order.
func runsOn(a, b, c Point) bool {
	return isLevel(a, b) && isLevel(b, c) && (b.X-a.X)*(c.X-b.X) >= 0
}

// String is the path in SVG's words, in hundredths of a millimetre at the
// finest.
func (p Path) String() string {
	var b strings.Builder
	var x, y string // where the path has come to, as it is written
	for _, s := range p {
		fromX, fromY := x, y
		if s.Verb != Close {
			x, y = Number(s.To.X), Number(s.To.Y)
		}
		switch {
		case s.Verb == LineTo && y == fromY:
			b.WriteString("H" + x)
		case s.Verb == LineTo && x == fromX:
			b.WriteString("V" + y)
		case s.Verb == CurveTo:
			b.WriteByte(byte(s.Verb))
			writePoints(&b, s.C1, s.C2, s.To)
		case s.Verb == Close:
			b.WriteByte(byte(s.Verb))
		default:
			b.WriteByte(byte(s.Verb))
			writePoints(&b, s.To)
		}
	}
	return b.String()
}

func writePoints(b *strings.Builder, points ...Point) {
	for i, q := range points {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(Number(q.X) + " " + Number(q.Y))
	}
}

// Number prints a length rounded to hundredths, as short as it goes and the
// same on every machine.
func Number(x float64) string {
	rounded := math.Round(x * 100)
	if rounded == 0 { // also -0
		return "0"
	}
	return strconv.FormatFloat(rounded/100, 'f', -1, 64)
}

// mirrored returns the path turned from left to right on a page of a width.
func (p Path) mirrored(width float64) Path {
	flip := func(q Point) Point { return Point{width - q.X, q.Y} }
	turned := make(Path, len(p))
	for i, s := range p {
		turned[i] = Step{s.Verb, flip(s.C1), flip(s.C2), flip(s.To)}
	}
	return turned
}
