package cost

import (
	"ncd/compiler/diagram"
)

// perElement is how many operations a scalar function is counted as; those that are
// not listed are 1.
var perElement = map[diagram.Fn]int{
	diagram.FnConstant: 0,

	diagram.FnExp: 4, diagram.FnLog: 4, diagram.FnSqrt: 4, diagram.FnSin: 4, diagram.FnCos: 4,
	diagram.FnTanh: 4, diagram.FnSigmoid: 4, diagram.FnErf: 4,

	diagram.FnSilu: 5,
	diagram.FnGelu: 8, diagram.FnSoftplus: 8, diagram.FnPower: 8,
}

const (
	perSoftmax   = 8
	perLogSumExp = 6 // maximum, difference, exponential and sum, a number that goes in
)

func operationsOf(fn diagram.Fn) int {
	if n, ok := perElement[fn]; ok {
		return n
	}
	return 1
}

// perReduced is what a reduction is counted as for each number that goes in.
func perReduced(fn string) int {
	if fn == "logsumexp" {
		return perLogSumExp
	}
	return 1
}
