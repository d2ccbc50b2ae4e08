package importer

import (
	"math"
	"os"
	"testing"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/plan"
	"ncd/internal/export"
	exporter "ncd/internal/export/onnx"
	"ncd/internal/onnx"
	"ncd/runtime/exec"
	"ncd/runtime/tensor"
	"ncd/stdlib"
)

const specimens = "../../grammar/testdata/specimens"

// TestRoundTrip exports the specimens and imports what comes of them: the numbers stay.
func TestRoundTrip(t *testing.T) {
	cases := []struct {
		file, name string
		set        map[string]string
		ports      map[string][]int
		places     int
	}{
		{"digits.ncd", "Digits", nil, map[string][]int{"image": {28, 28}}, 0},
		{"attention.ncd", "Attention", nil, map[string][]int{"q": {5, 8}, "K": {7, 8}, "V": {7, 8}}, 0},
		{"attention.ncd", "SelfAttention", nil, map[string][]int{"x": {5, 16}}, 0},
		{"transformer.ncd", "Decoder", nil, map[string][]int{"target": {5, 16}, "memory": {6, 16}}, 0},
		{"transformer.ncd", "Transformer", map[string]string{"vocab": "9", "m": "16", "f": "8", "n": "2"}, map[string][]int{"source": {4}, "target": {3}}, 9},
		{"gpt.ncd", "GPT", map[string]string{"m": "16", "n": "2"}, map[string][]int{"tokens": {6}}, 65},
		{"vit.ncd", "ViT", map[string]string{"n": "2", "m": "16"}, map[string][]int{"image": {8, 8, 3}}, 0},
		{"resnet.ncd", "ResNet", map[string]string{"n": "1"}, map[string][]int{"image": {8, 8, 3}}, 0},
		{"unet.ncd", "UNet", map[string]string{"wide": "2", "depth": "2"}, map[string][]int{"image": {8, 8, 3}}, 0},
		{"lstm.ncd", "Reader", map[string]string{"n": "6"}, map[string][]int{"x": {4, 3}}, 0},
		{"spiking.ncd", "Spiking", map[string]string{"time": "3"}, map[string][]int{"image": {4, 4}}, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			program, err := compiler.Load(os.DirFS(specimens), c.file, check.Options{Library: stdlib.Files, Set: c.set})
			if err != nil {
				t.Fatal(err)
			}
			steps, err := compiler.Plan(program, c.name, c.ports)
			if err != nil {
				t.Fatal(err)
			}
			machine, err := exec.Bind(steps, exec.Options{Threads: 1, Seed: 3})
			if err != nil {
				t.Fatal(err)
			}
			defer machine.Close()
			inputs, weights := filled(machine, c.places), weightsOf(machine)
			if err := machine.Run(); err != nil {
				t.Fatal(err)
			}
			d, _ := program.DiagramFor(c.name, c.ports)
			m, err := exporter.Build(&export.Request{Diagram: d, Weights: weights})
			if err != nil {
				t.Fatal(err)
			}
			if m, err = onnx.Decode(onnx.Encode(m)); err != nil {
				t.Fatal(err)
			}
			again, err := Import(m, Options{})
			if err != nil {
				t.Fatal(err)
			}
			got, err := applied(again, m, inputs)
			if err != nil {
				t.Fatalf("%v\n%s", err, again.Text)
			}
			if err := close(got[0], widened(machine.Arrays(plan.Output)[0].Float32)); err != nil {
				t.Errorf("%v\n%s", err, again.Text)
			}
		})
	}
}

// filled writes numbers into the inputs of a machine, and returns them.
func filled(m *exec.Machine, places int) map[string]*array {
	inputs := map[string]*array{}
	for _, in := range m.Arrays(plan.Input) {
		a := &array{dims: in.Dims}
		for i := range in.Float32 {
			in.Float32[i] = float32(math.Sin(float64(3*i + 1)))
		}
		for i := range in.Int32 {
			in.Int32[i] = int32(7 * i % places)
		}
		a.values = append(widened(in.Float32), widened(in.Int32)...)
		inputs[in.Name] = a
	}
	return inputs
}

// weightsOf are the weights of a machine, and what its model keeps.
func weightsOf(m *exec.Machine) map[string]*tensor.Tensor {
	arrays := map[string]*tensor.Tensor{}
	for _, w := range append(m.Arrays(plan.Weight), m.Arrays(plan.State)...) {
		for i := range w.Float32 { // first values are too plain to tell weights apart
			w.Float32[i] += float32(math.Abs(math.Sin(float64(i+len(w.Name)))) / 4)
		}
		arrays[w.Name] = tensor.Of(append([]float32{}, w.Float32...), w.Axes, w.Dims...)
	}
	return arrays
}
