package grad

import (
	"slices"

	"ncd/compiler/diagram"
)

// mapped derives the program of a Map: one backward Map sends all its inputs theirs.
// Forward values come from the inputs, or, where the forward box hands the value out
// anyway, from its outputs. What an input is sent that lacks axes of the Map is
// added up over them.
func mapped(a *application) {
	d := derive(a)
	var inputs, results []int
	var like []operand
	for i, wanted := range a.wants {
		r, sent := d.sent[i]
		if !wanted || !sent {
			continue
		}
		if factors, scale, ok := d.factors(r); ok && a.isSum(i, factors, scale) {
			if !isOne(scale) {
				factors = append(factors, a.scalar(scale))
			}
			a.sendProduct(i, factors)
			continue
		}
		inputs, results, like = append(inputs, i), append(results, r), append(like, a.input(i))
	}
	if len(inputs) == 0 {
		return
	}
	for j, made := range a.compute(d.p, len(a.space()), d.operands, results, like) {
		a.send(inputs[j], made)
	}
}

// derivation is the backward program while it is written.
type derivation struct {
	*application
	p        *diagram.Program
	program  diagram.Map
	operands []operand   // of the backward program's inputs
	values   map[int]int // forward register → backward register
	sent     map[int]int // forward register → backward register of what it is sent
}

// derive goes back through the program; instructions that no wanted input reaches
// are left alone.
func derive(a *application) *derivation {
	d := &derivation{application: a, p: diagram.NewProgram(), program: a.box.Op.(diagram.Map), values: map[int]int{}, sent: map[int]int{}}
	for j, r := range d.program.Results {
		if a.cotangents[j] != nil {
			d.send(r, d.operand(a.received(j)))
		}
	}
	needed := slices.Clone(a.wants)
	for _, in := range d.program.Program {
		needed = append(needed, slices.ContainsFunc(in.Args, func(r int) bool { return needed[r] }))
	}
	for i, in := range slices.Backward(d.program.Program) {
		y := len(a.box.In) + i
		g, isSent := d.sent[y]
		if !isSent {
			continue
		}
		for j, rule := range derivatives[in.Fn] {
			if rule != nil && needed[in.Args[j]] {
				d.send(in.Args[j], rule(instruction{d, in.Args, y, g}))
			}
		}
	}
	return d
}

// send adds to what a forward register is sent.
func (d *derivation) send(register, cotangent int) {
	if sent, ok := d.sent[register]; ok {
		cotangent = d.p.Apply(diagram.FnAdd, sent, cotangent)
	}
	d.sent[register] = cotangent
}

// operand is the register of one more input of the backward program.
func (d *derivation) operand(o operand) int {
	d.operands = append(d.operands, o)
	return d.p.Input(len(d.operands) - 1)
}

// value is a forward register's value in the backward program.
func (d *derivation) value(register int) int {
	if r, ok := d.values[register]; ok {
		return r
	}
	var r int
	output := slices.Index(d.program.Results, register)
	switch n := len(d.box.In); {
	case register < n:
		r = d.operand(d.input(register))
	case d.program.Program[register-n].Fn == diagram.FnConstant:
		r = d.p.Constant(d.program.Program[register-n].Value)
	case output >= 0:
		r = d.operand(d.output(output))
	default:
		in := d.program.Program[register-n]
		args := make([]int, len(in.Args))
		for i, arg := range in.Args {
			args[i] = d.value(arg)
		}
		r = d.p.Apply(in.Fn, args...)
	}
	d.values[register] = r
	return r
}

// factors are the wires, and the number, whose product a register is; false where it
// is more than that. A sum over such a product is one contraction.
func (d *derivation) factors(register int) (wires []operand, scale diagram.Number, ok bool) {
	one := diagram.Literal(1)
	if register < 0 {
		return []operand{d.operands[-1-register]}, one, true
	}
	switch in := d.p.Instr(register); in.Fn {
	case diagram.FnConstant:
		return nil, in.Value, true
	case diagram.FnNeg:
		wires, scale, ok = d.factors(in.Args[0])
		return wires, diagram.Arithmetic("neg", scale), ok
	case diagram.FnMul:
		left, m, ok := d.factors(in.Args[0])
		right, n, ok2 := d.factors(in.Args[1])
		return slices.Concat(left, right), diagram.Arithmetic("*", m, n), ok && ok2
	}
	return nil, one, false
}

// isSum reports whether what an input is sent is better had by a contraction than by
// a Map: a wire handed on as it is, or something to be summed anyway.
func (a *application) isSum(input int, factors []operand, scale diagram.Number) bool {
	if isWhole(a.input(input).maps, len(a.space())) {
		return len(factors) == 1 && isOne(scale)
	}
	return len(factors) > 0
}

func isOne(n diagram.Number) bool {
	x, ok := n.Float()
	return ok && x == 1
}
