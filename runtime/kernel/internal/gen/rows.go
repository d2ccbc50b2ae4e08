package main

import (
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// generateRows makes the kernels that run over rows of contiguous elements:
// reductions and softmax.
func generateRows() {
	a := newAssembler()
	constants := map[uint32]operand.Mem{}
	for _, w := range []width{&ymm{table: a.laneMasks("rowMasks")}, &zmm{}} {
		l := &loops{assembler: a, width: w, constants: constants}
		infinity := float32(math.Inf(1))
		l.reduction("sum", "the sum", 0, plus)
		l.reduction("largest", "the largest", -infinity, larger)
		l.reduction("smallest", "the smallest", infinity, smaller)
		l.fourDots()
		l.spread()
		l.softmax("softmax", "the softmax", false)
		l.softmax("logSoftmax", "the logarithm of the softmax", true)
	}
	a.write("zrows_amd64")
}

// combine folds x into acc, lane by lane.
type combine func(l *loops, x, acc vector)

func plus(l *loops, x, acc vector) { l.do(x86.VADDPS(x, acc, acc)) }

// larger keeps a NaN in acc, which VMAXPS by itself would forget.
func larger(l *loops, x, acc vector) {
	isNaN := l.compare(unordered, acc, acc)
	l.width.blend(l.assembler, isNaN, acc, l.apply(x86.VMAXPS, x, acc), acc)
}

func smaller(l *loops, x, acc vector) {
	isNaN := l.compare(unordered, acc, acc)
	l.width.blend(l.assembler, isNaN, acc, l.apply(x86.VMINPS, x, acc), acc)
}

// across folds all lanes of x into every one.
func (l *loops) across(x vector, f combine) {
	l.swaps(l.assembler, x, func(swapped vector) { f(l, swapped, x) })
}

// reduction makes a function that reduces a slice with four accumulators.
func (l *loops) reduction(name, doc string, start float32, f combine) {
	l.begin(name+l.suffix(), "func(from []float32) float32", "is "+doc+" of a slice's elements: a rowLoop.")
	from, left := l.fetch(l.argument("from").Base()), l.fetch(l.argument("from").Len())
	var acc [4]vector
	for i := range acc {
		acc[i] = l.number(start)
	}
	l.stride(4, "block", from, left, func(i int, at operand.Mem) {
		x := l.vector()
		l.do(x86.VMOVUPS(at, x))
		f(l, x, acc[i])
	})
	l.stride(1, "vector", from, left, func(_ int, at operand.Mem) {
		x := l.vector()
		l.do(x86.VMOVUPS(at, x))
		f(l, x, acc[0])
	})
	x := l.tail(from, left, start)
	for _, more := range []vector{x, acc[1], acc[2], acc[3]} {
		f(l, more, acc[0])
	}
	l.across(acc[0], f)
	result, err := l.function.Signature.Results().At(0).Resolve()
	if err != nil {
		panic(err)
	}
	l.do(x86.VMOVSS(acc[0].AsX(), result.Addr))
	l.do(x86.VZEROUPPER())
	l.do(x86.RET())
}

// fourDots makes a function of four dot products with one vector.
func (l *loops) fourDots() {
	l.begin("fourDots"+l.suffix(), "func(to, a, b *float32, ldb, k int)", "writes the products of a with four rows of b: a dotsFunc.")
	t := tile{assembler: l.assembler, rows: 4}
	t.rowsAt("b", "ldb")
	to, a, left := l.load("to"), l.load("a"), l.load("k")
	var acc [4]vector
	for i := range acc {
		acc[i] = l.zero()
	}
	l.stride(1, "vector", a, left, func(_ int, at operand.Mem) {
		x := l.vector()
		l.do(x86.VMOVUPS(at, x))
		for i := range acc {
			l.do(x86.VFMADD231PS(t.row(i), x, acc[i]))
		}
		for _, p := range t.base {
			l.do(x86.ADDQ(operand.U32(4*l.lanes()), p))
		}
	})
	m, x := l.tailMask(l.assembler, left), l.vector()
	l.loadTail(l.assembler, operand.Mem{Base: a}, m, x)
	for i := range acc {
		y := l.vector()
		l.loadTail(l.assembler, t.row(i), m, y)
		l.do(x86.VFMADD231PS(y, x, acc[i]))
		l.across(acc[i], plus)
		l.do(x86.VMOVSS(acc[i].AsX(), operand.Mem{Base: to, Disp: 4 * i}))
	}
	l.do(x86.VZEROUPPER())
	l.do(x86.RET())
}

// spread makes a function that repeats one number a row.
func (l *loops) spread() {
	l.begin("spread"+l.suffix(), "func(to, from *float32, rows, size, stride int)", "fills each row with a number of its own: a spreadFunc.")
	to, from, rows, stride := l.load("to"), l.load("from"), l.load("rows"), l.loadBytes("stride")
	l.label("row")
	x, left := l.vector(), l.load("size")
	l.do(x86.VBROADCASTSS(operand.Mem{Base: from}, x))
	l.stride(1, "vector", to, left, func(_ int, at operand.Mem) { l.do(x86.VMOVUPS(x, at)) })
	l.do(x86.LEAQ(operand.Mem{Base: to, Index: left, Scale: 4}, to))
	end := l.copyPointer(to)
	l.do(x86.TESTQ(left, left))
	l.do(x86.JE(operand.LabelRef("whole")))
	start := l.copyPointer(left)
	l.do(x86.NEGQ(start))
	l.do(x86.LEAQ(operand.Mem{Base: end, Index: start, Scale: 4}, end))
	m := l.tailMask(l.assembler, left)
	l.storeTail(l.assembler, x, m, operand.Mem{Base: end})
	l.label("whole")
	l.do(x86.ADDQ(stride, from))
	l.do(x86.DECQ(rows))
	l.do(x86.JNE(operand.LabelRef("row")))
	l.do(x86.VZEROUPPER())
	l.do(x86.RET())
}

// stride is a loop over n vectors a round while so many are left.
func (l *loops) stride(n int, name string, p, left reg.GPVirtual, do func(i int, at operand.Mem)) {
	elements := n * l.lanes()
	l.do(x86.SUBQ(operand.U32(elements), left))
	l.do(x86.JLT(operand.LabelRef(name + "End")))
	l.label(name)
	for i := range n {
		do(i, operand.Mem{Base: p, Disp: 4 * l.lanes() * i})
	}
	l.do(x86.ADDQ(operand.U32(4*elements), p))
	l.do(x86.SUBQ(operand.U32(elements), left))
	l.do(x86.JGE(operand.LabelRef(name)))
	l.label(name + "End")
	l.do(x86.ADDQ(operand.U32(elements), left))
}

// tail loads the last, fewer than a vector's, elements; the other lanes are
// other. left is spent.
func (l *loops) tail(from, left reg.GPVirtual, other float32) vector {
	m := l.tailMask(l.assembler, left)
	x := l.vector()
	l.loadTail(l.assembler, operand.Mem{Base: from}, m, x)
	return l.blend(m, x, l.number(other))
}

// softmax makes a function over rows, in three passes over each: its largest
// element, the sum of the exponentials, and the division.
func (l *loops) softmax(name, doc string, isLog bool) {
	l.begin(name+l.suffix(), "func(to, from *float32, rows, size, toRow, fromRow int)",
		fmt.Sprintf("writes %s of every row: a softmaxFunc.", doc))
	to, from, rows := l.load("to"), l.load("from"), l.load("rows")
	l.label("row")
	top := l.largestOfRow(from)
	sum, isLeft := l.sumOfRow(to, from, top, !isLog)
	if isLog {
		shift := l.log(sum)
		l.mapRow("shift", to, from, func(x vector) vector {
			return l.apply(x86.VANDPS, isLeft, l.apply(x86.VSUBPS, shift, l.apply(x86.VSUBPS, top, x)))
		})
	} else {
		scale := l.apply(x86.VDIVPS, sum, l.number(1))
		l.mapRow("scale", to, to, func(x vector) vector { return l.apply(x86.VMULPS, scale, x) })
	}
	l.do(x86.ADDQ(l.loadBytes("toRow"), to))
	l.do(x86.ADDQ(l.loadBytes("fromRow"), from))
	l.do(x86.DECQ(rows))
	l.do(x86.JNE(operand.LabelRef("row")))
	l.do(x86.VZEROUPPER())
	l.do(x86.RET())
}

func (l *loops) largestOfRow(from reg.GPVirtual) vector {
	lowest := float32(math.Inf(-1))
	p, left, top := l.copyPointer(from), l.load("size"), l.number(lowest)
	l.stride(1, "largest", p, left, func(_ int, at operand.Mem) {
		l.do(x86.VMAXPS(at, top, top))
	})
	l.do(x86.VMAXPS(l.tail(p, left, lowest), top, top))
	l.across(top, larger)
	return l.apply(x86.VMAXPS, top, l.number(-math.MaxFloat32)) // so that -Inf - top is -Inf
}

// sumOfRow sums exp(x - top) in every lane, and writes the terms if isKept. isLeft is
// all ones, or zero where nothing but -Inf is in the row.
func (l *loops) sumOfRow(to, from reg.GPVirtual, top vector, isKept bool) (sum, isLeft vector) {
	sum, isLeft = l.zero(), l.vector()
	l.walkRow("sum", to, from, func(x vector) vector {
		y := l.exp(l.apply(x86.VSUBPS, top, x))
		l.do(x86.VADDPS(y, sum, sum))
		return y
	}, isKept)
	l.across(sum, plus)
	l.width.where(l.assembler, l.compare(notLessUnordered, sum, l.number(1)), l.word(0xFFFFFFFF), isLeft)
	return l.apply(x86.VMAXPS, sum, l.number(1)), isLeft // it is less only where nothing is left
}

func (l *loops) mapRow(name string, to, from reg.GPVirtual, body func(x vector) vector) {
	l.walkRow(name, to, from, body, true)
}

// walkRow hands a row to body vector by vector, the lanes past its end as -Inf.
func (l *loops) walkRow(name string, to, from reg.GPVirtual, body func(x vector) vector, isKept bool) {
	p, offset, left := l.copyPointer(from), l.copyPointer(to), l.load("size")
	l.do(x86.SUBQ(from, offset))
	l.stride(1, name, p, left, func(_ int, at operand.Mem) {
		x := l.vector()
		l.do(x86.VMOVUPS(at, x))
		y := body(x)
		if isKept {
			l.do(x86.VMOVUPS(y, operand.Mem{Base: p, Index: offset, Scale: 1}))
		}
	})
	m, x := l.tailMask(l.assembler, left), l.vector()
	l.loadTail(l.assembler, operand.Mem{Base: p}, m, x)
	y := body(l.blend(m, x, l.number(float32(math.Inf(-1)))))
	if isKept {
		l.storeTail(l.assembler, y, m, operand.Mem{Base: p, Index: offset, Scale: 1})
	}
}

func (l *loops) copyPointer(p reg.GPVirtual) reg.GPVirtual {
	r := l.GP64()
	l.do(x86.MOVQ(p, r))
	return r
}
