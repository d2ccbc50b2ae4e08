package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// rule is a learning rule of the language.
type rule struct {
	program *Program
	decl    *declared
	words   *brackets // nil: no brackets
}

func (r *rule) Name() string { return r.decl.name }

// checkRule instantiates a rule for a layer of letters.
func (p *Program) checkRule(d *declared) {
	before := len(p.report.said)
	if d.rule.Over != nil {
		p.notYet(d.rule.Over.Span(), "a rule `over` a diagram")
	}
	p.ruleStatements(d.rule.Body)
	if p.report.hasErrors(before) {
		return
	}
	layer := p.lettersLayer(d.unit)
	_, said := (&rule{program: p, decl: d}).For(layer)
	p.tell(said)
}

// ruleStatements tells of what learning rules cannot say yet.
func (p *Program) ruleStatements(b *grammar.RuleBlock) {
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *grammar.AtBox:
			p.ruleStatements(s.Body)
		case *grammar.Phase:
			p.notYet(s.Span(), "`phase`")
		case *grammar.Settle:
			p.notYet(s.Span(), "`settle`")
		case *grammar.Trace:
			p.notYet(s.Span(), "`trace`")
		case *grammar.Aux:
			p.notYet(s.Span(), "`aux`")
		case *grammar.Assign, *grammar.Fixed, *grammar.Change, *grammar.SendNothing:
		default:
			p.notYet(s.Span(), "this statement of a rule")
		}
	}
}

// For instantiates the rule for a layer: a diagram for each thing that it says.
func (r *rule) For(layer diagram.Layer) (diagram.LayerRule, []source.Diagnostic) {
	said := &report{}
	made := diagram.LayerRule{Change: map[string]*diagram.Diagram{}}
	body, names := r.statements(layer)
	for i, s := range body {
		switch s := s.(type) {
		case *grammar.SendNothing:
			made.SendNothing = true
		case *grammar.Change:
			name := names.weight(s.Def.Name.Text)
			made.Change[name] = r.build(said, layer, names, body[:i], s, "change "+name)
		case *grammar.Assign:
			switch targetName(s.Targets[0]) {
			case "signal":
				made.Signal = r.build(said, layer, names, body[:i], s, "signal")
			case "send":
				made.Send = r.build(said, layer, names, body[:i], s, "send")
			case "objective":
				made.Objective = r.build(said, layer, names, body[:i], s, "objective")
			}
		}
	}
	return made, said.inOrder()
}

// build elaborates one thing that the rule says of a layer.
func (r *rule) build(said *report, layer diagram.Layer, names *atNames, before []grammar.Stmt, s grammar.Stmt, title string) *diagram.Diagram {
	e := r.program.elaborator(said, r.decl.unit)
	e.d.Name, e.d.Span = r.decl.name+" "+title, s.Span()
	e.rule = &ruleSite{layer: layer, weights: names.weights}
	if !e.ruleParameters(r) {
		return nil
	}
	e.ruleWires(layer, names)
	from := len(said.said)
	for _, b := range before {
		e.ruleStatement(b)
	}
	w := e.ruleValue(s, title)
	e.finish()
	if w == nil || said.hasErrors(from) {
		return nil
	}
	e.d.Out = []*diagram.Wire{w}
	prune(e.d)
	return e.d
}

func (e *elaborator) ruleParameters(r *rule) bool {
	sign := &signature{params: (&report{}).parameters(r.decl.rule.Params)}
	e.settleKinds(sign)
	words := r.words
	if words != nil {
		for _, p := range sign.params {
			if v, ok := words.values[p.name]; ok {
				e.defineParameter(p, v, p.span)
			}
		}
	}
	return e.presets(sign, words, r.decl.span)
}

// ruleStatement elaborates what a rule says before.
func (e *elaborator) ruleStatement(s grammar.Stmt) {
	switch s := s.(type) {
	case *grammar.Fixed:
		e.fixed(s)
	case *grammar.Assign:
		switch targetName(s.Targets[0]) {
		case "signal", "send", "objective":
		default:
			e.assign(s)
		}
	}
}

// ruleValue is the wire of what a rule says, in the order of axes that the layer
// wants.
func (e *elaborator) ruleValue(s grammar.Stmt, title string) *diagram.Wire {
	var v value
	switch s := s.(type) {
	case *grammar.Assign:
		if target, ok := s.Targets[0].(*grammar.Apply); ok {
			v = e.equated("", target, s.Value)
		} else {
			v = e.eval(s.Value)
		}
	case *grammar.Change:
		v = e.changeValue(s)
	}
	w, ok := e.oneWire(v, s.Span())
	if !ok {
		return nil
	}
	return e.fitted(w, title, s.Span())
}

func (e *elaborator) changeValue(s *grammar.Change) value {
	if s.Def.Axes != nil {
		return e.notYet(s.Def.Axes.Span(), "`change` with axes")
	}
	return e.eval(s.Def.Value)
}

// fitted holds what a rule says against the axes it must have.
func (e *elaborator) fitted(w *diagram.Wire, title string, span source.Span) *diagram.Wire {
	var wanted shape.Shape
	switch title {
	case "objective":
		return e.scalarObjective(w, span)
	case "signal":
		wanted = e.rule.layer.Output.Axes
	case "send":
		wanted = e.rule.layer.Input.Axes
	default:
		weight := e.rule.weight(lastSegment("." + title[len("change "):]))
		if weight == nil {
			return w
		}
		wanted = weight.Axes
	}
	if w.Type.Axes.Equal(wanted) {
		return w
	}
	if !sameLabels(w.Type.Axes.Labels(), wanted.Labels()) || !distinct(wanted) {
		e.fault(RuleMismatch, span, "`%s` is %s, and this layer wants %s", title, e.typeOf(w), wanted)
		return nil
	}
	return e.arranged(w, wanted.Labels(), span)
}

func distinct(axes shape.Shape) bool {
	for i, a := range axes {
		if axes.Index(a.Label) < i {
			return false
		}
	}
	return true
}

// scalarObjective averages an objective over the axes it has.
func (e *elaborator) scalarObjective(w *diagram.Wire, span source.Span) *diagram.Wire {
	if len(w.Type.Axes) == 0 {
		return w
	}
	out := &diagram.Wire{Span: span}
	b := diagram.NewBox(diagram.Reduce{Fn: "mean"}, nil, w.Type.Axes, []*diagram.Wire{w}, []*diagram.Wire{out})
	b.Span = span
	e.add(b)
	return out
}
