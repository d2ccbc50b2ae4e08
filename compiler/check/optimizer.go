package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// updater is an optimiser of a train block, or a filter behind it: a diagram with
// its brackets, and what groups say of its parameters.
type updater struct {
	training *training
	call     *configured
	decl     *declared
	what     string // "optimiser" or "filter"
	wants    string // the ports it must have
	groups   []*group
}

// updatePorts are the wires that an optimiser or filter may ask for.
var updatePorts = setOf("weight change step length")

// optimizer finds the diagrams that change weights: the optimiser, and the filters
// of the wanted changes behind it.
func (t *training) optimizer(es *entries) {
	s := es.settings["optimizer"]
	if s == nil && t.optimizersOfRules(es) {
		return
	}
	if s == nil {
		f := t.fault(EntryMissing, t.made.Span, "this train block has no `optimizer`")
		f.Help = append(f.Help, "optimizer adam[rate = 1e-3]")
		return
	}
	updaters := t.updaters(s.Value)
	t.groups(es, updaters)
	for i, u := range updaters {
		if u == nil || !t.tried(u) {
			continue
		}
		if i == 0 {
			t.made.Optimizer = u.diagram
		} else {
			t.made.Filters = append(t.made.Filters, u.diagram)
		}
	}
}

// updaters are an optimiser and the filters behind it.
func (t *training) updaters(x grammar.Expr) []*updater {
	steps := []grammar.Expr{x}
	if flow, ok := x.(*grammar.Flow); ok {
		steps = flow.Steps
	}
	updaters := []*updater{t.optimiser(steps[0])}
	for _, x := range steps[1:] {
		updaters = append(updaters, t.filter(x))
	}
	return updaters
}

func (t *training) optimiser(x grammar.Expr) *updater {
	before := len(t.said)
	c, ok := t.handed(x).(*configured)
	if !ok {
		if !t.hasErrors(before) {
			t.fault(InvalidEntry, x.Span(), "an optimiser is a diagram: `adam[rate = 1e-3]`")
		}
		return nil
	}
	d, ok := c.made.(*declared)
	if !ok {
		t.fault(InvalidEntry, x.Span(), "an optimiser is a diagram (weight[a..], change[a..]) -> [a..]")
		return nil
	}
	t.program.ensure(d)
	u := &updater{training: t, call: c, decl: d, what: "optimiser", wants: "weight"}
	return u.sound()
}

func (t *training) filter(x grammar.Expr) *updater {
	d := t.shelved(filters, x)
	if d == nil {
		t.noneShelved(filters, x)
		return nil
	}
	u := &updater{training: t, call: t.shelvedAs(d, x), decl: d, what: "filter", wants: "change"}
	return u.sound()
}

// sound holds that a diagram takes what there is for it to take; else it is nil.
func (u *updater) sound() *updater {
	if u.decl.signature == nil {
		return nil
	}
	ports := u.decl.signature.ports
	isSound := u.decl.signature.port(u.wants) != nil && u.decl.signature.port("change") != nil
	for _, p := range ports {
		isSound = isSound && updatePorts[p.name]
	}
	if isSound {
		return u
	}
	f := u.training.fault(InvalidEntry, u.call.span, "%s takes a weight and its change, and `%s` does not", article(u.what), u.decl.name)
	f.Help = append(f.Help, "its ports are some of `weight[a..]`, `change[a..]`, `step[]` and `length[]`, by these names")
	return nil
}

func article(noun string) string {
	if noun == "optimiser" {
		return "an " + noun
	}
	return "a " + noun
}

// tried elaborates an updater for a weight of letters, by itself and for each part
// that a group is for, and tells what is wrong.
func (t *training) tried(u *updater) bool {
	before := len(t.said)
	paths := []string{""}
	for _, g := range u.groups {
		paths = append(paths, g.path())
	}
	for _, path := range paths {
		axes := shape.Shape{{Label: "a", Size: shape.Letter("a")}}
		r := &report{}
		(&update{updater: u, path: path, report: r, total: shape.Letter(totalSteps)}).elaborate(axes)
		t.said = append(t.said, r.said...)
	}
	return !t.hasErrors(before)
}

// diagram elaborates an updater for one weight.
func (u *updater) diagram(path string, axes shape.Shape) (*diagram.Diagram, []source.Diagnostic) {
	steps, isKnown := u.training.made.TotalSteps()
	made := &update{updater: u, path: path, report: &report{}, total: shape.Int(steps)}
	if !isKnown {
		made.total = shape.Letter(totalSteps)
	}
	d := made.elaborate(axes)
	if made.asksTotal && !isKnown {
		f := made.report.fault(SizeUnknown, u.call.span, "a schedule wants to know how many steps the run has, and nothing says it")
		f.Help = append(f.Help, "say `steps 2000` in the train block")
		d = nil
	}
	return d, made.report.inOrder()
}

// update is an updater while it is elaborated for one weight.
type update struct {
	*updater
	path      string
	report    *report
	total     shape.Size // how many steps the run has
	asksTotal bool

	inner    *elaborator
	stepWire *diagram.Wire // of schedules, once one is there
}

// elaborate makes the diagram; nil where there are errors.
func (u *update) elaborate(axes shape.Shape) *diagram.Diagram {
	outer := u.training.program.elaborator(u.report, u.decl.unit)
	u.inner = outer.inside(u.decl.unit, newStore())
	u.inner.begin(u.decl)
	u.inner.mayRemember = true
	site := *u.call.site
	site.report = u.report
	r := &reader{elaborator: &site, scope: u.call.scope, incoming: u.wires(axes)}
	r.changing = func(x grammar.Expr) value { return u.changing(r, x) }
	words, ok := r.bracketsOf(u.decl.signature, u.call.args, u.decl.name, u.call.span)
	if !ok || !u.regroup(r, words) {
		u.report.said = append(u.report.said, u.inner.said...)
		return nil
	}
	k := &call{elaborator: outer, at: use{span: u.call.span}, decl: u.decl, sign: u.decl.signature, wires: r.incoming, words: words, reader: r, outside: map[string]string{}, inner: u.inner}
	results := k.results()
	if results == nil || len(results) != 1 || u.report.hasErrors(0) || u.inner.hasErrors(0) {
		u.told(k)
		return nil
	}
	if u.stepWire != nil {
		u.inner.d.In = append(u.inner.d.In, u.stepWire)
	}
	u.inner.finish()
	return u.inner.d
}

func (u *update) told(k *call) {
	k.told()
	if !u.report.hasErrors(0) && !u.decl.broken {
		u.report.fault(InvalidEntry, u.call.span, "`%s` is no %s: it must make one new %s", u.decl.name, u.what, u.wants)
	}
}

// wires are those that the ports ask for.
func (u *update) wires(axes shape.Shape) []*diagram.Wire {
	var wires []*diagram.Wire
	for _, p := range u.decl.signature.ports {
		w := &diagram.Wire{Name: p.name}
		if p.name == "weight" || p.name == "change" {
			w.Type.Axes = axes
		}
		wires = append(wires, w)
	}
	return wires
}
