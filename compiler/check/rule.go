package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// rules are the learning rules of a train block, or the one that is asked for in
// their place.
func (t *training) rules(es *entries) []diagram.RuleUse {
	if t.program.options.Rule != "" {
		x := t.program.readValue("rule", t.program.options.Rule)
		if x == nil {
			t.job.failed = true
			return nil
		}
		return t.ruleUse(nil, &grammar.Use{Rule: x})
	}
	var uses []diagram.RuleUse
	for _, entry := range es.rules {
		for _, u := range entry.Uses {
			uses = t.ruleUse(uses, u)
		}
	}
	if len(es.rules) == 0 {
		if d := t.unit.find("backprop"); d != nil && d.kind == "rule" {
			t.program.ensure(d)
			return []diagram.RuleUse{{Rule: &rule{program: t.program, decl: d}}}
		}
		t.fault(EntryMissing, t.made.Span, "this train block has no `rule`")
	}
	return uses
}

func (t *training) ruleUse(uses []diagram.RuleUse, u *grammar.Use) []diagram.RuleUse {
	if u.Over != nil {
		t.notYet(u.Over.Span(), "a rule `over` a diagram")
		return uses
	}
	made := diagram.RuleUse{}
	if u.Part != nil {
		part, ok := t.part(u.Part)
		if !ok {
			return uses
		}
		made.Part = part
	}
	r, ok := t.ruleOf(u.Rule)
	if !ok {
		return uses
	}
	made.Rule = r
	return append(uses, made)
}

// part is the path of a part of a model: net.stem.
func (t *training) part(x grammar.Expr) ([]string, bool) {
	switch x := x.(type) {
	case *grammar.Name:
		if slices.ContainsFunc(t.models, func(b *bound) bool { return b.name == x.Text }) {
			t.scope.use(x.Text)
			return nil, true
		}
		t.fault(UnknownName, x.Span(), "no model is called `%s`", x.Text)
		return nil, false
	case *grammar.Select:
		path, ok := t.part(x.From)
		if x.Name != nil {
			return append(path, x.Name.Text), ok
		}
	}
	t.fault(InvalidEntry, x.Span(), "a part of a model is written `net.stem`")
	return nil, false
}

// ruleOf finds a learning rule with its brackets.
func (t *training) ruleOf(x grammar.Expr) (diagram.Rule, bool) {
	fn, args := x, []*grammar.Arg(nil)
	if apply, ok := x.(*grammar.Apply); ok {
		fn, args = apply.Fn, apply.Args
	}
	name, ok := fn.(*grammar.Name)
	if !ok {
		t.fault(InvalidEntry, x.Span(), "a learning rule is a name with its brackets: `dfa[scale = 0.1]`")
		return nil, false
	}
	d := t.unit.find(name.Text)
	if d == nil || d.kind != "rule" {
		t.fault(UnknownName, name.Span(), "no learning rule `%s`%s", name.Text, meant(name.Text, t.unit.known("rule")))
		return nil, false
	}
	t.program.ensure(d)
	sign := &signature{params: (&report{}).parameters(d.rule.Params)}
	t.settleKinds(sign)
	words, ok := t.reader().bracketsOf(sign, args, d.name, x.Span())
	return &rule{program: t.program, decl: d, words: words}, ok && !d.broken
}

// rule is a learning rule of the language.
type rule struct {
	program *Program
	decl    *declared
	words   *brackets // nil: no brackets
}

func (r *rule) Name() string { return r.decl.name }

// ruleSite is what the program of a learning rule stands for: one layer.
type ruleSite struct {
	layer   diagram.Layer
	weights map[string]string // name in the rule → the weight's name
	input   *diagram.Wire     // x
}

// checkRule instantiates a rule for a layer of letters.
func (p *Program) checkRule(d *declared) {
	before := len(p.report.said)
	if d.rule.Over != nil {
		p.notYet(d.rule.Over.Span(), "a rule `over` a diagram")
	}
	p.ruleStatements(d.rule.Body)
	if p.report.hasErrors(before) {
		return
	}
	layer := p.lettersLayer(d.unit)
	_, said := (&rule{program: p, decl: d}).For(layer)
	p.tell(said)
}

// lettersLayer is a linear layer with letters for sizes, in a model of classes, with
// the data of the file's train blocks.
func (p *Program) lettersLayer(u *unit) diagram.Layer {
	axis := func(label string) shape.Axis { return shape.Axis{Label: label, Size: shape.Letter(label)} }
	typed := func(label string) shape.Type { return shape.Type{Axes: shape.Shape{axis(ambient), axis(label)}} }
	class := axis("class")
	layer := diagram.Layer{
		Kind: "linear", Path: "layer", Input: typed("i"), Output: typed("o"), Error: typed("class"),
		Weights: []*diagram.Weight{{Path: "layer.weight", Axes: shape.Shape{axis("i"), axis("o")}}},
	}
	for _, d := range u.ordered {
		if d.train == nil {
			continue
		}
		e := p.elaborator(&report{}, u)
		for _, c := range e.clauses((&report{}).entriesOf(d.train)) {
			for _, f := range c.Fields {
				f.Type.Axes = append(shape.Shape{axis(ambient)}, f.Type.Axes...)
				layer.Data = append(layer.Data, &diagram.Wire{Name: f.Name, Type: f.Type})
			}
		}
	}
	return withLabel(layer, class)
}

// withLabel gives a layer the data wire `label`, if it has none, and the error the
// axis that the labels are along.
func withLabel(layer diagram.Layer, class shape.Axis) diagram.Layer {
	for _, w := range layer.Data {
		if w.Name == "label" && w.Type.IsPlace() {
			layer.Error.Axes = shape.Shape{layer.Error.Axes[0], *w.Type.In}
			return layer
		}
	}
	batch := layer.Error.Axes[:1:1]
	layer.Data = append(layer.Data, &diagram.Wire{Name: "label", Type: shape.Type{Axes: batch, In: &class}})
	return layer
}

// ruleStatements tells of what learning rules cannot say yet.
func (p *Program) ruleStatements(b *grammar.RuleBlock) {
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *grammar.AtBox:
			p.ruleStatements(s.Body)
		case *grammar.Phase:
			p.notYet(s.Span(), "`phase`")
		case *grammar.Settle:
			p.notYet(s.Span(), "`settle`")
		case *grammar.Trace:
			p.notYet(s.Span(), "`trace`")
		case *grammar.Aux:
			p.notYet(s.Span(), "`aux`")
		case *grammar.Assign, *grammar.Fixed, *grammar.Change, *grammar.SendNothing:
		default:
			p.notYet(s.Span(), "this statement of a rule")
		}
	}
}

// For instantiates the rule for a layer: a diagram for each thing that it says.
func (r *rule) For(layer diagram.Layer) (diagram.LayerRule, []source.Diagnostic) {
	said := &report{}
	made := diagram.LayerRule{Change: map[string]*diagram.Diagram{}}
	body, names := r.statements(layer)
	for i, s := range body {
		switch s := s.(type) {
		case *grammar.SendNothing:
			made.SendNothing = true
		case *grammar.Change:
			name := names.weight(s.Def.Name.Text)
			made.Change[name] = r.build(said, layer, names, body[:i], s, "change "+name)
		case *grammar.Assign:
			switch targetName(s.Targets[0]) {
			case "signal":
				made.Signal = r.build(said, layer, names, body[:i], s, "signal")
			case "send":
				made.Send = r.build(said, layer, names, body[:i], s, "send")
			case "objective":
				made.Objective = r.build(said, layer, names, body[:i], s, "objective")
			}
		}
	}
	return made, said.inOrder()
}

// atNames are what an `at` block calls the layer's weights, input and output.
type atNames struct {
	weights       map[string]string
	input, output string
}

func (n *atNames) weight(name string) string {
	if known, ok := n.weights[name]; ok {
		return known
	}
	return name
}

// statements are those of the rule that hold for a layer: what is said for its
// kind of box comes after what is said for all.
func (r *rule) statements(layer diagram.Layer) ([]grammar.Stmt, *atNames) {
	names := &atNames{weights: map[string]string{"w": "weight", "b": "bias"}, input: "x", output: "y"}
	var body []grammar.Stmt
	for _, s := range r.decl.rule.Body.Stmts {
		at, isAt := s.(*grammar.AtBox)
		if !isAt {
			body = append(body, s)
			continue
		}
		if !isKind(layer.Kind, at.Box.Text) || len(at.Ports.List) == 0 {
			continue
		}
		ports := at.Ports.List
		names.input, names.output = ports[len(ports)-1].Name.Text, at.Out.Name.Text
		for i, role := range []string{"weight", "bias"} {
			if i < len(ports)-1 {
				names.weights[ports[i].Name.Text] = role
			}
		}
		for _, inner := range at.Body.Stmts {
			body = append(body, inner)
		}
	}
	return body, names
}

// isKind reports whether a layer's box is of the kind an `at` names. An affine box
// is a linear one with a bias.
func isKind(kind, named string) bool {
	return kind == named || kind == "affine" && named == "linear"
}

// build elaborates one thing that the rule says of a layer.
func (r *rule) build(said *report, layer diagram.Layer, names *atNames, before []grammar.Stmt, s grammar.Stmt, title string) *diagram.Diagram {
	e := r.program.elaborator(said, r.decl.unit)
	e.d.Name, e.d.Span = r.decl.name+" "+title, s.Span()
	e.rule = &ruleSite{layer: layer, weights: names.weights}
	if !e.ruleParameters(r) {
		return nil
	}
	e.ruleWires(layer, names)
	from := len(said.said)
	for _, b := range before {
		e.ruleStatement(b)
	}
	w := e.ruleValue(s, title)
	e.finish()
	if w == nil || said.hasErrors(from) {
		return nil
	}
	e.d.Out = []*diagram.Wire{w}
	prune(e.d)
	return e.d
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

// ruleWires lets flow in what a rule may read: only what it does read is kept.
func (e *elaborator) ruleWires(layer diagram.Layer, names *atNames) {
	enter := func(name, meaning string, t shape.Type) *diagram.Wire {
		w := &diagram.Wire{Name: meaning, Type: t, Span: layer.Span}
		e.d.In = append(e.d.In, w)
		e.scope.define(name, wire{w}, layer.Span).isUsed = true
		return w
	}
	e.rule.input = enter(names.input, "x", layer.Input)
	enter(names.output, "y", layer.Output)
	enter("signal", "signal", shape.Type{Axes: layer.Output.Axes})
	enter("error", "error", layer.Error)
	for _, w := range layer.Data {
		if e.scope.look(w.Name) == nil {
			enter(w.Name, w.Name, w.Type)
		}
	}
	for name, role := range names.weights {
		if w := e.rule.weight(role); w != nil && e.scope.look(name) == nil {
			enter(name, role, shape.Type{Axes: w.Axes})
		}
	}
	for name, t := range map[string]shape.Type{"i": layer.Input, "o": layer.Output, "e": layer.Error} {
		e.groups[name] = withoutBatch(t)
	}
}

// weight is the layer's weight of that name, or nil.
func (s *ruleSite) weight(role string) *diagram.Weight {
	for _, w := range s.layer.Weights {
		if lastSegment(w.Path) == role {
			return w
		}
	}
	return nil
}

func lastSegment(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return path
}

// withoutBatch are a wire's axes but the batch; of places, the axis they are along.
func withoutBatch(t shape.Type) shape.Shape {
	axes := shape.Shape{}
	for _, a := range t.Axes {
		if a.Label != ambient {
			axes = append(axes, a)
		}
	}
	if t.IsPlace() {
		axes = append(axes, *t.In)
	}
	return axes
}

// ruleStatement elaborates what a rule says before.
func (e *elaborator) ruleStatement(s grammar.Stmt) {
	switch s := s.(type) {
	case *grammar.Fixed:
		e.fixed(s)
	case *grammar.Assign:
		switch targetName(s.Targets[0]) {
		case "signal", "send", "objective":
		default:
			e.assign(s)
		}
	}
}

// ruleValue is the wire of what a rule says, in the order of axes that the layer
// wants.
func (e *elaborator) ruleValue(s grammar.Stmt, title string) *diagram.Wire {
	var v value
	switch s := s.(type) {
	case *grammar.Assign:
		if target, ok := s.Targets[0].(*grammar.Apply); ok {
			v = e.equated("", target, s.Value)
		} else {
			v = e.eval(s.Value)
		}
	case *grammar.Change:
		v = e.changeValue(s)
	}
	w, ok := e.oneWire(v, s.Span())
	if !ok {
		return nil
	}
	return e.fitted(w, title, s.Span())
}

func (e *elaborator) changeValue(s *grammar.Change) value {
	if s.Def.Axes != nil {
		return e.notYet(s.Def.Axes.Span(), "`change` with axes")
	}
	return e.eval(s.Def.Value)
}

// fitted holds what a rule says against the axes it must have.
func (e *elaborator) fitted(w *diagram.Wire, title string, span source.Span) *diagram.Wire {
	var wanted shape.Shape
	switch title {
	case "objective":
		return e.scalarObjective(w, span)
	case "signal":
		wanted = e.rule.layer.Output.Axes
	case "send":
		wanted = e.rule.layer.Input.Axes
	default:
		weight := e.rule.weight(lastSegment("." + title[len("change "):]))
		if weight == nil {
			return w
		}
		wanted = weight.Axes
	}
	if w.Type.Axes.Equal(wanted) {
		return w
	}
	if !sameLabels(w.Type.Axes.Labels(), wanted.Labels()) || !distinct(wanted) {
		e.fault(RuleMismatch, span, "`%s` is %s, and this layer wants %s", title, e.typeOf(w), wanted)
		return nil
	}
	return e.arranged(w, wanted.Labels(), span)
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

// fixed makes an array that is drawn once and never changes.
func (e *elaborator) fixed(s *grammar.Fixed) {
	axes, ok := e.fixedAxes(s)
	if !ok {
		e.define(s.Name.Text, poison{}, s.Name.Span())
		return
	}
	init := diagram.Init{Kind: "uniform", Scale: 1}
	if s.Like != nil {
		init = e.rule.weight(e.rule.weights[s.Like.Text]).Init
	} else if init, ok = e.drawn(s.Value); !ok {
		e.define(s.Name.Text, poison{}, s.Name.Span())
		return
	}
	weight := &diagram.Weight{Path: s.Name.Text, Axes: axes, Init: init, Frozen: true, Span: s.Span()}
	e.d.Weights = append(e.d.Weights, weight)
	out := &diagram.Wire{Name: s.Name.Text, Type: shape.Type{Axes: axes}, Span: s.Span()}
	weave := diagram.Weave{Own: axes, Out: [][]diagram.Affine{ownPort(len(axes))}}
	e.add(&diagram.Box{Op: diagram.Learned{Weight: weight}, Out: []*diagram.Wire{out}, Weave: weave, Name: s.Name.Text, Span: s.Span()})
	e.define(s.Name.Text, wire{out}, s.Name.Span())
}

func (e *elaborator) fixedAxes(s *grammar.Fixed) (shape.Shape, bool) {
	if s.Like != nil {
		w := e.rule.weight(e.rule.weights[s.Like.Text])
		if w == nil {
			e.fault(RuleMismatch, s.Like.Span(), "this layer has no weight `%s`", s.Like.Text)
			return nil, false
		}
		return w.Axes, true
	}
	if s.Axes == nil {
		return shape.Shape{}, true
	}
	axes := shape.Shape{}
	for _, spec := range e.axisSpecs(s.Axes.List) {
		some, _, ok := e.typed([]*axisSpec{spec}, "")
		if !ok {
			return nil, false
		}
		for _, a := range some {
			for axes.Index(a.Label) >= 0 {
				a.Label += "'"
			}
			axes = append(axes, a)
		}
	}
	return axes, true
}

// drawn is how the numbers of a fixed array are drawn: `uniform` from -1 to 1 or
// `normal`, times a number, or a number alone.
func (e *elaborator) drawn(x grammar.Expr) (diagram.Init, bool) {
	switch x := x.(type) {
	case *grammar.Name:
		if x.Text == "uniform" || x.Text == "normal" {
			return diagram.Init{Kind: x.Text, Scale: 1}, true
		}
	case *grammar.Binary:
		if x.Op != "*" && x.Op != "/" {
			break
		}
		init, ok := e.drawn(x.Left)
		scale, okScale := e.drawn(x.Right)
		if !ok || !okScale || scale.Kind != "constant" && (init.Kind != "constant" || x.Op == "/") {
			break
		}
		if init.Kind == "constant" {
			init.Kind = scale.Kind
		}
		if x.Op == "/" {
			init.Scale /= scale.Scale
		} else {
			init.Scale *= scale.Scale
		}
		return init, true
	}
	if s, ok := e.eval(x).(static); ok {
		if n, isNumber := s.number.Float(); isNumber {
			return diagram.Init{Kind: "constant", Scale: n}, true
		}
	}
	e.fault(RuleMismatch, x.Span(), "a fixed array is `uniform`, `normal`, or a number times one of them")
	return diagram.Init{}, false
}

// prune takes out what does not lead to a result.
func prune(d *diagram.Diagram) {
	needed := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		needed[w] = true
	}
	var boxes []*diagram.Box
	for _, b := range slices.Backward(d.Boxes) {
		if !slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return needed[w] }) {
			continue
		}
		for _, w := range b.In {
			needed[w] = true
		}
		boxes = append(boxes, b)
	}
	slices.Reverse(boxes)
	d.Boxes = boxes
	d.In = slices.DeleteFunc(d.In, func(w *diagram.Wire) bool { return !needed[w] })
	d.Weights = slices.DeleteFunc(d.Weights, func(weight *diagram.Weight) bool {
		return !slices.ContainsFunc(boxes, func(b *diagram.Box) bool {
			learned, ok := b.Op.(diagram.Learned)
			return ok && learned.Weight == weight
		})
	})
}
