package circuit

import (
	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// heading is the first line of a figure that defines a box: the box closed, as it
// looks where it is used. An equals sign stands behind it.
func heading(d *diagram.Diagram, o Options) (*layout, error) {
	box := &diagram.Box{Op: diagram.Composite{Body: d}, In: d.In, Name: d.Name, Span: d.Span}
	for _, w := range d.Out {
		out := *w
		box.Out = append(box.Out, &out)
	}
	box.Weave = byLabel(box.In, box.Out)
	closed := &diagram.Diagram{Name: d.Name, In: box.In, Out: box.Out, Boxes: []*diagram.Box{box}, Groups: d.Groups}
	s, err := arranged(closed, 0, nil)
	if err != nil {
		return nil, err
	}
	l := newLayout(s)
	return l, l.solve(o.Solver)
}

// equals writes the sign behind a line.
func (c *canvas) equals(area scene.Rect) {
	c.centered(scene.About{}, "=", scene.Math, nameSize, scene.Point{X: area.Max.X + 6, Y: (area.Min.Y + area.Max.Y) / 2})
}
