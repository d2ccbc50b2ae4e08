package kernel

// A loop applies one Op to every element of slices as long as to. to may be one
// of the operands.
type (
	unaryLoop      func(to, a []float32)
	binaryLoop     func(to, a, b []float32)
	ternaryLoop    func(to, a, b, c []float32)
	quaternaryLoop func(to, a, b, c, d []float32)
)

// loopSet is a loop for every Op that computes, and for those of several.
type loopSet struct {
	name      string
	unary     [loopCount]unaryLoop
	binary    [opCount]binaryLoop
	ternary   [loopCount]ternaryLoop
	mulAddMul quaternaryLoop
	moments   momentsLoop
}

// loops are the best that this processor runs.
var loops = availableLoops()[0]

// plainLoops are the loops in Go; processors with more have some replaced.
func plainLoops() loopSet {
	s := loopSet{name: "plain"}
	for op := range opCount {
		switch op.Arity() {
		case 1:
			s.unary[op] = eachEval(op)
		case 2:
			s.binary[op] = eachEval2(op)
		}
	}
	for op, f := range map[Op]func(float32) float32{
		OpNeg: func(a float32) float32 { return -a }, OpAbs: abs32, OpReLU: relu32,
		OpSquare: func(a float32) float32 { return a * a }, OpReciprocal: func(a float32) float32 { return 1 / a },
		OpSqrt: sqrt32,
		OpExp:  exp32, OpLog: log32, OpTanh: tanh32, OpErf: erf32, OpGELU: gelu32, OpSigmoid: sigmoid32, OpSoftplus: softplus32,
		OpSiLU: func(a float32) float32 { return a * sigmoid32(a) },
	} {
		s.unary[op] = each(f)
	}
	s.binary[OpAdd], s.binary[OpSub], s.binary[OpMul], s.binary[OpDiv] = addLoop, subLoop, mulLoop, divLoop
	s.binary[OpMax], s.binary[OpMin] = maxLoop, minLoop
	s.ternary[OpSelect] = selectLoop
	s.ternary[opMulAdd], s.ternary[opMulSub], s.ternary[opSubMul] = mulAddLoop, mulSubLoop, subMulLoop
	s.mulAddMul = mulAddMulLoop
	s.moments = plainMoments
	s.unary[opGELUSlope] = each(geluSlope32)
	return s
}

func each(f func(float32) float32) unaryLoop {
	return func(to, a []float32) {
		for i := range to {
			to[i] = f(a[i])
		}
	}
}

func eachEval(op Op) unaryLoop {
	return func(to, a []float32) {
		for i := range to {
			to[i] = float32(op.evalUnary(float64(a[i])))
		}
	}
}

func eachEval2(op Op) binaryLoop {
	return func(to, a, b []float32) {
		for i := range to {
			to[i] = float32(op.Eval(float64(a[i]), float64(b[i]), 0))
		}
	}
}

func addLoop(to, a, b []float32) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] + b[i]
	}
}

func subLoop(to, a, b []float32) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] - b[i]
	}
}

func mulLoop(to, a, b []float32) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] * b[i]
	}
}

func divLoop(to, a, b []float32) {
	a, b = a[:len(to)], b[:len(to)]
	for i := range to {
		to[i] = a[i] / b[i]
	}
}

func maxLoop(to, a, b []float32) {
	for i := range to {
		to[i] = max(a[i], b[i])
	}
}

func minLoop(to, a, b []float32) {
	for i := range to {
		to[i] = min(a[i], b[i])
	}
}

func selectLoop(to, a, b, c []float32) {
	for i := range to {
		if a[i] != 0 {
			to[i] = b[i]
		} else {
			to[i] = c[i]
		}
	}
}

// The conversions keep a compiler from fusing the product with the sum, which
// would round once rather than twice.

func mulAddLoop(to, a, b, c []float32) {
	for i := range to {
		to[i] = float32(a[i]*b[i]) + c[i]
	}
}

func mulSubLoop(to, a, b, c []float32) {
	for i := range to {
		to[i] = float32(a[i]*b[i]) - c[i]
	}
}

func subMulLoop(to, a, b, c []float32) {
	for i := range to {
		to[i] = c[i] - float32(a[i]*b[i])
	}
}

func mulAddMulLoop(to, a, b, c, d []float32) {
	for i := range to {
		to[i] = float32(a[i]*b[i]) + float32(c[i]*d[i])
	}
}

func relu32(a float32) float32 {
	if a < 0 {
		return 0
	}
	return a
}
