package kernel

import (
	"fmt"
	"slices"
)

// Instr computes one register of a Program. A, B and C number earlier
// instructions, as many as the Op reads; for OpInput A is the number of the
// operand, for OpConst Value is the number itself.
type Instr struct {
	Op      Op
	A, B, C int
	Value   float64
}

// reads are the registers that i reads.
func (i Instr) reads() []int {
	regs := [3]int{i.A, i.B, i.C}
	return slices.Clone(regs[:i.Op.Arity()])
}

// Program is a scalar function of Inputs numbers, in static single assignment:
// instruction i defines register i. Outputs are the registers that it returns.
type Program struct {
	Instrs  []Instr
	Inputs  int
	Outputs []int
}

func (p *Program) mustBeWhole() {
	for i, in := range p.Instrs {
		for _, r := range in.reads() {
			if r < 0 || r >= i {
				panic(fmt.Sprintf("kernel: map: instruction %d (%v) reads register %d", i, in.Op, r))
			}
		}
		if in.Op == OpInput && (in.A < 0 || in.A >= p.Inputs) {
			panic(fmt.Sprintf("kernel: map: instruction %d loads operand %d of %d", i, in.A, p.Inputs))
		}
	}
	for _, r := range p.Outputs {
		if r < 0 || r >= len(p.Instrs) {
			panic(fmt.Sprintf("kernel: map: output is register %d of %d", r, len(p.Instrs)))
		}
	}
}

// Map applies a scalar program at every index of Dims:
//
//	out_0[i], out_1[i], … = Program(in_0[i], in_1[i], …)
//
// An output may be the very elements of an operand (the same slice and View);
// otherwise outputs overlap neither operands nor each other, and the indices of
// an output's View must be distinct elements.
type Map struct {
	Program *Program
	Dims    []int
	Out, In []View
	pieces  int
	tiles   tiling
}

// NewMap makes a map ready to run. It panics if the program reads what is not
// there or a view does not fit dims.
func NewMap(p *Program, dims []int, out, in []View) *Map {
	p.mustBeWhole()
	mustFitRank(len(dims))
	if len(out) != len(p.Outputs) || len(in) != p.Inputs {
		panic(fmt.Sprintf("kernel: map: %d outputs and %d operands for a program of %d and %d",
			len(out), len(in), len(p.Outputs), p.Inputs))
	}
	for _, v := range slices.Concat(out, in) {
		v.mustHaveRank(len(dims), "map operand")
	}
	m := &Map{Program: p, Dims: dims, Out: out, In: in}
	m.pieces = pieceCount(count(dims), mapGrain)
	m.tiles = newTiling(p, dims, out, in)
	return m
}

// mapGrain is the least number of elements worth handing to another worker.
const mapGrain = 1 << 13

// Pieces is the number of pieces, which any workers may run in any order.
func (m *Map) Pieces() int { return m.pieces }

// Scratch is the number of elements of scratch that Run needs.
func (m *Map) Scratch() int {
	if m.tiles.moments != nil {
		return momentNumbers
	}
	return m.tiles.slots * tileSize
}

// Run computes one piece. out and in hold a slice for each output and operand;
// scratch belongs to the worker.
func (m *Map) Run(piece int, out, in [][]float32, scratch []float32) {
	m.tiles.mustHold(out, in)
	from, to := pieceRange(count(m.Dims), m.tiles.tile, m.pieces, piece)
	if m.tiles.moments != nil {
		m.tiles.moments.run(&m.tiles, from, to, out, in, scratch)
		return
	}
	r := mapRun{tiling: &m.tiles, out: out, in: in, scratch: scratch}
	r.fillConstants(from, min(m.tiles.tile, to-from))
	for ; from < to; from += m.tiles.tile {
		r.tile(from, min(m.tiles.tile, to-from))
	}
}

// PlainMap computes everything. It is the specification of Map; each
// instruction rounds its Op's value to F. It allocates its registers.
func PlainMap[F Float](m *Map, out, in [][]F) {
	registers := make([]F, len(m.Program.Instrs))
	var at [MaxRank]int
	index := at[:len(m.Dims)]
	for range count(m.Dims) {
		for i, instr := range m.Program.Instrs {
			switch instr.Op {
			case OpInput:
				registers[i] = in[instr.A][m.In[instr.A].at(index)]
			case OpConst:
				registers[i] = F(instr.Value)
			default:
				registers[i] = plainEval(instr, registers)
			}
		}
		for o, r := range m.Program.Outputs {
			out[o][m.Out[o].at(index)] = registers[r]
		}
		advance(m.Dims, index)
	}
}

func plainEval[F Float](i Instr, registers []F) F {
	return F(i.Op.Eval(float64(registers[i.A]), float64(registers[i.B]), float64(registers[i.C])))
}
