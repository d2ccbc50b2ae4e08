package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// optimizer finds the diagram that changes weights.
func (t *training) optimizer(es *entries) {
	x := grammar.Expr(nil)
	if s := es.settings["optimizer"]; s != nil {
		x = s.Value
	} else {
		f := t.fault(EntryMissing, t.made.Span, "this train block has no `optimizer`")
		f.Help = append(f.Help, "optimizer adam[rate = 1e-3]")
		return
	}
	if flow, ok := x.(*grammar.Flow); ok {
		t.notYet(flow.Steps[1].Span(), "a box behind an optimiser")
		return
	}
	c, ok := t.handed(x).(*configured)
	if !ok {
		if !t.hasErrors(t.from) {
			t.fault(InvalidEntry, x.Span(), "an optimiser is a diagram: `adam[rate = 1e-3]`")
		}
		return
	}
	d, ok := c.made.(*declared)
	if !ok {
		t.fault(InvalidEntry, x.Span(), "an optimiser is a diagram (weight[a..], change[a..]) -> [a..]")
		return
	}
	t.program.ensure(d)
	t.made.Optimizer = func(axes shape.Shape) (*diagram.Diagram, []source.Diagnostic) { return t.program.optimizer(c, d, axes) }
	if _, said := t.made.Optimizer(shape.Shape{{Label: "a", Size: shape.Letter("a")}}); len(said) > 0 {
		for i := range said {
			t.said = append(t.said, &said[i])
		}
	}
}

// optimizer elaborates an optimiser for one weight.
func (p *Program) optimizer(c *configured, d *declared, axes shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
	r := &report{}
	outer := p.elaborator(r, d.unit)
	site := *c.site
	site.report = r
	weight := &diagram.Wire{Name: "weight", Type: shape.Type{Axes: axes}}
	change := &diagram.Wire{Name: "change", Type: shape.Type{Axes: axes}}
	reader := &reader{elaborator: &site, scope: c.scope, incoming: []*diagram.Wire{weight, change}}
	if d.signature == nil || len(d.signature.ports) != 2 {
		r.fault(InvalidEntry, c.span, "an optimiser takes a weight and its change, and `%s` does not", d.name)
		return nil, r.inOrder()
	}
	words, ok := reader.bracketsOf(d.signature, c.args, d.name, c.span)
	if !ok {
		return nil, r.inOrder()
	}
	k := &call{elaborator: outer, at: use{span: c.span}, decl: d, sign: d.signature, wires: reader.incoming, words: words, reader: reader, outside: map[string]string{}}
	k.inner = outer.inside(d.unit, newStore())
	k.inner.begin(d)
	k.inner.mayRemember = true
	results := k.results()
	if results == nil || len(results) != 1 || r.hasErrors(0) || k.inner.hasErrors(0) {
		k.told()
		if !r.hasErrors(0) && !d.broken {
			r.fault(InvalidEntry, c.span, "`%s` is no optimiser: it must make one new weight", d.name)
		}
		return nil, r.inOrder()
	}
	k.inner.finish()
	return k.inner.d, nil
}
