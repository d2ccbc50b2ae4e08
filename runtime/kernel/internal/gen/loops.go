package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// vector is a register of eight or sixteen float32s, as wide as its loops.
type vector = reg.VecVirtual

// mask chooses lanes: a vector whose signs count, or an opmask register.
type mask = reg.Register

// width is what differs between loops of eight and of sixteen lanes.
type width interface {
	vectors
	suffix() string
	vector(a *assembler) vector
	// tailMask is the mask of the first n lanes, n in a register that is spent.
	tailMask(a *assembler, n reg.GPVirtual) mask
	loadTail(a *assembler, from operand.Mem, m mask, to vector)
	storeTail(a *assembler, from vector, m mask, to operand.Mem)
	compare(a *assembler, predicate uint8, x, y vector) mask
	isNegative(a *assembler, x vector) mask
	blend(a *assembler, m mask, yes, no, to vector)
	where(a *assembler, m mask, value operand.Mem, to vector)
	round(a *assembler, x vector)
	// swaps hands out x with its halves swapped, then halves of halves, down to
	// neighbours; x may change in between.
	swaps(a *assembler, x vector, do func(swapped vector))
	// scale multiplies y by two to the n, a whole number, passing gradually into
	// zero and infinity.
	scale(a *assembler, y, n vector, word func(uint32) operand.Mem)
}

// loops is the generator of the elementwise loops of one width.
type loops struct {
	*assembler
	width
	unroll    int // vectors a round
	constants map[uint32]operand.Mem
}

func (l *loops) unary(name string, body func(a vector) vector) {
	l.loop(name, []string{"a"}, func(in []vector) vector { return body(in[0]) })
}

func (l *loops) binary(name string, body func(a, b vector) vector) {
	l.loop(name, []string{"a", "b"}, func(in []vector) vector { return body(in[0], in[1]) })
}

// loop makes a function over slices as long as to: several vectors a round,
// then one, then the rest behind a mask.
func (l *loops) loop(name string, in []string, body func([]vector) vector) {
	signature := "func(to"
	for _, name := range in {
		signature += ", " + name
	}
	l.begin(name+l.suffix(), signature+" []float32)", fmt.Sprintf("is the loop of %s over slices as long as to.", name))
	pointers := []reg.GPVirtual{l.fetch(l.argument("to").Base())}
	for _, name := range in {
		pointers = append(pointers, l.fetch(l.argument(name).Base()))
	}
	left := l.fetch(l.argument("to").Len())
	if l.unroll > 1 {
		l.rounds(l.unroll, "block", "vector", pointers, left, body)
	}
	l.rounds(1, "vector", "rest", pointers, left, body)
	l.label("rest")
	l.do(x86.TESTQ(left, left))
	l.do(x86.JE(operand.LabelRef("end")))
	l.rest(pointers, left, body)
	l.label("end")
	l.do(x86.VZEROUPPER())
	l.do(x86.RET())
}

// rounds is a loop that takes n vectors a time while so many are left, then goes
// to next.
func (l *loops) rounds(n int, name, next string, pointers []reg.GPVirtual, left reg.GPVirtual, body func([]vector) vector) {
	elements := n * l.lanes()
	l.do(x86.SUBQ(operand.U32(elements), left))
	l.do(x86.JLT(operand.LabelRef(name + "End")))
	l.label(name)
	for i := range n {
		at := func(p reg.GPVirtual) operand.Mem { return operand.Mem{Base: p, Disp: 4 * l.lanes() * i} }
		var operands []vector
		for _, p := range pointers[1:] {
			v := l.vector()
			l.do(x86.VMOVUPS(at(p), v))
			operands = append(operands, v)
		}
		l.do(x86.VMOVUPS(body(operands), at(pointers[0])))
	}
	for _, p := range pointers {
		l.do(x86.ADDQ(operand.U32(4*elements), p))
	}
	l.do(x86.SUBQ(operand.U32(elements), left))
	l.do(x86.JGE(operand.LabelRef(name)))
	l.label(name + "End")
	l.do(x86.ADDQ(operand.U32(elements), left))
}

func (l *loops) rest(pointers []reg.GPVirtual, left reg.GPVirtual, body func([]vector) vector) {
	m := l.tailMask(l.assembler, left)
	var operands []vector
	for _, p := range pointers[1:] {
		v := l.vector()
		l.loadTail(l.assembler, operand.Mem{Base: p}, m, v)
		operands = append(operands, v)
	}
	l.storeTail(l.assembler, body(operands), m, operand.Mem{Base: pointers[0]})
}

func (l *loops) vector() vector { return l.width.vector(l.assembler) }

// apply writes an instruction of two sources into a fresh register. The sources
// are in the order of Go's assembler: second ∘ first.
func (l *loops) apply(instruction func(...operand.Op) (*ir.Instruction, error), first operand.Op, second vector) vector {
	v := l.vector()
	l.do(instruction(first, second, v))
	return v
}

func (l *loops) copy(a vector) vector {
	v := l.vector()
	l.do(x86.VMOVAPS(a, v))
	return v
}

func (l *loops) zero() vector { return l.number(0) }

// number loads a constant into a register.
func (l *loops) number(x float32) vector {
	v := l.vector()
	l.do(x86.VMOVUPS(l.word(math.Float32bits(x)), v))
	return v
}

// constant is a number as an operand in memory.
func (l *loops) constant(x float64) operand.Mem { return l.word(math.Float32bits(float32(x))) }

// word is 32 bits, sixteen times over, in memory.
func (l *loops) word(bits uint32) operand.Mem {
	if _, ok := l.constants[bits]; !ok {
		var all [16]uint32
		for i := range all {
			all[i] = bits
		}
		l.constants[bits] = l.words(fmt.Sprintf("all%08X", bits), all[:]...)
	}
	return l.constants[bits]
}

// compare is the mask of the lanes where x predicate y is true.
func (l *loops) compare(predicate uint8, x, y vector) mask {
	return l.width.compare(l.assembler, predicate, x, y)
}

func (l *loops) isNegative(x vector) mask { return l.width.isNegative(l.assembler, x) }

func (l *loops) blend(m mask, yes, no vector) vector {
	v := l.vector()
	l.width.blend(l.assembler, m, yes, no, v)
	return v
}

// where is value in the lanes of m, zero in the others.
func (l *loops) where(m mask, value float64) vector {
	v := l.vector()
	l.width.where(l.assembler, m, l.constant(value), v)
	return v
}

func (l *loops) scale(y, n vector) vector {
	l.width.scale(l.assembler, y, n, l.word)
	return y
}

func (l *loops) abs(a vector) vector { return l.apply(x86.VANDPS, l.word(1<<31-1), a) }

// copySign gives size, which is not negative, the sign of a.
func (l *loops) copySign(size, a vector) vector {
	return l.apply(x86.VORPS, l.apply(x86.VANDPS, l.word(1<<31), a), size)
}
