package exec

import (
	"fmt"

	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// scalarOps are the kernels' operations by the names that a plan uses.
var scalarOps = map[string]kernel.Op{
	"neg": kernel.OpNeg, "exp": kernel.OpExp, "log": kernel.OpLog, "sqrt": kernel.OpSqrt, "abs": kernel.OpAbs, "sign": kernel.OpSign,
	"sin": kernel.OpSin, "cos": kernel.OpCos, "tanh": kernel.OpTanh, "sigmoid": kernel.OpSigmoid, "relu": kernel.OpReLU,
	"gelu": kernel.OpGELU, "silu": kernel.OpSiLU, "softplus": kernel.OpSoftplus, "square": kernel.OpSquare,
	"reciprocal": kernel.OpReciprocal, "step": kernel.OpStep, "erf": kernel.OpErf,
	"add": kernel.OpAdd, "sub": kernel.OpSub, "mul": kernel.OpMul, "div": kernel.OpDiv, "power": kernel.OpPower, "max": kernel.OpMax,
	"min": kernel.OpMin, "less": kernel.OpLess, "greater": kernel.OpGreater, "equal": kernel.OpEqual, "select": kernel.OpSelect,
}

func (b *binder[F]) apply(k plan.Map, s plan.Step) (work[F], error) {
	program, err := programOf(k, len(s.In))
	if err != nil {
		return work[F]{}, err
	}
	m := kernel.NewMap(program, k.Dims, lieAll(s.Out), lieAll(s.In))
	if !b.isFast() {
		return plain(func(out, in [][]F) { kernel.PlainMap(m, out, in) }), nil
	}
	return fast[F](m, m.Run), nil
}

// programOf writes a program for the kernel, whose registers are numbered alike:
// first the operands, then what is computed.
func programOf(k plan.Map, inputs int) (*kernel.Program, error) {
	p := &kernel.Program{Inputs: inputs, Outputs: k.Results}
	for i := range inputs {
		p.Instrs = append(p.Instrs, kernel.Instr{Op: kernel.OpInput, A: i})
	}
	for _, instr := range k.Program {
		if instr.Fn == "constant" {
			p.Instrs = append(p.Instrs, kernel.Instr{Op: kernel.OpConst, Value: instr.Value})
			continue
		}
		op, ok := scalarOps[instr.Fn]
		if !ok || len(instr.Args) != op.Arity() {
			return nil, fmt.Errorf("no scalar function %s of %d arguments", instr.Fn, len(instr.Args))
		}
		made := kernel.Instr{Op: op}
		for i, to := range []*int{&made.A, &made.B, &made.C}[:len(instr.Args)] {
			*to = instr.Args[i]
		}
		p.Instrs = append(p.Instrs, made)
	}
	return p, nil
}

func (b *binder[F]) softmax(k plan.Softmax, s plan.Step) work[F] {
	last := len(k.Dims) - 1
	outer := func(v plan.View) kernel.View { return kernel.View{Offset: v.Offset, Strides: v.Strides[:last]} }
	f := kernel.NewSoftmax(kernel.Softmax{
		Dims: k.Dims[:last], Size: k.Dims[last], Log: k.Log,
		Out: outer(s.Out[0]), OutStride: s.Out[0].Strides[last],
		In: outer(s.In[0]), InStride: s.In[0].Strides[last],
	})
	if !b.isFast() {
		return plain(func(out, in [][]F) { kernel.PlainSoftmax(f, out[0], in[0]) })
	}
	return fast[F](f, func(piece int, out, in [][]float32, scratch []float32) { f.Run(piece, out[0], in[0], scratch) })
}
