package resolve

import "ncd/grammar"

func (w *walker) rule(d *grammar.Rule) {
	w.declares(d.Name)
	w.parameters(d.Params)
	w.declaredName(d.Over)
	w.ruleBlock(d.Body)
}

func (w *walker) ruleBlock(b *grammar.RuleBlock) {
	if b != nil {
		for _, s := range b.Stmts {
			w.statement(s)
		}
	}
}

// ruleStatement resolves what stands in learning rules only.
func (w *walker) ruleStatement(s grammar.Stmt) {
	switch s := s.(type) {
	case *grammar.AtBox:
		w.declaredBox(s.Box)
		w.ports(s.Ports)
		w.port(s.Out)
		w.ruleBlock(s.Body)
	case *grammar.Phase:
		w.mention(s.Name.Span(), w.own(Phase, s.Name.Text)).Defines = true
		before := w.inPhase
		w.inPhase = true
		w.ruleBlock(s.Body)
		w.inPhase = before
	case *grammar.Settle:
		w.size(s.Steps)
		w.block(s.Body)
	case *grammar.Fixed:
		w.wireWord(s.Name)
		w.axes(s.Axes)
		w.like(s.Like)
		w.value(s.Value, false)
	case *grammar.Trace:
		w.def(s.Def)
	case *grammar.Aux:
		w.def(s.Def)
	case *grammar.Change:
		w.change(s.Def)
	case *grammar.RuleOptimizer:
		w.optimizer(s.Value)
	}
}

// declaredBox is the kind of box that a part of a rule is about.
func (w *walker) declaredBox(box *grammar.Word) {
	w.mention(box.Span(), w.beyond(box.Text))
}

// like is the weight that a fixed array is made like.
func (w *walker) like(name *grammar.Word) {
	if name != nil {
		w.mention(name.Span(), w.weight(name.Text))
	}
}

// change resolves how much a weight wants to move. The weight is one of the box that
// the rule is about.
func (w *walker) change(d *grammar.Def) {
	w.mention(d.Name.Span(), w.weight(d.Name.Text))
	w.equation(d.Axes != nil, func() {
		w.axes(d.Axes)
		w.value(d.Value, false)
	})
}

func (w *walker) weight(name string) Symbol {
	if w.wires[name] {
		return w.own(Wire, name)
	}
	return Symbol{Space: Given, Name: name}
}
