package grad

import "ncd/compiler/diagram"

// reductions is the VJP of each Reduce; those that are not here send nothing back.
var reductions map[string]func(*application)

func init() {
	reductions = map[string]func(*application){
		"mean":      mean,
		"max":       extreme,
		"min":       extreme,
		"product":   product,
		"logsumexp": logSumExp,
	}
}

func reduce(a *application) { reductions[a.box.Op.(diagram.Reduce).Fn](a) }

func mean(a *application) {
	share := diagram.Arithmetic("/", diagram.Literal(1), diagram.OfSize(a.box.Weave.Own.Places()))
	a.sendProduct(0, []operand{a.received(0), a.scalar(share)})
}

// scalar is a number as a wire.
func (a *application) scalar(value diagram.Number) operand {
	w := a.add(a.box, diagram.Constant{Value: value}, diagram.Weave{Out: [][]diagram.Affine{nil}}, nil, diagram.NewWire(""))
	return operand{wire: w}
}

// extreme shares the cotangent out evenly among the places that hold the extreme
// number, as PyTorch's amax does.
func extreme(a *application) {
	n := len(a.space())
	x, y, g := a.input(0), a.output(0), a.received(0)
	p := diagram.NewProgram()
	isBest := p.Apply(diagram.FnEqual, p.Input(0), p.Input(1))
	best := a.compute(p, n, []operand{x, y}, []int{isBest}, []operand{{}})[0]
	row := a.perRow()
	count := operand{a.contracted([]operand{best}, row), row.maps}
	p = diagram.NewProgram()
	share := p.Apply(diagram.FnDiv, p.Input(0), p.Input(1))
	each := a.compute(p, len(a.box.Weave.Degree), []operand{g, count}, []int{share}, []operand{{}})
	a.sendProduct(0, append(each, best))
}

// product sends each place the product of the others. Dividing by the place itself
// would fail at a zero, so zeros are counted apart: a place gets something if it is
// the only zero of its row, or if there is none.
func product(a *application) {
	n := len(a.space())
	x, g := a.input(0), a.received(0)
	p := diagram.NewProgram()
	zero := p.Constant(diagram.Literal(0))
	isZero := p.Apply(diagram.FnEqual, p.Input(0), zero)
	filled := p.Apply(diagram.FnSelect, isZero, p.Constant(diagram.Literal(1)), p.Input(0))
	made := a.compute(p, n, []operand{x}, []int{filled, isZero}, []operand{{}, {}})
	row := a.perRow()
	zeros := operand{a.contracted(made[1:], row), row.maps}
	weave := a.box.Weave
	weave.In, weave.Out = [][]diagram.Affine{made[0].maps}, [][]diagram.Affine{row.maps}
	whole := operand{a.add(a.box, a.box.Op, weave, []*diagram.Wire{made[0].wire}, diagram.NewWire("", a.box.Weave.Degree...)), row.maps}

	p = diagram.NewProgram()
	others := p.Apply(diagram.FnDiv, p.Input(1), p.Input(0))
	counts := p.Apply(diagram.FnEqual, p.Input(2), p.Input(3))
	result := p.Apply(diagram.FnMul, p.Input(4), p.Apply(diagram.FnMul, others, counts))
	a.send(0, a.compute(p, n, []operand{made[0], whole, made[1], zeros, g}, []int{result}, []operand{x})[0])
}

// logSumExp sends g·e^(x-y): the softmax.
func logSumExp(a *application) {
	p := diagram.NewProgram()
	weight := p.Apply(diagram.FnExp, p.Apply(diagram.FnSub, p.Input(0), p.Input(1)))
	result := p.Apply(diagram.FnMul, p.Input(2), weight)
	x := a.input(0)
	a.send(0, a.compute(p, len(a.space()), []operand{x, a.output(0), a.received(0)}, []int{result}, []operand{x})[0])
}
