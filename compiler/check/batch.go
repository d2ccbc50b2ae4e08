package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// ambient is the axis that training adds and diagrams need not show.
const ambient = "batch"

// needsBatch reports whether a diagram, or one that it uses, names the batch.
func (d *declared) needsBatch() bool {
	if d.batch != unknown {
		return d.batch == yes
	}
	d.batch = no // also for the diagrams that lead back to this one
	grammar.Walk(d.diagram, func(n grammar.Node) bool {
		if d.batch == no && namesBatch(n, d.unit) {
			d.batch = yes
		}
		return d.batch == no
	})
	return d.batch == yes
}

// answer is one that may not be known yet.
type answer int

const (
	unknown answer = iota
	no
	yes
)

// namesBatch reports whether a node of a program is the name of the batch, or of a
// diagram that needs it.
func namesBatch(n grammar.Node, u *unit) bool {
	switch n := n.(type) {
	case *grammar.Select:
		from, ok := n.From.(*grammar.Name)
		if ok && n.Name != nil && u.qualified[from.Text] != nil {
			return namesBatch(n.Name, u.qualified[from.Text])
		}
	case *grammar.Name:
		return n.Text == ambient || isNeeding(u.find(n.Text))
	case *grammar.Word:
		return isNeeding(u.find(n.Text))
	}
	return false
}

func isNeeding(d *declared) bool { return d != nil && d.diagram != nil && d.needsBatch() }

// needsBatch reports whether a box that is handed over names the batch.
func needsBatch(v value) bool {
	switch v := v.(type) {
	case *configured:
		if d, ok := v.made.(*declared); ok && isNeeding(d) {
			return true
		}
		for _, a := range v.args {
			found := false
			grammar.Walk(a, func(n grammar.Node) bool {
				found = found || namesBatch(n, v.site.unit)
				return !found
			})
			if found {
				return true
			}
		}
	case chain:
		return slices.ContainsFunc(v, func(f box) bool { return needsBatch(f) })
	case abreast:
		return slices.ContainsFunc(v, func(f box) bool { return needsBatch(f) })
	case *bound:
		return needsBatch(v.of)
	case *repeated:
		return needsBatch(v.of)
	}
	return false
}

// widen gives the batch, at size 1, to wires that lack it though their ports or the
// brackets name it: outside of training there is one example.
func (k *call) widen() {
	k.wires = slices.Clone(k.wires)
	isWide := false
	for i, w := range k.wires {
		if w.Type.Axes.Index(ambient) >= 0 {
			return // there are examples
		}
		if i < len(k.ports) && k.asksForBatch(k.ports[i]) {
			isWide = true
		}
	}
	if !isWide {
		return
	}
	k.isWide = true
	for i, w := range k.wires {
		if i < len(k.ports) && k.asksForBatch(k.ports[i]) {
			k.wires[i] = k.widened(w, k.at.span)
		}
	}
	k.reader.incoming = k.wires
}

// asksForBatch reports whether a port, or what the brackets say for it, names the
// batch.
func (k *call) asksForBatch(p *port) bool {
	return slices.ContainsFunc(p.axes, func(s *axisSpec) bool {
		words, said := k.wordsFor(s)
		return !said && s.name == ambient || said && slices.ContainsFunc(words, func(w axisWord) bool { return w.label == ambient })
	})
}

// widened is a wire with the axis batch, of one place.
func (e *elaborator) widened(w *diagram.Wire, span source.Span) *diagram.Wire {
	return e.spreadAlong(w, shape.Shape{{Label: ambient, Size: shape.Int(1)}}, span)
}

// narrowed are wires without the batch of one place that they got before.
func (e *elaborator) narrowed(wires tuple, span source.Span) tuple {
	out := make(tuple, len(wires))
	for i, v := range wires {
		out[i] = v
		w, ok := v.(wire)
		if !ok {
			continue
		}
		if at := w.Type.Axes.Index(ambient); at >= 0 {
			a := &application{elaborator: e, at: use{span: span}}
			out[i] = a.placeAt(w.Wire, at, shape.Int(0))
		}
	}
	return out
}

// namesBatch reports whether the brackets of a box name the batch though no wire has
// it.
func (a *application) namesBatch() bool {
	for _, w := range a.wires {
		if w.Type.Axes.Index(ambient) >= 0 {
			return false
		}
	}
	for _, words := range a.axes {
		if slices.ContainsFunc(words, func(w axisWord) bool { return w.label == ambient }) {
			return len(a.wires) > 0
		}
	}
	return false
}

// onBatch applies the box to wires with a batch of one place.
func (a *application) onBatch() value {
	wires := make([]*diagram.Wire, len(a.wires))
	for i, w := range a.wires {
		wires[i] = a.widened(w, a.at.span)
	}
	a.wires, a.reader.incoming = wires, wires
	out := a.made.shape(a)
	if isPoisoned(out) {
		return out
	}
	if t, ok := out.(tuple); ok {
		return a.narrowed(t, a.at.span)
	}
	return a.narrowed(tuple{out}, a.at.span)[0]
}
