package rule

import (
	"math"

	"ncd/render/circuit"
	"ncd/render/scene"
)

// sheet is the figure while it is laid out: the forward row, and under each box that
// stands for layers the cells of these.
type sheet struct {
	figure  Figure
	cells   []*cell
	forward *scene.Scene
	boxes   []scene.Rect // of each layer, the sign that stands for it
	columns []*column
	top     float64    // of the cells
	bottom  float64    // of the cells
	loss    scene.Rect // the box of the loss's derivative; empty: nothing needs it
	strokes []stroke
}

// column is the cells under one box.
type column struct {
	path  string
	box   scene.Rect
	cells []*cell
	right float64 // side of the cells; strokes come down beyond it
}

// Measures, mm.
const (
	lanePitch = 1.9 // between strokes
	laneRoom  = 2.2 // between cells and the first stroke
	rowGap    = 5.0 // between cells one under another
	leftRoom  = 3.0 // of a cell, for what it sends
)

// layOut draws the forward row with room for the cells, and puts these in their places.
func (p *sheet) layOut(o circuit.Options) (circuit.Stats, error) {
	model := closed(upTo(p.figure), p.isLayer, nil)
	o.Width, o.Cost, o.Heading = 0, nil, false
	first, _, err := circuit.Draw(model, o)
	if err != nil {
		return circuit.Stats{}, err
	}
	p.group(anchors(first, p.figure.Layers))
	o.Reserve = p.reserved
	var stats circuit.Stats
	if p.forward, stats, err = circuit.Draw(model, o); err != nil {
		return stats, err
	}
	p.place()
	return stats, nil
}

func (p *sheet) isLayer(path []string) bool {
	for _, l := range p.figure.Layers {
		if isPath(path, l.Path) {
			return true
		}
	}
	return false
}

// group puts cells under the boxes that stand for their layers.
func (p *sheet) group(paths []string) {
	byPath := map[string]*column{}
	for i, c := range p.cells {
		at := byPath[paths[i]]
		if at == nil {
			at = &column{path: paths[i]}
			byPath[paths[i]], p.columns = at, append(p.columns, at)
		}
		at.cells = append(at.cells, c)
	}
}

// reserved is the room that the column of a box must have.
func (p *sheet) reserved(path string) float64 {
	for _, col := range p.columns {
		if col.path == path && path != "" {
			return col.width()
		}
	}
	return 0
}

// width is that of the widest cell, with the strokes beside it.
func (c *column) width() float64 {
	widest := 0.0
	for _, cell := range c.cells {
		if cell.piece != nil {
			widest = max(widest, cell.piece.Width+leftRoom+laneRoom+lanePitch*float64(len(cell.diagram.In)+len(cell.sends)))
		}
	}
	return widest
}

// place moves each cell under its box.
func (p *sheet) place() {
	levels := 0
	for _, c := range p.cells {
		levels = max(levels, len(c.diagram.In))
	}
	p.top = p.forward.Height + lineRoom + float64(levels)*lanePitch + 2
	p.bottom = p.top
	for _, col := range p.columns {
		col.box, _ = glyphAt(p.forward, col.path)
		middle := (col.box.Min.X + col.box.Max.X) / 2
		y := p.top
		for _, c := range col.cells {
			if c.piece == nil {
				continue
			}
			lanes := laneRoom + lanePitch*float64(len(c.diagram.In)+len(c.sends))
			right := middle + col.width()/2 - lanes
			col.right = math.Max(col.right, right)
			c.piece.Shift(scene.Point{X: right - c.piece.Width, Y: y})
			y += c.piece.Height + rowGap
		}
		p.bottom = math.Max(p.bottom, y-rowGap)
	}
}

// lineRoom is what the double dashed line between the halves takes, mm.
const lineRoom = 5.0
