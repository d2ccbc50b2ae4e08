package learn

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
)

// objective takes the layer's own objective to its output, in each phase ("" is the
// first run), and to the weights that the rule has beside the layer's.
func (a *assignment) objective() map[string]*diagram.Wire {
	from := len(a.d.Boxes)
	value := averaged(a.d, a.paste(a.rule.Objective, "objective"), diagram.Backward)
	boxes := slices.Clone(a.d.Boxes[from:])
	outputs := map[string]*diagram.Wire{"": a.y()}
	for _, phase := range a.rule.Phases {
		outputs[phase.Name] = a.phases[phaseOf{a.use, phase.Name}].value(a.y())
	}
	own := a.ownWeights(boxes)
	wanted := slices.Clone(own)
	for _, w := range outputs {
		wanted = append(wanted, w)
	}
	sweep := grad.NewSweep(a.d)
	sweep.Send(value, a.one())
	sweep.Through(boxes, wanted)
	for _, w := range own {
		if c := sweep.Cotangent(w); c != nil {
			a.sweep.Send(w, c)
		}
	}
	signals := map[string]*diagram.Wire{}
	for _, name := range sortedNames(outputs) {
		if c := sweep.Cotangent(outputs[name]); c != nil {
			signals[name] = c
		}
	}
	return signals
}

// one is the derivative of a scalar by itself.
func (s *step) one() *diagram.Wire {
	b := diagram.NewBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, []*diagram.Wire{diagram.NewWire("")})
	b.Pass = diagram.Backward
	return s.d.Add(b)
}

// ownWeights are the weights that boxes of a rule read and that learn.
func (s *step) ownWeights(boxes []*diagram.Box) []*diagram.Wire {
	var own []*diagram.Wire
	for _, b := range boxes {
		for _, w := range b.In {
			if s.isOwnWeight(w) && !slices.Contains(own, w) {
				own = append(own, w)
			}
		}
	}
	return own
}
