package check

import (
	"ncd/compiler/diagram"
)

var tupleBoxes = []*primitive{
	{name: "id", shape: func(a *application) value { return a.in }, isWiring: true},
	{name: "drop", shape: func(a *application) value { return tuple{} }, isWiring: true},
	{name: "swap", shape: swap, isWiring: true},
	{name: "copy", form: "n", shape: copies, isWiring: true},
	{name: "outer", shape: outer},
}

// swap changes the two wires of a tuple round.
func swap(a *application) value {
	t, ok := a.in.(tuple)
	if !ok || len(t) != 2 {
		a.fault(WireCount, a.at.span, "`swap` takes a tuple of two wires, and %s flows in", tupleWord(a.in))
		return poison{}
	}
	return tuple{t[1], t[0]}
}

// copies is a tuple of the same wire.
func copies(a *application) value {
	size, _ := a.size("n")
	n, ok := size.Int()
	if !ok || n < 1 || n > a.program.options.Limits.Turns {
		a.fault(ParameterMissing, a.at.span, "`copy` must say how many: `copy[2]`")
		return poison{}
	}
	t := make(tuple, n)
	for i := range t {
		t[i] = a.in
	}
	return t
}

// outer multiplies every place of one wire with every place of the other.
func outer(a *application) value {
	x, y, ok := a.pair()
	if !ok {
		return poison{}
	}
	for _, w := range a.wires {
		if w.Type.IsPlace() {
			a.fault(NumberNeeded, a.at.span, "`outer` multiplies numbers, and %s holds places", a.wireName(w))
			return poison{}
		}
	}
	for _, axis := range y.Type.Axes {
		if x.Type.Axes.Index(axis.Label) >= 0 {
			d := a.fault(AxisTwice, a.at.span, "axis `%s` twice on one wire: both wires have it", axis.Label)
			d.Help = append(d.Help, "where axes of the same name go together, `*` multiplies; else rename one first")
			return poison{}
		}
	}
	axes := append(append(x.Type.Axes[:0:0], x.Type.Axes...), y.Type.Axes...)
	out := diagram.NewWire("", axes...)
	b := diagram.NewBox(diagram.Contract{}, axes, nil, a.wires, []*diagram.Wire{out})
	b.Span = a.at.span
	a.add(b)
	return wire{out}
}
