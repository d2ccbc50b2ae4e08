package train

import (
	"slices"
	"strings"
	"time"

	"ncd/compiler/plan"
	"ncd/runtime/exec"
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// Application is a plan that is to be applied once to arrays.
type Application struct {
	Plan    *plan.Plan
	Inputs  map[string]*tensor.Tensor // by the names of the plan's inputs; all there are
	Weights *weights.Stored           // nil: the plan has none
	Fresh   bool                      // the weights are freshly drawn instead
	Names   []string                  // of the first outputs, in the order of the plan; the others have the plan's
	Seed    uint64
	Threads int
	Profile func([]time.Duration) // is told how long each step took; nil: that is not measured
}

// Apply runs a plan once and returns its outputs by name. The error is a
// fault.Fault where arrays or weights do not fit, and an exec.Fault where their
// numbers do not.
func Apply(a *Application) (map[string]*tensor.Tensor, error) {
	if a.Fresh {
		if err := holdNoData(a.Plan); err != nil {
			return nil, err
		}
	}
	m, err := bindMachine(a.Plan, exec.Options{Threads: a.Threads, Seed: a.Seed, Profile: a.Profile != nil})
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if !a.Fresh {
		if err := m.load(a.Weights); err != nil {
			return nil, err
		}
	}
	for _, input := range m.Arrays(plan.Input) {
		if err := hand(input, a.Inputs[input.Name]); err != nil {
			return nil, err
		}
	}
	if err := m.Run(); err != nil {
		return nil, err
	}
	if a.Profile != nil {
		a.Profile(m.Spent())
	}
	outputs := map[string]*tensor.Tensor{}
	for i, result := range m.results {
		name := result.Name
		if i < len(a.Names) {
			name = a.Names[i]
		}
		outputs[name] = copied(result)
	}
	return outputs, nil
}

// hand puts an array into an input, whose sizes it must have.
func hand(input exec.Array, given *tensor.Tensor) error {
	if !slices.Equal(given.Dims, input.Dims) {
		return fault.New(fault.BadArray, "", "port `%s` takes %s, the array is %s",
			input.Name, tensor.Shape(input.Axes, input.Dims), tensor.Shape(nil, given.Dims))
	}
	if isWhole := given.DType() != tensor.Float32 && given.DType() != tensor.Float64; input.Int32 != nil && !isWhole {
		return fault.New(fault.BadArray, "", "port `%s` takes places, whole numbers below %d, the array holds %s", input.Name, input.In, given.DType()).
			Mend("write it with an integer type")
	}
	put(input, given)
	return nil
}

// FirstWeights are the weights of a plan as they are before any training.
func FirstWeights(p *plan.Plan, seed uint64) (*weights.File, error) {
	if err := holdNoData(p); err != nil {
		return nil, err
	}
	m, err := bindMachine(p, exec.Options{Threads: 1, Seed: seed})
	if err != nil {
		return nil, err
	}
	defer m.Close()
	file := &weights.File{Tensors: map[string]*tensor.Tensor{}}
	for _, w := range m.weights {
		if !strings.HasPrefix(w.Name, rulePrefix) {
			file.Tensors[w.Name] = copied(w)
		}
	}
	return file, nil
}
