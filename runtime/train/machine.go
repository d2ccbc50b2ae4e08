package train

import (
	"maps"
	"slices"
	"strings"

	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/exec"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// machine is a bound plan with its boundary at hand.
type machine struct {
	*exec.Machine
	inputs          map[string]exec.Array
	results         []exec.Array
	weights, states []exec.Array
}

func bindMachine(p *plan.Plan, o exec.Options) (*machine, error) {
	if err := holdMemory(p); err != nil {
		return nil, err
	}
	bound, err := exec.Bind(p, o)
	if err != nil {
		return nil, err
	}
	m := &machine{
		Machine: bound, inputs: map[string]exec.Array{}, results: bound.Arrays(plan.Output),
		weights: bound.Arrays(plan.Weight), states: bound.Arrays(plan.State),
	}
	for _, a := range bound.Arrays(plan.Input) {
		m.inputs[a.Name] = a
	}
	return m, nil
}

// outputNames are the names of a plan's figures, in their order.
func outputNames(p *plan.Plan) []string {
	var names []string
	for _, b := range p.Buffers {
		if b.Role == plan.Output {
			names = append(names, b.Name)
		}
	}
	return names
}

// feed puts a batch into the inputs.
func (m *machine) feed(set *data.Set, batch *data.Batch) {
	for i, c := range set.Columns {
		to := m.inputs[c.Name]
		if c.IsPlaces {
			copy(to.Int32, tensor.Elements[int32](batch.Values[i]))
		} else {
			copy(to.Float32, tensor.Elements[float32](batch.Values[i]))
		}
	}
}

// outputs reads the figures of the last run.
func (m *machine) outputs(figures []float64) {
	for i, a := range m.results {
		figures[i] = float64(a.Float32[0])
	}
}

// origin is where a buffer is computed last; it may be no place.
func (m *machine) origin(role plan.Role, name string) source.Span {
	buffer := m.Plan().Find(role, name)
	for _, s := range slices.Backward(m.Plan().Steps) {
		if slices.ContainsFunc(s.Out, func(v plan.View) bool { return v.Buffer == buffer }) {
			return s.Origin.Span
		}
	}
	return source.Span{}
}

// held is an array that is carried from step to step, and its name in the state
// file.
type held struct {
	name  string
	array exec.Array
}

func (m *machine) held() []held {
	var all []held
	for _, a := range m.weights {
		all = append(all, held{weightPrefix + a.Name, a})
	}
	for _, a := range m.states {
		all = append(all, held{statePrefix + a.Name, a})
	}
	return all
}

// carried are copies of all that is carried from step to step.
func (m *machine) carried() map[string]*tensor.Tensor {
	arrays := map[string]*tensor.Tensor{}
	for _, h := range m.held() {
		arrays[h.name] = copied(h.array)
	}
	return arrays
}

// copied is an array of a machine as a tensor of its own.
func copied(a exec.Array) *tensor.Tensor {
	switch {
	case a.Int32 != nil:
		return tensor.Of(slices.Clone(a.Int32), a.Axes, a.Dims...)
	case a.Float64 != nil:
		return tensor.Of(slices.Clone(a.Float64), a.Axes, a.Dims...)
	}
	return tensor.Of(slices.Clone(a.Float32), a.Axes, a.Dims...)
}

// restore puts back what carried gave. file is for faults.
func (m *machine) restore(arrays map[string]*tensor.Tensor, file string) error {
	var wanted []weights.Want
	for _, h := range m.held() {
		wanted = append(wanted, weights.Want{Path: h.name, Axes: h.array.Axes, Dims: h.array.Dims})
	}
	if err := weights.Mismatch(file, weights.Match(wanted, arrays)); err != nil {
		return err
	}
	for _, h := range m.held() {
		put(h.array, arrays[h.name])
	}
	return nil
}

// wanted are the model's weights. Those of learning rules are no part of it.
func (m *machine) wanted() []weights.Want {
	var wanted []weights.Want
	for _, a := range m.weights {
		if !strings.HasPrefix(a.Name, rulePrefix) {
			wanted = append(wanted, weights.Want{Path: a.Name, Axes: a.Axes, Dims: a.Dims})
		}
	}
	return wanted
}

// load takes all of the model's weights from a file; none is like having an empty one.
func (m *machine) load(stored *weights.Stored) error {
	if stored == nil {
		stored = &weights.Stored{}
	}
	if err := stored.Hold(m.wanted()); err != nil {
		return err
	}
	m.take(stored.Arrays)
	return nil
}

// loadParts takes the weights that a file is for. Those that begin like one of them and
// are not in the file begin like it still.
func (m *machine) loadParts(stored *weights.Stored) error {
	if err := stored.HoldParts(m.wanted()); err != nil {
		return err
	}
	all := maps.Clone(stored.Arrays)
	for _, b := range m.Plan().Buffers {
		first, found := stored.Arrays[b.Fixed.Like]
		if _, isOwn := stored.Arrays[b.Name]; b.Role == plan.Weight && found && !isOwn {
			all[b.Name] = first
		}
	}
	m.take(all)
	return nil
}

// take puts arrays into the weights of their paths.
func (m *machine) take(arrays map[string]*tensor.Tensor) {
	for _, a := range m.weights {
		if t, found := arrays[a.Name]; found {
			put(a, t)
		}
	}
}

// put copies a tensor into an array of a machine, which must have as many
// elements; they are converted to its type.
func put(to exec.Array, from *tensor.Tensor) {
	switch {
	case to.Int32 != nil:
		copy(to.Int32, tensor.Elements[int32](from.Convert(tensor.Int32)))
	case to.Float64 != nil:
		copy(to.Float64, tensor.Elements[float64](from.Convert(tensor.Float64)))
	default:
		copy(to.Float32, tensor.Elements[float32](from.Convert(tensor.Float32)))
	}
}

// copyWeights takes those weights of a machine that trains that are the same here.
func (m *machine) copyWeights(from *machine) {
	for _, to := range m.weights {
		if a, found := from.Array(plan.Weight, to.Name); found && slices.Equal(a.Dims, to.Dims) {
			copy(to.Float32, a.Float32)
		}
	}
}

// inputBytes is the size of a batch.
func (m *machine) inputBytes() int {
	n := 0
	for _, a := range m.inputs {
		n += 4 * (len(a.Float32) + len(a.Int32))
	}
	return n
}
