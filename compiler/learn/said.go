package learn

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/grammar/source"
)

// LayerSaid is what a rule says of one layer of a training.
type LayerSaid struct {
	Path    string
	Kind    string // of its learned box, or the diagram that it is a use of
	Input   string // the type of what it reads
	Output  string // and of what it makes
	Rule    string // its name; "": none is for the layer, which learns by backpropagation
	Said    diagram.LayerRule
	AtLoss  bool     // the losses read what it makes
	Weights []string // their paths
}

// Said lists the layers of a training in the order of the text, and what their rules
// say of each.
func Said(t *diagram.Training) ([]LayerSaid, []source.Diagnostic) {
	f := forwardOf(t)
	s := &step{
		forward: f, d: f.flat, layering: layersOf(f), model: slices.Clone(f.flat.Boxes), sweep: grad.NewSweep(f.flat),
		first: newPass(), phases: map[phaseOf]*pass{}, assigned: map[*layer]*assignment{},
	}
	s.loss()
	s.assign()
	var list []LayerSaid
	for _, l := range s.layers {
		a := s.assigned[l]
		if a == nil || len(l.weights) == 0 {
			continue
		}
		said := LayerSaid{Path: l.path, Kind: l.kinds[0], Output: a.settles().Type.String(), Said: a.rule, AtLoss: a.isRead(a.settles())}
		if a.use != nil {
			said.Rule = a.use.Rule.Name()
		}
		if l.x != nil {
			said.Input = l.x.Type.String()
		}
		for _, w := range l.weights {
			said.Weights = append(said.Weights, s.source[w].Op.(diagram.Learned).Weight.Path)
		}
		list = append(list, said)
	}
	return list, s.said
}
