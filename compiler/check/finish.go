package check

import (
	"maps"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// finish puts settled sizes in the place of open letters, everywhere in the
// diagram, and tells of those that stayed open.
func (e *elaborator) finish() {
	e.relateBoxes()
	f := &finisher{unifier: &e.job.unifier, wires: map[*diagram.Wire]bool{}, weights: map[*diagram.Weight]bool{}}
	f.diagram(e.d)
	e.leftOpen()
	if e.holdArrays(e.d) {
		e.holdWeights(f.order)
	}
}

// holdWeights holds that weights have a place or more along each axis; it tells once of
// an axis that has none.
func (e *elaborator) holdWeights(weights []*diagram.Weight) {
	told := map[string]bool{}
	for _, w := range weights {
		if !e.holdArray("weight `"+w.Path+"`", w.Axes, w.Span) {
			return
		}
		for _, a := range w.Axes {
			if n, isNumber := a.Size.Int(); isNumber && n < 1 && !told[a.Label] {
				told[a.Label] = true
				d := e.fault(SizeInvalid, w.Span, "axis `%s` of weight `%s` has size %d", a.Label, w.Path, n)
				d.Help = append(d.Help, "a weight has one place or more along each of its axes")
			}
		}
	}
}

// leftOpen tells of sizes that nothing has settled.
func (e *elaborator) leftOpen() {
	told := map[string]bool{}
	for _, letter := range slices.Sorted(maps.Keys(e.job.opened)) {
		at := e.job.opened[letter]
		size := e.job.unifier.Resolve(shape.Letter(letter))
		if !size.IsOpen() || told[size.Letters()[0]] || e.hasErrors(e.from) || at.span.IsZero() {
			continue
		}
		told[size.Letters()[0]] = true
		d := e.fault(SizeUnknown, at.span, "nothing says how many places axis `%s` has", at.label)
		d.Help = append(d.Help, "say it: `"+at.label+":64`, or declare `axis "+at.label+" = 64`")
	}
}

// finisher resolves each wire, weight and box once.
type finisher struct {
	unifier *shape.Unifier
	wires   map[*diagram.Wire]bool
	weights map[*diagram.Weight]bool
	order   []*diagram.Weight // as they are met
}

func (f *finisher) diagram(d *diagram.Diagram) {
	for _, w := range d.In {
		f.wire(w)
	}
	for _, s := range d.States {
		f.wire(s.In)
	}
	for _, b := range d.Boxes {
		f.box(b)
	}
}

func (f *finisher) wire(w *diagram.Wire) {
	if f.wires[w] {
		return
	}
	f.wires[w] = true
	w.Type.Axes = f.shape(w.Type.Axes)
	if w.Type.In != nil {
		w.Type.In = &shape.Axis{Label: w.Type.In.Label, Size: f.unifier.Resolve(w.Type.In.Size)}
	}
}

func (f *finisher) shape(s shape.Shape) shape.Shape {
	resolved := make(shape.Shape, len(s))
	for i, a := range s {
		resolved[i] = shape.Axis{Label: a.Label, Size: f.unifier.Resolve(a.Size)}
	}
	return resolved
}

func (f *finisher) box(b *diagram.Box) {
	for _, w := range slices.Concat(b.In, b.Out) {
		f.wire(w)
	}
	b.Weave.Degree, b.Weave.Own = f.shape(b.Weave.Degree), f.shape(b.Weave.Own)
	for _, port := range slices.Concat(b.Weave.In, b.Weave.Out) {
		for i := range port {
			port[i].Offset = f.unifier.Resolve(port[i].Offset)
			for t := range port[i].Terms {
				port[i].Terms[t].Stride = f.unifier.Resolve(port[i].Terms[t].Stride)
			}
		}
	}
	f.op(b)
	for _, body := range diagram.Bodies(b.Op) {
		f.diagram(body)
	}
}

func (f *finisher) op(b *diagram.Box) {
	switch op := b.Op.(type) {
	case diagram.Linear:
		f.weight(op.Weight)
		f.weight(op.Bias)
	case diagram.Learned:
		f.weight(op.Weight)
	case diagram.Scale:
		f.weight(op.Weight)
	case diagram.Constant:
		op.Value = f.number(op.Value)
		b.Op = op
	case diagram.Map:
		for i := range op.Program {
			op.Program[i].Value = f.number(op.Program[i].Value)
		}
	case diagram.Repeat:
		op.From, op.To = f.unifier.Resolve(op.From), f.unifier.Resolve(op.To)
		b.Op = op
	}
}

func (f *finisher) number(n diagram.Number) diagram.Number {
	return n.Replace(func(letter string) (shape.Size, bool) {
		size := f.unifier.Resolve(shape.Letter(letter))
		return size, !size.Equal(shape.Letter(letter))
	})
}

func (f *finisher) weight(w *diagram.Weight) {
	if w == nil || f.weights[w] {
		return
	}
	f.weights[w], f.order = true, append(f.order, w)
	w.Axes, w.Init.FanIn = f.shape(w.Axes), f.shape(w.Init.FanIn)
}
