package resolve

import (
	"ncd/compiler/check"
	"ncd/grammar"
)

// value resolves what flows, or what it flows through where isStep holds.
func (w *walker) value(x grammar.Expr, isStep bool) {
	switch x := x.(type) {
	case *grammar.Name:
		w.word(x, isStep)
	case *grammar.Load:
		w.mention(x.Slot.Span(), w.own(Slot, x.Slot.Text))
		w.sizes(x.Index)
	case *grammar.Tuple:
		for _, part := range x.Parts {
			w.value(part, isStep)
		}
	case *grammar.Merge:
		w.items(x.Items)
	case *grammar.Box:
		w.labels(x.Args)
	case *grammar.Binary:
		w.value(x.Left, false)
		w.value(x.Right, false)
	case *grammar.Negate:
		w.value(x.Of, false)
	case *grammar.Power:
		w.value(x.Base, isStep)
		w.size(x.Exponent)
	case *grammar.Flow:
		for i, step := range x.Steps {
			w.value(step, isStep || i > 0)
		}
	case *grammar.Apply:
		w.apply(x, isStep)
	case *grammar.Select:
		w.selected(x)
	case *grammar.At:
		w.value(x.Of, false)
		w.mention(x.Phase.Span(), w.own(Phase, x.Phase.Text))
	}
}

// size resolves what is known before data flow: sizes, numbers, words, boxes.
func (w *walker) size(x grammar.Expr) {
	switch x := x.(type) {
	case *grammar.Name:
		w.sized(x)
	case *grammar.Binary:
		w.size(x.Left)
		w.size(x.Right)
	case *grammar.Negate:
		w.size(x.Of)
	case *grammar.Power:
		w.size(x.Base)
		w.size(x.Exponent)
	case *grammar.Apply:
		if isFunction(x) {
			w.sizes(x.Args)
			return
		}
		w.apply(x, true)
	case nil, *grammar.Number, *grammar.Text:
	default:
		w.value(x, true)
	}
}

func (w *walker) sizes(args []*grammar.Arg) {
	for _, arg := range args {
		if x := arg.Plain(); x != nil {
			w.size(x)
		}
	}
}

// isFunction reports whether brackets are those of a function of sizes, or of a word
// with a number (`last[4]`).
func isFunction(x *grammar.Apply) bool {
	name, isName := x.Fn.(*grammar.Name)
	if !isName {
		return false
	}
	switch name.Text {
	case "ceil", "floor", "last", "random":
		return len(x.Args) == 1
	case "min", "max":
		return len(x.Args) > 1
	}
	return name.Text == "window_count"
}

// apply resolves a box with its brackets, or a wire with its axes.
func (w *walker) apply(x *grammar.Apply, isStep bool) {
	name, isName := x.Fn.(*grammar.Name)
	if !isName {
		w.value(x.Fn, isStep)
		w.brackets(w.calleeBehind(x.Fn), x.Args)
		return
	}
	isFactor := w.wires[name.Text] && !w.boxes[name.Text] && (w.inEquation || !w.isBox(name.Text))
	switch {
	case isFactor:
		w.word(name, false)
		w.labels(x.Args)
	case isFunction(x) && !isStep && !w.isBound(name.Text):
		w.sizes(x.Args)
	default:
		before := w.shelf
		made := w.calleeOf(w.word(name, true))
		if before == filters {
			w.shelf = schedules
		}
		w.brackets(made, x.Args)
		w.shelf = before
	}
}

func (w *walker) isBound(name string) bool { return w.wires[name] || w.statics[name] }

func (w *walker) calleeOf(s Symbol) callee {
	switch s.Space {
	case Declared:
		return calleeOf(s.Decl)
	case Primitive:
		c, _ := primitiveCallee(s.Name)
		return c
	case Wire: // a bound box: `f = Block`
		return calleeOf(w.boxNamed(w.decl, s.Name))
	}
	return callee{}
}

// calleeBehind is the diagram that `file.Diagram` names.
func (w *walker) calleeBehind(x grammar.Expr) callee {
	if s, isSelect := x.(*grammar.Select); isSelect && s.Name != nil {
		if from, isName := s.From.(*grammar.Name); isName && w.file.As[from.Text] != nil {
			return calleeOf(w.file.As[from.Text].Find(s.Name.Text))
		}
	}
	return callee{}
}

// selected resolves a diagram of an imported file, a part of a model, or a wire of a
// tuple.
func (w *walker) selected(x *grammar.Select) {
	from, isName := x.From.(*grammar.Name)
	if x.Name != nil && isName && w.file.aliases[from.Text] != nil {
		w.mention(from.Span(), Symbol{Declared, from.Text, w.file.aliases[from.Text]})
		if imported := w.file.As[from.Text]; imported != nil {
			if d := imported.Find(x.Name.Text); d != nil {
				w.mention(x.Name.Span(), Symbol{Declared, x.Name.Text, d})
			}
		}
		return
	}
	w.part(x)
}

// part resolves a path of a model (`net.stem`), and says which diagram it leads to.
func (w *walker) part(x grammar.Expr) grammar.Decl {
	s, isSelect := x.(*grammar.Select)
	if !isSelect {
		w.value(x, false)
		if name, isName := x.(*grammar.Name); isName {
			return w.models[name.Text]
		}
		return nil
	}
	inside := w.part(s.From)
	if s.Name == nil || inside == nil {
		return inside // `net.Block.2`: one of several
	}
	name := s.Name.Text
	if isNamedIn(inside, name) {
		w.mention(s.Name.Span(), Symbol{Wire, name, inside})
		return w.boxNamed(inside, name)
	}
	if d := w.calledBy(inside, name); d != nil {
		w.mention(s.Name.Span(), Symbol{Declared, d.Name.Text, d})
		return d
	}
	return nil
}

// calledBy is the diagram whose uses in another, where they have no name, are called by
// a segment of paths; nil where there is none.
func (w *walker) calledBy(inside grammar.Decl, segment string) (found *grammar.Diagram) {
	home := w.file.homeOf(inside, map[*File]bool{})
	if home == nil {
		return nil
	}
	grammar.Walk(inside, func(n grammar.Node) bool {
		if name, isName := n.(*grammar.Name); isName && check.Segment(name.Text) == segment {
			if d, isDiagram := home.Find(name.Text).(*grammar.Diagram); isDiagram {
				found = d
			}
		}
		return found == nil
	})
	return found
}

func isNamedIn(decl grammar.Decl, name string) bool {
	found := false
	grammar.Walk(decl, func(n grammar.Node) bool {
		if assign, isAssign := n.(*grammar.Assign); isAssign {
			for _, target := range assign.Targets {
				n := Target(target)
				found = found || n != nil && n.Text == name
			}
		}
		return !found
	})
	return found
}

// boxNamed is the diagram whose use a name is bound to in a declaration: the last step
// of what stands right of `=`.
func (w *walker) boxNamed(decl grammar.Decl, name string) grammar.Decl {
	var found grammar.Decl
	grammar.Walk(decl, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Assign:
			if target := Target(n.Targets[0]); target != nil && target.Text == name && len(n.Targets) == 1 {
				found = w.diagramOf(n.Value)
			}
		case *grammar.Def:
			if n.Name.Text == name {
				found = w.diagramOf(n.Value)
			}
		}
		return true
	})
	return found
}

// diagramOf is the declared diagram that an expression ends with.
func (w *walker) diagramOf(x grammar.Expr) grammar.Decl {
	switch x := x.(type) {
	case *grammar.Flow:
		return w.diagramOf(x.Steps[len(x.Steps)-1])
	case *grammar.Power:
		return w.diagramOf(x.Base)
	case *grammar.Apply:
		if name, isName := x.Fn.(*grammar.Name); isName && len(x.Args) > 0 && isRelation(name.Text) {
			if first := x.Args[0].Plain(); first != nil {
				return w.diagramOf(first)
			}
		}
		return w.diagramOf(x.Fn)
	case *grammar.Name:
		if d, isDiagram := w.file.Find(x.Text).(*grammar.Diagram); isDiagram {
			return d
		}
	case *grammar.Select:
		return w.calleeBehind(x).decl
	}
	return nil
}

// isRelation reports whether a box is another one, with other weights.
func isRelation(name string) bool {
	switch name {
	case "frozen", "clone", "ema", "lowrank", "tied", "checkpoint":
		return true
	}
	return false
}

// Target is the name that stands left of `=`, alone or with its axes.
func Target(x grammar.Expr) *grammar.Name {
	if apply, isApply := x.(*grammar.Apply); isApply {
		x = apply.Fn
	}
	name, _ := x.(*grammar.Name)
	return name
}
