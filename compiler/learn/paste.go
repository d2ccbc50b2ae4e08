package learn

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
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
	pushed *grad.Sweep   // of the last Push
}

// paster binds the inputs of a rule's diagram by name. Axes that a wire has beyond
// those the rule names are lifted over.
func (a *assignment) paster(body *diagram.Diagram, part string) *paster {
	p := &paster{assignment: a, part: part, wires: map[*diagram.Wire]*diagram.Wire{}}
	given := a.given()
	fed := make([]*diagram.Wire, len(body.In))
	for i, w := range body.In {
		if fed[i] = given[w.Name]; fed[i] == nil {
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

// zeros stands for a wire that is not there.
func (s *step) zeros(like *diagram.Wire) *diagram.Wire {
	b := diagram.NewBox(diagram.Constant{}, like.Type.Axes, nil, nil, []*diagram.Wire{diagram.NewWire("", like.Type.Axes...)})
	b.Pass = diagram.Backward
	return s.d.Add(b)
}

// lifted applies a diagram to wires that may have more axes than it asks for: those
// whose labels it does not ask for are lifted over.
func lifted(body *diagram.Diagram, fed []*diagram.Wire) *diagram.Diagram {
	box := &diagram.Box{Op: diagram.Composite{Body: body}, Span: body.Span}
	d := &diagram.Diagram{Name: body.Name, Boxes: []*diagram.Box{box}, Span: body.Span}
	var degree, own shape.Shape
	for _, w := range slices.Concat(body.In, body.Out) {
		own = union(own, w.Type.Axes)
	}
	for i, w := range fed {
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
		for _, axis := range w.Type.Axes {
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

// results appends the boxes and returns the diagram's results.
func (p *paster) results() []*diagram.Wire {
	for _, b := range p.body.Boxes {
		switch op := b.Op.(type) {
		case diagram.Learned:
			p.wires[b.Out[0]] = p.fixedArray(op.Weight)
		case diagram.Push:
			p.wires[b.Out[0]] = p.push(b, op)
		case diagram.Pull:
			p.wires[b.Out[0]] = p.pull(b, op)
		default:
			p.d.Add(copied(b, p.wires, strings.Split(p.layer.path, "."), diagram.Backward))
		}
	}
	return replaced(p.body.Out, p.wires)
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

// fixedArray is an array of the rule's own, drawn at the start and kept. What the
// rule says of one layer shares it, and so do the turns of a scan where it is alike.
func (p *paster) fixedArray(old *diagram.Weight) *diagram.Wire {
	base := "rule." + acrossTurns(p.layer.path) + "."
	if p.output < len(p.layer.outputs)-1 {
		base += strconv.Itoa(p.output) + "."
	}
	base += old.Path
	path := base
	for n := 1; ; n++ {
		known := slices.IndexFunc(p.fixed, func(f *diagram.State) bool { return f.Path == path })
		if known < 0 {
			return p.newArray(old, path)
		}
		if p.fixed[known].In.Type.Axes.Equal(old.Axes) {
			return p.fixed[known].In
		}
		path = base + "." + strconv.Itoa(n)
	}
}

func (p *paster) newArray(old *diagram.Weight, path string) *diagram.Wire {
	w := *old
	w.Path, w.Frozen = path, true
	wire := &diagram.Wire{Name: path, Type: shape.Type{Axes: w.Axes}, Span: w.Span}
	p.fixed = append(p.fixed, &diagram.State{Path: path, In: wire, Out: wire, Weight: &w, Span: w.Span})
	return wire
}

// push expands the vector-Jacobian product of the layer by its inputs.
func (p *paster) push(b *diagram.Box, op diagram.Push) *diagram.Wire {
	p.pushed = p.through(b, op.Substitute, p.layer.upstream())
	if c := p.pushed.Cotangent(p.layer.x); c != nil {
		return arranged(p.d, c, b.Out[0].Type.Axes, diagram.Backward)
	}
	return p.zeros(b.Out[0])
}

// pull expands the vector-Jacobian product of the layer by the weight that is asked
// for, or its first.
func (p *paster) pull(b *diagram.Box, op diagram.Pull) *diagram.Wire {
	weight := p.weight
	if weight == nil || !weight.Type.Axes.Equal(b.Out[0].Type.Axes) {
		weight = p.layer.weights[0]
	}
	if c := p.through(b, op.Substitute, []*diagram.Wire{weight}).Cotangent(weight); c != nil {
		return arranged(p.d, c, b.Out[0].Type.Axes, diagram.Backward)
	}
	return p.zeros(b.Out[0])
}

// through takes a signal at the layer's output back through its boxes, with
// substitutes in the place of what they read.
func (p *paster) through(b *diagram.Box, substitute map[string]int, wanted []*diagram.Wire) *grad.Sweep {
	substitutes := map[*diagram.Wire]*diagram.Wire{}
	for name, port := range substitute {
		if w := p.given()[name]; w != nil {
			substitutes[w] = arranged(p.d, replaced(b.In, p.wires)[port], w.Type.Axes, diagram.Backward)
		}
	}
	boxes := p.layer.boxes
	if len(substitutes) > 0 {
		boxes = nil
		for _, old := range p.layer.boxes {
			reading := *old
			reading.In = replaced(old.In, substitutes)
			boxes = append(boxes, &reading)
		}
	}
	sweep := grad.NewSweep(p.d)
	signal := arranged(p.d, replaced(b.In, p.wires)[0], p.y().Type.Axes, diagram.Backward)
	for i, y := range p.layer.outputs {
		if i == p.output {
			sweep.Send(y, signal)
		} else if p.signals[i] != nil {
			sweep.Send(y, p.signals[i])
		}
	}
	sweep.Through(boxes, wanted)
	return sweep
}
