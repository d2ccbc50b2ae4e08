package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// backward is a `reverse` block while it is elaborated: the program that says what a
// diagram sends back. It may read all that the body knows. The ports and the results
// are handed to it; what else it reads of the body is made once more.
type backward struct {
	*elaborator
	body   *elaborator
	block  *grammar.Reverse
	copies map[*diagram.Wire]*diagram.Wire // wires of the body → those of the program
	again  []*diagram.Box                  // boxes of the body that are made once more
}

// reversed elaborates the block; it is nil where there are errors.
func (e *elaborator) reversed(x *grammar.Reverse) *diagram.Diagram {
	b := &backward{elaborator: e.insideOf(e.store), body: e, block: x, copies: map[*diagram.Wire]*diagram.Wire{}}
	b.scope, b.mayRemember = newScope(e.scope), true
	b.d.Name, b.d.Library, b.d.Span = e.d.Name+" reverse", e.d.Library, x.Span()
	for _, w := range slices.Concat(e.d.In, e.d.Out) {
		b.copies[w] = b.copied(w)
		b.d.In = append(b.d.In, b.copies[w])
	}
	before := len(e.said)
	if !b.signals() {
		return nil
	}
	v := b.elaborator.block(x.Body)
	if v == nil {
		b.fault(InvalidReverse, b.span(), "the backward program ends without what it sends back")
		return nil
	}
	b.endStates()
	for _, name := range b.scope.order {
		if !name.isUsed && !isPoisoned(name.value) {
			b.fault(UnusedWire, name.span, "wire `%s` is never used", name.name)
		}
	}
	if e.hasErrors(before) || !b.results(v) || !b.close() {
		return nil
	}
	return b.d
}

func (b *backward) copied(w *diagram.Wire) *diagram.Wire {
	c := *w
	for label, from := range b.body.origins[w] {
		b.setOrigin(&c, label, from)
	}
	return &c
}

// signals lets flow in what comes back to each result.
func (b *backward) signals() bool {
	ports := b.block.Ports.List
	if len(ports) != len(b.body.d.Out) {
		b.fault(InvalidReverse, b.block.Ports.Span(), "the diagram makes %s, so as many come back, not %d", counted(len(b.body.d.Out), "wire"), len(ports))
		return false
	}
	for i, p := range ports {
		result := b.body.d.Out[i]
		made := b.portOf(p)
		axes, _, ok := b.typed(made.axes, "")
		if !ok {
			return false
		}
		axes = slices.Concat(b.ridersOf(result, axes), axes)
		if !sameLabels(axes.Labels(), result.Type.Axes.Labels()) || p.State || made.in != "" {
			b.fault(InvalidReverse, p.Span(), "what comes back has the axes of the result, %s, and `%s` has %s", b.typeOf(result), made.name, axes)
			return false
		}
		w := &diagram.Wire{Name: made.name, Type: shape.Type{Axes: result.Type.Axes}, Span: p.Span()}
		b.d.In = append(b.d.In, w)
		if !slices.Equal(axes.Labels(), w.Type.Axes.Labels()) {
			w = b.arranged(w, axes.Labels(), p.Span())
		}
		b.scope.define(made.name, wire{w}, p.Name.Span())
	}
	return true
}

// span is where the program says what it sends back.
func (b *backward) span() source.Span {
	if n := len(b.block.Body.Stmts); n > 0 {
		return b.block.Body.Stmts[n-1].Span()
	}
	return b.block.Span()
}

// results holds what is sent back against the ports of numbers.
func (b *backward) results(v value) bool {
	span := b.span()
	wires, ok := b.allWires(v, span)
	if !ok {
		return false
	}
	var ports []*diagram.Wire
	for _, w := range b.body.d.In {
		if !w.Type.IsPlace() {
			ports = append(ports, w)
		}
	}
	if len(wires) != len(ports) {
		b.fault(InvalidReverse, span, "one wire goes back to each port of numbers: %s, not %d", counted(len(ports), "wire"), len(wires))
		return false
	}
	for i, w := range wires {
		out, ok := b.sentBack(w, ports[i], span)
		if !ok {
			return false
		}
		if slices.Contains(b.d.Out, out) {
			out = b.view("copy", out, out.Type.Axes, span)
		}
		b.d.Out = append(b.d.Out, out)
	}
	return true
}

// sentBack is what goes back to a port, with the port's axes. A number of no axes, and
// what lacks axes that only ride along, is spread.
func (b *backward) sentBack(w, p *diagram.Wire, span source.Span) (*diagram.Wire, bool) {
	var lacking shape.Shape
	for _, a := range p.Type.Axes {
		if w.Type.Axes.Index(a.Label) < 0 && (len(w.Type.Axes) == 0 || b.rides(a.Label)) {
			lacking = append(lacking, a)
		}
	}
	labels := append(lacking.Labels(), w.Type.Axes.Labels()...)
	if !sameLabels(labels, p.Type.Axes.Labels()) || w.Type.IsPlace() {
		d := b.fault(InvalidReverse, span, "what goes back to %s has its axes, and this is %s", b.wireName(p), b.typeOf(w))
		d.Notes = append(d.Notes, source.Note{Span: p.Span, Message: "the port"})
		return nil, false
	}
	for _, a := range w.Type.Axes {
		if !b.sameSize(w, p, a.Label, span) {
			return nil, false
		}
	}
	if len(lacking) > 0 {
		w = b.spreadAlong(w, lacking, span)
	}
	if !slices.Equal(w.Type.Axes.Labels(), p.Type.Axes.Labels()) {
		w = b.arranged(w, p.Type.Axes.Labels(), span)
	}
	return w, true
}

// close makes the program whole: what it reads of the body is handed to it, or made
// by boxes like those of the body.
func (b *backward) close() bool {
	boxes := b.d.Boxes
	own := map[*diagram.Wire]bool{}
	for _, x := range boxes {
		for _, w := range x.Out {
			own[w] = true
		}
	}
	for _, w := range b.d.In {
		own[w] = true
	}
	for _, s := range b.d.States {
		own[s.In] = true
	}
	inside := func(w *diagram.Wire) (*diagram.Wire, bool) {
		if own[w] {
			return w, true
		}
		return b.inside(w)
	}
	lists := [][]*diagram.Wire{b.d.Out}
	for _, x := range boxes {
		lists = append(lists, x.In)
	}
	for _, list := range lists {
		for i, w := range list {
			made, ok := inside(w)
			if !ok {
				return false
			}
			list[i] = made
		}
	}
	for _, s := range b.d.States {
		made, ok := inside(s.Out)
		if !ok {
			return false
		}
		s.Out = made
	}
	b.d.Boxes = slices.Concat(b.again, boxes)
	return true
}

// inside is the program's own wire for one of the body.
func (b *backward) inside(w *diagram.Wire) (*diagram.Wire, bool) {
	if c, ok := b.copies[w]; ok {
		return c, true
	}
	i := slices.IndexFunc(b.body.d.Boxes, func(x *diagram.Box) bool { return slices.Contains(x.Out, w) })
	if i < 0 {
		b.fault(InvalidReverse, b.block.Span(), "the backward program reads `%s`, which is a state of the body: hand it out as a result", w.Name)
		return nil, false
	}
	x := b.body.d.Boxes[i]
	if drawsByChance(x.Op) {
		b.fault(InvalidReverse, b.block.Span(), "the backward program reads %s, which hangs on chance or on a state: hand it out as a result, or hand the draw in", b.wireName(w))
		return nil, false
	}
	again := *x
	again.In, again.Out = slices.Clone(x.In), make([]*diagram.Wire, len(x.Out))
	for j, in := range x.In {
		made, ok := b.inside(in)
		if !ok {
			return nil, false
		}
		again.In[j] = made
	}
	for j, out := range x.Out {
		again.Out[j] = b.copied(out)
		b.copies[out] = again.Out[j]
	}
	b.again = append(b.again, &again)
	for _, weight := range diagram.WeightsOf(x.Op) {
		if !slices.Contains(b.d.Weights, weight) {
			b.d.Weights = append(b.d.Weights, weight)
		}
	}
	return b.copies[w], true
}

// drawsByChance reports whether a box makes other numbers each time: it draws, or has
// states inside.
func drawsByChance(op diagram.Op) bool {
	if r, ok := op.(diagram.Random); ok {
		return !r.Fixed
	}
	return slices.ContainsFunc(diagram.Bodies(op), func(d *diagram.Diagram) bool {
		_, isScan := op.(diagram.Scan)
		return len(d.States) > 0 && !isScan || slices.ContainsFunc(d.Boxes, func(b *diagram.Box) bool { return drawsByChance(b.Op) })
	})
}
