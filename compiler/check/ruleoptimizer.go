package check

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// ruleUpdaters are what changes the weights of a rule's part, where the rule says it.
type ruleUpdaters struct {
	part     []string
	updaters []*updater
}

// optimizersOfRules lets each rule's own optimiser change the weights that learn by it.
// It is false where a rule has none.
func (t *training) optimizersOfRules(es *entries) bool {
	var all []*ruleUpdaters
	var list []*updater
	for _, use := range t.made.Rules {
		r := use.Rule.(*rule)
		x := r.optimizer()
		if x == nil {
			return false
		}
		e := t.program.elaborator(t.report, r.decl.unit)
		if !e.ruleParameters(r) {
			return true
		}
		of := *t
		of.elaborator = e
		own := &ruleUpdaters{use.Part, of.updaters(x)}
		all, list = append(all, own), append(list, own.updaters...)
	}
	t.groups(es, list)
	for _, u := range list {
		if u == nil || !t.tried(u) {
			return true
		}
	}
	t.made.Optimizer = t.chosenBy(all, 0)
	for i := 1; i < mostUpdaters(all); i++ {
		t.made.Filters = append(t.made.Filters, t.chosenBy(all, i))
	}
	return len(all) > 0
}

// optimizer is what the rule says of its own optimiser, or nil.
func (r *rule) optimizer() grammar.Expr {
	for _, s := range r.decl.rule.Body.Stmts {
		if o, ok := s.(*grammar.RuleOptimizer); ok {
			return o.Value
		}
	}
	return nil
}

func mostUpdaters(all []*ruleUpdaters) int {
	most := 0
	for _, own := range all {
		most = max(most, len(own.updaters))
	}
	return most
}

// chosenBy is the optimiser, or the filter of that number, of the rule that a weight
// learns by.
func (t *training) chosenBy(all []*ruleUpdaters, number int) diagram.Optimizer {
	return func(path string, axes shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
		var found *ruleUpdaters
		for _, own := range all {
			if t.isOf(path, own.part) && (found == nil || len(own.part) >= len(found.part)) {
				found = own
			}
		}
		if found == nil {
			found = all[0]
		}
		if number >= len(found.updaters) {
			return nil, nil
		}
		return found.updaters[number].diagram(path, axes)
	}
}

// isOf reports whether a weight, or an array of a rule beside it, is of a part. The
// paths of the first model begin inside it.
func (t *training) isOf(path string, part []string) bool {
	path = strings.TrimPrefix(path, "rule.")
	if len(part) > 0 && len(t.models) > 0 && t.models[0].name == part[0] {
		part = part[1:]
	}
	return within(part)(path)
}
