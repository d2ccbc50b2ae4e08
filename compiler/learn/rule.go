package learn

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/grammar/source"
)

// assign finds out how each layer is to learn.
func (s *step) assign() {
	count, index := map[*diagram.RuleUse]int{}, map[*layer]int{}
	for _, l := range s.layers {
		if use := s.useOf(l); s.isCounted(l, use) {
			count[use]++
			index[l] = count[use]
		}
	}
	for _, l := range s.layers {
		if len(l.outputs) == 0 {
			continue
		}
		a := &assignment{step: s, layer: l, use: s.useOf(l), number: index[l], output: len(l.outputs) - 1, pass: s.first}
		a.count = count[a.use]
		a.rule = a.ruleAt(a.y())
		a.site = l.siteOf(a.rule.AtBox)
		a.output = len(a.site.outputs) - 1
		s.assigned[l] = a
	}
}

// isCounted reports whether a layer is one of those that a rule numbers: it has weights,
// and where the rule is over a diagram it is a use of that.
func (s *step) isCounted(l *layer, use *diagram.RuleUse) bool {
	return len(l.outputs) > 0 && len(l.weights) > 0 && (use == nil || use.Over == "" || l.isWhole)
}

func (s *step) useOf(l *layer) *diagram.RuleUse {
	return useFor(s.training, strings.Split(l.path, "."), l.model)
}

// assignment is a rule at work on a layer.
type assignment struct {
	*step
	layer         *layer
	site          *site
	use           *diagram.RuleUse // nil: none says anything of the layer
	number, count int              // of the layer among those that learn by the rule
	rule          diagram.LayerRule
	signals       []*diagram.Wire // at each output of the site
	output        int             // the output that is spoken of
	core          *grad.Sweep
	pass          *pass         // in which x, y and signal are meant
	settled       *diagram.Wire // while the layer settles, what the consumers send; else nil
	remembered    []*diagram.State
}

// y is the output that is spoken of.
func (a *assignment) y() *diagram.Wire {
	if a.site != nil {
		return a.site.outputs[a.output]
	}
	return a.layer.outputs[a.output]
}

// ruleAt instantiates the rule for an output of the layer. Without any it is
// backpropagation.
func (a *assignment) ruleAt(output *diagram.Wire) diagram.LayerRule {
	if a.use == nil || a.layer.isBehind {
		return diagram.LayerRule{}
	}
	l := a.layer
	told := diagram.Layer{
		Kinds: l.kinds, Path: l.path, IsUse: l.isWhole, Index: a.number, Count: a.count, IsOutput: a.isRead(output),
		Output: output.Type, Made: output.Type, Data: a.named(), Span: l.learned.Span,
	}
	if box := l.siteOf(true); box.isBox {
		told.Made = box.outputs[0].Type
	}
	for _, w := range l.weights {
		told.Weights = append(told.Weights, a.source[w].Op.(diagram.Learned).Weight)
	}
	if l.x != nil {
		told.Input = l.x.Type
	}
	for _, other := range a.layers {
		if a.indexOf[other] > a.indexOf[l] && a.useOf(other) == a.use && a.isCounted(other, a.use) {
			told.Later = append(told.Later, other.path)
		}
	}
	if e := a.errorOf(l); e != nil {
		told.Error = e.Type
	}
	rule, said := a.use.Rule.For(told)
	for _, d := range said {
		isTold := func(other source.Diagnostic) bool { return other.Span == d.Span && other.Message == d.Message }
		if !slices.ContainsFunc(a.said, isTold) {
			a.said = append(a.said, d)
		}
	}
	return rule
}

// isRead reports whether the losses read a wire that hangs on weights.
func (s *step) isRead(w *diagram.Wire) bool { return slices.Contains(s.tail.inputs, w) && s.moves[w] }

func (s *step) errorOf(l *layer) *diagram.Wire {
	if l.model < 0 {
		return nil
	}
	return s.errors[l.model]
}

// isPlain reports whether a rule says nothing but what backpropagation does.
func isPlain(r diagram.LayerRule) bool {
	return r.Signal == nil && (r.Send == nil || isPush(r.Send)) && !r.SendNothing && r.Objective == nil && len(r.Change) == 0 && len(r.Signals) == 0 && len(r.States) == 0
}

// isPush reports whether a diagram is just signal >> push.
func isPush(d *diagram.Diagram) bool {
	if len(d.Boxes) != 1 || len(d.In) != 1 || d.In[0].Name != "signal" {
		return false
	}
	push, ok := d.Boxes[0].Op.(diagram.Push)
	return ok && len(push.Substitute) == 0 && d.Boxes[0].In[0] == d.In[0] && d.Boxes[0].Out[0] == d.Out[0]
}

// learn lets the layer learn by its rule. All that later layers send has been sent.
func (a *assignment) learn() {
	if isPlain(a.rule) {
		a.sweep.Through(a.layer.boxes, a.layer.wanted())
		return
	}
	isOwn := (a.rule.Signal != nil || a.rule.Objective != nil) && (a.rule.Reaches || !slices.ContainsFunc(a.layer.outputs, a.isRead))
	behind := a.receive(isOwn)
	phases := map[string]*diagram.Wire{}
	if isOwn && a.rule.Objective != nil {
		phases = a.objective()
	}
	for _, name := range sortedNames(a.rule.Signals) {
		phases[name] = arranged(a.d, a.paste(a.rule.Signals[name], "signal"), a.y().Type.Axes, diagram.Backward)
	}
	a.move(phases)
	a.sendOn(behind, isOwn)
	a.change()
	a.carryOn()
}

// isIsolated reports whether nothing goes on to the layers before.
func (a *assignment) isIsolated() bool {
	r := &a.rule
	return r.SendNothing || r.Send == nil && (r.Signal != nil || r.Objective != nil || len(r.Signals) > 0)
}

// receive finds the signal at each output of the site: what the consumers send, or what
// the rule says. What came through the boxes behind a learned box is handed back.
func (a *assignment) receive(isOwn bool) (behind *grad.Sweep) {
	a.signals = make([]*diagram.Wire, len(a.site.outputs))
	if a.site.isBox {
		behind = a.fromBehind()
	}
	main := len(a.site.outputs) - 1
	for i, y := range a.site.outputs {
		a.output = i
		switch {
		case isOwn && a.rule.Signal != nil:
			rule := a.rule
			if i != main {
				rule = a.ruleAt(y)
			}
			a.signals[i] = arranged(a.d, a.paste(rule.Signal, "signal"), y.Type.Axes, diagram.Backward)
		case a.site.isBox:
			a.signals[i] = behind.Cotangent(y)
		case !isOwn || a.isRead(y):
			a.signals[i] = a.sweep.Cotangent(y)
		}
	}
	a.output = main
	return behind
}

// fromBehind takes what the layer's outputs are sent to the output of its learned box.
func (a *assignment) fromBehind() *grad.Sweep {
	sweep := grad.NewSweep(a.d)
	for _, y := range a.layer.outputs {
		if c := a.sweep.Cotangent(y); c != nil {
			sweep.Send(y, c)
		}
	}
	sweep.Through(a.site.behind, slices.Concat(a.site.outputs, a.site.behindInputs, a.layer.learnable()))
	return sweep
}

// move takes the signals, and those of phases, to the weights of which the rule says no
// change. With signals of phases there is none of the first run but what is said.
func (a *assignment) move(phases map[string]*diagram.Wire) {
	weights := a.unsaid()
	if main := phases[""]; main != nil {
		a.signals[a.output] = main
	}
	if len(a.rule.Signals) == 0 {
		a.core = grad.NewSweep(a.d)
		for i, y := range a.site.outputs {
			if a.signals[i] != nil {
				a.core.Send(y, a.signals[i])
			}
		}
		wanted := weights
		if a.rule.Send == nil && !a.isIsolated() {
			wanted = slices.Concat(weights, a.site.upstream)
		}
		a.core.Through(a.site.boxes, wanted)
		a.forward(a.core, weights)
	}
	for _, name := range sortedNames(phases) {
		if p := a.phases[phaseOf{a.use, name}]; p != nil {
			sweep := grad.NewSweep(a.d)
			sweep.Send(p.made(a.y()), phases[name])
			sweep.Through(p.boxesOf(a.site.boxes), weights)
			a.forward(sweep, weights)
		}
	}
}

// forward sends on to wires what a sweep of the layer's own has brought to them.
func (a *assignment) forward(from *grad.Sweep, wires []*diagram.Wire) {
	for _, w := range wires {
		if c := from.Cotangent(w); c != nil {
			a.sweep.Send(w, c)
		}
	}
}

// unsaid are the weights that learn and of which the rule says no change.
func (a *assignment) unsaid() []*diagram.Wire {
	return slices.DeleteFunc(a.layer.learnable(), func(w *diagram.Wire) bool { return a.rule.Change[a.nameOf(w)] != nil })
}

// sendOn sends to the layers before what the rule says.
func (a *assignment) sendOn(behind *grad.Sweep, isOwn bool) {
	if behind != nil && !isOwn {
		a.forward(behind, slices.Concat(a.site.behindInputs, a.site.behindWeights))
	}
	if a.isIsolated() {
		return
	}
	if a.rule.Send == nil {
		a.forward(a.core, a.site.upstream)
	} else if len(a.site.upstream) > 0 && a.signals[a.output] != nil {
		a.sendBy(a.rule.Send, a.sweep)
	}
}

// sendBy sends the inputs what a rule makes of the signals. Inputs beside that of the
// learned box (a residual) are sent what its push gives them.
func (a *assignment) sendBy(send *diagram.Diagram, sweep *grad.Sweep) {
	p := a.paster(send, "send")
	sent := p.results()[0]
	for _, w := range a.site.upstream {
		switch {
		case w == a.layer.x:
			sweep.Send(a.pass.value(w), arranged(a.d, sent, w.Type.Axes, diagram.Backward))
		case p.pushed != nil:
			if c := p.pushed.Cotangent(w); c != nil {
				sweep.Send(a.pass.value(w), c)
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
