package check

import (
	"strings"

	"ncd/grammar"
)

// group is what a line `group net.stem: rate * 0.1` says: for the weights of a part
// a parameter of the optimiser is another.
type group struct {
	part   []string // as learning rules name parts: first the model
	name   string   // of the parameter
	change grammar.Expr
}

// groups finds for each group the optimiser or filter whose parameter it names.
func (t *training) groups(es *entries, updaters []*updater) {
	for _, x := range es.groups {
		part, ok := t.part(x.Part)
		if !ok {
			continue
		}
		u, name := named(x.Change, updaters)
		if u == nil {
			t.noParameter(x, updaters)
			continue
		}
		u.groups = append(u.groups, &group{t.withinModels(part), name, x.Change})
	}
}

// named finds the first name in an expression that is a parameter of an updater.
func named(x grammar.Expr, updaters []*updater) (found *updater, parameter string) {
	grammar.Walk(x, func(n grammar.Node) bool {
		name, ok := n.(*grammar.Name)
		if !ok || found != nil {
			return found == nil
		}
		for _, u := range updaters {
			if u != nil && u.decl.signature.parameter(name.Text) != nil {
				found, parameter = u, name.Text
				return false
			}
		}
		return true
	})
	return found, parameter
}

func (t *training) noParameter(x *grammar.Group, updaters []*updater) {
	var known []string
	for _, u := range updaters {
		if u == nil {
			return
		}
		known = append(known, u.decl.signature.settable()...)
	}
	first := ""
	grammar.Walk(x.Change, func(n grammar.Node) bool {
		if name, ok := n.(*grammar.Name); ok && first == "" {
			first = name.Text
		}
		return true
	})
	f := t.fault(InvalidEntry, x.Change.Span(), "a group says what a parameter of the optimiser is for a part, and `%s` names none%s", x.Change.Span().Text(), meant(first, known))
	f.Help = append(f.Help, "for example `group net.stem: rate * 0.1`; there are "+quoted(known))
}

// withinModels is a part as the paths of weights begin: those of the first model
// without its name.
func (t *training) withinModels(part []string) []string {
	if len(part) > 0 && len(t.models) > 0 && part[0] == t.models[0].name {
		return part[1:]
	}
	return part
}

func (g *group) path() string { return strings.Join(g.part, ".") }

// regroup lets the groups that hold for the weight, one after another, change the
// parameters.
func (u *update) regroup(r *reader, words *brackets) bool {
	for _, g := range u.groups {
		if !within(g.part)(u.path) {
			continue
		}
		v, ok := u.parameter(r, words, g.name)
		if !ok {
			return false
		}
		inside := *r
		inside.scope = newScope(r.scope)
		inside.scope.define(g.name, v, g.change.Span()).isUsed = true
		changed := u.changing(&inside, g.change)
		if isPoisoned(changed) {
			return false
		}
		words.values[g.name], words.spans[g.name] = changed, g.change.Span()
	}
	return true
}

// parameter is the value of a parameter before groups change it.
func (u *update) parameter(r *reader, words *brackets, name string) (value, bool) {
	if v, said := words.values[name]; said {
		return v, true
	}
	p := u.decl.signature.parameter(name)
	if p.preset == nil {
		r.fault(ParameterMissing, u.call.span, "parameter `%s` is not given, and has no default", name)
		return nil, false
	}
	v := u.inner.reader().argument(p, p.preset)
	return v, !isPoisoned(v)
}
