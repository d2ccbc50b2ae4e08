package onnx

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/internal/export"
)

// register is what an instruction of a scalar program has made: an array whose axes
// stand in the order of the box's indices, some of which it may lack.
type register struct {
	value  string
	has    []bool // by place in the order
	isBool bool
}

// mapped writes a scalar program: each instruction is an operator place by place.
func (g *graph) mapped(b *diagram.Box, op diagram.Map) {
	if g.concatenated(b, op) {
		return
	}
	s := spaceOf(b)
	order := s.indicesOf(b.Weave.Out[0])
	for index := range b.Weave.Degree {
		if !slices.Contains(order, index) && !s.size(index).Equal(one) {
			order = append(order, index)
		}
	}
	var registers []register
	for i, w := range b.In {
		a := g.gathered(s, w, b.Weave.In[i])
		r := register{has: make([]bool, len(order))}
		for place, index := range order {
			r.has[place] = slices.Contains(a.along, index)
		}
		a = g.withoutOnes(s, a, order)
		r.value = g.arranged(a, order)
		registers = append(registers, r)
	}
	for _, in := range op.Program {
		args := make([]register, len(in.Args))
		for i, a := range in.Args {
			args[i] = registers[a]
		}
		registers = append(registers, g.instr(in, args, len(order)))
	}
	for i, w := range b.Out {
		r := registers[op.Results[i]]
		a := array{value: g.asFloat(r)}
		first := slices.Index(r.has, true)
		if first < 0 {
			first = len(order)
		}
		a = g.filled(s, a.value, r.has[first:], order)
		g.wires[w] = g.scattered(s, a, w, b.Weave.Out[i])
	}
}

// withoutOnes drops axes of one place that are not kept.
func (g *graph) withoutOnes(s *space, a array, kept []int) array {
	var axes []int64
	var left []int
	for axis, index := range a.along {
		if slices.Contains(kept, index) || !s.size(index).Equal(one) {
			left = append(left, index)
		} else {
			axes = append(axes, int64(axis))
		}
	}
	if len(axes) == 0 {
		return a
	}
	return array{g.add("Squeeze", []string{a.value, g.ints(axes...)}), left}
}

// filled spreads a value, which has the last axes of an order with one place for each
// that it lacks, over the whole order.
func (g *graph) filled(s *space, v string, has []bool, order []int) array {
	if len(has) < len(order) || slices.Contains(has, false) {
		v = g.add("Expand", []string{v, g.sizes(s.sizes(order))})
	}
	return array{v, order}
}

// operators are the scalar functions that ONNX has an operator for.
var operators = map[diagram.Fn]string{
	diagram.FnNeg: "Neg", diagram.FnExp: "Exp", diagram.FnLog: "Log", diagram.FnSqrt: "Sqrt", diagram.FnAbs: "Abs", diagram.FnSign: "Sign",
	diagram.FnSin: "Sin", diagram.FnCos: "Cos", diagram.FnTanh: "Tanh", diagram.FnSigmoid: "Sigmoid", diagram.FnRelu: "Relu",
	diagram.FnGelu: "Gelu", diagram.FnSoftplus: "Softplus", diagram.FnReciprocal: "Reciprocal", diagram.FnErf: "Erf",
	diagram.FnAdd: "Add", diagram.FnSub: "Sub", diagram.FnMul: "Mul", diagram.FnDiv: "Div", diagram.FnPower: "Pow",
	diagram.FnMax: "Max", diagram.FnMin: "Min",
	diagram.FnLess: "Less", diagram.FnGreater: "Greater", diagram.FnEqual: "Equal", diagram.FnSelect: "Where",
}

// instr writes one instruction.
func (g *graph) instr(in diagram.Instr, args []register, rank int) register {
	if in.Fn == diagram.FnConstant {
		return register{value: g.number(in.Value), has: make([]bool, rank)}
	}
	made := register{has: make([]bool, rank)}
	var values []string
	for i, a := range args {
		for place, has := range a.has {
			made.has[place] = made.has[place] || has
		}
		if in.Fn == diagram.FnSelect && i == 0 {
			values = append(values, g.asBool(a))
		} else {
			values = append(values, g.asFloat(a))
		}
	}
	switch in.Fn {
	case diagram.FnSquare:
		made.value = g.add("Mul", []string{values[0], values[0]})
	case diagram.FnSilu:
		made.value = g.add("Mul", []string{values[0], g.add("Sigmoid", values)})
	case diagram.FnStep:
		made.value, made.isBool = g.add("Greater", []string{values[0], g.real(0)}), true
	default:
		op, ok := operators[in.Fn]
		if !ok {
			g.Refuse(g.box.Span, export.NotExportable, "ONNX has no operator for `"+string(in.Fn)+"`")
		}
		made.value = g.add(op, values)
		made.isBool = in.Fn == diagram.FnLess || in.Fn == diagram.FnGreater || in.Fn == diagram.FnEqual
	}
	return made
}

// asFloat is a register as numbers: 1 and 0 for true and false.
func (g *graph) asFloat(r register) string {
	if !r.isBool {
		return r.value
	}
	return g.add("Cast", []string{r.value}, "to", int(float))
}

// asBool is a register as true where it is not 0.
func (g *graph) asBool(r register) string {
	if r.isBool {
		return r.value
	}
	return g.add("Cast", []string{r.value}, "to", int(boolean))
}
