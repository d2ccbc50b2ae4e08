package train

import (
	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/tensor"
)

// lossLine is where the plans of these tests compute their loss.
var lossLine = source.Span{File: &source.File{Name: "t.ncd", Text: "loss x"}, Start: 0, End: 6}

// descent is the plan of a step with the loss w·mean(x), whose only weight w moves
// against it by a tenth of it, and whose state counts steps.
func descent(batch int) *plan.Plan {
	p := measured(batch)
	p.Buffers = append(p.Buffers,
		plan.Buffer{Name: "count", Role: plan.State, Offset: 48 + batch, Fixed: plan.Fixed{Kind: "constant"}})
	scalar := func(buffer int) plan.View { return plan.View{Buffer: buffer} }
	p.Numbers += 16
	p.Steps = append(p.Steps,
		plan.Step{
			Kernel: plan.Map{Program: []plan.Instr{
				{Fn: "constant", Value: 0.1}, {Fn: "mul", Args: []int{1, 2}}, {Fn: "sub", Args: []int{0, 3}},
			}, Results: []int{4}},
			In: []plan.View{scalar(1), scalar(2)}, Out: []plan.View{scalar(1)},
		},
		plan.Step{
			Kernel: plan.Map{Program: []plan.Instr{{Fn: "constant", Value: 1}, {Fn: "add", Args: []int{0, 1}}}, Results: []int{2}},
			In:     []plan.View{scalar(4)}, Out: []plan.View{scalar(4)},
		})
	return p
}

// measured is the plan of the loss alone.
func measured(batch int) *plan.Plan {
	return &plan.Plan{
		Name: "test",
		Buffers: []plan.Buffer{
			{Name: "x", Role: plan.Input, Axes: []string{"batch"}, Dims: []int{batch}, Offset: 48},
			{Name: "w", Role: plan.Weight, Offset: 0, Fixed: plan.Fixed{Kind: "uniform", Scale: 1}},
			{Name: "loss", Role: plan.Output, Offset: 16},
			{Role: plan.Constant, Offset: 32, Value: []float64{1 / float64(batch)}},
		},
		Steps: []plan.Step{{
			Kernel: plan.Contract{Dims: []int{batch}, Summed: 1},
			In:     []plan.View{{Buffer: 0, Strides: []int{1}}, {Buffer: 1, Strides: []int{0}}, {Buffer: 3, Strides: []int{0}}},
			Out:    []plan.View{{Buffer: 2, Strides: []int{0}}},
			Origin: plan.Origin{Kind: "loss", Span: lossLine},
		}},
		Numbers: 48 + batch,
	}
}

// numbers is a set of single numbers.
func numbers(values ...float32) *data.Set {
	field := data.Field{Name: "x"}
	return &data.Set{Columns: []data.Column{{Field: field, Values: tensor.Of(values, nil, len(values)), Unit: 1}}}
}

// descending trains on some numbers in batches of 2 and tests on 7 others.
func descending(train ...float32) *Training {
	const batch = 2
	return &Training{
		Step:     descent(batch),
		Evaluate: func(batch int) (*plan.Plan, error) { return measured(batch), nil },
		Data:     &data.Splits{Train: numbers(train...), Test: numbers(1, 2, 3, 4, 5, 6, 70)},
		Batch:    batch, Epochs: 3, Seed: 1, Threads: 1,
	}
}
