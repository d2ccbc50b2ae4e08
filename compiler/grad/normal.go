package grad

import "ncd/compiler/diagram"

// softmax sends y·(g - Σ g·y), or, for the logarithm, g - eʸ·Σ g, from the output y.
func softmax(a *application) {
	n := len(a.space())
	y, g := a.output(0), a.received(0)
	p := diagram.NewProgram()
	py, pg, ps := p.Input(0), p.Input(1), p.Input(2)
	row := a.perRow()
	var sum *diagram.Wire
	var result int
	if a.box.Op.(diagram.Softmax).Log {
		sum = a.contracted([]operand{g}, row)
		result = p.Apply(diagram.FnSub, pg, p.Apply(diagram.FnMul, p.Apply(diagram.FnExp, py), ps))
	} else {
		sum = a.contracted([]operand{g, y}, row)
		result = p.Apply(diagram.FnMul, py, p.Apply(diagram.FnSub, pg, ps))
	}
	made := a.compute(p, n, []operand{y, g, {sum, row.maps}}, []int{result}, []operand{a.input(0)})
	a.send(0, made[0])
}

// perRow is a wire that has one number for each place of the degree.
func (a *application) perRow() operand {
	return operand{diagram.NewWire("", a.box.Weave.Degree...), identity(len(a.box.Weave.Degree))}
}
