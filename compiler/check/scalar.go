package check

import (
	"ncd/compiler/diagram"
)

var scalarBoxes = append(plainScalars(
	"exp", "log", "sqrt", "abs", "sign", "sin", "cos", "tanh", "sigmoid", "relu", "gelu", "silu", "softplus", "square",
	"reciprocal", "step", "erf", "less", "greater", "equal", "select",
),
	&primitive{name: "power", form: "p: number", shape: powerOf},
	&primitive{name: "clamp", form: "lo: number, hi: number", shape: clamp},
	&primitive{name: "detach", shape: detach},
)

func plainScalars(names ...string) []*primitive {
	var list []*primitive
	for _, name := range names {
		list = append(list, &primitive{name: name, shape: scalarFunction})
	}
	return list
}

// scalarFunction applies a function of scalars place by place.
func scalarFunction(a *application) value {
	fn := diagram.Fn(a.made.name)
	if n := diagram.Arity[fn]; len(a.wires) != n {
		a.fault(WireCount, a.at.span, "`%s` takes %s, and %s in", a.made.name, counted(n, "wire"), flows(len(a.wires)))
		return poison{}
	}
	if fn == diagram.FnEqual && !a.holdSamePlaces() {
		return poison{}
	}
	return a.mapped(diagram.Apply(fn), a.wires, a.at.span)
}

// holdSamePlaces holds that places are compared with places of the same axis.
func (a *application) holdSamePlaces() bool {
	x, y := a.wires[0].Type.In, a.wires[1].Type.In
	switch {
	case x == nil && y == nil:
		return true
	case x != nil && y != nil && a.job.unifier.Unify(x.Size, y.Size):
		return true
	}
	a.fault(PlaceNeeded, a.at.span, "%s and %s cannot be equal: places are compared with places along the same axis", a.wireName(a.wires[0]), a.wireName(a.wires[1]))
	return false
}

func powerOf(a *application) value {
	w, ok := a.one()
	if !ok {
		return poison{}
	}
	p, isGiven := a.values["p"].(static)
	if !isGiven {
		a.fault(ParameterMissing, a.at.span, "`power` must say which: `power[2]`")
		return poison{}
	}
	return a.elementwise(diagram.FnPower, wire{w}, p, a.at.span)
}

// clamp holds numbers between two bounds.
func clamp(a *application) value {
	w, ok := a.one()
	if !ok {
		return poison{}
	}
	lo, okLo := a.values["lo"].(static)
	hi, okHi := a.values["hi"].(static)
	if !okLo || !okHi {
		a.fault(ParameterMissing, a.at.span, "`clamp` must say both bounds: `clamp[0, 1]`")
		return poison{}
	}
	op := diagram.Map{Program: []diagram.Instr{
		{Fn: diagram.FnConstant, Value: lo.number}, {Fn: diagram.FnMax, Args: []int{0, 1}},
		{Fn: diagram.FnConstant, Value: hi.number}, {Fn: diagram.FnMin, Args: []int{2, 3}},
	}, Results: []int{4}}
	return a.mapped(op, []*diagram.Wire{w}, a.at.span)
}

func detach(a *application) value {
	w, ok := a.one()
	if !ok {
		return poison{}
	}
	return wire{a.detached(w)}
}

// detached is a wire to whose maker nothing goes back.
func (a *application) detached(w *diagram.Wire) *diagram.Wire {
	out := &diagram.Wire{Type: w.Type, Span: a.at.span}
	b := diagram.NewBox(diagram.Detach{}, w.Type.Axes, nil, []*diagram.Wire{w}, []*diagram.Wire{out})
	b.Span = a.at.span
	a.add(b)
	return out
}
