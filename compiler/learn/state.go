package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// stateOf is a state of the rule for this layer.
func (a *assignment) stateOf(name string) *diagram.State {
	path := "rule." + a.layer.path + "." + name
	for _, s := range a.remembered {
		if s.Path == path {
			return s
		}
	}
	i := slices.IndexFunc(a.rule.States, func(s diagram.RuleState) bool { return s.Name == name })
	in := &diagram.Wire{Name: name, Type: shape.Type{Axes: a.rule.States[i].Axes}, Span: a.layer.learned.Span}
	s := &diagram.State{Path: path, In: in, Out: in, Init: a.rule.States[i].Init, Span: in.Span}
	a.remembered = append(a.remembered, s)
	a.d.States = append(a.d.States, s)
	return s
}

// carryOn says what the states of the rule become.
func (a *assignment) carryOn() {
	for _, s := range a.rule.States {
		if s.Next != nil {
			a.stateOf(s.Name).Out = arranged(a.d, a.paste(s.Next, "state"), s.Axes, diagram.Backward)
		}
	}
}

// sortedNames are the keys of a map, in order.
func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.SortFunc(names, strings.Compare)
	return names
}
