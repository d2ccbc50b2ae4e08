package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// rule is a learning rule of the language.
type rule struct {
	program *Program
	decl    *declared
	words   *brackets // nil: no brackets
	site    *training // where it is used, or nil
}

func (r *rule) Name() string { return r.decl.name }

// checkRule instantiates a rule for layers of letters: for one of each kind of box that
// it speaks of, and for one whose output the losses read.
func (p *Program) checkRule(d *declared) {
	kinds := []string{"linear"}
	grammar.Walk(d.rule, func(n grammar.Node) bool {
		if at, ok := n.(*grammar.AtBox); ok && at.Box.Text != output {
			kinds = append(kinds, at.Box.Text)
		}
		return true
	})
	before := len(p.report.said)
	if over := d.rule.Over; over != nil {
		(&training{elaborator: p.elaborator(&p.report, d.unit)}).holdOver(over)
	}
	for i := range 2 * len(kinds) {
		layer := p.lettersLayer(d.unit)
		alongTraces(d.rule, &layer)
		layer.Kinds, layer.IsOutput = []string{kinds[i/2], "linear"}, i%2 == 1
		if layer.Index, layer.Count = i%2+1, 2; layer.IsOutput {
			atTheEnd(&layer)
		}
		_, said := (&rule{program: p, decl: d}).For(layer)
		if p.tell(said); p.report.hasErrors(before) {
			return
		}
	}
}

// atTheEnd lets a layer make what the losses read.
func atTheEnd(layer *diagram.Layer) {
	last := layer.Error.Axes[len(layer.Error.Axes)-1]
	by := func(axes shape.Shape) shape.Shape {
		axes = slices.Clone(axes)
		axes[len(axes)-1] = last
		return axes
	}
	layer.Made.Axes, layer.Output.Axes = by(layer.Made.Axes), by(layer.Output.Axes)
	for _, w := range layer.Weights {
		w.Axes = by(w.Axes)
	}
}

// alongTraces gives a layer the axes that a rule traces along.
func alongTraces(r *grammar.Rule, layer *diagram.Layer) {
	grammar.Walk(r, func(n grammar.Node) bool {
		trace, ok := n.(*grammar.Trace)
		if !ok || trace.Def.Axes == nil || len(trace.Def.Axes.List) == 0 {
			return true
		}
		label := trace.Def.Axes.List[0].Span().Text()
		for _, t := range []*shape.Type{&layer.Input, &layer.Made, &layer.Output} {
			if t.Axes.Index(label) < 0 {
				t.Axes = slices.Insert(slices.Clone(t.Axes), 1, shape.Axis{Label: label, Size: shape.Letter(label)})
			}
		}
		return true
	})
}

// For instantiates the rule for a layer: a diagram for each thing that it says.
func (r *rule) For(layer diagram.Layer) (diagram.LayerRule, []source.Diagnostic) {
	said := &report{}
	in := &instance{rule: r, report: said, layer: layer, made: diagram.LayerRule{Change: map[string]*diagram.Diagram{}}}
	e := in.elaborator(nil, "")
	if e == nil {
		return in.made, said.inOrder()
	}
	in.read(e)
	in.made.AtBox = in.names.atBox
	for i, line := range in.lines {
		in.line(in.lines[:i], line)
	}
	in.states()
	return in.made, said.inOrder()
}

// instance is a rule while it is made for a layer.
type instance struct {
	*rule
	report *report
	layer  diagram.Layer
	names  *atNames
	lines  []ruleLine // what holds for the layer, in order
	phases []string
	made   diagram.LayerRule

	relabels map[string]string // labels of what comes in and goes out → that of what goes out
}

// line makes what one statement of the rule says of the layer.
func (in *instance) line(before []ruleLine, line ruleLine) {
	switch s := line.stmt.(type) {
	case *grammar.SendNothing:
		in.made.SendNothing = true
	case *grammar.Change:
		if in.layer.IsOutput && !line.atOutput {
			return // the losses say how that layer learns
		}
		name := in.names.weight(s.Def.Name.Text)
		in.made.Change[name] = in.build(before, s, &ruleSite{title: "change " + name, wanted: in.weightAxes(name), isWeight: true})
	case *grammar.Phase:
		in.phase(before, line, s)
	case *grammar.Settle:
		in.report.fault(InvalidEntry, s.Span(), "`settle` stands in a phase: `phase relaxed { settle 20 { y = … } }`")
	case *grammar.Assign:
		in.assign(before, line, s)
	}
}

func (in *instance) assign(before []ruleLine, line ruleLine, s *grammar.Assign) {
	name := targetName(s.Targets[0])
	if at, ok := s.Targets[0].(*grammar.At); ok {
		in.signalIn(before, s, at)
		return
	}
	if in.layer.IsOutput && !line.atOutput && (name == "signal" || name == "objective") {
		return // the losses say what arrives there
	}
	switch name {
	case "signal":
		in.made.Signal = in.build(before, s, &ruleSite{title: name, wanted: in.output().Axes})
		in.made.Reaches = in.made.Reaches || line.atOutput
	case "send":
		in.made.Send = in.build(before, s, &ruleSite{title: name, wanted: in.layer.Input.Axes})
	case "objective":
		in.made.Objective = in.build(before, s, &ruleSite{title: name, isScalar: true})
		in.made.Reaches = in.made.Reaches || line.atOutput
	}
}

// signalIn is `signal@p = …`: what arrives in a phase.
func (in *instance) signalIn(before []ruleLine, s *grammar.Assign, at *grammar.At) {
	name, isName := at.Of.(*grammar.Name)
	if !isName || name.Text != "signal" || !in.holdPhase(at.Phase) {
		if isName && name.Text != "signal" {
			in.report.fault(InvalidEntry, at.Span(), "only the signal is said of a phase from outside: `signal@%s = …`", at.Phase.Text)
		}
		return
	}
	if in.made.Signals == nil {
		in.made.Signals = map[string]*diagram.Diagram{}
	}
	in.made.Signals[at.Phase.Text] = in.build(before, s, &ruleSite{title: "signal@" + at.Phase.Text, wanted: in.output().Axes})
}

func (in *instance) holdPhase(word *grammar.Word) bool {
	for _, p := range in.made.Phases {
		if p.Name == word.Text {
			return true
		}
	}
	in.report.fault(UnknownName, word.Span(), "the rule has no phase `%s` before this%s", word.Text, meant(word.Text, in.phases))
	return false
}

// output is the type of y as the rule means it.
func (in *instance) output() shape.Type {
	if in.names.atBox {
		return in.layer.Made
	}
	return in.layer.Output
}

func (in *instance) weightAxes(name string) shape.Shape {
	for _, w := range in.layer.Weights {
		if lastSegment(w.Path) == name {
			return w.Axes
		}
	}
	return nil
}

// build elaborates one thing that the rule says of the layer.
func (in *instance) build(before []ruleLine, s grammar.Stmt, site *ruleSite) *diagram.Diagram {
	e := in.elaborator(site, site.title)
	if e == nil {
		return nil
	}
	e.d.Span = s.Span()
	from := len(in.report.said)
	for _, line := range before {
		e.ruleStatement(line.stmt)
	}
	w := e.ruleValue(s)
	return in.ended(e, w, from)
}

// ended is the diagram of an elaborator with its result, or nil.
func (in *instance) ended(e *elaborator, w *diagram.Wire, from int) *diagram.Diagram {
	e.finish()
	if w == nil || in.report.hasErrors(from) {
		return nil
	}
	e.d.Out = []*diagram.Wire{w}
	prune(e.d)
	return e.d
}

// elaborator starts a program of the rule; nil where its brackets are wrong.
func (in *instance) elaborator(site *ruleSite, title string) *elaborator {
	e := in.program.elaborator(in.report, in.decl.unit)
	e.d.Name, e.d.Span = in.decl.name+" "+title, in.decl.span
	if site == nil {
		site = &ruleSite{}
	}
	site.instance, site.meanings = in, map[string]*diagram.Wire{}
	e.rule = site
	in.facts(e)
	if !e.ruleParameters(in.rule) {
		return nil
	}
	if in.names != nil {
		e.ruleWires(in.names)
	}
	return e
}

func (e *elaborator) ruleParameters(r *rule) bool {
	sign := &signature{params: (&report{}).parameters(r.decl.rule.Params)}
	e.settleKinds(sign)
	words := r.words
	if words != nil {
		for _, p := range sign.params {
			if v, ok := words.values[p.name]; ok {
				e.defineParameter(p, v, p.span)
			}
		}
	}
	return e.presets(sign, words, r.decl.span)
}

// ruleStatement elaborates what a rule says before: names for what follows. What it says
// of signals, weights and phases is made by itself.
func (e *elaborator) ruleStatement(s grammar.Stmt) {
	switch s := s.(type) {
	case *grammar.Fixed:
		e.fixed(s)
	case *grammar.Trace:
		e.trace(s)
	case *grammar.Aux:
		e.aux(s)
	case *grammar.State:
		e.ruleState(s)
	case *grammar.For:
		e.loop(s)
	case *grammar.Assign:
		if !e.rule.isSaid(s) {
			e.assign(s)
		}
	}
}

// ruleValue is the wire of what a rule says, in the order of axes that is wanted.
func (e *elaborator) ruleValue(s grammar.Stmt) *diagram.Wire {
	var v value
	switch s := s.(type) {
	case *grammar.Assign:
		if target, ok := s.Targets[0].(*grammar.Apply); ok {
			v = e.equated("", target, s.Value)
		} else {
			v = e.eval(s.Value)
		}
	case *grammar.Change:
		if s.Def.Axes == nil {
			v = e.eval(s.Def.Value)
		} else {
			v = e.equated("", s.Def.Target(), s.Def.Value)
		}
	}
	w, ok := e.oneWire(v, s.Span())
	if !ok {
		return nil
	}
	return e.fitted(w, s.Span())
}

// fitted holds what a rule says against the axes it must have. Axes that a signal lacks
// are filled, and those that a change has beyond its weight's are averaged over.
func (e *elaborator) fitted(w *diagram.Wire, span source.Span) *diagram.Wire {
	wanted := e.rule.wanted
	switch {
	case e.rule.isScalar:
		return e.scalarObjective(w, span)
	case wanted == nil:
		return w
	case sameLabels(w.Type.Axes.Labels(), wanted.Labels()) && distinct(wanted):
		if !w.Type.Axes.Equal(wanted) {
			w = e.arranged(w, wanted.Labels(), span)
		}
	case e.rule.isWeight && !isWithin(wanted, w.Type.Axes), !e.rule.isWeight && !isWithin(w.Type.Axes, wanted):
		e.fault(RuleMismatch, span, "`%s` is %s, and this layer wants %s", e.rule.title, e.typeOf(w), wanted)
		return nil
	}
	return e.asTold(w, span)
}

// isWithin reports whether all the axes are among others.
func isWithin(axes, others shape.Shape) bool {
	for _, a := range axes {
		if others.Index(a.Label) < 0 {
			return false
		}
	}
	return true
}

func distinct(axes shape.Shape) bool {
	for i, a := range axes {
		if axes.Index(a.Label) < i {
			return false
		}
	}
	return true
}

// scalarObjective averages an objective over the axes it has.
func (e *elaborator) scalarObjective(w *diagram.Wire, span source.Span) *diagram.Wire {
	if len(w.Type.Axes) == 0 {
		return w
	}
	out := &diagram.Wire{Span: span}
	b := diagram.NewBox(diagram.Reduce{Fn: "mean"}, nil, w.Type.Axes, []*diagram.Wire{w}, []*diagram.Wire{out})
	b.Span = span
	e.add(b)
	return out
}
