package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

const transposeSignature = "func(to, from *float32, toRow, fromRow, rows, lanes, cols int)"

// generateTranspose makes transposeAVX2, which moves eight rows at a time,
// eight columns a round.
func generateTranspose() {
	a := newAssembler()
	y := &ymm{table: a.laneMasks("transposeMasks")}
	a.begin("transposeAVX2", transposeSignature, "transposes at most eight rows: a transposeFunc.")
	y.prepareMask(a, a.load("lanes"))
	rows := a.eightRows()
	to, toRow := a.load("to"), a.loadBytes("toRow")
	left, column := a.load("cols"), a.GP64()
	a.do(x86.XORQ(column, column))
	a.do(x86.CMPQ(a.place(a.argument("lanes")), operand.U8(8)))
	a.do(x86.JNE(operand.LabelRef("part")))
	for _, part := range []bool{false, true} {
		loop := map[bool]string{false: "whole", true: "part"}[part]
		a.label(loop)
		a.transposeEight(rows, column, func(row reg.VecPhysical) {
			if part {
				y.storeMasked(a, row, operand.Mem{Base: to})
			} else {
				a.do(x86.VMOVUPS(row, operand.Mem{Base: to}))
			}
			a.do(x86.ADDQ(toRow, to))
		})
		a.do(x86.ADDQ(operand.U8(32), column))
		a.do(x86.SUBQ(operand.U8(8), left))
		a.do(x86.JNE(operand.LabelRef(loop)))
		a.do(x86.VZEROUPPER())
		a.do(x86.RET())
	}
	a.write("ztranspose_amd64")
}

// eightRows makes pointers to eight rows; those past the last row point at it.
func (a *assembler) eightRows() []reg.GPVirtual {
	step, left := a.loadBytes("fromRow"), a.load("rows")
	pointers := []reg.GPVirtual{a.load("from")}
	for range 7 {
		last, next := pointers[len(pointers)-1], a.GP64()
		a.do(x86.LEAQ(operand.Mem{Base: last, Index: step, Scale: 1}, next))
		a.do(x86.DECQ(left))
		a.do(x86.CMOVQEQ(last, next))
		a.do(x86.CMOVQLT(last, next))
		pointers = append(pointers, next)
	}
	return pointers
}

// transposeEight transposes a square of eight by eight and hands out its
// columns. Row i and row i+4 share a register, so that four-by-four transposes
// within the halves suffice.
func (a *assembler) transposeEight(rows []reg.GPVirtual, column reg.GPVirtual, store func(reg.VecPhysical)) {
	y := &ymm{}
	for half := range 2 {
		var r [4]reg.VecPhysical
		for i := range r {
			at := func(row int) operand.Mem {
				return operand.Mem{Base: rows[row], Index: column, Scale: 1, Disp: 16 * half}
			}
			r[i] = y.register(i)
			a.do(x86.VMOVUPS(at(i), r[i].AsX()))
			a.do(x86.VINSERTF128(operand.U8(1), at(i+4), r[i], r[i]))
		}
		low01, low23, high01, high23 := y.register(4), y.register(5), y.register(6), y.register(7)
		a.do(x86.VUNPCKLPS(r[1], r[0], low01))
		a.do(x86.VUNPCKLPS(r[3], r[2], low23))
		a.do(x86.VUNPCKHPS(r[1], r[0], high01))
		a.do(x86.VUNPCKHPS(r[3], r[2], high23))
		a.do(x86.VSHUFPS(operand.U8(0x44), low23, low01, r[0]))
		a.do(x86.VSHUFPS(operand.U8(0xEE), low23, low01, r[1]))
		a.do(x86.VSHUFPS(operand.U8(0x44), high23, high01, r[2]))
		a.do(x86.VSHUFPS(operand.U8(0xEE), high23, high01, r[3]))
		for _, row := range r {
			store(row)
		}
	}
}
