package check

import (
	"maps"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
)

// eval evaluates an expression; what is wrong with it is told, and it is poison.
func (e *elaborator) eval(x grammar.Expr) value { return e.evalAs(x, "") }

// evalAs evaluates an expression that a statement gives a name: the box that
// ends it is called so.
func (e *elaborator) evalAs(x grammar.Expr, name string) value {
	switch x := x.(type) {
	case *grammar.Number:
		return literal(x.Text)
	case *grammar.Text:
		return text(x.Value)
	case *grammar.Name, *grammar.Apply:
		return e.flowing(e.named(x, false), use{span: x.Span(), name: name})
	case *grammar.Flow:
		return e.flow(x, name)
	case *grammar.Binary:
		return e.binary(x)
	case *grammar.Negate:
		return e.negate(x)
	case *grammar.Power:
		return e.power(x, name)
	case *grammar.Tuple:
		return e.tuple(x)
	case *grammar.Box:
		return &configured{made: rearrangement{}, args: x.Args, site: e, scope: e.scope, span: x.Span()}
	case *grammar.Select:
		return e.selection(x)
	case *grammar.Load:
		return e.load(x)
	case *grammar.Merge:
		e.fault(WireNeeded, x.Span(), "`%s` reads axes as one, and may stand in brackets only", x.Span().Text())
		return poison{}
	}
	return e.notYet(x.Span(), "`@`")
}

// flowing turns a source, a box that nothing flows into, into its wire.
func (e *elaborator) flowing(v value, at use) value {
	c, ok := v.(*configured)
	if !ok || !isSource(c.made) {
		return v
	}
	return c.apply(e, tuple{}, at)
}

func isSource(m maker) bool {
	switch m := m.(type) {
	case *primitive:
		return m.isSource
	case *declared:
		return m.diagram != nil && m.diagram.Ports != nil && len(m.diagram.Ports.List) == 0
	}
	return false
}

// flow sends a value through boxes, or composes boxes.
func (e *elaborator) flow(x *grammar.Flow, name string) value {
	v := e.eval(x.Steps[0])
	if first, ok := v.(box); ok {
		return e.compose(first, x.Steps[1:])
	}
	for i, step := range x.Steps[1:] {
		at := use{span: step.Span()}
		if i == len(x.Steps)-2 {
			at.name = name
		}
		f, ok := e.step(step)
		if !ok {
			v = poison{}
			continue
		}
		v = e.applied(f, v, at)
	}
	return v
}

func (e *elaborator) compose(first box, steps []grammar.Expr) value {
	boxes := chain{first}
	for _, step := range steps {
		f, ok := e.step(step)
		if !ok {
			return poison{}
		}
		boxes = append(boxes, f)
	}
	return boxes
}

// applied sends a value through a box; poison makes poison.
func (e *elaborator) applied(f box, in value, at use) value {
	if isPoisoned(in) {
		return poison{}
	}
	return f.apply(e, in, at)
}

// step evaluates what something flows into.
func (e *elaborator) step(x grammar.Expr) (box, bool) {
	var v value
	switch x := x.(type) {
	case *grammar.Name, *grammar.Apply:
		v = e.named(x, true)
	default:
		v = e.eval(x)
	}
	if t, ok := v.(tuple); ok {
		if sides, ok := sideBySide(t); ok {
			return sides, true
		}
	}
	if f, ok := v.(box); ok {
		return f, true
	}
	if !isPoisoned(v) {
		d := e.fault(BoxNeeded, x.Span(), "something flows into %s here, which is no box", kindOf(v))
		if _, isWire := v.(wire); isWire {
			d.Help = append(d.Help, "wires side by side are a tuple: (a, b) >> f")
		}
	}
	return nil, false
}

func sideBySide(t tuple) (abreast, bool) {
	var sides abreast
	for _, part := range t {
		f, ok := part.(box)
		if !ok {
			return nil, false
		}
		sides = append(sides, f)
	}
	return sides, len(sides) > 0
}

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
	if d := e.unit.find(x.Text); d != nil {
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
	if e.rule != nil && (x.Text == "push" || x.Text == "pull") {
		return &configured{made: transport{pulls: x.Text == "pull"}, site: e, scope: e.scope, span: x.Span(), plain: true}
	}
	if x.Text == "true" || x.Text == "false" {
		return flag(x.Text == "true")
	}
	return e.unknown(x, wantsBox)
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
	if later[x.Text] {
		return e.notYet(x.Span(), "`"+x.Text+"`")
	}
	near := source.Nearest(x.Text, boxes)
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

func (e *elaborator) tuple(x *grammar.Tuple) value {
	t := make(tuple, len(x.Parts))
	for i, part := range x.Parts {
		t[i] = e.eval(part)
	}
	if sides, ok := sideBySide(t); ok {
		return sides
	}
	for i, v := range t {
		if _, isBox := v.(box); isBox {
			e.fault(WireNeeded, x.Parts[i].Span(), "a tuple is all wires or all boxes, and this is a box")
			return poison{}
		}
	}
	return t
}

// selection is a part of a tuple, or a declaration of a file imported by a name.
func (e *elaborator) selection(x *grammar.Select) value {
	if x.Name != nil {
		return e.qualified(x)
	}
	v := e.eval(x.From)
	t, ok := v.(tuple)
	switch {
	case isPoisoned(v):
		return poison{}
	case !ok:
		e.fault(WireNeeded, x.Span(), "`.%d` takes a wire out of a tuple, and this is %s", x.Index, kindOf(v))
		return poison{}
	case x.Index < 0 || x.Index >= len(t):
		e.fault(WireCount, x.Span(), "the tuple has %s, counted from 0: there is no number %d", counted(len(t), "wire"), x.Index)
		return poison{}
	}
	return t[x.Index]
}

func (e *elaborator) qualified(x *grammar.Select) value {
	from, ok := x.From.(*grammar.Name)
	if !ok || e.unit.qualified[from.Text] == nil {
		return e.notYet(x.Span(), "a part by name")
	}
	d := e.unit.qualified[from.Text].find(x.Name.Text)
	if d == nil || d.kind != "diagram" {
		known := e.unit.qualified[from.Text].known("diagram")
		e.fault(UnknownBox, x.Name.Span(), "no diagram `%s` in `%s`%s", x.Name.Text, from.Text, meant(x.Name.Text, known))
		return poison{}
	}
	return &configured{made: d, site: e, scope: e.scope, span: x.Span(), plain: true}
}

// oneWire is the wire a value is: a number becomes one of no axes.
func (e *elaborator) oneWire(v value, span source.Span) (*diagram.Wire, bool) {
	switch v := v.(type) {
	case wire:
		return v.Wire, true
	case static:
		return e.constantWire(v.number, span), true
	case tuple:
		if len(v) == 1 {
			return e.oneWire(v[0], span)
		}
	case poison:
		return nil, false
	}
	if !isPoisoned(v) {
		e.fault(WireNeeded, span, "a wire is wanted here, not %s", kindOf(v))
	}
	return nil, false
}

// constantWire is a scalar wire that carries one number.
func (e *elaborator) constantWire(n diagram.Number, span source.Span) *diagram.Wire {
	w := &diagram.Wire{Span: span}
	e.add(&diagram.Box{
		Op: diagram.Constant{Value: n}, Out: []*diagram.Wire{w}, Span: span,
		Weave: diagram.Weave{Out: [][]diagram.Affine{{}}},
	})
	return w
}

// allWires lists the wires of what flows into a box, numbers made wires.
func (e *elaborator) allWires(in value, span source.Span) ([]*diagram.Wire, bool) {
	t, ok := in.(tuple)
	if !ok {
		t = tuple{in}
	}
	var wires []*diagram.Wire
	for _, part := range t {
		if inner, ok := part.(tuple); ok {
			some, ok := e.allWires(inner, span)
			if !ok {
				return nil, false
			}
			wires = append(wires, some...)
			continue
		}
		w, ok := e.oneWire(part, span)
		if !ok {
			return nil, false
		}
		wires = append(wires, w)
	}
	return wires, true
}

// later are the boxes of the language that are not built yet.
var later = setOf(`roll split put top cumsum sort
	each reverse surrogate checkpoint scan delay ode fixpoint opaque frozen clone ema tied orthogonal lowrank
	tap clip grad push pull batchnorm`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
