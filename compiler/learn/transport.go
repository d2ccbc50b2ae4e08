package learn

import (
	"ncd/compiler/diagram"
	"ncd/compiler/grad"
)

// transport is a signal on its way back through the site of a rule.
type transport struct {
	*grad.Sweep
	pass *pass // in which the site is run
}

// Cotangent is what has come to a wire of the first run.
func (t *transport) Cotangent(w *diagram.Wire) *diagram.Wire {
	return t.Sweep.Cotangent(t.pass.value(w))
}

// push expands the vector-Jacobian product of the site by its inputs.
func (p *paster) push(b *diagram.Box, op diagram.Push) *diagram.Wire {
	p.pushed = p.back(b, op.Substitute, p.site.upstream)
	if c := p.pushed.Cotangent(p.layer.x); c != nil {
		return arranged(p.d, c, b.Out[0].Type.Axes, diagram.Backward)
	}
	return p.zeros(b.Out[0])
}

// pull expands the vector-Jacobian product of the site by the weight that is asked
// for, or its first.
func (p *paster) pull(b *diagram.Box, op diagram.Pull) *diagram.Wire {
	weight := p.weight
	if weight == nil || !weight.Type.Axes.Equal(b.Out[0].Type.Axes) {
		weight = p.layer.weights[0]
	}
	if c := p.back(b, op.Substitute, []*diagram.Wire{weight}).Cotangent(weight); c != nil {
		return arranged(p.d, c, b.Out[0].Type.Axes, diagram.Backward)
	}
	return p.zeros(b.Out[0])
}

// ahead expands the site run on another input.
func (p *paster) ahead(b *diagram.Box, op diagram.Ahead) *diagram.Wire {
	in, boxes, out := p.layer.x, p.site.boxes, p.y()
	if op.Behind {
		in, boxes, out = p.y(), p.site.behind, p.layer.outputs[len(p.layer.outputs)-1]
	}
	if in == nil || out == in {
		return replaced(b.In, p.wires)[0]
	}
	held := p.held(boxes, p.substitutes(b, op.Substitute))
	held.hold(in, arranged(p.d, replaced(b.In, p.wires)[0], in.Type.Axes, diagram.Backward))
	p.run(held, boxes)
	return arranged(p.d, held.made(out), b.Out[0].Type.Axes, diagram.Backward)
}

// back takes a signal at the output of the site back through its boxes, with
// substitutes in the place of what they read. Substitutes of weights stand only where
// the signal goes: what the boxes have made stays.
func (p *paster) back(b *diagram.Box, substitute map[string]int, wanted []*diagram.Wire) *transport {
	substitutes := p.substitutes(b, substitute)
	t := &transport{grad.NewSweep(p.d), p.pass}
	if x, isRun := substitutes[p.layer.x]; isRun {
		delete(substitutes, p.layer.x)
		t.pass = p.held(p.site.boxes, nil)
		t.pass.hold(p.layer.x, x)
		p.run(t.pass, p.site.boxes)
	}
	boxes := t.pass.boxesOf(p.site.boxes)
	if len(substitutes) > 0 {
		for i, old := range boxes {
			reading := *old
			reading.In = replaced(old.In, substitutes)
			boxes[i] = &reading
		}
	}
	signal := arranged(p.d, replaced(b.In, p.wires)[0], p.y().Type.Axes, diagram.Backward)
	for i, y := range p.site.outputs {
		if i == p.output {
			t.Send(t.pass.made(y), signal)
		} else if p.settled == nil && p.signals != nil && p.signals[i] != nil {
			t.Send(t.pass.made(y), p.signals[i])
		}
	}
	t.Through(boxes, t.pass.valuesOf(wanted))
	return t
}

// held is a pass of some boxes, in which all that they read of others stands for itself.
func (p *paster) held(boxes []*diagram.Box, substitutes map[*diagram.Wire]*diagram.Wire) *pass {
	made := map[*diagram.Wire]bool{}
	for _, b := range boxes {
		for _, w := range b.Out {
			made[w] = true
		}
	}
	held := newPass()
	for _, b := range boxes {
		for _, w := range b.In {
			if !made[w] {
				held.hold(w, p.pass.value(w))
			}
		}
	}
	for w, by := range substitutes {
		held.hold(w, by)
	}
	return held
}

// substitutes are the wires that stand for others, by the wire that they stand for.
func (p *paster) substitutes(b *diagram.Box, named map[string]int) map[*diagram.Wire]*diagram.Wire {
	first := *p.assignment
	first.pass = p.first
	substitutes := map[*diagram.Wire]*diagram.Wire{}
	for name, port := range named {
		if w := first.given(name); w != nil {
			substitutes[w] = arranged(p.d, replaced(b.In, p.wires)[port], w.Type.Axes, diagram.Backward)
		}
	}
	return substitutes
}
