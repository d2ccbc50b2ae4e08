package learn

import (
	"strings"

	"ncd/compiler/diagram"
)

// named are the data wires and the wires that the train block gives names to.
func (s *step) named() []*diagram.Wire {
	named := append([]*diagram.Wire{}, s.training.Forward.In...)
	known := map[string]bool{"loss": true}
	for _, w := range named {
		known[w.Name] = true
	}
	made := map[*diagram.Wire]bool{}
	for _, b := range s.model {
		for _, w := range b.Out {
			made[w] = true
		}
	}
	for _, b := range s.training.Forward.Boxes {
		for _, w := range b.Out {
			if w.Name != "" && made[w] && !known[w.Name] {
				named, known[w.Name] = append(named, w), true
			}
		}
	}
	return named
}

// given is the wire that a rule reads by that name, or nil.
func (a *assignment) given(name string) *diagram.Wire {
	name, phase, isPhase := strings.Cut(name, "@")
	p := a.pass
	if isPhase {
		p = a.phases[phaseOf{a.use, phase}]
	}
	switch name {
	case "x":
		return p.value(a.layer.x)
	case "y":
		if a.site.isBox {
			return p.made(a.y())
		}
		return p.value(a.y())
	case "out":
		return p.value(a.layer.outputs[len(a.layer.outputs)-1])
	case "signal":
		return a.signal()
	case "error":
		return a.errorOf(a.layer)
	}
	if state, ok := strings.CutPrefix(name, "state."); ok {
		return a.stateOf(state).In
	}
	for i, w := range a.layer.weights {
		if a.nameOf(w) == name || i == 0 && name == "w" {
			return w
		}
	}
	for _, w := range a.named() {
		if w.Name == name {
			return p.value(w)
		}
	}
	return nil
}

// signal is what has arrived at the output that is spoken of; nothing is zeros.
func (a *assignment) signal() *diagram.Wire {
	if a.settled != nil {
		return a.settled
	}
	if a.signals == nil || a.signals[a.output] == nil {
		return a.zeros(a.y())
	}
	return a.signals[a.output]
}
