package check

import (
	"ncd/grammar"
)

// flowing turns a source, a box that nothing flows into, into its wire.
func (e *elaborator) flowing(v value, at use) value {
	c, ok := v.(*configured)
	if !ok || !isSource(c.made) {
		return v
	}
	return c.apply(e, tuple{}, at)
}

func isSource(m maker) bool {
	switch m := m.(type) {
	case *primitive:
		return m.isSource
	case *declared:
		return m.diagram != nil && m.diagram.Ports != nil && len(m.diagram.Ports.List) == 0
	}
	return false
}

// flow sends a value through boxes, or composes boxes.
func (e *elaborator) flow(x *grammar.Flow, name string) value {
	v := e.eval(x.Steps[0])
	if first, ok := v.(box); ok {
		return e.compose(first, x.Steps[1:])
	}
	for i, step := range x.Steps[1:] {
		at := use{span: step.Span()}
		if i == len(x.Steps)-2 {
			at.name = name
		}
		f, ok := e.step(step)
		if !ok {
			v = poison{}
			continue
		}
		v = e.applied(f, v, at)
	}
	return v
}

func (e *elaborator) compose(first box, steps []grammar.Expr) value {
	boxes := chain{first}
	for _, step := range steps {
		f, ok := e.step(step)
		if !ok {
			return poison{}
		}
		boxes = append(boxes, f)
	}
	return boxes
}

// applied sends a value through a box; poison makes poison.
func (e *elaborator) applied(f box, in value, at use) value {
	if isPoisoned(in) {
		return poison{}
	}
	return f.apply(e, in, at)
}

// step evaluates what something flows into.
func (e *elaborator) step(x grammar.Expr) (box, bool) {
	var v value
	switch x := x.(type) {
	case *grammar.Name, *grammar.Apply:
		v = e.named(x, true)
	default:
		v = e.eval(x)
	}
	if t, ok := v.(tuple); ok {
		if sides, ok := sideBySide(t); ok {
			return sides, true
		}
	}
	if f, ok := v.(box); ok {
		return f, true
	}
	if !isPoisoned(v) {
		d := e.fault(BoxNeeded, x.Span(), "something flows into %s here, which is no box", kindOf(v))
		if _, isWire := v.(wire); isWire {
			d.Help = append(d.Help, "wires side by side are a tuple: (a, b) >> f")
		}
	}
	return nil, false
}

func sideBySide(t tuple) (abreast, bool) {
	var sides abreast
	for _, part := range t {
		f, ok := part.(box)
		if !ok {
			return nil, false
		}
		sides = append(sides, f)
	}
	return sides, len(sides) > 0
}
