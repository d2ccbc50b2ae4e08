package learn

import (
	"slices"

	"ncd/compiler/diagram"
)

// pass is one run of the model. The first is that of the forward diagram itself; those
// of phases have boxes of their own where they read something else.
type pass struct {
	values map[*diagram.Wire]*diagram.Wire // wire of the first run → what is read for it
	makes  map[*diagram.Wire]*diagram.Wire // wire of the first run → what its box makes
	boxes  map[*diagram.Box]*diagram.Box
}

// phaseOf names the pass of a phase.
type phaseOf struct {
	use  *diagram.RuleUse
	name string
}

func newPass() *pass {
	return &pass{map[*diagram.Wire]*diagram.Wire{}, map[*diagram.Wire]*diagram.Wire{}, map[*diagram.Box]*diagram.Box{}}
}

// value is what is read for a wire in the pass. It is what its box makes, unless the
// wire stands for itself.
func (p *pass) value(w *diagram.Wire) *diagram.Wire {
	if v, ok := p.values[w]; ok {
		return v
	}
	return w
}

// made is what the wire's box makes in the pass.
func (p *pass) made(w *diagram.Wire) *diagram.Wire {
	if v, ok := p.makes[w]; ok {
		return v
	}
	return w
}

// boxesOf are boxes as they stand in the pass.
func (p *pass) boxesOf(boxes []*diagram.Box) []*diagram.Box {
	result := slices.Clone(boxes)
	for i, b := range boxes {
		if own, ok := p.boxes[b]; ok {
			result[i] = own
		}
	}
	return result
}

// under is a new pass in which wires stand for themselves, and others are what the pass
// has.
func (p *pass) under() *pass {
	made := newPass()
	for w, v := range p.values {
		made.values[w] = v
	}
	return made
}

// hold lets a wire stand for itself.
func (p *pass) hold(w, value *diagram.Wire) { p.values[w] = value }

// run appends what has to be made anew, as what it reads differs from the first run.
func (s *step) run(p *pass, boxes []*diagram.Box) {
	for _, b := range boxes {
		if _, isSource := b.Op.(diagram.Learned); isSource {
			continue
		}
		if !slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return p.value(w) != w }) {
			continue
		}
		wires := map[*diagram.Wire]*diagram.Wire{}
		for _, w := range b.In {
			wires[w] = p.value(w)
		}
		made := copied(b, wires, nil, b.Pass)
		s.d.Add(made)
		p.boxes[b] = made
		for i, w := range b.Out {
			p.makes[w] = made.Out[i]
			if _, isHeld := p.values[w]; !isHeld {
				p.values[w] = made.Out[i]
			}
		}
	}
}

// runPhases runs the model once more for each phase of each rule, all phases side by
// side: what a layer makes in them is needed together. Then outputs settle.
func (s *step) runPhases() {
	var all []*begun
	for _, l := range s.layers {
		a := s.assigned[l]
		if a == nil {
			continue
		}
		for _, phase := range a.rule.Phases {
			name := phaseOf{a.use, phase.Name}
			if s.phases[name] == nil {
				b := s.begin(a, phase)
				s.phases[name] = b.pass
				all = append(all, b)
			}
		}
	}
	for _, box := range s.model {
		for _, b := range all {
			s.run(b.pass, []*diagram.Box{box})
		}
	}
	for _, b := range all {
		if settling := s.settling(b.use, b.name); len(settling) > 0 {
			s.phases[phaseOf{b.use, b.name}] = s.settle(settling, b.name, b.inputs, b.pass)
		}
	}
}

// begun is a phase before anything settles.
type begun struct {
	use    *diagram.RuleUse
	name   string
	inputs *pass // what is given in it
	pass   *pass
}

// begin gives a phase its inputs, which the rule says alike for all layers.
func (s *step) begin(a *assignment, phase diagram.Phase) *begun {
	p := newPass()
	for _, name := range sortedNames(phase.Inputs) {
		for _, w := range s.named() {
			if w.Name == name {
				p.hold(w, arranged(s.d, a.paste(phase.Inputs[name], "phase "+phase.Name), w.Type.Axes, diagram.Forward))
			}
		}
	}
	return &begun{a.use, phase.Name, p.under(), p}
}
