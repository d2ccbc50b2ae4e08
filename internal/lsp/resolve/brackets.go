package resolve

import "ncd/grammar"

// labels resolves brackets in which axes stand.
func (w *walker) labels(args []*grammar.Arg) {
	for _, arg := range args {
		w.items(arg.Items)
		w.items(arg.To)
		w.condition(arg.Where, true)
	}
}

func (w *walker) items(items []*grammar.Item) {
	for _, item := range items {
		w.axis(item.Expr)
		w.size(item.Size)
		w.axis(item.Value)
	}
}

// axis resolves an axis, several read as one, or an affine place of an index equation.
func (w *walker) axis(x grammar.Expr) {
	switch x := x.(type) {
	case *grammar.Name:
		w.labelName(x)
	case *grammar.Merge:
		w.items(x.Items)
	case *grammar.Tuple:
		for _, part := range x.Parts {
			w.axis(part)
		}
	case *grammar.Binary:
		w.place(x.Left)
		w.place(x.Right)
	case nil:
	default:
		w.place(x)
	}
}

// place resolves a part of an affine place: letters, and sizes they are multiplied by.
func (w *walker) place(x grammar.Expr) {
	switch x := x.(type) {
	case *grammar.Name:
		if _, isConst := w.file.Find(x.Text).(*grammar.Const); isConst && !w.statics[x.Text] {
			w.sized(x)
			return
		}
		w.labelName(x)
	case *grammar.Binary:
		w.place(x.Left)
		w.place(x.Right)
	case *grammar.Negate:
		w.place(x.Of)
	case nil:
	default:
		w.size(x)
	}
}

func (w *walker) condition(c grammar.Cond, isMask bool) {
	resolve := w.size
	if isMask {
		resolve = w.place
	}
	switch c := c.(type) {
	case *grammar.Compare:
		resolve(c.Left)
		resolve(c.Right)
	case *grammar.Logic:
		w.condition(c.Left, isMask)
		w.condition(c.Right, isMask)
	case *grammar.Not:
		w.condition(c.Of, isMask)
	case *grammar.Fact:
		resolve(c.Of)
	}
}

// brackets resolves the brackets of a box by its parameters: by name, else by place.
func (w *walker) brackets(c callee, args []*grammar.Arg) {
	filled := map[int]bool{}
	for _, arg := range args {
		w.condition(arg.Where, true)
		if item := namedItem(arg); item != nil && !(item.Grouped && !c.has(item.Name().Text)) {
			w.named(c, item)
			continue
		}
		w.positional(c.next(arg, filled), arg)
	}
}

// namedItem is an argument `name = value`, or nil.
func namedItem(arg *grammar.Arg) *grammar.Item {
	if len(arg.Items) != 1 || arg.Arrow {
		return nil
	}
	if item := arg.Items[0]; item.Value != nil && item.Name() != nil && item.Size == nil {
		return item
	}
	return nil
}

// has reports whether a name may be said in the brackets of a box.
func (c callee) has(name string) bool {
	_, isParameter := c.kind(name)
	return isParameter || c.axes[unprimed(name)]
}

// kind is the kind of a parameter, found by its name.
func (c callee) kind(name string) (string, bool) {
	for _, p := range c.parameters {
		if p.name != "" && p.name == name {
			return p.kind, true
		}
	}
	return "", false
}

// next is the kind of the parameter that an argument without a name is for, and "" for
// none.
func (c callee) next(arg *grammar.Arg, filled map[int]bool) string {
	for i, p := range c.parameters {
		if !filled[i] && (p.kind == "arrow") == arg.Arrow {
			filled[i] = true
			return p.kind
		}
	}
	return ""
}

// named resolves `name = value` in brackets. The name is the box's own.
func (w *walker) named(c callee, item *grammar.Item) {
	name := item.Name()
	kind, isParameter := c.kind(name.Text)
	isAxis := c.axes[unprimed(name.Text)]
	switch {
	case c.decl != nil && isParameter:
		w.mention(bare(name), Symbol{Axis, name.Text, c.decl})
	case c.decl != nil && isAxis:
		s := w.axisOfCallee(c, name.Text)
		span := bare(name)
		span.End = span.Start + len(s.Name)
		w.mention(span, s)
	default:
		w.mention(bare(name), Symbol{Space: Primitive, Name: name.Text})
	}
	axis, isName := item.Value.(*grammar.Name)
	switch {
	case isAxis && !isParameter && isName:
		w.labelName(axis)
	case isParameter:
		w.argument(kind, item.Value)
	default:
		w.value(item.Value, false)
	}
}

// axisOfCallee is the axis of a port of a box, seen from the file that declares it.
func (w *walker) axisOfCallee(c callee, name string) Symbol {
	home := w.file.homeOf(c.decl, map[*File]bool{})
	if home == nil {
		return Symbol{Axis, unprimed(name), c.decl}
	}
	return axisOf(home, c.decl, nil, name)
}

// homeOf is the file that a declaration stands in.
func (f *File) homeOf(decl grammar.Decl, seen map[*File]bool) *File {
	if f == nil || seen[f] {
		return nil
	}
	seen[f] = true
	if decl.Span().File == f.Tree.File {
		return f
	}
	for _, i := range f.Imports {
		if home := i.homeOf(decl, seen); home != nil {
			return home
		}
	}
	for _, i := range f.As {
		if home := i.homeOf(decl, seen); home != nil {
			return home
		}
	}
	return nil
}

func (w *walker) positional(kind string, arg *grammar.Arg) {
	x := arg.Plain()
	if kind == "axes" || kind == "arrow" || x == nil {
		w.items(arg.Items)
		w.items(arg.To)
		return
	}
	w.argument(kind, x)
}

// argument resolves what is given to a parameter. A word of a closed list is no name,
// unless a parameter of that name is handed on.
func (w *walker) argument(kind string, x grammar.Expr) {
	name, isName := x.(*grammar.Name)
	switch {
	case kind == "diagram":
		w.value(x, true)
	case isName && (kind == "word" || kind == "bool" || kind == "string"):
		if _, isConst := w.file.Find(name.Text).(*grammar.Const); isConst || w.statics[name.Text] {
			w.sized(name)
		}
	case isName && kind == "" && !w.isBound(name.Text) && w.file.Find(name.Text) == nil && !w.isBox(name.Text):
		// a word of a closed list
	default:
		w.size(x)
	}
}
