//go:build !purego

package kernel

// availableLoops are the loops that this processor runs, the best first.
func availableLoops() []*loopSet {
	plain := plainLoops()
	sets := []*loopSet{&plain}
	if hasAVX2 {
		sets = append([]*loopSet{plain.with("AVX2", unaryAVX2, binaryAVX2, ternaryAVX2, mulAddMulAVX2, momentsAVX2)}, sets...)
	}
	if hasAVX512 {
		sets = append([]*loopSet{plain.with("AVX512", unaryAVX512, binaryAVX512, ternaryAVX512, mulAddMulAVX512, momentsAVX512)}, sets...)
	}
	return sets
}

// with is s with some of its loops replaced.
func (s loopSet) with(name string, unary map[Op]unaryLoop, binary map[Op]binaryLoop,
	ternary map[Op]ternaryLoop, mulAddMul quaternaryLoop, moments momentsLoop) *loopSet {
	s.name, s.mulAddMul, s.moments = name, mulAddMul, moments
	for op, loop := range unary {
		s.unary[op] = loop
	}
	for op, loop := range binary {
		s.binary[op] = loop
	}
	for op, loop := range ternary {
		s.ternary[op] = loop
	}
	return &s
}

var unaryAVX2 = map[Op]unaryLoop{
	OpNeg: negAVX2, OpAbs: absAVX2, OpSign: signAVX2, OpStep: stepAVX2, OpReLU: reluAVX2, OpSquare: squareAVX2,
	OpSqrt: sqrtAVX2, OpReciprocal: reciprocalAVX2, OpExp: expAVX2, OpLog: logAVX2, OpTanh: tanhAVX2,
	OpSigmoid: sigmoidAVX2, OpSiLU: siluAVX2, OpSoftplus: softplusAVX2, OpErf: erfAVX2, OpGELU: geluAVX2, opGELUSlope: geluSlopeAVX2,
}

var binaryAVX2 = map[Op]binaryLoop{
	OpAdd: addAVX2, OpSub: subAVX2, OpMul: mulAVX2, OpDiv: divAVX2, OpMax: maxAVX2, OpMin: minAVX2,
	OpLess: lessAVX2, OpGreater: greaterAVX2, OpEqual: equalAVX2,
}

var unaryAVX512 = map[Op]unaryLoop{
	OpNeg: negAVX512, OpAbs: absAVX512, OpSign: signAVX512, OpStep: stepAVX512, OpReLU: reluAVX512,
	OpSquare: squareAVX512, OpSqrt: sqrtAVX512, OpReciprocal: reciprocalAVX512, OpExp: expAVX512,
	OpLog: logAVX512, OpTanh: tanhAVX512, OpSigmoid: sigmoidAVX512, OpSiLU: siluAVX512,
	OpSoftplus: softplusAVX512, OpErf: erfAVX512, OpGELU: geluAVX512, opGELUSlope: geluSlopeAVX512,
}

var binaryAVX512 = map[Op]binaryLoop{
	OpAdd: addAVX512, OpSub: subAVX512, OpMul: mulAVX512, OpDiv: divAVX512, OpMax: maxAVX512, OpMin: minAVX512,
	OpLess: lessAVX512, OpGreater: greaterAVX512, OpEqual: equalAVX512,
}

var ternaryAVX2 = map[Op]ternaryLoop{
	OpSelect: selectAVX2, opMulAdd: mulAddAVX2, opMulSub: mulSubAVX2, opSubMul: subMulAVX2,
}

var ternaryAVX512 = map[Op]ternaryLoop{
	OpSelect: selectAVX512, opMulAdd: mulAddAVX512, opMulSub: mulSubAVX512, opSubMul: subMulAVX512,
}
