package cost

import (
	"ncd/compiler/plan"
)

// nestCost is the work of a nest: that of its steps, at every place.
func nestCost(n plan.Nest) Step {
	var cost Step
	places := plan.Count(n.Dims)
	for _, s := range n.Steps {
		c := kernelCost(atOnePlace(s, len(n.Dims)))
		cost.MultiplyAdds += places * c.MultiplyAdds
		cost.Scalar += places * c.Scalar
	}
	return cost
}

// atOnePlace is a step of a nest of so many dims without its strides over them.
func atOnePlace(s plan.Step, rank int) plan.Step {
	in := make([]plan.View, len(s.In))
	for i, v := range s.In {
		in[i] = plan.View{Buffer: v.Buffer, Offset: v.Offset, Strides: v.Strides[rank:]}
	}
	s.In = in
	return s
}

// nestMoved is how many bytes a nest reads and writes: its steps hand each other the
// rest near the processor.
func nestMoved(p *plan.Plan, n plan.Nest) int {
	touched, err := n.Touched()
	if err != nil {
		panic("cost: " + err.Error() + ": the plan is not verified")
	}
	moved := 0
	for buffer, t := range touched {
		b := p.Buffers[buffer]
		if b.Role == plan.Own {
			continue
		}
		reached := 0
		for i, v := range t.Views {
			reached = max(reached, elements(v, append(n.Dims[:len(n.Dims):len(n.Dims)], t.Spaces[i]...), b.Len()))
		}
		for _, isMet := range []bool{t.IsRead, t.IsWritten} {
			if isMet {
				moved += reached * b.DType.Bytes()
			}
		}
	}
	return moved
}
