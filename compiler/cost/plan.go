package cost

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// Run is the cost of one run of a plan.
type Run struct {
	MultiplyAdds int    `json:"multiply_adds"`
	Scalar       int    `json:"scalar"` // operations beside them
	Moved        int    `json:"moved"`  // bytes that the steps read and write
	Peak         int    `json:"peak"`   // bytes of the arenas, which hold all there is
	Steps        []Step `json:"steps"`  // as those of the plan
}

// Step is the cost of one step.
type Step struct {
	Box          string `json:"box"`
	Kind         string `json:"kind"`
	Pass         string `json:"pass"`
	MultiplyAdds int    `json:"multiply_adds,omitzero"`
	Scalar       int    `json:"scalar,omitzero"`
	Moved        int    `json:"moved"` // bytes: each element that a view reaches once
}

// Operations are floating-point operations: two for each multiply-add.
func (s Step) Operations() int { return 2*s.MultiplyAdds + s.Scalar }

// OfPlan counts what a plan makes the machine do in one run. Peak is just what a
// machine that is bound to the plan has as its arenas.
//
// The multiply-adds of a plan are those of its diagram, with these exceptions. Products
// row by row, which no matrix product fits, run as a multiplication and a sum: as many
// operations. What only one operand is summed over is summed ahead of the product. What
// is the same twice is computed once. What is sent back through windows is computed
// for the padding around an array too. A convolution that goes Winograd's way counts as
// the convolution it is, though it makes 16 products where that makes 36; the steps that
// bring its filter into the form count besides.
func OfPlan(p *plan.Plan) *Run {
	r := &Run{Peak: p.Bytes(), Steps: make([]Step, len(p.Steps))}
	for i, s := range p.Steps {
		c := kernelCost(s)
		c.Box, c.Kind, c.Pass, c.Moved = s.Origin.Box, s.Origin.Kind, s.Origin.Pass, moved(p, s)
		r.Steps[i] = c
		r.MultiplyAdds += c.MultiplyAdds
		r.Scalar += c.Scalar
		r.Moved += c.Moved
	}
	return r
}

// movingIn is how many inputs of a step are more than one number.
func movingIn(s plan.Step) int {
	n := 0
	for _, v := range s.In {
		if slices.ContainsFunc(v.Strides, func(stride int) bool { return stride != 0 }) {
			n++
		}
	}
	return n
}

func kernelCost(s plan.Step) Step {
	switch k := s.Kernel.(type) {
	case plan.Gemm:
		return gemmCost(k, len(s.In))
	case plan.Winograd:
		return winogradCost(k, len(s.In))
	case plan.Contract:
		n := plan.Count(k.Dims)
		if movingIn(s) > 1 {
			return Step{MultiplyAdds: n, Scalar: n * (len(s.In) - 2)}
		}
		return Step{Scalar: n * max(1, len(s.In))}
	case plan.Map:
		n := 0
		for _, in := range k.Program {
			n += operationsOf(diagram.Fn(in.Fn))
		}
		return Step{Scalar: n * plan.Count(k.Dims)}
	case plan.Reduce:
		n := perReduced(k.Fn) * plan.Count(k.Dims)
		if k.Fn == "mean" {
			n += plan.Count(k.Dims[:len(k.Dims)-k.Reduced])
		}
		return Step{Scalar: n}
	case plan.Softmax:
		return Step{Scalar: perSoftmax * plan.Count(k.Dims)}
	case plan.Put:
		return Step{Scalar: plan.Count(k.Dims)}
	case plan.Nest:
		return nestCost(k)
	}
	return Step{}
}

// gemmCost is the cost of a matrix product with what it does to its results.
func gemmCost(k plan.Gemm, inputs int) Step {
	results := plan.Count(k.Batch) * k.M * k.N
	s := Step{MultiplyAdds: results * plan.Count(k.Taps) * k.K}
	for _, isDone := range []bool{inputs > 2, k.Accumulate, k.Relu} {
		if isDone {
			s.Scalar += results
		}
	}
	return s
}

// winogradCost is the cost of the convolution over windows of 3 by 3 that is computed.
func winogradCost(k plan.Winograd, inputs int) Step {
	return gemmCost(plan.Gemm{
		Batch: []int{k.Images, k.Rows}, Taps: []int{3, 3}, M: k.Cols, N: k.Filters, K: k.Channels, Relu: k.Relu,
	}, inputs)
}

// moved is how many bytes a step reads and writes, if it meets every element once. A
// sum that a step adds to is read too; a look-up reads what it finds.
func moved(p *plan.Plan, s plan.Step) int {
	if n, isNest := s.Kernel.(plan.Nest); isNest {
		return nestMoved(p, n)
	}
	spaces, err := plan.SpacesOf(s)
	if err != nil {
		panic("cost: " + err.Error() + ": the plan is not verified")
	}
	n := 0
	for i, v := range slices.Concat(s.In, s.Out) {
		b := p.Buffers[v.Buffer]
		reached := elements(v, spaces[i], b.Len())
		switch s.Kernel.(type) {
		case plan.Take:
			if i == 0 {
				reached = min(plan.Count(spaces[i]), b.Len())
			}
		case plan.Put:
			if i == len(s.In) {
				reached = b.Len()
			}
		}
		if i >= len(s.In) && accumulates(s.Kernel) {
			reached *= 2
		}
		n += reached * b.DType.Bytes()
	}
	return n
}

func accumulates(k plan.Kernel) bool {
	switch k := k.(type) {
	case plan.Gemm:
		return k.Accumulate
	case plan.Contract:
		return k.Accumulate
	}
	return false
}

// elements is how many different elements of a buffer a view over dims reaches, at
// most.
func elements(v plan.View, dims []int, length int) int {
	places, reach := 1, 1
	for i, d := range dims {
		if stride := max(v.Strides[i], -v.Strides[i]); stride != 0 {
			places *= d
			reach += (d - 1) * stride
		}
	}
	return min(places, reach, length)
}
