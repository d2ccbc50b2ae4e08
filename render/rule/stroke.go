package rule

import (
	"fmt"
	"math"
	"strings"

	"ncd/render/circuit"
	"ncd/render/scene"
	"ncd/render/typeset"
)

// stroke carries an array between the halves, or from layer to layer.
type stroke struct {
	corners []scene.Point
	color   scene.Role
	box     string
}

// turnRadius is that of the corners of strokes, mm.
const turnRadius = 0.9

// draw puts everything together.
func (p *sheet) draw(o circuit.Options) (*scene.Scene, error) {
	s := &scene.Scene{Title: p.forward.Title, Theme: o.Theme, Description: p.describe()}
	s.Add(p.forward.Marks...)
	p.line(s)
	for _, c := range p.cells {
		if c.piece != nil {
			s.Add(c.piece.Marks...)
		}
	}
	p.lossBox(s)
	for _, c := range p.cells {
		if c.piece != nil {
			p.tapes(c)
			p.arrivals(s, c)
		}
	}
	for _, st := range p.strokes {
		st.draw(s)
	}
	if err := p.phaseInputs(s, o); err != nil {
		return nil, err
	}
	p.notes(s)
	area := s.Bounds().Grown(2)
	s.Move(scene.Point{X: -area.Min.X, Y: -area.Min.Y})
	s.Width, s.Height = area.Width(), area.Height()
	return s, nil
}

// line is the double dashed line between the halves.
func (p *sheet) line(s *scene.Scene) {
	for _, dy := range []float64{-0.6, 0.6} {
		y := p.forward.Height + lineRoom/2 + dy
		s.Add(&scene.Separator{Path: scene.From(scene.Point{X: 0, Y: y}).Line(scene.Point{X: p.forward.Width, Y: y})})
	}
}

func (st stroke) draw(s *scene.Scene) {
	path := scene.From(st.corners[0])
	last := len(st.corners) - 1
	for i := 1; i < last; i++ {
		path = path.Around(st.corners[i], st.corners[i+1], turnRadius)
	}
	tip := st.corners[last]
	path = path.Line(tip)
	about := scene.About{Box: st.box}
	s.Add(&scene.Glyph{About: about, Kind: "stroke", Outline: path, Stroke: st.color, Weight: scene.Medium},
		&scene.Dot{About: about, Kind: "tap", Center: st.corners[0], Radius: 0.45})
	from := st.corners[last-1]
	angle := math.Atan2(tip.Y-from.Y, tip.X-from.X)
	sin, cos := math.Sincos(angle)
	at := func(x, y float64) scene.Point { return tip.Add(scene.Point{X: x*cos - y*sin, Y: x*sin + y*cos}) }
	s.Add(&scene.Glyph{About: about, Kind: "arrowhead", Fill: st.color, Outline: scene.Polygon(tip, at(-1.5, -0.7), at(-1.1, 0), at(-1.5, 0.7))})
}

// tapes brings what the layer has made down to where it is used. The lowest end has the
// outermost stroke, so that none crosses another.
func (p *sheet) tapes(c *cell) {
	for i, w := range c.diagram.In {
		name, _, _ := strings.Cut(c.drawnName(w), "@")
		from, ok := p.tap(c, name)
		if !ok || len(c.piece.In[i]) == 0 && len(w.Type.Axes) > 0 {
			continue
		}
		to := p.end(c, i)
		lane := p.columnOf(c).right + laneRoom + float64(i)*lanePitch
		level := p.forward.Height + lineRoom + float64(len(c.diagram.In)-i-1)*lanePitch
		p.strokes = append(p.strokes, stroke{
			corners: []scene.Point{from, {X: from.X, Y: level}, {X: lane, Y: level}, {X: lane, Y: to.Y}, to},
			color:   colorOf(name), box: w.Name,
		})
	}
}

func colorOf(name string) scene.Role {
	switch name {
	case "x":
		return scene.Tape1
	case "y":
		return scene.Tape2
	case "u":
		return scene.Tape3
	}
	return scene.Tape4
}

func (p *sheet) columnOf(c *cell) *column {
	for _, col := range p.columns {
		for _, other := range col.cells {
			if other == c {
				return col
			}
		}
	}
	return nil
}

// end is where an input of a cell begins: in the middle of its wires.
func (p *sheet) end(c *cell, input int) scene.Point {
	points := c.piece.In[input]
	return scene.Point{X: points[0].X + 0.8, Y: (points[0].Y + points[len(points)-1].Y) / 2}
}

// tap is where on the forward row an array is found.
func (p *sheet) tap(c *cell, name string) (scene.Point, bool) {
	box := p.columnOf(c).box
	switch name {
	case "x":
		return p.lowest(box, false, 1.2), true
	case "u":
		return p.lowest(box, true, 1.2), true
	case "w", "b":
		return scene.Point{X: (box.Min.X + box.Max.X) / 2, Y: box.Max.Y}, true
	case "y":
		for _, behind := range c.layer.Feeds {
			if next := p.cellAt(behind); next != nil {
				return p.lowest(p.columnOf(next).box, false, 2.8), true
			}
		}
		if area, ok := p.lossArea(); ok {
			return p.lowest(area, false, 2.8), true
		}
		return p.lowest(box, true, 2.8), true
	}
	return scene.Point{}, false
}

// lowest is a place on the lowest wire before a box, or behind it.
func (p *sheet) lowest(box scene.Rect, behind bool, off float64) scene.Point {
	at := scene.Point{X: box.Min.X - off, Y: (box.Min.Y + box.Max.Y) / 2}
	if behind {
		at.X = box.Max.X + off
	}
	if heights := wiresInto(p.forward, box, behind); len(heights) > 0 {
		at.Y = heights[len(heights)-1]
	}
	return at
}

func (p *sheet) cellAt(path string) *cell {
	for _, c := range p.cells {
		if c.layer.Path == path {
			return c
		}
	}
	return nil
}

// lossArea is the sign of the first box behind the model.
func (p *sheet) lossArea() (scene.Rect, bool) {
	last := p.columns[len(p.columns)-1].box
	best, found := scene.Rect{}, false
	for _, m := range p.forward.Marks {
		g, ok := m.(*scene.Glyph)
		if !ok || strings.Contains(g.Path, "/") || g.Path == "" || g.Bounds().Min.X < last.Max.X {
			continue
		}
		if !found || g.Bounds().Min.X < best.Min.X {
			best, found = g.Bounds(), true
		}
	}
	if found {
		return glyphAt(p.forward, pathAt(p.forward, best))
	}
	return best, false
}

func pathAt(s *scene.Scene, area scene.Rect) string {
	for _, m := range s.Marks {
		if g, ok := m.(*scene.Glyph); ok && g.Bounds() == area {
			return g.Path
		}
	}
	return ""
}

// needsLoss reports whether a cell reads the derivative of the loss.
func (p *sheet) needsLoss() bool {
	for _, c := range p.cells {
		for _, w := range c.diagram.In {
			if name := c.names[w]; name == "error" || c.layer.AtLoss && name == "signal" {
				return true
			}
		}
	}
	return false
}

// lossBox draws the derivative of the loss beneath the loss.
func (p *sheet) lossBox(s *scene.Scene) {
	if !p.needsLoss() {
		return
	}
	area, ok := p.lossArea()
	x := p.forward.Width - 8
	if ok {
		x = (area.Min.X + area.Max.X) / 2
	}
	const half, height = 6.2, 6.0
	y := p.top
	if last := p.cells[len(p.cells)-1]; last.piece != nil {
		for i, w := range last.diagram.In {
			if name := last.names[w]; name == "signal" || name == "error" {
				y = p.end(last, i).Y - height/2
			}
		}
	}
	p.loss = scene.Rect{Min: scene.Point{X: x - half, Y: y}, Max: scene.Point{X: x + half, Y: y + height}}
	s.Add(&scene.Glyph{About: scene.About{Box: "loss"}, Kind: "grad", Fill: scene.Paper, Stroke: scene.Ink, Weight: scene.Thin, Outline: p.loss.Outline()})
	put(s, `\partial \mathrm{loss}`, scene.Math, 3.2, scene.Point{X: x, Y: y + height/2})
	from := scene.Point{X: x, Y: area.Max.Y}
	if !ok {
		from.Y = p.forward.Height - 2
	}
	p.strokes = append(p.strokes, stroke{corners: []scene.Point{from, {X: x, Y: y}}, color: scene.Faint, box: "loss"})
}

func put(s *scene.Scene, text string, style scene.Style, size float64, middle scene.Point) {
	l := typeset.Label(text, style, size)
	l.At = scene.Point{X: middle.X - l.Width/2, Y: middle.Y + (l.Ascent-l.Descent)/2}
	s.Add(l)
}

// arrivals brings what comes back to a layer: the sends of those behind it, the error.
func (p *sheet) arrivals(s *scene.Scene, c *cell) {
	for i, w := range c.diagram.In {
		name, phase, _ := strings.Cut(c.names[w], "@")
		switch {
		case name == "error" || name == "signal" && c.layer.AtLoss:
			p.fromLoss(c, i)
		case name == "signal":
			p.fromBehind(s, c, i, phase)
		}
	}
}

// fromLoss leads the error to an input: straight where nothing is between, else under the
// cells.
func (p *sheet) fromLoss(c *cell, input int) {
	to := p.end(c, input)
	from := scene.Point{X: p.loss.Min.X, Y: (p.loss.Min.Y + p.loss.Max.Y) / 2}
	corners := []scene.Point{from, to}
	col := p.columnOf(c)
	if col != p.columns[len(p.columns)-1] {
		level := p.bottom + 3
		lane := col.right + laneRoom
		corners = []scene.Point{{X: (p.loss.Min.X + p.loss.Max.X) / 2, Y: p.loss.Max.Y}, {X: (p.loss.Min.X + p.loss.Max.X) / 2, Y: level}, {X: lane, Y: level}, {X: lane, Y: to.Y}, to}
	} else if math.Abs(from.Y-to.Y) > 0.01 {
		lane := col.right + laneRoom + lanePitch*float64(len(c.diagram.In))
		corners = []scene.Point{from, {X: lane, Y: from.Y}, {X: lane, Y: to.Y}, to}
	}
	p.strokes = append(p.strokes, stroke{corners: corners, color: scene.Fault, box: "error"})
}

// fromBehind leads what the layers behind send to an input; several of them add up.
func (p *sheet) fromBehind(s *scene.Scene, c *cell, input int, phase string) {
	to, n := p.end(c, input), 0
	for _, path := range c.layer.Feeds {
		behind := p.cellAt(path)
		if behind == nil || behind.sends[phase] == nil || behind.piece == nil {
			continue
		}
		from := p.sentAt(behind, phase)
		lane := behind.piece.Bounds().Min.X - 1.2 - float64(n)*lanePitch
		corners := []scene.Point{from, {X: lane, Y: from.Y}, {X: lane, Y: to.Y}, to}
		if !p.areAdjacent(c, behind) {
			level, up := p.bottom+3+float64(n+1)*lanePitch, p.columnOf(c).right+laneRoom+float64(len(c.diagram.In))*lanePitch
			corners = []scene.Point{from, {X: lane, Y: from.Y}, {X: lane, Y: level}, {X: up, Y: level}, {X: up, Y: to.Y}, to}
		}
		p.strokes = append(p.strokes, stroke{corners: corners, color: scene.Ink, box: "send"})
		n++
	}
	if n > 1 {
		put(s, "+", scene.Math, 3.2, to.Add(scene.Point{X: 1.2, Y: -1.6}))
	}
}

// sentAt is where what a cell sends leaves it.
func (p *sheet) sentAt(c *cell, phase string) scene.Point {
	for i, w := range c.diagram.Out {
		if points := c.piece.Out[i]; w == c.sends[phase] && len(points) > 0 {
			return scene.Point{X: points[0].X - 0.6, Y: (points[0].Y + points[len(points)-1].Y) / 2}
		}
	}
	return scene.Point{}
}

func (p *sheet) areAdjacent(c, behind *cell) bool {
	for i, col := range p.columns {
		if col == p.columnOf(c) {
			return i+1 < len(p.columns) && p.columns[i+1] == p.columnOf(behind)
		}
	}
	return false
}

// describe is the figure in words.
func (p *sheet) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s Beneath each layer, from right to left, what it learns by.", p.forward.Description)
	for _, c := range p.cells {
		sent := "sends nothing"
		if len(c.sends) > 0 {
			sent = "sends a signal to the layer before"
		}
		fmt.Fprintf(&b, " Layer %s %s.", c.layer.Path, sent)
	}
	return b.String()
}
