package learn

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/shape"
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

	Gradient *diagram.Through // what of a scan the backward pass follows; nil: what the scan says
	Feeds    []string         // paths of the layers that read what it makes

	Reads, Makes, Made, Error shape.Type // of what it reads and makes, of what its learned box makes, and of the derivative of the loss by the model's output
	Learned                   []*diagram.Weight
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
			said.Rule, said.Gradient = a.use.Rule.Name(), a.use.Gradient
		}
		if l.x != nil {
			said.Input = l.x.Type.String()
		}
		for _, w := range l.weights {
			said.Learned = append(said.Learned, s.source[w].Op.(diagram.Learned).Weight)
			said.Weights = append(said.Weights, said.Learned[len(said.Learned)-1].Path)
		}
		said.Feeds = s.feeds(l)
		said.types(a)
		list = append(list, said)
	}
	return list, s.said
}

// types notes what the wires of a layer carry.
func (said *LayerSaid) types(a *assignment) {
	l := a.layer
	if l.x != nil {
		said.Reads = l.x.Type
	}
	said.Makes, said.Made = a.settles().Type, a.y().Type
	if box := l.siteOf(true); box.isBox {
		said.Made = box.outputs[0].Type
	}
	if e := a.errorOf(l); e != nil {
		said.Error = e.Type
	}
}

// feeds lists the layers with weights that read what a layer makes, be it through
// layers that have none.
func (s *step) feeds(l *layer) []string {
	var paths []string
	for _, other := range s.layers {
		if other == l || !slices.ContainsFunc(other.inputs, func(w *diagram.Wire) bool { return s.layerOf[w] == l }) {
			continue
		}
		if len(other.weights) > 0 {
			paths = append(paths, other.path)
		} else {
			paths = append(paths, s.feeds(other)...)
		}
	}
	return paths
}
