package check

import (
	"maps"
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
)

// named evaluates a name, with brackets or without. As a step of a flow, a box is
// meant where a wire has the same name.
func (e *elaborator) named(x grammar.Expr, isStep bool) value {
	apply, hasArgs := x.(*grammar.Apply)
	fn := x
	var args []*grammar.Arg
	if hasArgs {
		if isStaticFunction(apply) && !isStep {
			return e.reader().value(apply)
		}
		fn, args = apply.Fn, apply.Args
	}
	var v value
	if name, ok := fn.(*grammar.Name); ok {
		v = e.lookup(name, isStep || hasArgs)
	} else {
		v = e.eval(fn)
	}
	if hasArgs {
		return e.configure(v, apply, args)
	}
	return v
}

// lookup finds what a name means among wires, parameters, axes, declarations and
// primitive boxes.
func (e *elaborator) lookup(x *grammar.Name, wantsBox bool) value {
	b := e.scope.look(x.Text)
	if b != nil && (!wantsBox || isBoxLike(b.value) || !e.isBox(x.Text)) {
		b.isUsed = true
		return b.value
	}
	if x.Many {
		e.fault(WireNeeded, x.Span(), "`%s..` stands for any number of axes, and may stand in brackets only", x.Text)
		return poison{}
	}
	if axis, ok := e.reader().label(x.Text); ok && !wantsBox {
		return sizeOf(axis.size)
	}
	if d := e.unit.find(x.Text); d != nil && !e.isShadowing(d) {
		switch d.kind {
		case "const":
			return e.constant(d)
		case "diagram":
			return &configured{made: d, site: e, scope: e.scope, span: x.Span(), plain: true}
		case "rule":
			return word(x.Text)
		}
	}
	if p := primitives[x.Text]; p != nil {
		return &configured{made: p, site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	if e.rule != nil && transports[x.Text] {
		return &configured{made: transport(x.Text), site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	if e.rule != nil && x.Text == "later" {
		return &configured{made: later{}, site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	if on := e.program.shelves[programs.file]; e.rule != nil && on != nil && on.names[x.Text] != nil {
		return &configured{made: on.names[x.Text], site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	if x.Text == "true" || x.Text == "false" {
		return flag(x.Text == "true")
	}
	return e.unknown(x, wantsBox)
}

// isShadowing reports whether a declaration has the name of a primitive box and is
// the one that is being elaborated: in it, the name means the primitive.
func (e *elaborator) isShadowing(d *declared) bool {
	return d == e.decl && primitives[d.name] != nil
}

func isBoxLike(v value) bool {
	switch v.(type) {
	case box, poison, word:
		return true
	}
	return false
}

// isBox reports whether a name is a declared diagram or a primitive box.
func (e *elaborator) isBox(name string) bool {
	if d := e.unit.find(name); d != nil && d.kind == "diagram" {
		return true
	}
	return primitives[name] != nil
}

// unknown tells of a name that means nothing. A box is taken for the nearest one,
// so that what follows can be checked.
func (e *elaborator) unknown(x *grammar.Name, wantsBox bool) value {
	if e.unit.isBroken(x.Text) {
		return poison{}
	}
	boxes := e.boxes()
	if !wantsBox {
		known := append(e.scope.all(), boxes...)
		e.fault(UnknownName, x.Span(), "nothing is called `%s` here%s", x.Text, meant(x.Text, known))
		return poison{}
	}
	near := source.Nearest(x.Text, boxes)
	help, isKnown := elsewhere[x.Text]
	if !isKnown {
		help, isKnown = e.program.shelfHelp(x.Text)
	}
	if isKnown {
		d := e.fault(UnknownBox, x.Span(), "no box `%s`", x.Text)
		d.Help = append(d.Help, help)
		return poison{}
	}
	e.fault(UnknownBox, x.Span(), "no box `%s`%s", x.Text, meant(x.Text, boxes))
	if p := primitives[near]; p != nil {
		return &configured{made: p, site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	if d := e.unit.find(near); d != nil && d.kind == "diagram" {
		return &configured{made: d, site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	return poison{}
}

func (e *elaborator) boxes() []string {
	names := slices.Sorted(maps.Keys(primitives))
	for _, name := range e.scope.all() {
		if _, ok := e.scope.look(name).value.(box); ok {
			names = append(names, name)
		}
	}
	return append(names, e.unit.known("diagram")...)
}

// configure puts brackets to a value.
func (e *elaborator) configure(v value, x *grammar.Apply, args []*grammar.Arg) value {
	switch v := v.(type) {
	case poison:
		return v
	case *configured:
		if v.plain || len(v.args) == 0 {
			return &configured{made: v.made, args: args, site: e, scope: e.scope, span: x.Span()}
		}
	case *bound:
		if c, ok := v.of.(*configured); ok && len(c.args) == 0 {
			return &configured{made: c.made, args: args, site: e, scope: e.scope, span: x.Span()}
		}
	case wire:
		d := e.fault(InvalidEquation, x.Span(), "a wire has brackets in an index equation only")
		d.Help = append(d.Help, "name the axes of the result: `r[…] = "+x.Span().Text()+"`")
		return poison{}
	}
	if _, isBox := v.(box); isBox {
		e.fault(BoxNeeded, x.Span(), "this box has its brackets already")
	} else {
		e.fault(BoxNeeded, x.Span(), "brackets configure a box, and this is %s", kindOf(v))
	}
	return poison{}
}

func (e *elaborator) qualified(x *grammar.Select) value {
	from, ok := x.From.(*grammar.Name)
	if !ok || e.unit.qualified[from.Text] == nil {
		d := e.fault(UnknownName, x.Span(), "a name behind a `.` is a diagram of an imported file, and `%s` is none", x.From.Span().Text())
		d.Help = append(d.Help, "`import \"file.ncd\" as "+x.From.Span().Text()+"` names one; `t.0` is the first wire of a tuple t")
		return poison{}
	}
	d := e.unit.qualified[from.Text].find(x.Name.Text)
	if d == nil || d.kind != "diagram" {
		known := e.unit.qualified[from.Text].known("diagram")
		e.fault(UnknownBox, x.Name.Span(), "no diagram `%s` in `%s`%s", x.Name.Text, from.Text, meant(x.Name.Text, known))
		return poison{}
	}
	return &configured{made: d, site: e, scope: e.scope, span: x.Span(), plain: true}
}

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
