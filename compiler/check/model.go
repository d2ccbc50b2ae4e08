package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar"
)

// settableOf lists what may be set of a train block: its numbers, and the
// parameters of its models.
func (p *Program) settableOf(d *declared) []string {
	names := slices.Clone(trainSettings)
	grammar.Walk(d.train, func(n grammar.Node) bool {
		if m, ok := n.(*grammar.Model); ok {
			if model := d.unit.find(modelName(m.Def.Value)); model != nil && model.signature != nil {
				names = append(names, model.signature.settable()...)
			}
		}
		return true
	})
	return names
}

func modelName(x grammar.Expr) string {
	if apply, ok := x.(*grammar.Apply); ok {
		x = apply.Fn
	}
	if name, ok := x.(*grammar.Name); ok {
		return name.Text
	}
	return ""
}

// model binds a model, with the parameters that are set from outside.
func (t *training) model(x *grammar.Model) {
	name := x.Def.Name
	if x.Def.Axes != nil {
		t.fault(InvalidEntry, x.Def.Axes.Span(), "a model has no axes: `model %s = …`", name.Text)
	}
	if r, f := t.related(x.Def.Value); f != nil {
		b := t.bindModel(name, f)
		if r != nil {
			r.own = b
			t.relations = append(t.relations, r)
		}
		return
	}
	v := t.handed(x.Def.Value)
	f, ok := v.(box)
	if !ok {
		if !isPoisoned(v) {
			t.fault(BoxNeeded, x.Def.Value.Span(), "a model is a diagram, not %s", kindOf(v))
		}
		t.define(name.Text, poison{}, name.Span())
		return
	}
	if c, isConfigured := f.(*configured); isConfigured {
		f = t.withSet(c)
	}
	t.bindModel(name, f)
}

func (t *training) bindModel(name *grammar.Word, f box) *bound {
	b := t.bind(name.Text, f)
	b.isWhole = true
	t.models = append(t.models, b)
	t.define(name.Text, b, name.Span())
	return b
}

// withSet is a model with the parameters that are set from outside.
func (t *training) withSet(c *configured) box {
	d, ok := c.made.(*declared)
	if !ok {
		return c
	}
	t.program.ensure(d)
	set := *c
	set.plain = false
	set.set = map[string]grammar.Expr{}
	for name, x := range t.program.set {
		if d.signature != nil && d.signature.parameter(name) != nil {
			set.set[name] = x
		}
	}
	return &set
}

// close ends the forward diagram: the losses come out first, then the reports.
func (t *training) close() {
	for i, w := range t.losses {
		if w.Name == "" {
			w.Name = "loss"
		}
		if slices.Contains(t.losses[:i], w) || slices.Contains(t.reports, w) {
			t.losses[i] = t.view("copy", w, w.Type.Axes, w.Span)
		}
	}
	for i, w := range t.reports {
		if w.Name == "" {
			w.Name = t.made.Reports[i]
		}
	}
	t.d.Out = slices.Concat(t.losses, t.reports)
	t.made.Forward, t.made.Losses = t.d, len(t.losses)
	for _, b := range t.models {
		if len(b.boxes) > 0 {
			t.made.Models = append(t.made.Models, diagram.Model{Name: b.name, Box: b.boxes[0]})
		}
	}
	if !t.hasErrors(t.from) && t.made.Stage == "" { // another stage may use what this one does not
		t.unused()
	}
}
