package kernel

// Loops of a tiling that stand for several instructions: a product and what it
// is added to. Each product is rounded before the sum, as it would be apart.
const (
	opMulAdd    = opCount + iota // a·b + c
	opMulSub                     // a·b - c
	opSubMul                     // c - a·b
	opMulAddMul                  // a·b + c·d
	opGELUSlope                  // Φ(a) + a·φ(a)
	opAbsorbed                   // nothing: part of a later instruction
	loopCount
)

// tileInstr is an instruction of a tiling. Its register has the same number as
// in the program.
type tileInstr struct {
	op    Op
	args  []int // registers; of OpInput the operand
	value float64
}

func (i *tileInstr) reads() []int {
	if i.op == OpInput {
		return nil
	}
	return i.args
}

// fuse makes one loop of what stands for a function that has one, and of an addition
// or subtraction and the products that only it reads.
func fuse(p *Program) []tileInstr {
	instrs := make([]tileInstr, len(p.Instrs))
	for i, instr := range p.Instrs {
		instrs[i] = tileInstr{instr.Op, instr.reads(), instr.Value}
		if instr.Op == OpInput {
			instrs[i].args = []int{instr.A}
		}
		if instr.Op == OpAdd {
			if x, ok := p.slopeOfGELU(i); ok {
				instrs[i] = tileInstr{op: opGELUSlope, args: []int{x}}
			}
		}
	}
	uses := countUses(instrs, p.Outputs)
	for i := range instrs {
		instrs[i].absorb(instrs, uses)
	}
	return instrs
}

// countUses counts the readers of every register, and leaves out what nobody reads.
func countUses(instrs []tileInstr, outputs []int) []int {
	uses := make([]int, len(instrs))
	for _, r := range outputs {
		uses[r]++
	}
	for i := len(instrs) - 1; i >= 0; i-- {
		if uses[i] == 0 {
			instrs[i] = tileInstr{op: opAbsorbed}
		}
		for _, r := range instrs[i].reads() {
			uses[r]++
		}
	}
	return uses
}

func (i *tileInstr) absorb(instrs []tileInstr, uses []int) {
	if i.op != OpAdd && i.op != OpSub {
		return
	}
	left, right := i.args[0], i.args[1]
	isLeft, isRight := instrs[left].isProduct() && uses[left] == 1, instrs[right].isProduct() && uses[right] == 1
	switch {
	case i.op == OpAdd && isLeft && isRight:
		*i = tileInstr{op: opMulAddMul, args: append(instrs[left].take(), instrs[right].take()...)}
	case isLeft && i.op == OpAdd:
		*i = tileInstr{op: opMulAdd, args: append(instrs[left].take(), right)}
	case isRight && i.op == OpAdd:
		*i = tileInstr{op: opMulAdd, args: append(instrs[right].take(), left)}
	case isRight:
		*i = tileInstr{op: opSubMul, args: append(instrs[right].take(), left)}
	case isLeft:
		*i = tileInstr{op: opMulSub, args: append(instrs[left].take(), right)}
	}
}

func (i *tileInstr) isProduct() bool { return i.op == OpMul || i.op == OpSquare }

// take absorbs a product and returns its factors.
func (i *tileInstr) take() []int {
	factors := []int{i.args[0], i.args[len(i.args)-1]}
	*i = tileInstr{op: opAbsorbed}
	return factors
}
