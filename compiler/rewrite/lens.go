package rewrite

import (
	"slices"

	"ncd/compiler/diagram"
)

// backed puts a Composite that declares what it sends back in as its body and a Lens
// behind it.
func (s *scope) backed(b *diagram.Box, op diagram.Composite) {
	body := *b
	body.Op, body.Out = diagram.Composite{Body: op.Body, Again: op.Again}, make([]*diagram.Wire, len(b.Out))
	for i, w := range b.Out {
		made := *w
		body.Out[i] = &made
	}
	s.box(&body)
	lens := *b
	lens.Op = diagram.Lens{From: len(b.In), Reverse: op.Reverse}
	lens.In = slices.Concat(b.In, body.Out)
	lens.Weave.In = slices.Concat(b.Weave.In, b.Weave.Out)
	s.primitive(&lens)
}

// openReverse makes the program of a flat Lens one over whole wires: it is lifted
// over what the box is lifted over, and what it sends to an input is added up over
// the axes that the input lacks.
func (in *inliner) openReverse(b *diagram.Box) {
	op, ok := b.Op.(diagram.Lens)
	if !ok {
		return
	}
	d := &diagram.Diagram{Name: op.Reverse.Name, Doc: op.Reverse.Doc, Span: op.Reverse.Span}
	use := &diagram.Box{Op: diagram.Composite{Body: op.Reverse}, Span: b.Span, Weave: diagram.Weave{Degree: b.Weave.Degree, Own: b.Weave.Own}}
	for i, w := range slices.Concat(b.In, b.Out) {
		given := *w
		if i >= len(b.In) {
			given.Name = "∂" + w.Name
		}
		d.In = append(d.In, &given)
	}
	use.In, use.Weave.In = d.In, slices.Concat(b.Weave.In, b.Weave.Out)
	d.Boxes = []*diagram.Box{use}
	for i, w := range b.In[:op.From] {
		if !w.Type.IsPlace() {
			d.Out = append(d.Out, sentBack(d, use, i))
		}
	}
	in.isReverse = true
	flat := in.flatten(d, (&scope{path: b.Path}).below(b.Name))
	in.isReverse = false
	for _, inner := range flat.Boxes {
		in.openReverse(inner)
		in.openInverse(inner)
	}
	b.Op = diagram.Lens{From: op.From, Reverse: flat}
}

// sentBack adds a result to the use of a program: what goes back to an input, as a
// wire with the input's axes.
func sentBack(d *diagram.Diagram, use *diagram.Box, input int) *diagram.Wire {
	w, maps := use.In[input], use.Weave.In[input]
	made := &diagram.Wire{Span: w.Span}
	full := indices(0, len(use.Weave.Degree))
	made.Type.Axes = slices.Clone(use.Weave.Degree)
	for _, a := range use.Op.(diagram.Composite).Body.Out[len(use.Out)].Type.Axes {
		made.Type.Axes = append(made.Type.Axes, a)
		full = append(full, diagram.At(len(use.Weave.Degree)+slices.IndexFunc(use.Weave.Own, a.Equal)))
	}
	if isOrder(maps, full) {
		made.Type.Axes, full = w.Type.Axes, maps
	}
	use.Out, use.Weave.Out = append(use.Out, made), append(use.Weave.Out, full)
	if isOrder(maps, full) {
		return made
	}
	out := &diagram.Wire{Type: w.Type, Span: w.Span}
	d.Boxes = append(d.Boxes, &diagram.Box{
		Op: diagram.Contract{}, In: []*diagram.Wire{made}, Out: []*diagram.Wire{out}, Weave: passing(use.Weave, full, maps), Span: w.Span,
	})
	return out
}

// isOrder reports whether two ports have the same indices, each just once.
func isOrder(port, other []diagram.Affine) bool {
	for _, a := range other {
		index, ok := a.Sole()
		if !ok || axisAlong(port, index) < 0 {
			return false
		}
	}
	return len(port) == len(other)
}

// passing is the weave of a box that hands one wire of a box on as another: over the
// indices that either has.
func passing(w diagram.Weave, in, out []diagram.Affine) diagram.Weave {
	w.In, w.Out = [][]diagram.Affine{in}, [][]diagram.Affine{out}
	var order []int
	degree := 0
	for i, port := range [][]diagram.Affine{out, in} {
		for index := range len(w.Degree) + len(w.Own) {
			if reads(port, index) && !slices.Contains(order, index) {
				order = append(order, index)
			}
		}
		if i == 0 {
			degree = len(order)
		}
	}
	return w.Reordered(order, degree)
}

// NormalizeReverse brings the programs of lenses, and those that undo, into the core form.
func NormalizeReverse(d *diagram.Diagram) *diagram.Diagram {
	normal := *d
	normal.Boxes = slices.Clone(d.Boxes)
	for i, old := range d.Boxes {
		b := *old
		switch op := old.Op.(type) {
		case diagram.Lens:
			b.Op = diagram.Lens{From: op.From, Reverse: run(NormalizeReverse(op.Reverse), core)}
		case diagram.Undo:
			b.Op = diagram.Undo{Results: op.Results, Inverse: run(NormalizeReverse(op.Inverse), core)}
		}
		normal.Boxes[i] = &b
	}
	return &normal
}

// OpenLenses puts what a Lens or an Undo hands on in the place of what it results in:
// once the backward half is there, nothing reads its program any more.
func OpenLenses(d *diagram.Diagram) *diagram.Diagram {
	e := &expander{replaced: map[*diagram.Wire]*diagram.Wire{}}
	isResult := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		isResult[w] = true
	}
	for _, old := range d.Boxes {
		b := e.reading(old)
		first, hands := handedOn(b.Op)
		if !hands {
			e.boxes = append(e.boxes, b)
			continue
		}
		for i, w := range b.Out {
			from := b.In[first+i]
			if maps := b.Weave.In[first+i]; !isResult[w] && slices.EqualFunc(maps, b.Weave.Out[i], diagram.Affine.Equal) {
				e.replaced[w] = from
			} else {
				e.add(b, diagram.Contract{}, passing(b.Weave, maps, b.Weave.Out[i]), []*diagram.Wire{from}, w)
			}
		}
	}
	return e.expanded(d)
}

// handedOn is the first input that a box hands on as it is, if it hands any on.
func handedOn(op diagram.Op) (first int, hands bool) {
	switch op := op.(type) {
	case diagram.Lens:
		return op.From, true
	case diagram.Undo:
		return 0, true
	}
	return 0, false
}
