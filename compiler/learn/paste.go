package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// paste appends a diagram of the rule and returns its first result.
func (a *assignment) paste(body *diagram.Diagram, part string) *diagram.Wire {
	return a.paster(body, part).results()[0]
}

// paster appends a rule's diagram to the step.
type paster struct {
	*assignment
	part   string
	body   *diagram.Diagram // flat
	wires  map[*diagram.Wire]*diagram.Wire
	weight *diagram.Wire // whose change is asked for
	pushed *transport    // the last Push
}

// paster binds the inputs of a rule's diagram by name. Axes that a wire has beyond
// those the rule names are lifted over.
func (a *assignment) paster(body *diagram.Diagram, part string) *paster {
	p := &paster{assignment: a, part: part, wires: map[*diagram.Wire]*diagram.Wire{}}
	fed := make([]*diagram.Wire, len(body.In))
	for i, w := range body.In {
		if fed[i] = a.given(w.Name); fed[i] == nil {
			a.said = append(a.said, source.Diagnostic{
				Code: MissingWire, Span: body.Span,
				Message: "the rule reads " + w.Name + ", which layer " + a.layer.path + " has not",
				Notes:   []source.Note{{Span: a.layer.learned.Span, Message: "the layer"}},
			})
			fed[i] = a.zeros(w)
		}
	}
	p.body = rewrite.Normalize(lifted(body, fed))
	for i, w := range p.body.In {
		p.wires[w] = fed[i]
	}
	return p
}

// results appends the boxes and returns the diagram's results.
func (p *paster) results() []*diagram.Wire {
	for _, b := range p.body.Boxes {
		switch op := b.Op.(type) {
		case diagram.Learned:
			p.wires[b.Out[0]] = p.array(op.Weight)
		case diagram.Push:
			p.wires[b.Out[0]] = p.push(b, op)
		case diagram.Pull:
			p.wires[b.Out[0]] = p.pull(b, op)
		case diagram.Ahead:
			p.wires[b.Out[0]] = p.ahead(b, op)
		default:
			p.d.Add(copied(b, p.wires, strings.Split(p.layer.path, "."), diagram.Backward))
		}
	}
	return replaced(p.body.Out, p.wires)
}

// zeros stands for a wire that is not there.
func (s *step) zeros(like *diagram.Wire) *diagram.Wire {
	b := diagram.NewBox(diagram.Constant{}, like.Type.Axes, nil, nil, []*diagram.Wire{diagram.NewWire("", like.Type.Axes...)})
	b.Pass = diagram.Backward
	return s.d.Add(b)
}

// lifted applies a diagram to wires that may have more axes than it asks for: those
// whose labels it does not ask for are lifted over. Where they are as many, they meet
// axis by axis: the diagram may have labels of its own.
func lifted(body *diagram.Diagram, fed []*diagram.Wire) *diagram.Diagram {
	box := &diagram.Box{Op: diagram.Composite{Body: body}, Span: body.Span}
	d := &diagram.Diagram{Name: body.Name, Boxes: []*diagram.Box{box}, Span: body.Span}
	var degree, own shape.Shape
	for _, w := range slices.Concat(body.In, body.Out) {
		own = union(own, w.Type.Axes)
	}
	for i, w := range fed {
		if len(w.Type.Axes) == len(body.In[i].Type.Axes) {
			continue
		}
		for _, axis := range w.Type.Axes {
			if body.In[i].Type.Axes.Index(axis.Label) < 0 {
				degree = union(degree, shape.Shape{axis})
			}
		}
	}
	box.Weave = diagram.Weave{Degree: degree, Own: own}
	index := func(port shape.Shape, axis shape.Axis) diagram.Affine {
		if port.Index(axis.Label) < 0 {
			return diagram.At(slices.IndexFunc(degree, axis.Equal))
		}
		return diagram.At(len(degree) + slices.IndexFunc(own, axis.Equal))
	}
	for i, w := range fed {
		in := &diagram.Wire{Name: body.In[i].Name, Type: w.Type, Span: w.Span}
		var port []diagram.Affine
		axes := w.Type.Axes
		if asked := body.In[i].Type.Axes; len(asked) == len(axes) {
			axes = asked
		}
		for _, axis := range axes {
			port = append(port, index(body.In[i].Type.Axes, axis))
		}
		d.In, box.In, box.Weave.In = append(d.In, in), append(box.In, in), append(box.Weave.In, port)
	}
	for _, w := range body.Out {
		out := &diagram.Wire{Name: w.Name, Type: w.Type, Span: w.Span}
		out.Type.Axes = slices.Concat(degree, w.Type.Axes)
		var port []diagram.Affine
		for i := range degree {
			port = append(port, diagram.At(i))
		}
		for _, axis := range w.Type.Axes {
			port = append(port, index(w.Type.Axes, axis))
		}
		d.Out, box.Out, box.Weave.Out = append(d.Out, out), append(box.Out, out), append(box.Weave.Out, port)
	}
	return d
}

// union adds the axes that are not there yet.
func union(axes, more shape.Shape) shape.Shape {
	for _, a := range more {
		if !slices.ContainsFunc(axes, a.Equal) {
			axes = append(axes, a)
		}
	}
	return axes
}

// copied is a box on wires of its own; those it makes are put into `wires`.
func copied(b *diagram.Box, wires map[*diagram.Wire]*diagram.Wire, path []string, pass diagram.Pass) *diagram.Box {
	made := *b
	made.In = replaced(b.In, wires)
	made.Out = make([]*diagram.Wire, len(b.Out))
	for i, w := range b.Out {
		out := *w
		made.Out[i], wires[w] = &out, &out
	}
	made.Path, made.Pass = slices.Concat(path, b.Path), pass
	if draw, ok := b.Op.(diagram.Random); ok {
		draw.Stream = strings.Join(append(slices.Clone(path), draw.Stream), ".")
		made.Op = draw
	}
	return &made
}
