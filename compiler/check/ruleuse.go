package check

import (
	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
)

// rules are the learning rules of a train block, or the one that is asked for in
// their place.
func (t *training) rules(es *entries) []diagram.RuleUse {
	if t.program.options.Rule != "" {
		return t.askedRules()
	}
	var uses []diagram.RuleUse
	for _, entry := range es.rules {
		for _, u := range entry.Uses {
			uses = t.ruleUse(uses, u)
		}
	}
	if len(es.rules) == 0 {
		if d := t.unit.find("backprop"); d != nil && d.kind == "rule" {
			t.program.ensure(d)
			return []diagram.RuleUse{{Rule: &rule{program: t.program, decl: d, site: t}}}
		}
		t.fault(EntryMissing, t.made.Span, "this train block has no `rule`")
	}
	return uses
}

// askedRules reads rules as a train block has them: `auglocal over Block`, or one for
// each part.
func (t *training) askedRules() []diagram.RuleUse {
	const before, option = "train { rule ", "      --rule "
	text := t.program.options.Rule
	file := &source.File{Name: "command line", Text: before + text + "\n}\n"}
	tree, said := grammar.Parse(file)
	file.Text = option + text + "\n}\n"
	if t.program.tell(said); len(said) > 0 {
		t.job.failed = true
		return nil
	}
	var uses []diagram.RuleUse
	for _, x := range tree.Decls[0].(*grammar.Train).Entries {
		if r, ok := x.(*grammar.RuleUse); ok {
			for _, u := range r.Uses {
				uses = t.ruleUse(uses, u)
			}
		}
	}
	return uses
}

func (t *training) ruleUse(uses []diagram.RuleUse, u *grammar.Use) []diagram.RuleUse {
	made := diagram.RuleUse{}
	if u.Part != nil {
		part, ok := t.part(u.Part)
		if !ok {
			return uses
		}
		made.Part = part
	}
	r, ok := t.ruleOf(u.Rule)
	if !ok {
		return uses
	}
	made.Rule = r
	made.Gradient = t.gradientOf(r)
	over := u.Over
	if over == nil {
		over = r.decl.rule.Over
	}
	if over != nil {
		made.Over = over.Text
		t.holdOver(over)
	}
	return append(uses, made)
}

// ruleOf finds a learning rule with its brackets.
func (t *training) ruleOf(x grammar.Expr) (*rule, bool) {
	fn, args := x, []*grammar.Arg(nil)
	if apply, ok := x.(*grammar.Apply); ok {
		fn, args = apply.Fn, apply.Args
	}
	name, ok := fn.(*grammar.Name)
	if !ok {
		t.fault(InvalidEntry, x.Span(), "a learning rule is a name with its brackets: `dfa[scale = 0.1]`")
		return nil, false
	}
	d := t.unit.find(name.Text)
	if d == nil || d.kind != "rule" {
		t.fault(UnknownName, name.Span(), "no learning rule `%s`%s", name.Text, meant(name.Text, t.unit.known("rule")))
		return nil, false
	}
	t.program.ensure(d)
	sign := &signature{params: (&report{}).parameters(d.rule.Params)}
	t.settleKinds(sign)
	words, ok := t.reader().bracketsOf(sign, args, d.name, x.Span())
	return &rule{program: t.program, decl: d, words: words, site: t}, ok && !d.broken
}

// gradientOf is what the rule says of scans: `gradient = local`. Nil: nothing.
func (t *training) gradientOf(r *rule) *diagram.Through {
	for _, s := range r.decl.rule.Body.Stmts {
		assign, ok := s.(*grammar.Assign)
		if !ok || targetName(assign.Targets[0]) != "gradient" {
			continue
		}
		e := t.program.elaborator(t.report, r.decl.unit)
		if !e.ruleParameters(r) {
			return nil
		}
		words := &brackets{values: map[string]value{"gradient": e.reader().wordValue(assign.Value)}, spans: map[string]source.Span{"gradient": assign.Value.Span()}}
		if through, ok := (&application{elaborator: e, brackets: words}).through(); ok {
			return &through
		}
	}
	return nil
}

// holdOver holds that a rule is over a diagram that the models use.
func (t *training) holdOver(over *grammar.Word) {
	if d := t.unit.find(over.Text); d == nil || d.kind != "diagram" {
		t.fault(UnknownName, over.Span(), "no diagram `%s`%s", over.Text, meant(over.Text, t.unit.known("diagram")))
	}
}
