package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

func (*ymm) suffix() string             { return "AVX2" }
func (*ymm) vector(a *assembler) vector { return a.YMM() }

func (y *ymm) tailMask(a *assembler, n reg.GPVirtual) mask {
	table, m := a.GP64(), a.YMM()
	a.do(x86.LEAQ(y.table, table))
	a.do(x86.NEGQ(n))
	a.do(x86.VMOVUPS(operand.Mem{Base: table, Index: n, Scale: 4, Disp: 32}, m))
	return m
}

func (*ymm) loadTail(a *assembler, from operand.Mem, m mask, to vector) {
	a.do(x86.VMASKMOVPS(from, m, to))
}

func (*ymm) storeTail(a *assembler, from vector, m mask, to operand.Mem) {
	a.do(x86.VMASKMOVPS(from, m, to))
}

func (*ymm) compare(a *assembler, predicate uint8, x, y vector) mask {
	m := a.YMM()
	a.do(x86.VCMPPS(operand.U8(predicate), y, x, m))
	return m
}

func (*ymm) isNegative(_ *assembler, x vector) mask { return x }

func (*ymm) blend(a *assembler, m mask, yes, no, to vector) { a.do(x86.VBLENDVPS(m, yes, no, to)) }

func (*ymm) where(a *assembler, m mask, value operand.Mem, to vector) {
	a.do(x86.VANDPS(value, m, to))
}

func (*ymm) round(a *assembler, x vector) { a.do(x86.VROUNDPS(operand.U8(8), x, x)) }

// scale multiplies by two to the n in two factors.
func (*ymm) scale(a *assembler, y, n vector, word func(uint32) operand.Mem) {
	half := a.YMM()
	a.do(x86.VCVTPS2DQ(n, n))
	a.do(x86.VPSRAD(operand.U8(1), n, half))
	a.do(x86.VPSUBD(half, n, n))
	for _, power := range []vector{half, n} {
		a.do(x86.VPADDD(word(127), power, power))
		a.do(x86.VPSLLD(operand.U8(23), power, power))
		a.do(x86.VMULPS(power, y, y))
	}
}

func (*ymm) swaps(a *assembler, x vector, do func(swapped vector)) {
	y := a.YMM()
	a.do(x86.VPERM2F128(operand.U8(1), x, x, y))
	do(y)
	for _, order := range []uint8{0x4E, 0xB1} {
		y := a.YMM()
		a.do(x86.VPERMILPS(operand.U8(order), x, y))
		do(y)
	}
}

func (*zmm) suffix() string             { return "AVX512" }
func (*zmm) vector(a *assembler) vector { return a.ZMM() }

func (z *zmm) tailMask(a *assembler, n reg.GPVirtual) mask {
	z.prepareMask(a, n)
	return reg.K1
}

func (*zmm) loadTail(a *assembler, from operand.Mem, m mask, to vector) {
	a.do(x86.VMOVUPS_Z(from, m, to))
}

func (*zmm) storeTail(a *assembler, from vector, m mask, to operand.Mem) {
	a.do(x86.VMOVUPS(from, m, to))
}

func (*zmm) compare(a *assembler, predicate uint8, x, y vector) mask {
	m := a.K()
	a.do(x86.VCMPPS(operand.U8(predicate), y, x, m))
	return m
}

func (*zmm) isNegative(a *assembler, x vector) mask {
	m := a.K()
	a.do(x86.VPMOVD2M(x, m))
	return m
}

func (*zmm) blend(a *assembler, m mask, yes, no, to vector) { a.do(x86.VBLENDMPS(yes, no, m, to)) }

func (*zmm) where(a *assembler, m mask, value operand.Mem, to vector) {
	a.do(x86.VMOVUPS_Z(value, m, to))
}

func (*zmm) round(a *assembler, x vector) { a.do(x86.VRNDSCALEPS(operand.U8(8), x, x)) }

func (*zmm) scale(a *assembler, y, n vector, _ func(uint32) operand.Mem) {
	a.do(x86.VSCALEFPS(n, y, y))
}

func (*zmm) swaps(a *assembler, x vector, do func(swapped vector)) {
	for _, order := range []uint8{0x4E, 0xB1} {
		y := a.ZMM()
		a.do(x86.VSHUFF32X4(operand.U8(order), x, x, y))
		do(y)
	}
	for _, order := range []uint8{0x4E, 0xB1} {
		y := a.ZMM()
		a.do(x86.VPERMILPS(operand.U8(order), x, y))
		do(y)
	}
}
