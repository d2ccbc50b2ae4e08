package circuit

import (
	"math"
	"strings"

	"ncd/compiler/diagram"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// drawing is one line of a figure on its way onto a canvas.
type drawing struct {
	*layout
	canvas canvas
	o      Options
	zones  []zone
	tracks map[*strand][]*track         // where the wires of live strands have come to
	lines  map[*strand]*scene.Separator // and the dashed lines above them
}

// drawLines draws the lines of a figure, one below the other.
func drawLines(lines []*layout, o Options) *scene.Scene {
	var all scene.Scene
	for i, l := range lines {
		d := &drawing{layout: l, o: o, tracks: map[*strand][]*track{}, lines: map[*strand]*scene.Separator{}}
		d.zones, d.places = l.spread(o)
		line := scene.Scene{Marks: d.line()}
		area := line.Bounds()
		down := 0.0
		if i > 0 {
			down = all.Bounds().Max.Y + lineGap - area.Min.Y
		}
		line.Move(scene.Point{X: -area.Min.X, Y: down})
		all.Add(line.Marks...)
		if i == 0 && o.Heading {
			var sign canvas
			sign.equals(all.Bounds())
			all.Add(sign.marks()...)
		}
	}
	if formulas := legendOf(lines); len(formulas) > 0 {
		var panel canvas
		panel.legend(formulas, legendPlace(&all, formulas, o))
		all.Add(panel.marks()...)
	}
	if o.Cost != nil {
		var scale canvas
		area := all.Bounds()
		scale.scale(o.Cost.Unit, scene.Point{X: area.Min.X, Y: area.Max.Y + legendGap})
		all.Add(scale.marks()...)
	}
	return page(all.Marks, o)
}

// lineGap is how far apart the lines of a figure are, mm.
const lineGap = 5

// line draws the columns of the line and what begins and ends it.
func (d *drawing) line() []scene.Mark {
	d.start()
	for c := range d.columns {
		d.labels(c)
		d.column(c)
	}
	d.finish()
	for _, f := range d.fences {
		d.fence(f)
	}
	return d.canvas.marks()
}

// start starts the wires: those of the inputs at their names, others where a
// curved arrow brings them from the line above.
func (d *drawing) start() {
	x := d.zones[0].start
	d.firstDashes()
	for _, s := range d.ranks[0].strands {
		if d.comesIn(s, 0) {
			continue
		}
		heights := d.laneHeights(0, []*strand{s})[0]
		tracks := make([]*track, len(s.axes))
		for j, a := range s.axes {
			about := scene.About{Axis: a.label, Span: s.wire.Span}
			from := scene.Point{X: x, Y: heights[j]}
			if d.from > 0 {
				from = d.canvas.arriving(about, from)
			}
			tracks[j] = d.canvas.newTrack(about, from)
			tracks[j].wire.Double = a.group
			if d.from > 0 {
				tracks[j].curveIn(scene.Point{X: x, Y: heights[j]})
			}
		}
		d.tracks[s] = tracks
		if d.from == 0 && called(s) != "" {
			d.name(s, (heights[0]+heights[len(heights)-1])/2)
		}
	}
}

// name writes what an input is called, large, left of its wires.
func (d *drawing) name(s *strand, y float64) {
	l := typeset.Label(nameText(called(s)), scene.Math, nameSize)
	l.About = scene.About{Box: called(s), Span: s.wire.Span}
	l.At = scene.Point{X: d.zones[0].start - nameGap - l.Width, Y: y + (l.Ascent-l.Descent)/2}
	d.canvas.labels = append(d.canvas.labels, l)
}

const nameGap = 1.2

func nameWidth(s *strand) float64 {
	return widthOf(nameText(called(s)), scene.Math, nameSize) + nameGap
}

// nameText sets a name; that of an array in a phase of learning has the phase beneath.
func nameText(name string) string {
	base, phase, isOf := strings.Cut(name, "@")
	if !isOf {
		return typeset.Name(name)
	}
	return typeset.Name(base) + `_{\mathrm{` + phase + "}}"
}

// called is what a wire at the left of the figure is called: outside, if it enters an
// open box at once. What is rearranged at once has no name.
func called(s *strand) string {
	for s.wire.Name != "" && s.origin != nil {
		s = s.origin
	}
	return s.wire.Name
}

// labels writes the axes of a rank above their wires.
func (d *drawing) labels(r int) {
	for i, s := range d.ranks[r].strands {
		heights := d.laneHeights(r, []*strand{s})[0]
		for j, labelled := range d.ranks[r].labelled[i] {
			if labelled {
				about := scene.About{Axis: s.axes[j].label, Span: s.wire.Span}
				x := d.zones[r].labels
				if d.comesIn(s, r) {
					x = d.zones[r].states + 0.4
				}
				l := d.canvas.text(about, d.o.label(s.axes[j], s.inLoop()), scene.Math, labelSize, x, heights[j]-labelLift-s.axes[j].halfWidth())
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
			boxes, signs := len(d.canvas.boxes), len(d.canvas.signs)
			it.step.glyph.draw(f)
			d.shade(it.step, boxes, signs)
			d.annotate(it.step, boxes)
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
		if s.ended && d.tracks[s] != nil && d.end(s.fences[len(s.fences)-1]) == c {
			d.stop(c, s)
		}
		for from := s; d.tracks[s] == nil && from.origin != nil; {
			from = from.origin
			d.tracks[s], d.lines[s] = d.tracks[from], d.lines[from]
		}
		if d.tracks[s] == nil && s.isFed() && !(d.more && c == len(d.columns)) {
			d.startAt(d.zones[c].states, c, s)
		}
	}
}

// startAt starts the wires of a strand that comes from nowhere, and the dashed line
// above it.
func (d *drawing) startAt(x float64, rank int, s *strand) {
	for j, y := range d.laneHeights(rank, []*strand{s})[0] {
		t := d.canvas.newTrack(scene.About{Axis: s.axes[j].label, Span: s.wire.Span}, scene.Point{X: x, Y: y})
		t.wire.Double = s.axes[j].group
		d.tracks[s] = append(d.tracks[s], t)
	}
	if dash, ok := d.edges[rank].dash[s]; ok && d.lines[s] == nil {
		d.startDash(s, x, d.heights[2*rank][dash])
	}
}

// finish draws the wires out to the right side, or into curved arrows that lead to
// the line below.
func (d *drawing) finish() {
	x, last := d.lineEnd(d.zones), len(d.columns)
	d.gates(last)
	if !d.more {
		d.labels(last)
	}
	for _, s := range d.ranks[last].strands {
		if s.ended || d.more && d.comesIn(s, last) {
			continue
		}
		if heights := d.laneHeights(last, []*strand{s})[0]; s.nameBehind != "" && !d.more {
			l := d.canvas.text(scene.About{Span: s.wire.Span}, s.nameBehind, scene.Math, nameSize, x+nameGap, 0)
			l.At.Y = (heights[0]+heights[len(heights)-1])/2 + (l.Ascent-l.Descent)/2
		}
		for j, y := range d.laneHeights(last, []*strand{s})[0] {
			if t := d.tracks[s]; t != nil && t[j] != nil {
				t[j].line(x, y)
				if d.more {
					t[j].curveOut(&d.canvas)
				}
			}
		}
	}
	d.lastDashes(x)
}

// fence draws the ground of an open composite box as far as it lies on the line,
// and its title where it begins.
func (d *drawing) fence(f *fence) {
	from, to := d.covered(f)
	left, right := d.sides(f, d.zones)
	top, bottom := math.Inf(1), math.Inf(-1)
	for c := from; c < to; c++ {
		if row, ok := d.middles[c].fences[side{f, false}]; ok {
			top = min(top, d.heights[2*c+1][row])
			bottom = max(bottom, d.heights[2*c+1][d.middles[c].fences[side{f, true}]])
		}
	}
	if top > bottom {
		return
	}
	begins, ends := d.begin(f) >= 0, d.end(f) <= len(d.columns)
	area := scene.Rect{Min: scene.Point{X: left, Y: top}, Max: scene.Point{X: right, Y: bottom}}
	about := f.about()
	if loop := f.loop(); loop != nil {
		d.canvas.parentheses(about, area, loop, begins, ends)
		return
	}
	d.canvas.fences = append(d.canvas.fences, &scene.Panel{About: about, Fill: d.fillOf(f), Dotted: d.o.Cost != nil, Outline: area.Outline()})
	d.feedback(f, area, begins, ends)
	if op, ok := f.box.Op.(diagram.Composite); ok && op.Reverse != nil && ends {
		d.canvas.returns(about, scene.Point{X: right - 0.8, Y: bottom - 1.1})
	}
	if begins {
		d.scanned(f, area)
		d.canvas.centered(about, f.title, scene.Sans, smallSize, scene.Point{X: (left + right) / 2, Y: top + titleRoom/2 + 0.5})
	}
}

func (f *fence) about() scene.About {
	return scene.About{Box: boxName(f.box), Path: f.path, Span: f.box.Span}
}

// loop is the repetition that a fence stands for, if it does.
func (f *fence) loop() *diagram.Repeat {
	if r, ok := f.box.Op.(diagram.Repeat); ok {
		return &r
	}
	return nil
}

// parentheses draws the paper's sign of repetition with its bounds, or only the
// side of it that lies on the line.
func (c *canvas) parentheses(about scene.About, area scene.Rect, loop *diagram.Repeat, opens, closes bool) {
	const bulge = 1.3
	low, high := area.Min.Y+titleRoom, area.Max.Y-titleRoom
	paren := func(x, out float64) {
		c.signs = append(c.signs, &scene.Glyph{About: about, Kind: "parenthesis", Stroke: scene.Ink, Weight: scene.Heavy,
			Outline: scene.From(scene.Point{X: x, Y: low}).Curve(
				scene.Point{X: x + out, Y: low + 2}, scene.Point{X: x + out, Y: high - 2}, scene.Point{X: x, Y: high})})
	}
	if closes {
		paren(area.Max.X-bulge, bulge)
	}
	if !opens {
		return
	}
	paren(area.Min.X+bulge, -bulge)
	c.text(about, sizeText(loop.To), scene.Math, labelSize, area.Min.X, low-0.4)
	from := sizeText(loop.From)
	if loop.Letter != "" {
		from = typeset.Name(loop.Letter) + " = " + from
	}
	c.text(about, from, scene.Math, labelSize, area.Min.X, area.Max.Y-0.2)
}

// fillOf is the colour of a fence: by what its title says, as the paper's
// figures have it, else by which one of the figure's motifs it is.
func (d *drawing) fillOf(f *fence) scene.Role {
	if d.o.Cost != nil {
		return "" // colours tell of costs
	}
	name := strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(f.title))
	for _, motif := range motifs {
		if strings.Contains(name, motif.word) {
			return motif.fill
		}
	}
	ground := []scene.Role{scene.Block, scene.Attention, scene.Forward, scene.Residual, scene.Window, scene.Norm}
	return ground[f.motif%len(ground)]
}

var motifs = []struct {
	word string
	fill scene.Role
}{
	{"multihead", scene.Block}, {"attention", scene.Attention}, {"softmax", scene.Softmax}, {"norm", scene.Norm},
	{"feedforward", scene.Forward}, {"residual", scene.Residual}, {"conv", scene.Window}, {"pool", scene.Window},
	{"concat", scene.Concat},
}

// page sets the title above, puts a margin around and the scene in the corner.
func page(marks []scene.Mark, o Options) *scene.Scene {
	s := &scene.Scene{Marks: marks}
	straightenWires(marks)
	area := s.Bounds()
	if o.Title != "" {
		l := typeset.Label(o.Title, scene.Sans, titleSize)
		l.At = scene.Point{X: (area.Min.X + area.Max.X - l.Width) / 2, Y: area.Min.Y - 2.6 - l.Descent}
		s.Add(l)
		area = s.Bounds()
	}
	area = area.Grown(pageMargin)
	if lack := (o.Width - area.Width()) / 2; lack > 0 {
		area.Min.X, area.Max.X = area.Min.X-lack, area.Max.X+lack
	}
	s.Move(scene.Point{X: -area.Min.X, Y: -area.Min.Y})
	s.Width, s.Height = area.Width(), area.Height()
	return s
}

// straightenWires takes the ends of columns out of the wires that run level through them.
func straightenWires(marks []scene.Mark) {
	for _, m := range marks {
		switch m := m.(type) {
		case *scene.Wire:
			m.Path = m.Path.Straightened()
		case *scene.Separator:
			m.Path = m.Path.Straightened()
		}
	}
}
