package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

var operators = map[string]diagram.Fn{"+": diagram.FnAdd, "-": diagram.FnSub, "*": diagram.FnMul, "/": diagram.FnDiv}

func (e *elaborator) binary(x *grammar.Binary) value {
	left, right := e.eval(x.Left), e.eval(x.Right)
	a, isStatic := left.(static)
	b, areStatic := right.(static)
	if isStatic && areStatic {
		if s, ok := combined(x.Op, a, b); ok {
			return s
		}
		e.fault(SizeInvalid, x.Span(), "`%s` divides by nothing", x.Span().Text())
		return poison{}
	}
	return e.elementwise(operators[x.Op], left, right, x.Span())
}

func (e *elaborator) negate(x *grammar.Negate) value {
	switch v := e.eval(x.Of).(type) {
	case static:
		return negated(v)
	case poison:
		return v
	default:
		w, ok := e.oneWire(v, x.Of.Span())
		if !ok {
			return poison{}
		}
		return e.mapped(diagram.Apply(diagram.FnNeg), []*diagram.Wire{w}, x.Span())
	}
}

// elementwise applies a function of two scalars place by place, lifted by the
// names of axes. A number known before data flow becomes part of the function.
func (e *elaborator) elementwise(fn diagram.Fn, left, right value, span source.Span) value {
	if isPoisoned(left) || isPoisoned(right) {
		return poison{}
	}
	var wires []*diagram.Wire
	var program []diagram.Instr
	args := make([]int, 2)
	for i, v := range []value{left, right} {
		if s, ok := v.(static); ok {
			args[i] = 1 // the sole wire is register 0
			program = append(program, diagram.Instr{Fn: diagram.FnConstant, Value: s.number})
			continue
		}
		w, ok := e.oneWire(v, span)
		if !ok {
			return poison{}
		}
		args[i] = len(wires)
		wires = append(wires, w)
	}
	program = append(program, diagram.Instr{Fn: fn, Args: args})
	last := len(wires) + len(program) - 1
	return e.mapped(diagram.Map{Program: program, Results: []int{last}}, wires, span)
}

// mapped applies a function of scalars to wires, lifted by the names of axes.
func (e *elaborator) mapped(op diagram.Map, wires []*diagram.Wire, span source.Span) value {
	for _, w := range wires {
		if w.Type.IsPlace() && op.Sole() != diagram.FnEqual {
			d := e.fault(NumberNeeded, span, "%s holds places along `%s`, and numbers are wanted", e.wireName(w), w.Type.In.Label)
			d.Help = append(d.Help, "`one_hot["+w.Type.In.Label+"]` makes numbers of places")
			return poison{}
		}
	}
	axes, ok := e.joined(wires, span)
	if !ok {
		return poison{}
	}
	out := &diagram.Wire{Type: shape.Type{Axes: axes}, Span: span}
	b := diagram.NewBox(op, axes, nil, wires, []*diagram.Wire{out})
	b.Span = span
	e.add(b)
	return wire{out}
}

// joined lists the axes of wires that go together by name, in the order in which
// they are met. Two wires that share none, neither a scalar, are told.
func (e *elaborator) joined(wires []*diagram.Wire, span source.Span) (shape.Shape, bool) {
	var axes shape.Shape
	var from []*diagram.Wire
	for n, w := range wires {
		shares := n == 0 || len(w.Type.Axes) == 0 || len(axes) == 0
		for _, a := range w.Type.Axes {
			i := axes.Index(a.Label)
			if i < 0 {
				axes, from = append(axes, a), append(from, w)
				continue
			}
			shares = true
			if !e.sameSize(from[i], w, a.Label, span) {
				return nil, false
			}
		}
		if !shares {
			d := e.fault(NothingShared, span, "%s and %s share no axis", e.typeOf(wires[0]), e.typeOf(w))
			d.Help = append(d.Help, "`(a, b) >> outer` multiplies every place with every place on purpose", "or rename an axis first: `[a -> b]`")
			return nil, false
		}
	}
	return axes, true
}

// sameSize holds that one axis has the same size on two wires.
func (e *elaborator) sameSize(a, b *diagram.Wire, label string, span source.Span) bool {
	x, y := a.Type.Axes[a.Type.Axes.Index(label)], b.Type.Axes[b.Type.Axes.Index(label)]
	if e.job.unifier.Unify(x.Size, y.Size) {
		return true
	}
	fromX, _ := e.origin(a, x)
	fromY, _ := e.origin(b, y)
	e.sizeFault(label, x.Size, y.Size, span, fromX, fromY)
	return false
}

// sizeFault tells that an axis has two sizes, and where each was said.
func (e *elaborator) sizeFault(label string, here, there shape.Size, span source.Span, from ...source.Span) *source.Diagnostic {
	d := e.fault(AxisSize, span, "axis `%s` is %s here and %s there", label, closed(e.sizeWord(here)), closed(e.sizeWord(there)))
	for i, size := range []shape.Size{here, there} {
		if i < len(from) && !from[i].IsZero() && from[i] != span {
			d.Notes = append(d.Notes, source.Note{Span: from[i], Message: closed(e.sizeWord(size)) + " comes from here"})
		}
	}
	d.Help = append(d.Help, "if two different axes are meant, rename one first: `["+label+" -> "+label+"']`")
	return d
}

// wireName is how a message calls a wire.
func (e *elaborator) wireName(w *diagram.Wire) string {
	if w.Name != "" {
		return "`" + w.Name + "` " + e.typeOf(w)
	}
	return "the wire " + e.typeOf(w)
}
