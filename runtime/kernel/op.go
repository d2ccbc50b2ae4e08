package kernel

import (
	"math"
	"slices"
)

// Op is a scalar function, or where a number comes from.
type Op uint8

const (
	OpInput Op = iota // operand number A
	OpConst           // Value
	OpAdd
	OpSub
	OpMul
	OpDiv
	OpPower
	OpMax     // NaN if either is
	OpMin     // NaN if either is
	OpLess    // 1 where a < b, else 0
	OpGreater // 1 where a > b, else 0
	OpEqual   // 1 where a = b, else 0
	OpSelect  // b where a ≠ 0, else c
	OpNeg
	OpAbs
	OpSign       // -1, 0 or 1
	OpStep       // 1 where a > 0, else 0
	OpReLU       // a where not a < 0, else 0
	OpSquare     // a·a
	OpSqrt       //
	OpReciprocal // 1/a
	OpExp
	OpLog
	OpSin
	OpCos
	OpTanh
	OpSigmoid  // 1/(1+e⁻ᵃ)
	OpSoftplus // log(1+eᵃ)
	OpSiLU     // a·sigmoid(a)
	OpErf
	OpGELU // a·(1+erf(a/√2))/2
	opCount
)

var opNames = [opCount]string{
	"input", "const", "add", "sub", "mul", "div", "power", "max", "min", "less", "greater", "equal", "select",
	"neg", "abs", "sign", "step", "relu", "square", "sqrt", "reciprocal", "exp", "log", "sin", "cos", "tanh",
	"sigmoid", "softplus", "silu", "erf", "gelu",
}

// String is the name of o in lower case.
func (o Op) String() string { return opNames[o] }

// OpNamed is the Op of that name.
func OpNamed(name string) (op Op, ok bool) {
	op = Op(slices.Index(opNames[:], name))
	return op, op < opCount
}

// Arity is the number of registers that o reads.
func (o Op) Arity() int {
	switch {
	case o < OpAdd:
		return 0
	case o < OpSelect:
		return 2
	case o == OpSelect:
		return 3
	}
	return 1
}

// Eval is the specification of o, in float64: the value that a kernel of any
// precision rounds.
func (o Op) Eval(a, b, c float64) float64 {
	if o.Arity() == 1 {
		return o.evalUnary(a)
	}
	switch o {
	case OpAdd:
		return a + b
	case OpSub:
		return a - b
	case OpMul:
		return a * b
	case OpDiv:
		return a / b
	case OpPower:
		return math.Pow(a, b)
	case OpMax:
		return max(a, b)
	case OpMin:
		return min(a, b)
	case OpLess:
		return truth(a < b)
	case OpGreater:
		return truth(a > b)
	case OpEqual:
		return truth(a == b)
	case OpSelect:
		if a != 0 {
			return b
		}
		return c
	}
	panic("kernel: " + o.String() + " is not a function")
}

func (o Op) evalUnary(a float64) float64 {
	switch o {
	case OpNeg:
		return -a
	case OpAbs:
		return math.Abs(a)
	case OpSign:
		return truth(a > 0) - truth(a < 0)
	case OpStep:
		return truth(a > 0)
	case OpReLU:
		if a < 0 {
			return 0
		}
		return a
	case OpSquare:
		return a * a
	case OpSqrt:
		return math.Sqrt(a)
	case OpReciprocal:
		return 1 / a
	case OpExp:
		return math.Exp(a)
	case OpLog:
		return math.Log(a)
	case OpSin:
		return math.Sin(a)
	case OpCos:
		return math.Cos(a)
	case OpTanh:
		return math.Tanh(a)
	case OpSigmoid:
		return 1 / (1 + math.Exp(-a))
	case OpSoftplus:
		return max(a, 0) + math.Log1p(math.Exp(-math.Abs(a)))
	case OpSiLU:
		return a / (1 + math.Exp(-a))
	case OpErf:
		return math.Erf(a)
	case OpGELU:
		return a * math.Erfc(-a/math.Sqrt2) / 2
	}
	panic("kernel: " + o.String() + " is not a function")
}

func truth(claim bool) float64 {
	if claim {
		return 1
	}
	return 0
}
