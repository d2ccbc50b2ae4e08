package resolve

import "ncd/grammar"

// declaration resolves a declaration from its name to its end.
func (w *walker) declaration(decl grammar.Decl) {
	switch d := decl.(type) {
	case *grammar.Import:
		w.declares(d.As)
	case *grammar.Axis:
		w.declares(d.Name)
		w.size(d.Size)
	case *grammar.Const:
		w.declares(d.Name)
		w.size(d.Value)
	case *grammar.Diagram:
		w.diagram(d)
	case *grammar.Rule:
		w.rule(d)
	case *grammar.Train:
		w.declares(d.Name)
		w.entries(d.Entries)
	case *grammar.Figure:
		w.declares(d.Name)
		for _, key := range d.Keys {
			if key.Key.Text == "diagram" {
				w.declaredName(key.Word)
			}
		}
	case *grammar.Test:
		w.block(d.Body)
	}
}

func (w *walker) declares(name *grammar.Word) {
	if name != nil {
		w.mention(name.Span(), w.own(Declared, name.Text)).Defines = true
	}
}

// declaredName is a name that can only be that of a declaration.
func (w *walker) declaredName(name *grammar.Word) {
	if name == nil {
		return
	}
	if d := w.file.Find(name.Text); d != nil {
		w.mention(name.Span(), Symbol{Declared, name.Text, d})
		return
	}
	w.mention(name.Span(), Symbol{Space: Unknown, Name: name.Text})
}

func (w *walker) diagram(d *grammar.Diagram) {
	w.declares(d.Name)
	w.parameters(d.Params)
	w.ports(d.Ports)
	w.result(d.Result)
	if d.Expr != nil {
		w.value(d.Expr, true)
	}
	w.block(d.Body)
	if d.Reverse != nil {
		w.ports(d.Reverse.Ports)
		w.block(d.Reverse.Body)
	}
}

func (w *walker) parameters(params []*grammar.Param) {
	for _, p := range params {
		for _, list := range [][]*grammar.Name{p.Names, p.To} {
			for _, name := range list {
				w.params[name.Text] = true
				w.static(name.Text, bare(name))
				w.boxes[name.Text] = w.takesBox(p)
			}
		}
		w.size(p.Default)
	}
}

// takesBox reports whether a parameter stands for a box.
func (w *walker) takesBox(p *grammar.Param) bool {
	if name, isName := p.Default.(*grammar.Name); isName && p.Kind == nil {
		return w.isBox(name.Text)
	}
	return kindOf(p) == "diagram"
}

func (w *walker) ports(ports *grammar.Ports) {
	if ports != nil {
		for _, p := range ports.List {
			w.port(p)
		}
	}
}

func (w *walker) port(p *grammar.Port) {
	w.wireWord(p.Name)
	w.axes(p.Axes)
	w.labelWord(p.In)
}

func (w *walker) axes(args *grammar.Args) {
	if args != nil {
		w.labels(args.List)
	}
}

func (w *walker) result(t *grammar.Type) {
	if t == nil {
		return
	}
	if t.Axes != nil {
		w.labels(t.Axes.Args)
	}
	w.labelWord(t.In)
	for _, part := range t.Parts {
		w.result(part)
	}
}

func (w *walker) block(b *grammar.Block) {
	if b != nil {
		for _, s := range b.Stmts {
			w.statement(s)
		}
	}
}

func (w *walker) statement(s grammar.Stmt) {
	switch s := s.(type) {
	case *grammar.For:
		w.static(s.Var.Text, s.Var.Span())
		w.size(s.From)
		w.size(s.To)
		w.block(s.Body)
	case *grammar.If:
		w.choice(s)
	case *grammar.Save:
		w.mention(s.Slot.Span(), w.own(Slot, s.Slot.Text)).Defines = true
		if s.Index != nil {
			w.sizes(s.Index.List)
		}
		w.value(s.Value, false)
	case *grammar.State:
		w.wireWord(s.Name)
		w.axes(s.Axes)
		w.value(s.Value, false)
	case *grammar.Kept:
		w.def(s.Def)
	case *grammar.Expect:
		w.expect(s)
	case *grammar.Assign:
		w.assign(s)
	case *grammar.Result:
		for _, x := range s.Values {
			w.value(x, false)
		}
	default:
		w.ruleStatement(s)
	}
}

func (w *walker) choice(s *grammar.If) {
	w.condition(s.Cond, false)
	w.block(s.Then)
	if s.Else != nil {
		w.block(s.Else.Block)
		if s.Else.If != nil {
			w.choice(s.Else.If)
		}
	}
}

func (w *walker) def(d *grammar.Def) {
	w.wire(d.Name.Text, d.Name.Span(), w.isBoxValue(d.Value))
	w.equation(d.Axes != nil, func() {
		w.axes(d.Axes)
		w.value(d.Value, false)
	})
}

func (w *walker) expect(s *grammar.Expect) {
	w.block(s.Body)
	for _, x := range []grammar.Expr{s.Value, s.Near} {
		w.value(x, false)
	}
	if s.Type != nil {
		w.labels(s.Type.Args)
	}
	w.size(s.Within)
}

// assign resolves a definition, or an index equation where its name has brackets.
func (w *walker) assign(s *grammar.Assign) {
	isEquation := false
	for _, target := range s.Targets {
		apply, hasAxes := target.(*grammar.Apply)
		isEquation = isEquation || hasAxes
		if name := Target(target); name != nil {
			w.target(name, w.isBoxValue(s.Value))
		}
		if hasAxes {
			w.labels(apply.Args)
		}
	}
	w.equation(isEquation, func() { w.value(s.Value, false) })
}

// target is a name left of `=`. In a learning rule some are the rule's way of saying
// things, and in one of its phases the name is that of what is given to the model.
func (w *walker) target(name *grammar.Name, isBox bool) {
	_, isRule := w.decl.(*grammar.Rule)
	isSaying := name.Text == "signal" || name.Text == "send" || name.Text == "objective"
	if isRule && (isSaying || w.inPhase && !w.wires[name.Text]) {
		w.mention(bare(name), Symbol{Space: Given, Name: name.Text})
		return
	}
	w.wire(name.Text, bare(name), isBox)
}

func (w *walker) equation(isOne bool, resolve func()) {
	before := w.inEquation
	w.inEquation = isOne
	resolve()
	w.inEquation = before
}

// isBoxValue reports whether what stands right of `=` is a box: what it begins with is
// one, and no wire.
func (w *walker) isBoxValue(x grammar.Expr) bool {
	switch x := x.(type) {
	case *grammar.Flow:
		return w.isBoxValue(x.Steps[0])
	case *grammar.Power:
		return w.isBoxValue(x.Base)
	case *grammar.Apply:
		return w.isBoxValue(x.Fn)
	case *grammar.Name:
		if w.isBound(x.Text) {
			return w.boxes[x.Text]
		}
		return w.isBox(x.Text)
	case *grammar.Box:
		return true
	}
	return false
}
