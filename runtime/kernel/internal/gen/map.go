package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/x86"
)

// Predicates of VCMPPS: ordered ones are false of a NaN, unordered ones true.
const (
	equalOrdered        = 0x00
	unordered           = 0x03
	notEqualUnordered   = 0x04
	notLessUnordered    = 0x15
	lessOrdered         = 0x11
	lessOrEqualOrdered  = 0x12
	notGreaterUnordered = 0x19 // not greater than or equal
	greaterOrdered      = 0x1E
)

func generateMap() {
	a := newAssembler()
	constants := map[uint32]operand.Mem{}
	for _, w := range []width{&ymm{table: a.laneMasks("mapMasks")}, &zmm{}} {
		l := &loops{assembler: a, width: w, constants: constants}
		l.arithmetic()
		l.comparisons()
		l.pieces()
		l.products()
		l.functions()
		l.moments()
	}
	a.write("zmap_amd64")
}

func (l *loops) arithmetic() {
	l.unroll = 4
	l.binary("add", func(a, b vector) vector { return l.apply(x86.VADDPS, b, a) })
	l.binary("sub", func(a, b vector) vector { return l.apply(x86.VSUBPS, b, a) })
	l.binary("mul", func(a, b vector) vector { return l.apply(x86.VMULPS, b, a) })
	l.binary("div", func(a, b vector) vector { return l.apply(x86.VDIVPS, b, a) })
	// Of a NaN these instructions return their second source, so that a NaN in
	// the first must be put back.
	l.binary("max", func(a, b vector) vector {
		return l.blend(l.compare(unordered, a, a), a, l.apply(x86.VMAXPS, b, a))
	})
	l.binary("min", func(a, b vector) vector {
		return l.blend(l.compare(unordered, a, a), a, l.apply(x86.VMINPS, b, a))
	})
	l.unary("neg", func(a vector) vector { return l.apply(x86.VXORPS, l.word(1<<31), a) })
	l.unary("abs", l.abs)
	l.unary("square", func(a vector) vector { return l.apply(x86.VMULPS, a, a) })
	l.unary("reciprocal", func(a vector) vector { return l.apply(x86.VDIVPS, a, l.number(1)) })
	l.unary("sqrt", func(a vector) vector {
		l.do(x86.VSQRTPS(a, a))
		return a
	})
}

func (l *loops) comparisons() {
	l.binary("less", func(a, b vector) vector { return l.where(l.compare(lessOrdered, a, b), 1) })
	l.binary("greater", func(a, b vector) vector { return l.where(l.compare(greaterOrdered, a, b), 1) })
	l.binary("equal", func(a, b vector) vector { return l.where(l.compare(equalOrdered, a, b), 1) })
}

// pieces are the functions made of linear pieces.
func (l *loops) pieces() {
	l.unary("step", func(a vector) vector { return l.where(l.compare(greaterOrdered, a, l.zero()), 1) })
	l.unary("sign", func(a vector) vector {
		positive := l.where(l.compare(greaterOrdered, a, l.zero()), 1)
		return l.apply(x86.VSUBPS, l.where(l.compare(lessOrdered, a, l.zero()), 1), positive)
	})
	l.unary("relu", func(a vector) vector { return l.apply(x86.VMAXPS, a, l.zero()) })
	l.loop("select", []string{"a", "b", "c"}, func(in []vector) vector {
		return l.blend(l.compare(notEqualUnordered, in[0], l.zero()), in[1], in[2])
	})
}

// products are the loops of a product and a sum, each rounded.
func (l *loops) products() {
	product := func(in []vector) vector { return l.apply(x86.VMULPS, in[1], in[0]) }
	l.loop("mulAdd", []string{"a", "b", "c"}, func(in []vector) vector { return l.apply(x86.VADDPS, in[2], product(in)) })
	l.loop("mulSub", []string{"a", "b", "c"}, func(in []vector) vector { return l.apply(x86.VSUBPS, in[2], product(in)) })
	l.loop("subMul", []string{"a", "b", "c"}, func(in []vector) vector { return l.apply(x86.VSUBPS, product(in), in[2]) })
	l.loop("mulAddMul", []string{"a", "b", "c", "d"}, func(in []vector) vector {
		return l.apply(x86.VADDPS, product(in[2:]), product(in))
	})
}

func (l *loops) functions() {
	l.unroll = 1
	l.unary("exp", l.exp)
	l.unary("log", l.log)
	l.unary("tanh", l.tanh)
	l.unary("sigmoid", l.sigmoid)
	l.unary("silu", func(a vector) vector { return l.apply(x86.VMULPS, l.sigmoid(a), a) })
	l.unary("softplus", l.softplus)
	l.unary("erf", l.erf)
	l.unary("gelu", l.gelu)
	l.unary("geluSlope", l.geluSlope)
}

// exp computes 2ⁿ·eʳ with x = n·log(2) + r; 2ⁿ in two factors, so that results
// pass gradually into zero and infinity.
func (l *loops) exp(x vector) vector {
	x = l.apply(x86.VMAXPS, x, l.number(-104))
	x = l.apply(x86.VMINPS, x, l.number(89))
	n := l.apply(x86.VMULPS, l.constant(math.Log2E), x)
	l.round(l.assembler, n)
	const hi = 0.693145751953125
	l.do(x86.VFNMADD231PS(l.constant(hi), n, x))
	l.do(x86.VFNMADD231PS(l.constant(math.Ln2-hi), n, x))
	y := l.horner(expFit, x)
	l.do(x86.VFMADD213PS(x, l.apply(x86.VMULPS, x, x), y))
	y = l.apply(x86.VADDPS, l.constant(1), y)

	return l.scale(y, n)
}

func (l *loops) log(x vector) vector {
	const sqrtHalf = 0x3F3504F3
	tiny := l.compare(lessOrdered, x, l.number(0x1p-126))
	bits := l.blend(tiny, l.apply(x86.VMULPS, l.constant(0x1p23), x), x)
	exponent := l.where(tiny, -23)
	l.do(x86.VPSUBD(l.word(sqrtHalf), bits, bits))
	e, f := l.vector(), l.vector()
	l.do(x86.VPSRAD(operand.U8(23), bits, e))
	l.do(x86.VCVTDQ2PS(e, e))
	l.do(x86.VADDPS(exponent, e, e))
	l.do(x86.VANDPS(l.word(0x007FFFFF), bits, f))
	l.do(x86.VPADDD(l.word(sqrtHalf), f, f))
	l.do(x86.VSUBPS(l.number(1), f, f))

	const hi = 0.693145751953125
	y := l.horner(logFit, f)
	l.do(x86.VFMSUB213PS(l.constant(0.5), f, y))
	y = l.apply(x86.VMULPS, y, l.apply(x86.VMULPS, f, f))
	l.do(x86.VFMADD231PS(l.constant(math.Ln2-hi), e, y))
	y = l.apply(x86.VADDPS, f, y)
	l.do(x86.VFMADD231PS(l.constant(hi), e, y))

	infinity := float32(math.Inf(1))
	y = l.blend(l.compare(equalOrdered, x, l.number(infinity)), x, y)
	y = l.blend(l.compare(equalOrdered, x, l.zero()), l.number(-infinity), y)
	return l.blend(l.compare(notGreaterUnordered, x, l.zero()), l.number(float32(math.NaN())), y)
}

func (l *loops) tanh(x vector) vector {
	size := l.abs(x)
	e := l.exp(l.apply(x86.VADDPS, size, size))
	e = l.apply(x86.VADDPS, l.constant(1), e)
	large := l.apply(x86.VSUBPS, l.apply(x86.VDIVPS, e, l.number(2)), l.number(1))
	large = l.copySign(large, x)
	z := l.apply(x86.VMULPS, x, x)
	small := l.apply(x86.VMULPS, z, l.horner(tanhFit, z))
	l.do(x86.VFMADD213PS(x, x, small))
	return l.blend(l.compare(lessOrEqualOrdered, l.abs(x), l.number(0.625)), small, large)
}

// sigmoid is 1/(1+e) or e/(1+e) with e = exp(-|x|), which neither overflows nor cancels.
func (l *loops) sigmoid(x vector) vector {
	e := l.exp(l.apply(x86.VORPS, l.word(1<<31), x))
	over := l.blend(l.isNegative(x), e, l.number(1))
	return l.apply(x86.VDIVPS, l.apply(x86.VADDPS, l.constant(1), e), over)
}

// softplus is max(x, 0) + log(1+e) with e = exp(-|x|). What the rounding of 1+e
// lost is put back, divided by the slope of the logarithm.
func (l *loops) softplus(x vector) vector {
	e := l.exp(l.apply(x86.VORPS, l.word(1<<31), x))
	sum := l.apply(x86.VADDPS, l.constant(1), e)
	lost := l.apply(x86.VSUBPS, l.apply(x86.VSUBPS, l.number(1), sum), e)
	y := l.apply(x86.VADDPS, l.apply(x86.VDIVPS, sum, lost), l.log(sum))
	return l.apply(x86.VADDPS, y, l.apply(x86.VMAXPS, x, l.zero()))
}

func (l *loops) erf(x vector) vector {
	size := l.apply(x86.VMINPS, l.abs(x), l.number(10.5))
	square, lost := l.square(size)
	large := l.apply(x86.VSUBPS, l.erfc(size, square, lost), l.number(1))
	large = l.copySign(large, x)
	small := l.apply(x86.VMULPS, x, l.horner(erfFit, l.apply(x86.VMULPS, x, x)))
	return l.blend(l.compare(lessOrEqualOrdered, l.abs(x), l.number(1)), small, large)
}

func (l *loops) gelu(x vector) vector {
	size := l.apply(x86.VMINPS, l.abs(x), l.number(15))
	square, lost := l.square(size)
	for _, v := range []vector{square, lost} {
		l.do(x86.VMULPS(l.constant(0.5), v, v))
	}
	half := l.erfc(l.apply(x86.VMULPS, l.constant(1/math.Sqrt2), size), square, lost)
	half = l.apply(x86.VMULPS, l.constant(0.5), half)
	rest := l.apply(x86.VSUBPS, half, l.number(1))
	return l.apply(x86.VMULPS, l.blend(l.isNegative(x), half, rest), x)
}

// geluSlope is Φ(x) + x·φ(x); both have the exponential of -x²/2.
func (l *loops) geluSlope(x vector) vector {
	size := l.apply(x86.VMINPS, l.abs(x), l.number(15))
	e := l.exp(l.apply(x86.VMULPS, l.constant(-0.5), l.apply(x86.VMULPS, size, size)))
	half := l.apply(x86.VMULPS, l.overTail(l.apply(x86.VMULPS, l.constant(1/math.Sqrt2), size)), e)
	half = l.apply(x86.VMULPS, l.constant(0.5), half)
	rest := l.apply(x86.VSUBPS, half, l.number(1))
	y := l.blend(l.isNegative(x), half, rest)
	density := l.apply(x86.VMULPS, l.constant(0.3989422804014327), e)
	l.do(x86.VFMADD231PS(l.copySign(size, x), density, y))
	return y
}

// square is x² and what rounding it lost.
func (l *loops) square(x vector) (square, lost vector) {
	square, lost = l.apply(x86.VMULPS, x, x), l.copy(x)
	l.do(x86.VFMSUB213PS(square, x, lost))
	return square, lost
}

// erfc is for x ≥ 0, given also its square in two parts.
func (l *loops) erfc(x, square, lost vector) vector {
	y := l.exp(l.apply(x86.VXORPS, l.word(1<<31), square))
	y = l.apply(x86.VMULPS, l.overTail(x), y)
	l.do(x86.VFNMADD231PS(lost, y, y))
	return y
}

// overTail is erfc(x)·exp(x²) for x ≥ 0.
func (l *loops) overTail(x vector) vector {
	above := l.apply(x86.VADDPS, l.constant(tailCentre), x)
	return l.horner(tailFit, l.apply(x86.VDIVPS, above, l.apply(x86.VSUBPS, l.number(tailCentre), x)))
}

// horner evaluates a fit at x.
func (l *loops) horner(p polynomial, x vector) vector {
	y := l.number(float32(p.c[len(p.c)-1]))
	for i := len(p.c) - 2; i >= 0; i-- {
		l.do(x86.VFMADD213PS(l.constant(p.c[i]), x, y))
	}
	return y
}
