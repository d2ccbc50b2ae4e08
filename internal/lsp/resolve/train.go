package resolve

import "ncd/grammar"

// entries resolves the lines of a train block or of one of its stages.
func (w *walker) entries(entries []grammar.Entry) {
	for _, entry := range entries {
		switch x := entry.(type) {
		case *grammar.Data:
			w.data(x)
		case *grammar.Model:
			w.wire(x.Def.Name.Text, x.Def.Name.Span(), true)
			w.models[x.Def.Name.Text] = w.modelOf(x.Def.Value)
			w.axes(x.Def.Axes)
			w.value(x.Def.Value, true)
		case *grammar.RuleUse:
			for _, use := range x.Uses {
				w.use(use)
			}
		case *grammar.Group:
			w.part(x.Part)
			w.regroup(x.Change)
		case *grammar.Stage:
			w.mention(x.Name.Span(), w.own(Stage, x.Name.Text)).Defines = true
			w.entries(x.Entries)
		case *grammar.Let:
			for _, name := range x.Names {
				w.wire(name.Text, name.Span(), w.isBoxValue(x.Value))
			}
			w.value(x.Value, false)
		case *grammar.Setting:
			w.setting(x)
		}
	}
}

// modelOf is the diagram that a model is, or that of the model it is made of.
func (w *walker) modelOf(x grammar.Expr) grammar.Decl {
	if d := w.diagramOf(x); d != nil {
		return d
	}
	if apply, isApply := x.(*grammar.Apply); isApply && len(apply.Args) > 0 {
		if of, isName := apply.Args[0].Plain().(*grammar.Name); isName {
			return w.models[of.Text]
		}
	}
	return nil
}

func (w *walker) data(x *grammar.Data) {
	for _, p := range x.Ports {
		w.port(p)
	}
	flow, isFlow := x.From.(*grammar.Flow)
	if !isFlow {
		w.source(x.From)
		return
	}
	w.source(flow.Steps[0])
	w.onto(programs, func() {
		for _, step := range flow.Steps[1:] {
			w.value(step, true)
		}
	})
}

// source resolves the brackets of a data source; its own name is none of a text.
func (w *walker) source(x grammar.Expr) {
	apply, isApply := x.(*grammar.Apply)
	if !isApply {
		return
	}
	for _, arg := range apply.Args {
		value := arg.Plain()
		if item := namedItem(arg); item != nil {
			value = item.Value
		}
		w.argument("word", value)
	}
}

func (w *walker) use(u *grammar.Use) {
	if u.Part != nil {
		w.part(u.Part)
	}
	w.value(u.Rule, true)
	w.declaredName(u.Over)
}

// setting resolves any other line by its key.
func (w *walker) setting(x *grammar.Setting) {
	switch x.Key.Text {
	case "optimizer":
		w.optimizer(x.Value)
	case "freeze":
		w.part(x.Value)
	case "loss", "report":
		w.value(x.Value, false)
	default:
		w.size(x.Value)
	}
}

// optimizer resolves an optimiser and the filters behind it, whose rates may be
// schedules.
func (w *walker) optimizer(x grammar.Expr) {
	steps := []grammar.Expr{x}
	if flow, isFlow := x.(*grammar.Flow); isFlow {
		steps = flow.Steps
	}
	for i, step := range steps {
		shelf := schedules
		if i > 0 {
			shelf = filters
		}
		w.onto(shelf, func() { w.value(step, true) })
		if apply, isApply := step.(*grammar.Apply); isApply {
			step = apply.Fn
		}
		if name, isName := step.(*grammar.Name); isName {
			w.onto(shelf, func() { w.tuned = append(w.tuned, w.calleeOf(w.beyond(name.Text))) })
		}
	}
}

func (w *walker) onto(shelf string, resolve func()) {
	before := w.shelf
	w.shelf = shelf
	resolve()
	w.shelf = before
}

// regroup resolves what a parameter of the optimiser is for a part of the model.
func (w *walker) regroup(x grammar.Expr) {
	grammar.Walk(x, func(n grammar.Node) bool {
		name, isName := n.(*grammar.Name)
		if !isName {
			return true
		}
		for _, c := range w.tuned {
			if _, isParameter := c.kind(name.Text); isParameter && c.decl != nil {
				w.mention(bare(name), Symbol{Axis, name.Text, c.decl})
				return false
			}
		}
		w.sized(name)
		return false
	})
}
