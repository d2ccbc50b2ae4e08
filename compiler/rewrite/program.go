package rewrite

import (
	"fmt"
	"strings"

	"ncd/compiler/diagram"
)

// program builds the program of a Map out of others. Equal instructions are written
// once, and those whose arguments are known numbers are computed. Its registers are
// its own: negative ones are inputs, the others instructions.
type program struct {
	instrs []diagram.Instr
	known  map[int]diagram.Number
	equal  map[string]int
}

func newProgram() *program {
	return &program{known: map[int]diagram.Number{}, equal: map[string]int{}}
}

// input is the register of an input port.
func (p *program) input(port int) int { return -1 - port }

func (p *program) constant(value diagram.Number) int {
	return p.instr(diagram.Instr{Fn: diagram.FnConstant, Value: value})
}

func (p *program) instr(in diagram.Instr) int {
	if value, ok := p.computed(in); ok {
		in = diagram.Instr{Fn: diagram.FnConstant, Value: value}
	}
	key := keyOf(in)
	if r, ok := p.equal[key]; ok {
		return r
	}
	r := len(p.instrs)
	p.instrs = append(p.instrs, in)
	p.equal[key] = r
	if in.Fn == diagram.FnConstant {
		p.known[r] = in.Value
	}
	return r
}

func keyOf(in diagram.Instr) string {
	var b strings.Builder
	b.WriteString(string(in.Fn))
	if in.Fn == diagram.FnConstant {
		b.WriteString(" " + in.Value.String())
	}
	for _, a := range in.Args {
		fmt.Fprintf(&b, " %d", a)
	}
	return b.String()
}

// operators are the functions that numbers know themselves.
var operators = map[diagram.Fn]string{
	diagram.FnAdd: "+", diagram.FnSub: "-", diagram.FnMul: "*", diagram.FnDiv: "/", diagram.FnPower: "^", diagram.FnNeg: "neg",
}

func (p *program) computed(in diagram.Instr) (diagram.Number, bool) {
	op, ok := operators[in.Fn]
	if !ok {
		return diagram.Number{}, false
	}
	args := make([]diagram.Number, len(in.Args))
	for i, r := range in.Args {
		if args[i], ok = p.known[r]; !ok {
			return diagram.Number{}, false
		}
	}
	return diagram.Arithmetic(op, args...), true
}

// inline writes the instructions of m, whose inputs are the registers given, and
// returns the registers of its results.
func (p *program) inline(m diagram.Map, registers []int) []int {
	registers = append([]int(nil), registers...)
	for _, in := range m.Program {
		args := make([]int, len(in.Args))
		for i, a := range in.Args {
			args[i] = registers[a]
		}
		registers = append(registers, p.instr(diagram.Instr{Fn: in.Fn, Args: args, Value: in.Value}))
	}
	results := make([]int, len(m.Results))
	for i, r := range m.Results {
		results[i] = registers[r]
	}
	return results
}

// assemble is the Map of `inputs` ports with these results, without what none of
// them hangs on.
func (p *program) assemble(inputs int, results []int) diagram.Map {
	live := make([]bool, len(p.instrs))
	mark := func(r int) {
		if r >= 0 {
			live[r] = true
		}
	}
	for _, r := range results {
		mark(r)
	}
	for i := len(p.instrs) - 1; i >= 0; i-- {
		if live[i] {
			for _, a := range p.instrs[i].Args {
				mark(a)
			}
		}
	}
	var m diagram.Map
	place := map[int]int{}
	register := func(r int) int {
		if r < 0 {
			return -1 - r
		}
		return place[r]
	}
	for i, in := range p.instrs {
		if !live[i] {
			continue
		}
		args := make([]int, len(in.Args))
		for j, a := range in.Args {
			args[j] = register(a)
		}
		place[i] = inputs + len(m.Program)
		m.Program = append(m.Program, diagram.Instr{Fn: in.Fn, Args: args, Value: in.Value})
	}
	for _, r := range results {
		m.Results = append(m.Results, register(r))
	}
	return m
}
