package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// bodyResults elaborates a diagram's body and holds its result against the
// signature. It is nil where there are errors.
func (e *elaborator) bodyResults(d *declared) []*diagram.Wire {
	v := e.bodyValue(d.diagram)
	e.endStates()
	e.unusedSlots()
	if isPoisoned(v) {
		e.job.failed = true
		return nil
	}
	results, ok := e.allWires(v, resultSpan(d.diagram))
	if !ok {
		return nil
	}
	results = e.held(d, results)
	if results != nil && d.diagram.Reverse != nil {
		e.reverse = e.reversed(d.diagram.Reverse)
	}
	return results
}

func (e *elaborator) bodyValue(d *grammar.Diagram) value {
	if d.Expr != nil {
		return e.eval(d.Expr)
	}
	v := e.block(d.Body)
	if v == nil {
		f := e.fault(ResultMissing, d.Name.Span(), "diagram `%s` ends without a result", d.Name.Text)
		f.Help = append(f.Help, "end its body with the wire that flows out")
		return poison{}
	}
	return v
}

// resultSpan is where a diagram's result is written.
func resultSpan(d *grammar.Diagram) source.Span {
	if d.Expr != nil {
		return d.Expr.Span()
	}
	if n := len(d.Body.Stmts); n > 0 {
		return d.Body.Stmts[n-1].Span()
	}
	return d.Name.Span()
}

// block elaborates statements; it returns the value of the one that is a result,
// or nil.
func (e *elaborator) block(b *grammar.Block) value {
	var result value
	for i, s := range b.Stmts {
		v := e.statement(s)
		if _, isResult := s.(*grammar.Result); isResult && i == len(b.Stmts)-1 {
			result = v
		} else if _, isIf := s.(*grammar.If); isIf && i == len(b.Stmts)-1 && v != nil {
			result = v
		} else if v != nil {
			e.unusedValue(v, s.Span())
		}
	}
	return result
}

// unusedValue tells of a value that a statement makes and that goes nowhere; what is
// dropped leaves nothing.
func (e *elaborator) unusedValue(v value, span source.Span) {
	if t, ok := v.(tuple); isPoisoned(v) || ok && len(t) == 0 {
		return
	}
	d := e.fault(UnusedWire, span, "what this statement makes is never used")
	d.Help = append(d.Help, "give it a name, or end it on purpose: `… >> drop`")
}

func (e *elaborator) statement(s grammar.Stmt) value {
	switch s := s.(type) {
	case *grammar.Assign:
		e.assign(s)
	case *grammar.Result:
		return e.resultOf(s)
	case *grammar.For:
		e.loop(s)
	case *grammar.If:
		return e.choice(s)
	case *grammar.Save:
		e.save(s)
	case *grammar.State:
		e.state(s)
	case *grammar.Kept:
		e.kept(s)
	case *grammar.Expect:
		e.expect(s)
	default:
		e.fault(InvalidEntry, s.Span(), "only a learning rule says this, of a layer")
	}
	return nil
}

func (e *elaborator) resultOf(s *grammar.Result) value {
	if len(s.Values) == 1 {
		return e.eval(s.Values[0])
	}
	t := make(tuple, len(s.Values))
	for i, x := range s.Values {
		t[i] = e.eval(x)
	}
	return t
}

// assign gives names to values. A box with a name is one box for all its uses.
func (e *elaborator) assign(s *grammar.Assign) {
	if len(s.Targets) > 1 {
		e.assignTuple(s)
		return
	}
	if target, ok := s.Targets[0].(*grammar.Apply); ok {
		e.equation(target, s.Value)
		return
	}
	target, ok := s.Targets[0].(*grammar.Name)
	if !ok {
		return
	}
	e.name(target, e.evalAs(s.Value, target.Text))
}

// name defines a name as a value.
func (e *elaborator) name(target *grammar.Name, v value) {
	switch v := v.(type) {
	case box:
		e.define(target.Text, e.bindPlain(target.Text, v), target.Span())
	case wire:
		if v.Name == "" {
			v.Wire.Name = target.Text
		}
		e.define(target.Text, v, target.Span())
	default:
		e.define(target.Text, v, target.Span())
	}
}

// bindPlain gives a box a name, unless it has one.
func (e *elaborator) bindPlain(name string, f box) box {
	if b, isBound := f.(*bound); isBound {
		return b
	}
	return e.bind(name, f)
}

// define gives a name its meaning from here on; a state port's is carried on.
func (e *elaborator) define(name string, v value, span source.Span) {
	before := e.scope.look(name)
	b := e.scope.define(name, v, span)
	if before != nil {
		if _, isState := e.states[name]; isState {
			b.isUsed = true
		}
	}
}

func (e *elaborator) assignTuple(s *grammar.Assign) {
	v := e.eval(s.Value)
	t, ok := v.(tuple)
	if !ok || len(t) != len(s.Targets) {
		if !isPoisoned(v) {
			e.fault(WireCount, s.Span(), "%s stand left of `=`, and right of it is %s", counted(len(s.Targets), "name"), tupleWord(v))
		}
		t = make(tuple, len(s.Targets))
		for i := range t {
			t[i] = poison{}
		}
	}
	for i, target := range s.Targets {
		if name, ok := target.(*grammar.Name); ok {
			e.name(name, t[i])
		} else {
			e.fault(InvalidEquation, target.Span(), "an index equation has one name left of `=`")
		}
	}
}

func tupleWord(v value) string {
	if t, ok := v.(tuple); ok {
		return "a tuple of " + counted(len(t), "wire")
	}
	return kindOf(v)
}

// choice elaborates the branch that a static condition chooses.
func (e *elaborator) choice(s *grammar.If) value {
	holds, ok := e.reader().condition(s.Cond)
	if !ok {
		e.useAll(s)
		return poison{}
	}
	if holds {
		if s.Else != nil {
			e.useAll(s.Else)
		}
		return e.block(s.Then)
	}
	e.useAll(s.Then)
	switch {
	case s.Else == nil:
		return nil
	case s.Else.If != nil:
		return e.choice(s.Else.If)
	}
	return e.block(s.Else.Block)
}

// useAll counts every name in a part of the text that is not elaborated as used.
func (e *elaborator) useAll(n grammar.Node) {
	grammar.Walk(n, func(n grammar.Node) bool {
		if name, ok := n.(*grammar.Name); ok {
			e.scope.use(name.Text)
		}
		return true
	})
}

// typed are the axes of a port or result in this diagram: those of `p..` spread
// out, each with the size that is said or that its label has.
func (e *elaborator) typed(specs []*axisSpec, in string) (shape.Shape, *shape.Axis, bool) {
	axes := shape.Shape{}
	for _, spec := range specs {
		if group, isGroup := e.groups[spec.name]; spec.many && isGroup {
			some, ok := e.typedGroup(spec, group)
			if !ok {
				return nil, nil, false
			}
			axes = append(axes, some...)
			continue
		}
		axis, _, ok := e.reader().sized(axisWord{label: spec.name, size: spec.size, span: spec.span})
		if !ok {
			return nil, nil, false
		}
		axes = append(axes, axis)
	}
	if in == "" {
		return axes, nil, true
	}
	axis, _, ok := e.reader().sized(axisWord{label: e.placeLabel(in)})
	return axes, &axis, ok
}

func (e *elaborator) typedGroup(spec *axisSpec, group shape.Shape) (shape.Shape, bool) {
	if spec.size == nil {
		return group, true
	}
	axes := shape.Shape{}
	for _, a := range group {
		r := e.reader()
		r.each = map[string]shape.Size{spec.name: a.Size}
		size, ok := r.size(spec.size)
		if !ok {
			return nil, false
		}
		axes = append(axes, shape.Axis{Label: a.Label, Size: size})
	}
	return axes, true
}

// held holds results against the signature, and puts their axes in its order.
func (e *elaborator) held(d *declared, results []*diagram.Wire) []*diagram.Wire {
	said := d.signature.results
	span := resultSpan(d.diagram)
	if said != nil && len(said) != len(results) {
		f := e.fault(ResultMismatch, span, "the result is %s, and the signature says %s", counted(len(results), "wire"), counted(len(said), "wire"))
		f.Notes = append(f.Notes, source.Note{Span: d.diagram.Result.Span(), Message: "the signature"})
		return nil
	}
	for i := range said {
		w := e.heldOne(results[i], said[i], span)
		if w == nil {
			return nil
		}
		results[i] = w
	}
	for i, w := range results {
		if slices.Contains(results[:i], w) {
			results[i] = e.view("copy", w, w.Type.Axes, span)
		}
	}
	e.d.Out = results
	return results
}

func (e *elaborator) heldOne(w *diagram.Wire, said *result, span source.Span) *diagram.Wire {
	axes, in, ok := e.typed(said.axes, said.in)
	if !ok {
		return nil
	}
	axes = slices.Concat(e.ridersOf(w, axes), axes)
	wanted := shape.Type{Axes: axes, In: in}
	isSame := len(axes) == len(w.Type.Axes) && (in != nil) == w.Type.IsPlace()
	for _, a := range axes {
		isSame = isSame && w.Type.Axes.Index(a.Label) >= 0
	}
	if !isSame {
		f := e.fault(ResultMismatch, span, "the result is %s, and the signature says %s", e.typeOf(w), closed(wanted.String()))
		f.Notes = append(f.Notes, source.Note{Span: said.span, Message: "the signature"})
		return nil
	}
	for _, a := range axes {
		flows := w.Type.Axes[w.Type.Axes.Index(a.Label)]
		if !e.job.unifier.Unify(flows.Size, a.Size) {
			from, _ := e.origin(w, flows)
			e.sizeFault(a.Label, flows.Size, a.Size, span, from, said.span)
			return nil
		}
	}
	if slices.Equal(axes.Labels(), w.Type.Axes.Labels()) {
		return w
	}
	return e.arranged(w, axes.Labels(), span)
}
