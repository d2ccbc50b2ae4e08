package diagram

import (
	"slices"
)

// Program builds the program of a Map, also out of others. Equal instructions are
// written once, and what hangs only on known numbers is computed. Registers of a
// Program are its own: negative ones are inputs, the others instructions.
type Program struct {
	instrs []Instr
}

// NewProgram is a program of nothing.
func NewProgram() *Program { return &Program{} }

// Input is the register of an input port.
func (p *Program) Input(port int) int { return -1 - port }

// Constant is the register of a number.
func (p *Program) Constant(value Number) int {
	return p.instr(Instr{Fn: FnConstant, Value: value})
}

// Apply is the register of a function of registers.
func (p *Program) Apply(fn Fn, args ...int) int { return p.instr(Instr{Fn: fn, Args: args}) }

// Known is the number that a register is sure to hold.
func (p *Program) Known(register int) (Number, bool) {
	if register < 0 || p.instrs[register].Fn != FnConstant {
		return Number{}, false
	}
	return p.instrs[register].Value, true
}

// Instr is the instruction of a register, which must be no input.
func (p *Program) Instr(register int) Instr { return p.instrs[register] }

func (p *Program) instr(in Instr) int {
	if value, ok := p.computed(in); ok {
		in = Instr{Fn: FnConstant, Value: value}
	}
	// Programs are short: a search costs less than an index of them.
	if r := slices.IndexFunc(p.instrs, in.equal); r >= 0 {
		return r
	}
	p.instrs = append(p.instrs, in)
	return len(p.instrs) - 1
}

func (in Instr) equal(other Instr) bool {
	if in.Fn != other.Fn || !slices.Equal(in.Args, other.Args) {
		return false
	}
	return in.Fn != FnConstant || in.Value.Equal(other.Value)
}

// operators are the functions that numbers know themselves.
var operators = map[Fn]string{
	FnAdd: "+", FnSub: "-", FnMul: "*", FnDiv: "/", FnPower: "^", FnNeg: "neg",
}

func (p *Program) computed(in Instr) (Number, bool) {
	op, ok := operators[in.Fn]
	if !ok {
		return Number{}, false
	}
	args := make([]Number, len(in.Args))
	for i, r := range in.Args {
		if args[i], ok = p.Known(r); !ok {
			return Number{}, false
		}
	}
	return Arithmetic(op, args...), true
}

// Inline writes the instructions of m, whose inputs are the registers given, and
// returns the registers of its results.
func (p *Program) Inline(m Map, registers []int) []int {
	registers = slices.Clone(registers)
	for _, in := range m.Program {
		args := make([]int, len(in.Args))
		for i, a := range in.Args {
			args[i] = registers[a]
		}
		registers = append(registers, p.instr(Instr{Fn: in.Fn, Args: args, Value: in.Value}))
	}
	results := make([]int, len(m.Results))
	for i, r := range m.Results {
		results[i] = registers[r]
	}
	return results
}

// Assemble is the Map with these results. It has only the inputs that they hang on;
// ports says which ones those are, in order.
func (p *Program) Assemble(results []int) (m Map, ports []int) {
	live := p.live(results)
	for r := range live {
		if r < 0 {
			ports = append(ports, -1-r)
		}
	}
	slices.Sort(ports)
	place := map[int]int{}
	for i, port := range ports {
		place[p.Input(port)] = i
	}
	for r, in := range p.instrs {
		if live[r] {
			place[r] = len(ports) + len(m.Program)
			m.Program = append(m.Program, Instr{Fn: in.Fn, Args: placed(in.Args, place), Value: in.Value})
		}
	}
	m.Results = placed(results, place)
	return m, ports
}

// live marks the registers that any of the results hangs on.
func (p *Program) live(results []int) map[int]bool {
	live := map[int]bool{}
	for _, r := range results {
		live[r] = true
	}
	for r := len(p.instrs) - 1; r >= 0; r-- {
		if live[r] {
			for _, a := range p.instrs[r].Args {
				live[a] = true
			}
		}
	}
	return live
}

func placed(registers []int, place map[int]int) []int {
	list := make([]int, len(registers))
	for i, r := range registers {
		list[i] = place[r]
	}
	return list
}
