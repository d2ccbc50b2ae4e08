package circuit

import (
	"math"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// drawing is a layout on its way onto the canvas.
type drawing struct {
	*layout
	canvas canvas
	o      Options
	zones  []zone
	tracks map[*strand][]*track         // where the wires of live strands have come to
	lines  map[*strand]*scene.Separator // and the dashed lines above them
}

func (l *layout) draw(o Options) *scene.Scene {
	d := &drawing{layout: l, o: o, tracks: map[*strand][]*track{}, lines: map[*strand]*scene.Separator{}}
	d.zones, d.places = l.spread(o)
	d.begin()
	for r := range l.ranks {
		d.labels(r)
		if r < len(l.columns) {
			d.column(r)
		}
	}
	d.end()
	for _, f := range l.fences {
		d.fence(f)
	}
	return d.page()
}

// begin starts the wires of the inputs and writes their names.
func (d *drawing) begin() {
	d.firstDashes()
	for _, s := range d.ranks[0].strands {
		heights := d.laneHeights(0, []*strand{s})[0]
		tracks := make([]*track, len(s.axes))
		for j, a := range s.axes {
			about := scene.About{Axis: a.label, Span: s.wire.Span}
			tracks[j] = d.canvas.newTrack(about, scene.Point{X: d.zones[0].start, Y: heights[j]})
		}
		d.tracks[s] = tracks
		if s.wire.Name != "" {
			d.name(s, (heights[0]+heights[len(heights)-1])/2)
		}
	}
}

// name writes what an input is called, large, left of its wires.
func (d *drawing) name(s *strand, y float64) {
	l := typeset.Label(typeset.Name(s.wire.Name), scene.Math, nameSize)
	l.About = scene.About{Box: s.wire.Name, Span: s.wire.Span}
	l.At = scene.Point{X: d.zones[0].start - 1.2 - l.Width, Y: y + (l.Ascent-l.Descent)/2}
	d.canvas.labels = append(d.canvas.labels, l)
}

// labels writes the axes of a rank above their wires.
func (d *drawing) labels(r int) {
	for i, s := range d.ranks[r].strands {
		heights := d.laneHeights(r, []*strand{s})[0]
		for j, labelled := range d.ranks[r].labelled[i] {
			if labelled {
				about := scene.About{Axis: s.axes[j].label, Span: s.wire.Span}
				l := d.canvas.text(about, d.o.label(s.axes[j]), scene.Math, labelSize, d.zones[r].labels, heights[j]-labelLift)
				if s.axes[j].kind == placeAxis {
					d.canvas.arrowhead(about, l.At.X+l.Width+placeArrow, heights[j])
				}
			}
		}
	}
}

// column draws the items of a column and the dashed lines between them.
func (d *drawing) column(c int) {
	d.gates(c)
	p := d.places[c]
	for i, it := range d.columns[c] {
		f := d.frame(c, i)
		f.canvas = &d.canvas
		f.x0, f.x1, f.middle, f.x2, f.x3 = p.x0, p.x1, p.middle, p.x2, p.x3
		for _, s := range it.before() {
			f.in = append(f.in, d.tracks[s])
		}
		for _, s := range it.after() {
			f.out = append(f.out, make([]*track, len(s.axes)))
		}
		if it.step != nil {
			it.step.glyph.draw(f)
		} else {
			f.pass(func(int) bool { return true })
		}
		for o, s := range it.after() {
			d.tracks[s] = f.out[o]
		}
	}
	d.dashes(c)
}

// gates hands the wires of strands that enter or leave a fence on.
func (d *drawing) gates(c int) {
	for _, s := range d.ranks[c].strands {
		for from := s; d.tracks[s] == nil && from.origin != nil; {
			from = from.origin
			d.tracks[s], d.lines[s] = d.tracks[from], d.lines[from]
		}
	}
}

// end draws the wires out to the right side.
func (d *drawing) end() {
	last := len(d.ranks) - 1
	d.gates(last)
	for _, s := range d.ranks[last].strands {
		for j, y := range d.laneHeights(last, []*strand{s})[0] {
			if t := d.tracks[s]; t != nil && t[j] != nil {
				t[j].line(d.zones[last].end+lead, y)
			}
		}
	}
	d.lastDashes()
}

// fence draws the ground of an open composite box and its title.
func (d *drawing) fence(f *fence) {
	if f.right <= f.left {
		return
	}
	left, right := f.sides(d.layout, d.zones)
	top, bottom := math.Inf(1), math.Inf(-1)
	for c := f.left; c < f.right; c++ {
		if row, ok := d.middles[c].fences[side{f, false}]; ok {
			top = min(top, d.heights[2*c+1][row])
			bottom = max(bottom, d.heights[2*c+1][d.middles[c].fences[side{f, true}]])
		}
	}
	if top > bottom {
		return
	}
	area := scene.Rect{Min: scene.Point{X: left, Y: top}, Max: scene.Point{X: right, Y: bottom}}
	about := scene.About{Box: boxName(f.box), Span: f.box.Span}
	if f.loop() != nil {
		d.canvas.parentheses(about, area, f.loop())
		return
	}
	d.canvas.fences = append(d.canvas.fences, &scene.Panel{About: about, Fill: fillOf(f), Outline: area.Outline()})
	d.canvas.centered(about, f.title, scene.Sans, smallSize, scene.Point{X: (left + right) / 2, Y: top + titleRoom/2 + 0.5})
}

// loop is the repetition that a fence stands for, if it does.
func (f *fence) loop() *diagram.Repeat {
	if r, ok := f.box.Op.(diagram.Repeat); ok {
		return &r
	}
	return nil
}

// parentheses draws the paper's sign of repetition, with its bounds.
func (c *canvas) parentheses(about scene.About, area scene.Rect, loop *diagram.Repeat) {
	const bulge = 1.3
	low, high := area.Min.Y+titleRoom, area.Max.Y-titleRoom
	for _, side := range []struct{ x, out float64 }{{area.Min.X + bulge, -bulge}, {area.Max.X - bulge, bulge}} {
		c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "parenthesis", Stroke: scene.Ink, Weight: scene.Heavy,
			Outline: scene.From(scene.Point{X: side.x, Y: low}).Curve(
				scene.Point{X: side.x + side.out, Y: low + 2}, scene.Point{X: side.x + side.out, Y: high - 2}, scene.Point{X: side.x, Y: high})})
	}
	first, last := loop.From, loop.To
	c.text(about, sizeText(last), scene.Math, labelSize, area.Min.X, low-0.4)
	from := sizeText(first)
	if loop.Letter != "" {
		from = typeset.Name(loop.Letter) + " = " + from
	}
	c.text(about, from, scene.Math, labelSize, area.Min.X, area.Max.Y-0.2)
}

// fillOf is the colour of a fence: by what its title says, as the paper's
// figures have it, else by how deep it lies.
func fillOf(f *fence) scene.Role {
	name := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(f.title))
	for _, motif := range motifs {
		if strings.Contains(name, motif.word) {
			return motif.fill
		}
	}
	ground := []scene.Role{scene.Block, scene.Attention, scene.Forward, scene.Residual}
	return ground[f.depth%len(ground)]
}

var motifs = []struct {
	word string
	fill scene.Role
}{
	{"multihead", scene.Block}, {"attention", scene.Attention}, {"softmax", scene.Softmax}, {"norm", scene.Norm},
	{"feedforward", scene.Forward}, {"residual", scene.Residual}, {"conv", scene.Window}, {"pool", scene.Strided},
	{"concat", scene.Concat},
}

// page sets the title above, puts a margin around and the scene in the corner.
func (d *drawing) page() *scene.Scene {
	s := &scene.Scene{}
	s.Add(d.canvas.marks()...)
	area := s.Bounds()
	if d.o.Title != "" {
		l := typeset.Label(d.o.Title, scene.Sans, titleSize)
		l.At = scene.Point{X: (area.Min.X + area.Max.X - l.Width) / 2, Y: area.Min.Y - 2.6 - l.Descent}
		s.Add(l)
		area = s.Bounds()
	}
	area = area.Grown(pageMargin)
	if lack := (d.o.Width - area.Width()) / 2; lack > 0 {
		area.Min.X, area.Max.X = area.Min.X-lack, area.Max.X+lack
	}
	s.Move(scene.Point{X: -area.Min.X, Y: -area.Min.Y})
	s.Width, s.Height = area.Width(), area.Height()
	return s
}
