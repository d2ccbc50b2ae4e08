package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
)

// learn lets one layer learn by its rule. All that later layers send has been sent.
func (s *step) learn(l *layer) {
	if len(l.outputs) == 0 {
		return
	}
	rule := s.ruleOf(l, l.outputs[len(l.outputs)-1])
	if isPlain(rule) {
		s.sweep.Through(l.boxes, l.wanted())
		return
	}
	a := &assignment{step: s, layer: l, rule: rule, local: grad.NewSweep(s.d)}
	a.receive()
	a.sendOn()
	a.change()
}

// ruleOf instantiates the rule of a layer for one of its outputs. The rule whose part
// is the longest beginning of the layer's path holds; without any it is
// backpropagation.
func (s *step) ruleOf(l *layer, output *diagram.Wire) diagram.LayerRule {
	var found *diagram.RuleUse
	for i, use := range s.training.Rules {
		if s.isPart(l, use.Part) && (found == nil || len(use.Part) >= len(found.Part)) {
			found = &s.training.Rules[i]
		}
	}
	if found == nil {
		return diagram.LayerRule{}
	}
	told := diagram.Layer{Kind: l.kind, Path: l.path, Output: output.Type, Data: s.training.Forward.In, Span: l.learned.Span}
	for _, w := range l.weights {
		told.Weights = append(told.Weights, s.source[w].Op.(diagram.Learned).Weight)
	}
	if l.x != nil {
		told.Input = l.x.Type
	}
	if e := s.errorOf(l); e != nil {
		told.Error = e.Type
	}
	rule, said := found.Rule.For(told)
	s.said = append(s.said, said...)
	return rule
}

// isPart reports whether a layer is of a part: a path within its model, which may
// begin with the model's name.
func (s *step) isPart(l *layer, part []string) bool {
	path := strings.Split(l.path, ".")
	if l.model >= 0 && len(part) > 0 && part[0] == s.training.Models[l.model].Name {
		if l.model == 0 {
			part = part[1:]
		}
	}
	return len(part) <= len(path) && slices.Equal(part, path[:len(part)])
}

func (s *step) errorOf(l *layer) *diagram.Wire {
	if l.model < 0 {
		return nil
	}
	return s.errors[l.model]
}

// isPlain reports whether a rule says nothing but what backpropagation does.
func isPlain(r diagram.LayerRule) bool {
	return r.Signal == nil && (r.Send == nil || isPush(r.Send)) && !r.SendNothing && r.Objective == nil && len(r.Change) == 0
}

// isPush reports whether a diagram is just signal >> push.
func isPush(d *diagram.Diagram) bool {
	if len(d.Boxes) != 1 || len(d.In) != 1 || d.In[0].Name != "signal" {
		return false
	}
	push, ok := d.Boxes[0].Op.(diagram.Push)
	return ok && len(push.Substitute) == 0 && d.Boxes[0].In[0] == d.In[0] && d.Boxes[0].Out[0] == d.Out[0]
}

// assignment is a rule at work on a layer.
type assignment struct {
	*step
	layer   *layer
	rule    diagram.LayerRule
	local   *grad.Sweep // takes the layer's signals to its weights, and to its inputs if they are sent on as they are
	signals []*diagram.Wire
	output  int // the output that is spoken of
}

// y is the output that is spoken of.
func (a *assignment) y() *diagram.Wire { return a.layer.outputs[a.output] }

// receive finds the signal at each output. One that the losses read is sent their
// derivative, whatever the rule.
func (a *assignment) receive() {
	a.signals = make([]*diagram.Wire, len(a.layer.outputs))
	main := len(a.layer.outputs) - 1
	for i, y := range a.layer.outputs {
		a.output = i
		switch isRead := slices.Contains(a.tail.inputs, y) && a.moves[y]; {
		case isRead || a.rule.Signal == nil && a.rule.Objective == nil:
			a.signals[i] = a.sweep.Cotangent(y)
		case a.rule.Signal != nil:
			rule := a.rule
			if i != main {
				rule = a.ruleOf(a.layer, y)
			}
			a.signals[i] = arranged(a.d, a.paste(rule.Signal, "signal"), y.Type.Axes, diagram.Backward)
		case i == main:
			a.signals[i] = a.objective()
		}
		if a.signals[i] != nil {
			a.local.Send(y, a.signals[i])
		}
	}
	a.output = main
}

// objective is the derivative of the layer's own objective by its output.
func (a *assignment) objective() *diagram.Wire {
	from := len(a.d.Boxes)
	value := averaged(a.d, a.paste(a.rule.Objective, "objective"), diagram.Backward)
	boxes := slices.Clone(a.d.Boxes[from:])
	one := diagram.NewBox(diagram.Constant{Value: diagram.Literal(1)}, nil, nil, nil, []*diagram.Wire{diagram.NewWire("")})
	one.Pass = diagram.Backward
	sweep := grad.NewSweep(a.d)
	sweep.Send(value, a.d.Add(one))
	sweep.Through(boxes, []*diagram.Wire{a.y()})
	return sweep.Cotangent(a.y())
}

// sendOn takes the signals back through the layer: to its weights, and to the layers
// before as the rule says.
func (a *assignment) sendOn() {
	isIsolated := a.rule.SendNothing || a.rule.Send == nil && (a.rule.Signal != nil || a.rule.Objective != nil)
	weights := slices.DeleteFunc(a.layer.learnable(), func(w *diagram.Wire) bool { return a.rule.Change[a.nameOf(w)] != nil })
	wanted, upstream := weights, a.layer.upstream()
	isPlain := !isIsolated && a.rule.Send == nil
	if isPlain {
		wanted = slices.Concat(wanted, upstream)
	}
	a.local.Through(a.layer.boxes, wanted)
	for _, w := range wanted {
		if c := a.local.Cotangent(w); c != nil {
			a.sweep.Send(w, c)
		}
	}
	if !isIsolated && !isPlain && len(upstream) > 0 && a.signals[a.output] != nil {
		a.sendBy(a.rule.Send)
	}
}

// sendBy sends the inputs what a rule makes of the signals. Inputs beside that of the
// learned box (a residual) are sent what its push gives them.
func (a *assignment) sendBy(send *diagram.Diagram) {
	p := a.paster(send, "send")
	sent := p.results()[0]
	for _, w := range a.layer.upstream() {
		switch {
		case w == a.layer.x:
			a.sweep.Send(w, arranged(a.d, sent, w.Type.Axes, diagram.Backward))
		case p.pushed != nil:
			if c := p.pushed.Cotangent(w); c != nil {
				a.sweep.Send(w, c)
			}
		}
	}
}

// change lets the rule say how weights want to move. What it makes more axes of than
// the weight has is averaged over them.
func (a *assignment) change() {
	for _, w := range a.layer.weights {
		change := a.rule.Change[a.nameOf(w)]
		if change == nil || !a.moves[w] {
			continue
		}
		p := a.paster(change, "change")
		p.weight = w
		a.changes[w] = append(a.changes[w], arranged(a.d, p.results()[0], w.Type.Axes, diagram.Backward))
	}
}

// nameOf is the name of a weight within its box: the last part of its path.
func (s *step) nameOf(w *diagram.Wire) string {
	path := s.source[w].Op.(diagram.Learned).Weight.Path
	return path[strings.LastIndex(path, ".")+1:]
}

// given are the wires that a rule may read, by name: x, y, signal, error, the
// layer's weights, and the data.
func (a *assignment) given() map[string]*diagram.Wire {
	given := map[string]*diagram.Wire{}
	for _, w := range a.training.Forward.In {
		given[w.Name] = w
	}
	for i, w := range a.layer.weights {
		if i == 0 {
			given["w"] = w
		}
		given[a.nameOf(w)] = w
	}
	given["x"], given["y"], given["error"] = a.layer.x, a.y(), a.errorOf(a.layer)
	given["signal"] = a.signals[a.output]
	return given
}
