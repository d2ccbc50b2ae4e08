package train

import (
	"math"
	"math/rand/v2"
	"strings"

	"ncd/runtime/data"
	"ncd/runtime/exec"
	"ncd/runtime/tensor"
)

// Dependence says of the layers of a step which ones' changes hang on which weights.
type Dependence struct {
	Layers []string // by the path of their weights without the last segment
	HangOn [][]bool // row: whose change; column: on whose weights
}

// Footprint measures on one batch which layers' changes differ by a bit when the
// weights of another are given other values. What a rule or an optimiser remembers of
// a layer counts as its change too: a step of fixed length would hide what it is made
// of. Nothing is kept of the runs, which all have the same chance.
func Footprint(t *Training) (*Dependence, error) {
	m, err := bindMachine(t.Step, exec.Options{Threads: t.Threads, Seed: t.Seed})
	if err != nil {
		return nil, err
	}
	defer m.Close()
	loader := data.NewLoader(t.Data.Train, data.Dealing{Batch: t.Batch, IsTraining: true, Seed: t.Seed})
	defer loader.Close()
	m.feed(t.Data.Train, loader.Next())
	f := &footprint{machine: m, start: m.carried()}
	for _, a := range m.weights {
		f.note(a.Name)
	}
	plain, err := f.changes(-1)
	if err != nil {
		return nil, err
	}
	d := &Dependence{Layers: f.layers, HangOn: make([][]bool, len(f.layers))}
	for i := range d.HangOn {
		d.HangOn[i] = make([]bool, len(f.layers))
	}
	for j := range f.layers {
		other, err := f.changes(j)
		if err != nil {
			return nil, err
		}
		for i := range f.layers {
			d.HangOn[i][j] = f.differ(i, i == j, plain, other)
		}
	}
	return d, nil
}

// footprint is a machine whose weights are given other values.
type footprint struct {
	machine *machine
	start   map[string]*tensor.Tensor
	layers  []string
}

// note lists the layer of a weight of the model.
func (f *footprint) note(path string) {
	if strings.HasPrefix(path, rulePrefix) {
		return
	}
	layer := layerOf(path)
	for _, known := range f.layers {
		if known == layer {
			return
		}
	}
	f.layers = append(f.layers, layer)
}

func layerOf(path string) string {
	if i := strings.LastIndexByte(path, '.'); i >= 0 {
		return path[:i]
	}
	return path
}

// changes runs the step once from the start, with other weights in one layer, and
// gives what each array has become, weights less what they were.
func (f *footprint) changes(layer int) (map[string][]float32, error) {
	if err := f.machine.restore(f.start, ""); err != nil {
		return nil, err
	}
	f.machine.SetRuns(0)
	chance := rand.New(rand.NewPCG(1, 2))
	was := map[string][]float32{}
	for _, a := range f.machine.weights {
		if layer >= 0 && !strings.HasPrefix(a.Name, rulePrefix) && layerOf(a.Name) == f.layers[layer] {
			for i := range a.Float32 {
				a.Float32[i] += 0.1 * float32(chance.NormFloat64())
			}
		}
		was[weightPrefix+a.Name] = append([]float32{}, a.Float32...)
	}
	if err := f.machine.Run(); err != nil {
		return nil, err
	}
	now := map[string][]float32{}
	for _, h := range f.machine.held() {
		now[h.name] = append([]float32{}, h.array.Float32...)
		for i, x := range was[h.name] {
			now[h.name][i] -= x
		}
	}
	return now, nil
}

// differ reports whether what belongs to a layer came out otherwise. The changes of the
// layer whose own weights are others are rounded otherwise: they differ only by more
// than that.
func (f *footprint) differ(layer int, isOwn bool, plain, other map[string][]float32) bool {
	for name, values := range plain {
		path := strings.TrimPrefix(strings.TrimPrefix(name, weightPrefix), statePrefix)
		if !strings.HasPrefix(path, f.layers[layer]+".") {
			continue
		}
		for i, x := range values {
			y := other[name][i]
			if !isOwn && math.Float32bits(x) != math.Float32bits(y) || isOwn && math.Abs(float64(x-y)) > 1e-5 {
				return true
			}
		}
	}
	return false
}
