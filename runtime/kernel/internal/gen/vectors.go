package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// zmm is AVX-512: 32 registers of 16 lanes, masks in K1.
type zmm struct{}

func (*zmm) name() string   { return "AVX512x" }
func (*zmm) lanes() int     { return 16 }
func (*zmm) registers() int { return 32 }
func (*zmm) register(i int) reg.VecPhysical {
	return [...]reg.VecPhysical{reg.Z0, reg.Z1, reg.Z2, reg.Z3, reg.Z4, reg.Z5, reg.Z6, reg.Z7, reg.Z8, reg.Z9, reg.Z10,
		reg.Z11, reg.Z12, reg.Z13, reg.Z14, reg.Z15, reg.Z16, reg.Z17, reg.Z18, reg.Z19, reg.Z20, reg.Z21, reg.Z22,
		reg.Z23, reg.Z24, reg.Z25, reg.Z26, reg.Z27, reg.Z28, reg.Z29, reg.Z30, reg.Z31}[i]
}

func (*zmm) prepareMask(a *assembler, n reg.GPVirtual) {
	all := a.GP32()
	a.do(x86.MOVL(operand.U32(0xFFFFFFFF), all))
	a.do(x86.BZHIL(n.As32(), all, all))
	a.do(x86.KMOVW(all, reg.K1))
}

func (*zmm) loadMasked(a *assembler, from operand.Mem, to reg.VecPhysical) {
	a.do(x86.VMOVUPS_Z(from, reg.K1, to))
}

func (*zmm) storeMasked(a *assembler, from reg.VecPhysical, to operand.Mem) {
	a.do(x86.VMOVUPS(from, reg.K1, to))
}

func (*zmm) zero(a *assembler, r reg.VecPhysical) { a.do(x86.VPXORD(r, r, r)) }

// ymm is AVX2: 16 registers of 8 lanes, the mask of lanes in the fourth highest
// (the generator counts operands down from the highest).
type ymm struct {
	table operand.Mem // eight words of ones, then eight of zeros
}

func (*ymm) name() string   { return "AVX2x" }
func (*ymm) lanes() int     { return 8 }
func (*ymm) registers() int { return 16 }
func (*ymm) register(i int) reg.VecPhysical {
	return [...]reg.VecPhysical{reg.Y0, reg.Y1, reg.Y2, reg.Y3, reg.Y4, reg.Y5, reg.Y6, reg.Y7,
		reg.Y8, reg.Y9, reg.Y10, reg.Y11, reg.Y12, reg.Y13, reg.Y14, reg.Y15}[i]
}

func (y *ymm) mask() reg.VecPhysical { return y.register(y.registers() - 4) }

func (y *ymm) prepareMask(a *assembler, n reg.GPVirtual) {
	table := a.GP64()
	a.do(x86.LEAQ(y.table, table))
	a.do(x86.NEGQ(n))
	a.do(x86.VMOVUPS(operand.Mem{Base: table, Index: n, Scale: 4, Disp: 32}, y.mask()))
}

func (y *ymm) loadMasked(a *assembler, from operand.Mem, to reg.VecPhysical) {
	a.do(x86.VMASKMOVPS(from, y.mask(), to))
}

func (y *ymm) storeMasked(a *assembler, from reg.VecPhysical, to operand.Mem) {
	a.do(x86.VMASKMOVPS(from, y.mask(), to))
}

func (*ymm) zero(a *assembler, r reg.VecPhysical) { a.do(x86.VXORPS(r, r, r)) }

// laneMasks is the table that a ymm takes its masks from.
func (a *assembler) laneMasks(name string) operand.Mem {
	const all = 0xFFFFFFFF
	return a.words(name, all, all, all, all, all, all, all, all, 0, 0, 0, 0, 0, 0, 0, 0)
}
