package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// aux makes a small network of the layer's own: a box whose weights learn by the
// objective of the layer.
func (e *elaborator) aux(s *grammar.Aux) {
	name := s.Def.Name
	v := e.evalAs(s.Def.Value, name.Text)
	f, ok := v.(box)
	if !ok {
		if !isPoisoned(v) {
			e.fault(BoxNeeded, s.Def.Value.Span(), "`aux` is a box, not %s", kindOf(v))
		}
		e.define(name.Text, poison{}, name.Span())
		return
	}
	e.define(name.Text, e.bindPlain(name.Text, f), name.Span())
}

// trace is a value that goes along an axis and is given anew at each of its places:
// `trace r[t] = 0.9 * r + x`. It starts at zeros, and has the axes of the first wire of
// the right side that has that axis.
func (e *elaborator) trace(s *grammar.Trace) {
	name := s.Def.Name
	e.define(name.Text, poison{}, name.Span())
	wires, names := e.traced(s)
	along := e.tracedAxis(s)
	first := slices.IndexFunc(wires, func(w *diagram.Wire) bool { return w.Type.Axes.Index(along) >= 0 })
	if along == "" || first < 0 {
		e.fault(RuleMismatch, s.Span(), "a trace says along which axis of what it reads: `trace %s[t] = 0.9 * %s + x`", name.Text, name.Text)
		return
	}
	place := wires[first].Type.Axes.Index(along)
	axis := wires[first].Type.Axes[place]
	inner := e.insideOf(e.part("trace"))
	inner.mayRemember, inner.scope = true, newScope(e.scope)
	inner.d.Name, inner.d.Span = name.Text, s.Span()
	inner.copies(e, wires)
	for i, w := range inner.d.In {
		w.Type.Axes = but(w.Type.Axes, along)
		inner.scope.define(names[i], wire{w}, name.Span())
	}
	state := &diagram.State{Path: name.Text, Span: s.Span()}
	inner.remember(state, inner.d.In[first].Type.Axes, name.Span())
	w, ok := e.turnOf(inner, s, state)
	if !ok {
		return
	}
	state.Out, inner.d.Out = w, []*diagram.Wire{w}
	out := &diagram.Wire{Name: name.Text, Span: s.Span()}
	out.Type.Axes = slices.Insert(slices.Clone(w.Type.Axes), place, axis)
	b := &diagram.Box{Op: diagram.Scan{Body: inner.d}, In: wires, Out: []*diagram.Wire{out}, Name: name.Text, Span: s.Span()}
	b.Weave = weaveFrom(shape.Shape{axis}, wires, b.Out)
	e.add(b)
	e.define(name.Text, wire{out}, name.Span())
}

// turnOf is what a trace becomes at a place, with its axes.
func (e *elaborator) turnOf(inner *elaborator, s *grammar.Trace, state *diagram.State) (*diagram.Wire, bool) {
	w, ok := inner.oneWire(inner.eval(s.Def.Value), s.Def.Value.Span())
	if !ok {
		return nil, false
	}
	w = inner.asState(state, w, s.Def.Value.Span(), "becomes")
	return w, w != nil
}

// traced lists the wires that the right side of a trace reads, and their names.
func (e *elaborator) traced(s *grammar.Trace) (wires []*diagram.Wire, names []string) {
	grammar.Walk(s.Def.Value, func(n grammar.Node) bool {
		name, ok := n.(*grammar.Name)
		if !ok || name.Text == s.Def.Name.Text || slices.Contains(names, name.Text) {
			return true
		}
		if b := e.scope.use(name.Text); b != nil {
			if w, isWire := b.value.(wire); isWire {
				wires, names = append(wires, w.Wire), append(names, name.Text)
			}
		}
		return true
	})
	return wires, names
}

// tracedAxis is the axis in the brackets of a trace, or "".
func (e *elaborator) tracedAxis(s *grammar.Trace) string {
	if s.Def.Axes == nil {
		return ""
	}
	for _, spec := range e.axisSpecs(s.Def.Axes.List) {
		return spec.name
	}
	return ""
}
