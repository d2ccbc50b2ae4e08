package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// Clauses are the `data` entries of a train block at one of its stages, or of the
// whole block where the stage is "": which fields come from where.
func (p *Program) Clauses(train, stage string) ([]diagram.DataClause, []source.Diagnostic) {
	r := &report{}
	d := p.train(r, train)
	if d == nil || d.broken {
		return nil, append(r.inOrder(), p.brokenTrain(d)...)
	}
	e := p.elaborator(r, d.unit)
	clauses := e.clauses((&report{}).entriesAt(d.train, stage))
	if r.hasErrors(0) {
		return nil, r.inOrder()
	}
	return clauses, r.inOrder()
}

func (p *Program) brokenTrain(d *declared) []source.Diagnostic {
	if d == nil {
		return nil
	}
	return p.report.inOrder()
}

// train finds a train block and checks it.
func (p *Program) train(r *report, name string) *declared {
	d := p.main.names["train "+name]
	if d == nil {
		r.fault(UnknownDeclaration, source.Span{}, "there is no train block `%s`%s", name, meant(name, p.Trains()))
		return nil
	}
	p.ensure(d)
	return d
}

func (e *elaborator) clauses(es *entries) []diagram.DataClause {
	var clauses []diagram.DataClause
	for _, x := range es.data {
		c, ok := e.clause(x)
		if !ok {
			e.job.failed = true
		}
		clauses = append(clauses, c)
	}
	return clauses
}

func (e *elaborator) clause(x *grammar.Data) (diagram.DataClause, bool) {
	c := diagram.DataClause{Named: map[string]any{}, Span: x.Span()}
	isSound := true
	for _, p := range x.Ports {
		f, ok := e.field(p)
		if !ok {
			e.define(p.Name.Text, poison{}, p.Span())
			isSound = false
			continue
		}
		c.Fields = append(c.Fields, f)
	}
	from := x.From
	if flow, ok := from.(*grammar.Flow); ok {
		from = flow.Steps[0]
	}
	var args []*grammar.Arg
	if apply, ok := from.(*grammar.Apply); ok {
		from, args = apply.Fn, apply.Args
	}
	name, ok := from.(*grammar.Name)
	if !ok {
		e.fault(InvalidEntry, x.From.Span(), "data come from a source with its brackets: `mnist[\"images/mnist\"]`")
		return c, false
	}
	c.Source = name.Text
	return c, e.sourceArgs(&c, args) && isSound
}

// field is a wire of the data. Axes of which nothing says the size have their own
// letter: the data decide.
func (e *elaborator) field(p *grammar.Port) (diagram.Field, bool) {
	before := len(e.said)
	port := e.portOf(p)
	if p.State {
		d := e.fault(InvalidEntry, p.Span(), "`%s` comes from the data, anew for each example, and is no state", port.name)
		d.Help = append(d.Help, "drop `state`; what goes on from step to step of training is `kept` in a diagram")
	}
	f := diagram.Field{Name: port.name, Span: p.Span()}
	for _, spec := range port.axes {
		if spec.many {
			e.fault(BadAxes, spec.span, "the axes of data have names")
			continue
		}
		size, ok := e.fieldSize(spec.name, spec.size)
		if !ok {
			return f, false
		}
		f.Type.Axes = append(f.Type.Axes, shape.Axis{Label: spec.name, Size: size})
	}
	if port.in != "" {
		size, ok := e.fieldSize(port.in, nil)
		if !ok {
			return f, false
		}
		f.Type.In = &shape.Axis{Label: port.in, Size: size}
	}
	return f, !e.hasErrors(before)
}

func (e *elaborator) fieldSize(label string, said grammar.Expr) (shape.Size, bool) {
	if said != nil {
		size, ok := e.sizeAt(said)
		if ok {
			e.labels[label] = labelled{size, said.Span()}
		}
		return size, ok
	}
	if axis, ok := e.reader().label(label); ok {
		return axis.size, true
	}
	return shape.Letter(label), true
}

// sourceArgs reads the brackets of a data source.
func (e *elaborator) sourceArgs(c *diagram.DataClause, args []*grammar.Arg) bool {
	for _, a := range args {
		item, isNamed := namedArg(a)
		x := a.Plain()
		if isNamed {
			x = item.Value
		}
		if x == nil {
			e.fault(InvalidEntry, a.Span(), "a data source takes texts, numbers and words, not `%s`", a.Span().Text())
			return false
		}
		v, ok := e.sourceArg(x)
		if !ok {
			return false
		}
		if isNamed {
			c.Named[item.Name().Text] = v
		} else {
			c.Args = append(c.Args, v)
		}
	}
	return true
}

func (e *elaborator) sourceArg(x grammar.Expr) (any, bool) {
	switch v := e.reader().word(x, nil).(type) {
	case text:
		return string(v), true
	case word:
		return string(v), true
	case flag:
		return bool(v), true
	case static:
		if n, ok := v.number.Float(); ok {
			return n, true
		}
	case poison:
		return nil, false
	}
	e.fault(InvalidEntry, x.Span(), "a data source takes texts, numbers and words, not `%s`", x.Span().Text())
	return nil, false
}
