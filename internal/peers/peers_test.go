// Package peers holds the library against what another system has computed: PyTorch,
// whose results record.py has written down.
package peers

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/learn"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/runtime/tensor"
	"ncd/runtime/train"
	"ncd/runtime/weights"
	"ncd/stdlib"
)

// record is what PyTorch makes of a diagram: sums of each array's numbers, times
// others that names give.
type record struct {
	Ports map[string]struct {
		Dims   []int
		Places int
	}
	Weights   map[string][]int
	Result    []float64
	Gradients map[string][]float64 // by port and by path
}

// TestAsPyTorch runs each diagram of boxes.ncd and its derivative in float64. Both
// systems round in other orders; on sums of a few hundred numbers that is far below
// the tolerance.
func TestAsPyTorch(t *testing.T) {
	records := map[string]record{}
	text, err := os.ReadFile("testdata/pytorch.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &records); err != nil {
		t.Fatal(err)
	}
	programs := map[bool]*check.Program{false: boxes(t, false), true: boxes(t, true)}
	for name, r := range records {
		t.Run(name, func(t *testing.T) { hold(t, programs[r.isTraining()], name, r) })
	}
	for _, name := range programs[false].Diagrams() {
		if _, found := records[name]; !found && name != "EncoderDecoder" && !isImported(t, name) {
			t.Errorf("`%s` has no record: run record.py", name)
		}
	}
}

// isTraining reports whether PyTorch normalised by the batch.
func (r record) isTraining() bool {
	for path := range r.Weights {
		if strings.Contains(path, "batchnorm") {
			return true
		}
	}
	return false
}

func boxes(t *testing.T, training bool) *check.Program {
	t.Helper()
	p, said := check.Check(&source.File{Name: "boxes.ncd", Text: boxesText(t)}, check.Options{
		Sources: os.DirFS("../../grammar/testdata/specimens"), Library: stdlib.Files, Training: training,
	})
	holdSound(t, said)
	return p
}

func boxesText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("boxes.ncd")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func isImported(t *testing.T, name string) bool {
	return !strings.Contains(boxesText(t), "diagram "+name+"(")
}

func holdSound(t *testing.T, said []source.Diagnostic) {
	t.Helper()
	for _, d := range said {
		if d.Severity == source.Error {
			t.Fatal(d.Text(false))
		}
	}
}

func hold(t *testing.T, p *check.Program, name string, r record) {
	d, said := p.Diagram(name, nil)
	holdSound(t, said)
	flat, err := learn.Backward(d)
	if err != nil {
		t.Fatal(err)
	}
	lowered, err := lower.Lower(flat, lower.Options{Float: plan.Float64})
	if err != nil {
		t.Fatal(err)
	}
	stored := map[string]*tensor.Tensor{}
	job := &train.Application{Plan: lowered, Inputs: map[string]*tensor.Tensor{}, Weights: &weights.Stored{Arrays: stored}, Names: []string{"result"}, Threads: 1}
	for _, w := range flat.In {
		dims, err := w.Type.Axes.Ints()
		if err != nil {
			t.Fatal(err)
		}
		job.Inputs[w.Name] = array(w.Name, dims, r.Ports[w.Name].Places)
	}
	for path, dims := range r.Weights {
		stored[path] = weight(path, dims)
	}
	made, err := train.Apply(job)
	if err != nil {
		t.Fatal(err)
	}
	holdSums(t, "result", made["result"], r.Result)
	for path, want := range r.Gradients {
		got := made["grad/"+path]
		if got == nil {
			t.Errorf("nothing goes back to %s, want %v", path, want)
			continue
		}
		holdSums(t, path, got, want)
	}
}

// weight is a weight, or what a normalisation keeps as it begins.
func weight(path string, dims []int) *tensor.Tensor {
	kept := map[string]float64{"running_mean": 0, "running_variance": 1, "square_mean": 1}
	start, isKept := kept[path[strings.LastIndexByte(path, '.')+1:]]
	if !isKept {
		return array(path, dims, 0)
	}
	return tensor.Of(slices.Repeat([]float64{start}, plan.Count(dims)), nil, dims...)
}

// array is the array that a name gives.
func array(name string, dims []int, places int) *tensor.Tensor {
	n := plan.Count(dims)
	if places == 0 {
		return tensor.Of(numbers(name, n), nil, dims...)
	}
	values := make([]int32, n)
	for i := range values {
		values[i] = int32(word(name, i) % uint32(places))
	}
	return tensor.Of(values, nil, dims...)
}

func numbers(name string, n int) []float64 {
	values := make([]float64, n)
	for i := range values {
		values[i] = (float64(word(name, i)%1025) - 512) / 512
	}
	return values
}

func word(name string, i int) uint32 { return crc32.ChecksumIEEE(fmt.Appendf(nil, "%s %d", name, i)) }

func holdSums(t *testing.T, name string, got *tensor.Tensor, want []float64) {
	t.Helper()
	const tolerance = 1e-9
	values := tensor.Elements[float64](got.Convert(tensor.Float64))
	for k, w := range want {
		sum, size := 0.0, 0.0
		for i, x := range numbers(fmt.Sprint(name, " ", k), len(values)) {
			sum += x * values[i]
			size += math.Abs(x * values[i])
		}
		if math.Abs(sum-w) > tolerance*(size+math.Abs(w)+1e-3) {
			t.Errorf("sum %d of %s is %v, want %v", k, name, sum, w)
		}
	}
}
