package rule

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/render/circuit"
)

// pasting puts programs of a rule into one diagram, what several of them compute once.
type pasting struct {
	into  *diagram.Diagram
	wires map[string]*diagram.Wire // by what programs call what they are given
	names map[*diagram.Wire]string // and the other way round, of what comes from outside
	made  map[string]*diagram.Box  // by what they compute
	layer Layer
}

// given is the wire that programs know by a name; what has none yet comes from outside.
func (p *pasting) given(name string, t shape.Type) *diagram.Wire {
	if w := p.wires[name]; w != nil {
		return w
	}
	w := &diagram.Wire{Name: p.shown(name), Type: t}
	p.wires[name], p.names[w] = w, name
	p.into.In = append(p.into.In, w)
	return w
}

// shown is what a wire is called in the figure: of a learned box, u is what it makes and
// y what the layer does. A stroke shows what comes back to the layer.
func (p *pasting) shown(name string) string {
	base, phase, isOf := strings.Cut(name, "@")
	if base == "signal" || base == "error" {
		return ""
	}
	base = strings.TrimPrefix(base, "state.")
	switch {
	case base == "y" && p.layer.Says.AtBox:
		base = "u"
	case base == "out":
		base = "y"
	case base == "weight":
		base = "w"
	case base == "bias":
		base = "b"
	}
	if isOf {
		base += "@" + phase
	}
	return base
}

// drawnName is what a wire from outside is called, as the figure has it.
func (p *pasting) drawnName(w *diagram.Wire) string { return p.shown(p.names[w]) }

// paste adds the boxes of a program and hands back its results.
func (p *pasting) paste(program *diagram.Diagram) []*diagram.Wire {
	at := map[*diagram.Wire]*diagram.Wire{}
	for _, w := range program.In {
		at[w] = p.given(w.Name, w.Type)
	}
	for _, b := range program.Boxes {
		p.box(b, at)
	}
	out := make([]*diagram.Wire, len(program.Out))
	for i, w := range program.Out {
		out[i] = at[w]
	}
	return out
}

// box adds a box of a program, or finds the one that computes the same.
func (p *pasting) box(b *diagram.Box, at map[*diagram.Wire]*diagram.Wire) {
	twin := *b
	twin.In = make([]*diagram.Wire, len(b.In))
	for i, w := range b.In {
		twin.In[i] = at[w]
	}
	key := keyOf(&twin)
	if same := p.made[key]; same != nil {
		for i, w := range b.Out {
			at[w] = same.Out[i]
		}
		return
	}
	twin.Out = make([]*diagram.Wire, len(b.Out))
	for i, w := range b.Out {
		twin.Out[i] = &diagram.Wire{Type: w.Type, Span: w.Span}
		at[w] = twin.Out[i]
	}
	p.made[key] = &twin
	p.transported(&twin)
	p.into.Boxes = append(p.into.Boxes, &twin)
}

// transported draws on what a box needs besides what the program gives it: a pull has what
// the layer reads. Weights that a fixed array stands for are written upon the box.
func (p *pasting) transported(b *diagram.Box) {
	switch op := b.Op.(type) {
	case diagram.Push:
		p.fix(b, op.Substitute["weight"])
	case diagram.Pull:
		if _, isGiven := op.Substitute["x"]; !isGiven {
			b.In = append([]*diagram.Wire{p.given("x", p.layer.Reads)}, b.In...)
		} else {
			slices.Reverse(b.In)
		}
		b.Weave = whole(b.In, b.Out)
	case diagram.Contract:
		p.throughFixed(b)
	}
}

// fix takes a fixed array off the wires of a box, which has it as its weights.
func (p *pasting) fix(b *diagram.Box, port int) {
	if port == 0 {
		return
	}
	source := p.sourceOf(b.In[port])
	if source == nil {
		return
	}
	b.Kind, b.Name = circuit.FixedKind, source.Name
	b.In = slices.Delete(b.In, port, port+1)
	b.Weave = whole(b.In, b.Out)
	p.drop(source)
}

// throughFixed draws what a wire and a fixed array come to as a box with fixed weights.
func (p *pasting) throughFixed(b *diagram.Box) {
	if len(b.In) != 2 {
		return
	}
	for port, w := range b.In {
		source := p.sourceOf(w)
		if source == nil {
			continue
		}
		own := source.Out[0].Type.Axes
		b.Op = diagram.Linear{Weight: source.Op.(diagram.Learned).Weight}
		b.Kind, b.Name = circuit.FixedKind, source.Name
		b.In = slices.Delete(b.In, port, port+1)
		b.Weave = linearly(b.In[0], b.Out[0], own)
		p.drop(source)
		return
	}
}

// sourceOf is the box of a fixed array that a wire comes from, if it does.
func (p *pasting) sourceOf(w *diagram.Wire) *diagram.Box {
	for _, b := range p.into.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok && op.Weight.Frozen && b.Out[0] == w {
			return b
		}
	}
	return nil
}

// drop takes a box away that nothing else reads.
func (p *pasting) drop(source *diagram.Box) {
	isRead := func(b *diagram.Box) bool { return slices.Contains(b.In, source.Out[0]) }
	if !slices.ContainsFunc(p.into.Boxes, isRead) {
		p.into.Boxes = slices.DeleteFunc(p.into.Boxes, func(b *diagram.Box) bool { return b == source })
		maps.DeleteFunc(p.made, func(_ string, b *diagram.Box) bool { return b == source })
	}
}

// add appends a box of one result, which meets all axes by label.
func (p *pasting) add(op diagram.Op, t shape.Type, in ...*diagram.Wire) *diagram.Wire {
	return p.boxed(&diagram.Box{Op: op, In: in, Out: []*diagram.Wire{{Type: t}}})
}

func (p *pasting) boxed(b *diagram.Box) *diagram.Wire {
	b.Weave = whole(b.In, b.Out)
	if _, isMap := b.Op.(diagram.Map); isMap {
		b.Weave.Degree, b.Weave.Own = b.Weave.Own, nil
	}
	p.into.Boxes = append(p.into.Boxes, b)
	return b.Out[0]
}

// keyOf says what a box computes, out of which wires.
func keyOf(b *diagram.Box) string {
	if op, ok := b.Op.(diagram.Learned); ok {
		return "learned " + op.Weight.Path
	}
	if _, ok := b.Op.(diagram.Random); ok {
		return fmt.Sprintf("%p", b) // each draw is its own
	}
	key := fmt.Sprintf("%T %+v %v", b.Op, b.Op, b.Weave)
	for _, w := range b.In {
		key += fmt.Sprintf(" %p", w)
	}
	return key
}

// whole is the weave of a box that is lifted over nothing.
func whole(in, out []*diagram.Wire) diagram.Weave {
	var own shape.Shape
	for _, w := range slices.Concat(in, out) {
		for _, a := range w.Type.Axes {
			if own.Index(a.Label) < 0 {
				own = append(own, a)
			}
		}
	}
	b := diagram.NewBox(nil, nil, own, in, out)
	return b.Weave
}

// linearly is the weave of a linear map between axes of its own, which is lifted over
// all others.
func linearly(in, out *diagram.Wire, own shape.Shape) diagram.Weave {
	var degree, mapped shape.Shape
	for _, a := range slices.Concat(in.Type.Axes, out.Type.Axes) {
		switch {
		case own.Index(a.Label) < 0 && degree.Index(a.Label) < 0:
			degree = append(degree, a)
		case own.Index(a.Label) >= 0 && mapped.Index(a.Label) < 0:
			mapped = append(mapped, a)
		}
	}
	return diagram.NewBox(nil, degree, mapped, []*diagram.Wire{in}, []*diagram.Wire{out}).Weave
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
