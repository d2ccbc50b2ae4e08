package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/lanes"
	"ncd/render/scene"
)

// Piece is a diagram drawn to be set into a larger figure.
type Piece struct {
	*scene.Scene
	In, Out [][]scene.Point // of each wire of the boundary, where its axes begin and end, names included
}

// DrawPiece draws a diagram on one line, without a title. It is trusted to be sound, but
// that boxes of learning rules may have more inputs than their operations.
func DrawPiece(d *diagram.Diagram, o Options) (*Piece, error) {
	sheet, err := arranged(d, o.Depth, nil)
	if err != nil {
		return nil, err
	}
	if o.Solver == nil {
		o.Solver = lanes.Tidiest{}
	}
	l := newLayout(sheet)
	if err := l.solve(o.Solver); err != nil {
		return nil, err
	}
	line := &drawing{layout: l, o: o, tracks: map[*strand][]*track{}, lines: map[*strand]*scene.Separator{}}
	line.zones, line.places = l.spread(o)
	p := &Piece{Scene: &scene.Scene{Marks: line.line(), Theme: o.Theme}}
	p.In = line.ends(0, d.In, func(s *strand) float64 { return line.zones[0].start - namedWidth(nameText(called(s))) })
	p.Out = line.ends(len(l.columns), d.Out, func(s *strand) float64 { return l.lineEnd(line.zones) + namedWidth(s.nameBehind) })
	p.toCorner()
	return p, nil
}

// ends are where the wires of a boundary are at a rank, at the side that is given for
// each. A wire that two results stand for is at the first.
func (d *drawing) ends(rank int, wires []*diagram.Wire, side func(*strand) float64) [][]scene.Point {
	ends := make([][]scene.Point, len(wires))
	for i, w := range wires {
		for _, s := range d.ranks[rank].strands {
			if s.wire != w {
				continue
			}
			for _, y := range d.laneHeights(rank, []*strand{s})[0] {
				ends[i] = append(ends[i], scene.Point{X: side(s), Y: y})
			}
			break
		}
	}
	return ends
}

func namedWidth(name string) float64 {
	if name == "" {
		return 0
	}
	return nameGap + widthOf(name, scene.Math, nameSize)
}

// toCorner moves the piece so that its ink begins in the corner.
func (p *Piece) toCorner() {
	area := p.Bounds()
	p.Shift(scene.Point{X: -area.Min.X, Y: -area.Min.Y})
	p.Width, p.Height = area.Width(), area.Height()
}

// Shift moves a piece with its ends.
func (p *Piece) Shift(by scene.Point) {
	p.Move(by)
	for _, side := range [][][]scene.Point{p.In, p.Out} {
		for _, wire := range side {
			for i := range wire {
				wire[i] = wire[i].Add(by)
			}
		}
	}
}

// Turn mirrors a piece whose ink begins in the corner, so that it reads from right to
// left.
func (p *Piece) Turn() {
	p.Mirror()
	for _, side := range [][][]scene.Point{p.In, p.Out} {
		for _, wire := range side {
			for i := range wire {
				wire[i].X = p.Width - wire[i].X
			}
		}
	}
}
