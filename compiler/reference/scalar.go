package reference

import (
	"math"

	"ncd/compiler/diagram"
)

// Scalar is the value of a scalar function at numbers. It panics on one that is
// not of the list.
func Scalar(fn diagram.Fn, x ...float64) float64 {
	switch len(x) {
	case 1:
		return unary[fn](x[0])
	case 2:
		return binary[fn](x[0], x[1])
	}
	if fn != diagram.FnSelect {
		panic("reference: no scalar function " + string(fn))
	}
	if x[0] != 0 {
		return x[1]
	}
	return x[2]
}

var unary = map[diagram.Fn]func(float64) float64{
	diagram.FnNeg:        func(x float64) float64 { return -x },
	diagram.FnExp:        math.Exp,
	diagram.FnLog:        math.Log,
	diagram.FnSqrt:       math.Sqrt,
	diagram.FnAbs:        math.Abs,
	diagram.FnSign:       func(x float64) float64 { return truth(x > 0) - truth(x < 0) },
	diagram.FnSin:        math.Sin,
	diagram.FnCos:        math.Cos,
	diagram.FnTanh:       math.Tanh,
	diagram.FnSigmoid:    sigmoid,
	diagram.FnRelu:       func(x float64) float64 { return math.Max(x, 0) },
	diagram.FnGelu:       func(x float64) float64 { return x * 0.5 * math.Erfc(-x/math.Sqrt2) },
	diagram.FnSilu:       func(x float64) float64 { return x * sigmoid(x) },
	diagram.FnSoftplus:   func(x float64) float64 { return math.Max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) },
	diagram.FnSquare:     func(x float64) float64 { return x * x },
	diagram.FnReciprocal: func(x float64) float64 { return 1 / x },
	diagram.FnStep:       func(x float64) float64 { return truth(x > 0) },
	diagram.FnErf:        math.Erf,
}

var binary = map[diagram.Fn]func(x, y float64) float64{
	diagram.FnAdd:     func(x, y float64) float64 { return x + y },
	diagram.FnSub:     func(x, y float64) float64 { return x - y },
	diagram.FnMul:     func(x, y float64) float64 { return x * y },
	diagram.FnDiv:     func(x, y float64) float64 { return x / y },
	diagram.FnPower:   math.Pow,
	diagram.FnMax:     math.Max,
	diagram.FnMin:     math.Min,
	diagram.FnLess:    func(x, y float64) float64 { return truth(x < y) },
	diagram.FnGreater: func(x, y float64) float64 { return truth(x > y) },
	diagram.FnEqual:   func(x, y float64) float64 { return truth(x == y) },
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
