package importer

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/internal/onnx"
	"ncd/runtime/exec"
	"ncd/runtime/tensor"
	"ncd/stdlib"
)

func sharedModels(t *testing.T) string {
	root := os.Getenv("NCD_SHARED")
	if root == "" {
		t.Skip("NCD_SHARED does not say where the models are")
	}
	return filepath.Join(root, "data", "models")
}

// archive reads the files of a tar file by their names.
func archive(t *testing.T, path string) map[string][]byte {
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	packed, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for r := tar.NewReader(packed); ; {
		head, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[head.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// vector is one input or output of a case.
func vector(b []byte) (*onnx.Tensor, *array, error) {
	x, err := onnx.DecodeTensor(b)
	if err != nil {
		return nil, nil, err
	}
	a, err := decoded(x)
	return x, a, err
}

// outcome of a model on its vectors: nil, a *Refused, or what went wrong.
func outcome(m *onnx.Model, o Options, read func(kind string, i int) []byte) error {
	inputs := map[string]*array{}
	for i, v := range m.Graph.Inputs {
		b := read("input", i)
		if b == nil {
			continue
		}
		x, a, err := vector(b)
		if err != nil {
			return &Refused{Causes: []string{err.Error()}}
		}
		if a.isWhole && len(a.values) <= 64 && onlySizes(m.Graph, v.Name) { // sizes and axes are said in the program
			x.Name = v.Name
			m.Graph.Initializers = append(m.Graph.Initializers, x)
			continue
		}
		inputs[v.Name] = a
	}
	program, err := Import(m, o)
	if err != nil {
		return err
	}
	results, err := applied(program, m, inputs)
	if err != nil {
		return fmt.Errorf("%w\n%s", err, program.Text)
	}
	for i := range m.Graph.Outputs {
		b := read("output", i)
		if b == nil || i >= len(results) {
			continue
		}
		_, want, err := vector(b)
		if err != nil {
			return &Refused{Causes: []string{err.Error()}}
		}
		if err := close(results[i], want.values); err != nil {
			return fmt.Errorf("result %d: %w\n%s", i, err, program.Text)
		}
	}
	return nil
}

// onlySizes reports whether an input says sizes or axes, and is no array to compute with.
func onlySizes(g *onnx.Graph, name string) bool {
	return !slices.ContainsFunc(g.Nodes, func(n *onnx.Node) bool {
		return len(n.Inputs) > 0 && n.Inputs[0] == name && n.Op != "ConstantOfShape" && n.Op != "Range"
	})
}

func close(got, want []float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("%d numbers, want %d", len(got), len(want))
	}
	for i := range got {
		isSame := got[i] == want[i] || math.IsNaN(got[i]) && math.IsNaN(want[i])
		if !isSame && !(math.Abs(got[i]-want[i]) <= 1e-4*math.Abs(want[i])+1e-5) {
			return fmt.Errorf("number %d is %g, want %g", i, got[i], want[i])
		}
	}
	return nil
}

// applied runs a program on arrays by the names of the model's inputs.
func applied(p *Program, m *onnx.Model, inputs map[string]*array) ([][]float64, error) {
	named, err := p.Named()
	if err != nil {
		return nil, err
	}
	program, said := check.Check(&source.File{Name: "m.ncd", Text: p.Text}, check.Options{Library: stdlib.Files})
	if err := firstOf(said); err != nil {
		return nil, err
	}
	steps, err := compiler.Plan(program, p.Name, nil)
	if err != nil {
		return nil, err
	}
	machine, err := exec.Bind(steps, exec.Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	defer machine.Close()
	ports := machine.Arrays(plan.Input)
	var order []*array
	for _, name := range p.Ports {
		order = append(order, inputs[name])
	}
	if len(ports) != len(order) {
		return nil, fmt.Errorf("%d ports for %d inputs", len(ports), len(order))
	}
	for i, port := range ports {
		for k, x := range order[i].values {
			if port.Int32 != nil {
				port.Int32[k] = int32(x)
			} else {
				port.Float32[k] = float32(x)
			}
		}
	}
	for _, w := range machine.Arrays(plan.Weight) {
		copy(w.Float32, tensor.Elements[float32](named[w.Name]))
	}
	if err := machine.Run(); err != nil {
		return nil, err
	}
	var results [][]float64
	for _, out := range machine.Arrays(plan.Output) {
		list := make([]float64, 0, len(out.Float32)+len(out.Int32))
		for _, x := range out.Float32 {
			list = append(list, float64(x))
		}
		for _, x := range out.Int32 {
			list = append(list, float64(x))
		}
		results = append(results, list)
	}
	return results, nil
}

// leastPassed is how many cases of the conformance suite are passed.
const leastPassed = 506

// TestConformance runs ONNX's own cases: each is computed as told, or refused.
func TestConformance(t *testing.T) {
	files := archive(t, filepath.Join(sharedModels(t), "onnx-backend-tests", "onnx-1.12-backend-tests.tar.gz"))
	passed, refused, total := 0, map[string]int{}, 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		folder, isModel := strings.CutSuffix(name, "/model.onnx")
		if !isModel {
			continue
		}
		total++
		m, err := onnx.Decode(files[name])
		if err == nil {
			err = outcome(m, Options{KeepExamples: true}, func(kind string, i int) []byte {
				return files[fmt.Sprintf("%s/test_data_set_0/%s_%d.pb", folder, kind, i)]
			})
		}
		var r *Refused
		switch {
		case err == nil:
			passed++
		case errors.As(err, &r) && len(r.Operators) > 0:
			refused["operators"]++
		case errors.As(err, &r):
			refused["uses of operators"]++
			if testing.Verbose() {
				t.Logf("%s: %v", folder, err)
			}
		default:
			t.Errorf("%s: %v", folder, err)
		}
	}
	t.Logf("%d of %d cases passed; refused for %v", passed, total, refused)
	if passed < leastPassed {
		t.Errorf("%d cases passed, where %d did before", passed, leastPassed)
	}
}
