package learn

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
)

// settling are the layers of a rule whose outputs settle in a phase, in the order of
// the text.
func (s *step) settling(use *diagram.RuleUse, name string) []*assignment {
	var settling []*assignment
	for _, l := range s.layers {
		if a := s.assigned[l]; a != nil && a.use == use {
			if phase := a.phaseCalled(name); phase != nil && phase.Settle != nil {
				settling = append(settling, a)
			}
		}
	}
	return settling
}

func (a *assignment) phaseCalled(name string) *diagram.Phase {
	for i, phase := range a.rule.Phases {
		if phase.Name == name {
			return &a.rule.Phases[i]
		}
	}
	return nil
}

// settled is the output of the layer that settles.
func (a *assignment) settles() *diagram.Wire { return a.layer.outputs[len(a.layer.outputs)-1] }

// settle relaxes the outputs of layers, all at once in each turn. Inputs are what else
// is held in the phase, and begin is the phase before anything settles.
func (s *step) settle(settling []*assignment, name string, inputs, begin *pass) *pass {
	values := map[*assignment]*diagram.Wire{}
	turns := 0
	for _, a := range settling {
		phase := a.phaseCalled(name)
		turns = max(turns, phase.Turns)
		values[a] = begin.value(a.settles())
		if phase.Start != nil {
			at := *a
			at.pass = begin
			values[a] = arranged(s.d, at.paste(phase.Start, "phase "+name), a.settles().Type.Axes, diagram.Backward)
		}
	}
	now := func() *pass {
		p := inputs.under()
		for _, a := range settling {
			p.hold(a.settles(), values[a])
		}
		s.run(p, s.model)
		return p
	}
	for range turns {
		values = s.turn(settling, name, now(), values)
	}
	return now()
}

// turn is one turn: what goes back between the layers, and what their outputs become.
func (s *step) turn(settling []*assignment, name string, p *pass, values map[*assignment]*diagram.Wire) map[*assignment]*diagram.Wire {
	sweep := grad.NewSweep(s.d)
	sweep.Send(p.made(s.d.Out[0]), s.one())
	sweep.Through(p.boxesOf(s.tail.boxes), p.valuesOf(s.tail.wanted()))
	next := map[*assignment]*diagram.Wire{}
	for _, l := range slices.Backward(s.layers) {
		a := s.assigned[l]
		if a == nil {
			continue
		}
		if !slices.Contains(settling, a) {
			sweep.Through(p.boxesOf(l.boxes), p.valuesOf(l.upstream()))
			continue
		}
		at := *a
		at.pass = p
		if at.settled = sweep.Cotangent(values[a]); at.settled == nil {
			at.settled = s.zeros(a.settles())
		}
		phase := a.phaseCalled(name)
		switch {
		case phase.Send != nil:
			at.sendBy(phase.Send, sweep)
		case !a.rule.SendNothing:
			at.pushOn(sweep)
		}
		next[a] = arranged(s.d, at.paste(phase.Settle, "phase "+name), a.settles().Type.Axes, diagram.Backward)
	}
	return next
}

// pushOn sends on the exact derivative of what the layer makes.
func (a *assignment) pushOn(sweep *grad.Sweep) {
	own := grad.NewSweep(a.d)
	own.Send(a.pass.made(a.settles()), a.settled)
	upstream := a.pass.valuesOf(a.layer.upstream())
	own.Through(a.pass.boxesOf(a.layer.boxes), upstream)
	for _, w := range upstream {
		if c := own.Cotangent(w); c != nil {
			sweep.Send(w, c)
		}
	}
}

// valuesOf are wires as they are read in the pass.
func (p *pass) valuesOf(wires []*diagram.Wire) []*diagram.Wire {
	result := make([]*diagram.Wire, len(wires))
	for i, w := range wires {
		result[i] = p.value(w)
	}
	return result
}
