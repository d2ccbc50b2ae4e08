package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// The flags of a tile; runtime/kernel/gemm_tile.go has the same.
const (
	flagAccumulate = 1 << iota
	flagBiasCol
	flagBiasRow
	flagReLU
)

const tileSignature = "func(c, a, b *float32, ldc, rsa, csa, ldb, k int, taps *[2]int, ntaps int, bias *float32, flags, lanes int)"

// vectors abstracts the two widths.
type vectors interface {
	name() string
	lanes() int
	registers() int
	register(i int) reg.VecPhysical
	// prepareMask readies the mask of the first n lanes, n in a register.
	prepareMask(a *assembler, n reg.GPVirtual)
	loadMasked(a *assembler, from operand.Mem, to reg.VecPhysical)
	storeMasked(a *assembler, from reg.VecPhysical, to operand.Mem)
	zero(a *assembler, r reg.VecPhysical)
}

// tile is the generator of one micro-kernel: rows x vecs vectors of C stay in
// registers while the contracted axis goes by.
type tile struct {
	*assembler
	v          vectors
	rows, vecs int

	base []reg.GPVirtual // pointers to rows 0, 3, 6, …
	step reg.GPVirtual   // bytes from row to row of what base points at
}

func generateGemm() {
	a := newAssembler()
	avx2, avx512 := &ymm{table: a.laneMasks("laneMasks")}, &zmm{}
	for _, set := range []struct {
		v    vectors
		rows int
		wide int
	}{{avx512, 14, 8}, {avx2, 6, 4}} {
		for rows := 1; rows <= set.rows; rows++ {
			for vecs := 1; vecs <= 2; vecs++ {
				(&tile{assembler: a, v: set.v, rows: rows, vecs: vecs}).generate()
			}
		}
		(&tile{assembler: a, v: set.v, rows: 1, vecs: set.wide}).generate()
	}
	a.write("zgemm_amd64")
}

func (t *tile) generate() {
	t.begin(fmt.Sprintf("gemm%s%dx%d", t.v.name(), t.rows, t.vecs*t.v.lanes()), tileSignature,
		fmt.Sprintf("computes a tile of C, %d by at most %d: a tileFunc.", t.rows, t.vecs*t.v.lanes()))
	t.v.prepareMask(t.assembler, t.load("lanes"))
	t.start()
	t.accumulate()
	t.addBias()
	t.relu()
	t.rowsAt("c", "ldc")
	t.eachVector(func(acc reg.VecPhysical, at operand.Mem, masked bool) {
		if masked {
			t.v.storeMasked(t.assembler, acc, at)
		} else {
			t.do(x86.VMOVUPS(acc, at))
		}
	})
	t.do(x86.VZEROUPPER())
	t.do(x86.RET())
}

func (t *tile) acc(row, vec int) reg.VecPhysical { return t.v.register(row*t.vecs + vec) }

// operandRegister counts down from the highest register.
func (t *tile) operandRegister(i int) reg.VecPhysical { return t.v.register(t.v.registers() - 1 - i) }

// rowsAt points base at the rows of a matrix.
func (t *tile) rowsAt(pointer, step string) {
	t.step = t.loadBytes(step)
	t.base = []reg.GPVirtual{t.load(pointer)}
	t.spreadBase()
}

// spreadBase makes a pointer for every third row from the first.
func (t *tile) spreadBase() {
	for row := 3; row < t.rows; row += 3 {
		r := t.GP64()
		last := t.base[len(t.base)-1]
		t.do(x86.LEAQ(operand.Mem{Base: last, Index: t.step, Scale: 2}, r))
		t.do(x86.ADDQ(t.step, r))
		t.base = append(t.base, r)
	}
}

func (t *tile) row(i int) operand.Mem {
	m := operand.Mem{Base: t.base[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = t.step, uint8(i%3)
	}
	return m
}

func (t *tile) eachVector(do func(acc reg.VecPhysical, at operand.Mem, masked bool)) {
	for row := range t.rows {
		for vec := range t.vecs {
			do(t.acc(row, vec), t.row(row).Offset(vec*t.v.lanes()*4), vec == t.vecs-1)
		}
	}
}

// start sets the accumulators to C or to zero.
func (t *tile) start() {
	t.unless(flagAccumulate, "fresh")
	t.rowsAt("c", "ldc")
	t.eachVector(func(acc reg.VecPhysical, at operand.Mem, masked bool) {
		if masked {
			t.v.loadMasked(t.assembler, at, acc)
		} else {
			t.do(x86.VMOVUPS(at, acc))
		}
	})
	t.do(x86.JMP(operand.LabelRef("begin")))
	t.label("fresh")
	for i := range t.rows * t.vecs {
		t.v.zero(t.assembler, t.v.register(i))
	}
	t.label("begin")
}

// unless jumps where a flag is not set.
func (t *tile) unless(flag uint64, label string) {
	flags := t.load("flags")
	t.do(x86.TESTQ(operand.U32(flag), flags))
	t.do(x86.JE(operand.LabelRef(label)))
}

// accumulate runs over the taps, and in each over k.
func (t *tile) accumulate() {
	taps, left := t.load("taps"), t.load("ntaps")
	t.step = t.loadBytes("rsa")
	advanceA, advanceB := t.loadBytes("csa"), t.loadBytes("ldb")
	t.label("tap")
	first, b := t.load("a"), t.load("b")
	t.do(x86.ADDQ(operand.Mem{Base: taps}, first))
	t.do(x86.ADDQ(operand.Mem{Base: taps, Disp: 8}, b))
	t.base = []reg.GPVirtual{first}
	t.spreadBase()
	k := t.load("k")
	t.label("product")
	t.outerProduct(b)
	for _, p := range t.base {
		t.do(x86.ADDQ(advanceA, p))
	}
	t.do(x86.ADDQ(advanceB, b))
	t.do(x86.DECQ(k))
	t.do(x86.JNE(operand.LabelRef("product")))
	t.do(x86.ADDQ(operand.U8(16), taps))
	t.do(x86.DECQ(left))
	t.do(x86.JNE(operand.LabelRef("tap")))
}

// outerProduct adds a column of A times a row of B.
func (t *tile) outerProduct(b reg.GPVirtual) {
	if t.rows == 1 {
		t.scaledRow(b)
		return
	}
	for vec := range t.vecs {
		t.loadB(b, vec, t.operandRegister(1+vec))
	}
	for row := range t.rows {
		t.do(x86.VBROADCASTSS(t.row(row), t.operandRegister(0)))
		for vec := range t.vecs {
			t.do(x86.VFMADD231PS(t.operandRegister(1+vec), t.operandRegister(0), t.acc(row, vec)))
		}
	}
}

// scaledRow is outerProduct for one row, where every vector of B serves once.
func (t *tile) scaledRow(b reg.GPVirtual) {
	scale, last := t.operandRegister(0), t.operandRegister(1)
	t.do(x86.VBROADCASTSS(t.row(0), scale))
	for vec := range t.vecs - 1 {
		t.do(x86.VFMADD231PS(operand.Mem{Base: b, Disp: vec * t.v.lanes() * 4}, scale, t.acc(0, vec)))
	}
	t.loadB(b, t.vecs-1, last)
	t.do(x86.VFMADD231PS(last, scale, t.acc(0, t.vecs-1)))
}

func (t *tile) loadB(b reg.GPVirtual, vec int, to reg.VecPhysical) {
	at := operand.Mem{Base: b, Disp: vec * t.v.lanes() * 4}
	if vec == t.vecs-1 {
		t.v.loadMasked(t.assembler, at, to)
	} else {
		t.do(x86.VMOVUPS(at, to))
	}
}

func (t *tile) addBias() {
	number := t.operandRegister(0)
	t.unless(flagBiasCol, "rowBias")
	bias := t.load("bias")
	for vec := range t.vecs {
		t.loadB(bias, vec, number)
		for row := range t.rows {
			t.do(x86.VADDPS(number, t.acc(row, vec), t.acc(row, vec)))
		}
	}
	t.label("rowBias")
	t.unless(flagBiasRow, "activation")
	bias = t.load("bias")
	for row := range t.rows {
		t.do(x86.VBROADCASTSS(operand.Mem{Base: bias, Disp: row * 4}, number))
		for vec := range t.vecs {
			t.do(x86.VADDPS(number, t.acc(row, vec), t.acc(row, vec)))
		}
	}
}

// relu takes the larger of zero and the sum, in this order: of a NaN, and of
// two zeros, VMAXPS returns its second source.
func (t *tile) relu() {
	t.label("activation")
	t.unless(flagReLU, "store")
	zero := t.operandRegister(0)
	t.v.zero(t.assembler, zero)
	for i := range t.rows * t.vecs {
		t.do(x86.VMAXPS(t.v.register(i), zero, t.v.register(i)))
	}
	t.label("store")
}
