package grad

import (
	"math"

	"ncd/compiler/diagram"
)

// instruction is one instruction of a program on the way back: the register of its
// outcome y, and the program that the derivative is written into.
type instruction struct {
	*derivation
	x []int // registers of its arguments, as the forward program counts them
	y int
	g int // what is sent to y, as the backward program counts
}

// arg and outcome are forward values for the backward program.
func (d instruction) arg(i int) int { return d.value(d.x[i]) }
func (d instruction) outcome() int  { return d.value(d.y) }

func (d instruction) number(x float64) int { return d.p.Constant(diagram.Literal(x)) }

func (d instruction) times(x ...int) int {
	product := d.g
	for _, factor := range x {
		product = d.p.Apply(diagram.FnMul, product, factor)
	}
	return product
}

// derivatives says for each scalar function what is sent to each of its arguments.
// Functions that are not here are flat wherever they have a derivative.
var derivatives = map[diagram.Fn][]func(instruction) int{
	diagram.FnNeg:      {func(d instruction) int { return d.p.Apply(diagram.FnNeg, d.g) }},
	diagram.FnExp:      {func(d instruction) int { return d.times(d.outcome()) }},
	diagram.FnLog:      {func(d instruction) int { return d.p.Apply(diagram.FnDiv, d.g, d.arg(0)) }},
	diagram.FnSqrt:     {bySqrt},
	diagram.FnAbs:      {func(d instruction) int { return d.times(d.p.Apply(diagram.FnSign, d.arg(0))) }},
	diagram.FnSin:      {func(d instruction) int { return d.times(d.p.Apply(diagram.FnCos, d.arg(0))) }},
	diagram.FnCos:      {func(d instruction) int { return d.p.Apply(diagram.FnNeg, d.times(d.p.Apply(diagram.FnSin, d.arg(0)))) }},
	diagram.FnTanh:     {func(d instruction) int { return d.times(d.oneMinus(d.p.Apply(diagram.FnSquare, d.outcome()))) }},
	diagram.FnSigmoid:  {func(d instruction) int { return d.times(d.outcome(), d.oneMinus(d.outcome())) }},
	diagram.FnRelu:     {func(d instruction) int { return d.times(d.p.Apply(diagram.FnStep, d.outcome())) }},
	diagram.FnGelu:     {byGelu},
	diagram.FnSilu:     {bySilu},
	diagram.FnSoftplus: {func(d instruction) int { return d.times(d.p.Apply(diagram.FnSigmoid, d.arg(0))) }},
	diagram.FnSquare:   {func(d instruction) int { return d.times(d.p.Apply(diagram.FnMul, d.number(2), d.arg(0))) }},
	diagram.FnReciprocal: {func(d instruction) int {
		return d.p.Apply(diagram.FnNeg, d.times(d.p.Apply(diagram.FnSquare, d.outcome())))
	}},
	diagram.FnErf: {byErf},

	diagram.FnAdd:   {pass, pass},
	diagram.FnSub:   {pass, func(d instruction) int { return d.p.Apply(diagram.FnNeg, d.g) }},
	diagram.FnMul:   {func(d instruction) int { return d.times(d.arg(1)) }, func(d instruction) int { return d.times(d.arg(0)) }},
	diagram.FnDiv:   {func(d instruction) int { return d.p.Apply(diagram.FnDiv, d.g, d.arg(1)) }, byDivisor},
	diagram.FnPower: {byBase, byExponent},
	diagram.FnMax:   {shared(diagram.FnGreater, 0, 1), shared(diagram.FnGreater, 1, 0)},
	diagram.FnMin:   {shared(diagram.FnLess, 0, 1), shared(diagram.FnLess, 1, 0)},

	diagram.FnSelect: {
		nil,
		func(d instruction) int { return d.p.Apply(diagram.FnSelect, d.arg(0), d.g, d.number(0)) },
		func(d instruction) int { return d.p.Apply(diagram.FnSelect, d.arg(0), d.number(0), d.g) },
	},
}

func pass(d instruction) int { return d.g }

func (d instruction) oneMinus(x int) int { return d.p.Apply(diagram.FnSub, d.number(1), x) }

// bySqrt sends g / 2y.
func bySqrt(d instruction) int {
	return d.p.Apply(diagram.FnDiv, d.g, d.p.Apply(diagram.FnMul, d.number(2), d.outcome()))
}

// byGelu sends g·(Φ(x) + x·φ(x)).
func byGelu(d instruction) int {
	x := d.arg(0)
	erf := d.p.Apply(diagram.FnErf, d.p.Apply(diagram.FnMul, d.number(math.Sqrt2/2), x))
	cumulative := d.p.Apply(diagram.FnAdd, d.number(0.5), d.p.Apply(diagram.FnMul, d.number(0.5), erf))
	bell := d.p.Apply(diagram.FnExp, d.p.Apply(diagram.FnMul, d.number(-0.5), d.p.Apply(diagram.FnSquare, x)))
	density := d.p.Apply(diagram.FnMul, d.number(1/math.Sqrt(2*math.Pi)), bell)
	return d.times(d.p.Apply(diagram.FnAdd, cumulative, d.p.Apply(diagram.FnMul, x, density)))
}

// bySilu sends g·s·(1 + x·(1 - s)) with s = sigmoid(x).
func bySilu(d instruction) int {
	s := d.p.Apply(diagram.FnSigmoid, d.arg(0))
	rest := d.p.Apply(diagram.FnMul, d.arg(0), d.oneMinus(s))
	return d.times(s, d.p.Apply(diagram.FnAdd, d.number(1), rest))
}

// byErf sends g·2/√π·e^(-x²).
func byErf(d instruction) int {
	bell := d.p.Apply(diagram.FnExp, d.p.Apply(diagram.FnNeg, d.p.Apply(diagram.FnSquare, d.arg(0))))
	return d.times(d.p.Apply(diagram.FnMul, d.number(2/math.SqrtPi), bell))
}

// byDivisor sends -g·y/b.
func byDivisor(d instruction) int {
	return d.p.Apply(diagram.FnNeg, d.p.Apply(diagram.FnDiv, d.times(d.outcome()), d.arg(1)))
}

// byBase sends g·b·a^(b-1).
func byBase(d instruction) int {
	less := d.p.Apply(diagram.FnSub, d.arg(1), d.number(1))
	return d.times(d.p.Apply(diagram.FnMul, d.arg(1), d.p.Apply(diagram.FnPower, d.arg(0), less)))
}

// byExponent sends g·y·log(a), and nothing where a is 0.
func byExponent(d instruction) int {
	slope := d.p.Apply(diagram.FnMul, d.outcome(), d.p.Apply(diagram.FnLog, d.arg(0)))
	return d.times(d.p.Apply(diagram.FnSelect, d.arg(0), slope, d.number(0)))
}

// shared sends everything to the argument that wins, and half to each of two that
// are equal, as PyTorch does.
func shared(wins diagram.Fn, own, other int) func(instruction) int {
	return func(d instruction) int {
		x, y := d.arg(own), d.arg(other)
		tie := d.p.Apply(diagram.FnMul, d.number(0.5), d.p.Apply(diagram.FnEqual, x, y))
		return d.times(d.p.Apply(diagram.FnAdd, d.p.Apply(wins, x, y), tie))
	}
}
