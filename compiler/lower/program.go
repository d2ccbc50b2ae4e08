package lower

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

func programOf(op diagram.Map) (plan.Map, error) {
	m := plan.Map{Results: slices.Clone(op.Results)}
	for _, instr := range op.Program {
		made := plan.Instr{Fn: string(instr.Fn), Args: slices.Clone(instr.Args)}
		if instr.Fn == diagram.FnConstant {
			x, ok := instr.Value.Float()
			if !ok {
				return m, fmt.Errorf("%s is not a number yet", instr.Value)
			}
			made.Value = x
		}
		m.Program = append(m.Program, made)
	}
	return m, nil
}

// multiply is the program that multiplies n numbers, at least one, and a constant.
func multiply(n int, scale float64) plan.Map {
	m := plan.Map{}
	product := 0
	times := func(register int) {
		m.Program = append(m.Program, plan.Instr{Fn: "mul", Args: []int{product, register}})
		product = n + len(m.Program) - 1
	}
	for i := 1; i < n; i++ {
		times(i)
	}
	if scale != 1 {
		m.Program = append(m.Program, plan.Instr{Fn: "constant", Value: scale})
		times(n + len(m.Program) - 1)
	}
	m.Results = []int{product}
	return m
}

// addTo extends a program of n inputs and one result: the result is added to a
// further input.
func addTo(m plan.Map, n int) plan.Map {
	shifted := plan.Map{}
	up := func(register int) int {
		if register >= n {
			return register + 1
		}
		return register
	}
	for _, instr := range m.Program {
		args := make([]int, len(instr.Args))
		for i, a := range instr.Args {
			args[i] = up(a)
		}
		shifted.Program = append(shifted.Program, plan.Instr{Fn: instr.Fn, Args: args, Value: instr.Value})
	}
	shifted.Program = append(shifted.Program, plan.Instr{Fn: "add", Args: []int{n, up(m.Results[0])}})
	shifted.Results = []int{n + len(shifted.Program)}
	return shifted
}
