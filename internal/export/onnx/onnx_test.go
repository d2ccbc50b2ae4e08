package onnx

import (
	"errors"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/internal/export"
	"ncd/internal/onnx"
	"ncd/runtime/tensor"
	"ncd/stdlib"
)

// checked is a diagram of a program.
func checked(t *testing.T, text, name string, training bool) *diagram.Diagram {
	t.Helper()
	program, said := check.Check(&source.File{Name: "test.ncd", Text: text}, check.Options{Library: stdlib.Files, Training: training})
	for _, d := range said {
		if d.Severity == source.Error {
			t.Fatal(d.Message)
		}
	}
	d, said := program.Diagram(name, nil)
	if len(said) > 0 {
		t.Fatal(said[0].Message)
	}
	return d
}

// words are the operators of nodes in order, without constants.
func words(nodes []*onnx.Node) string {
	var list []string
	for _, n := range nodes {
		if n.Op != "Constant" {
			list = append(list, n.Op)
		}
	}
	return strings.Join(list, " ")
}

func TestBoxesAsOperators(t *testing.T) {
	cases := []struct{ name, program, want string }{
		{"a product of matrices", `diagram D(x[m]) -> [n] { x >> affine[m -> n:3] }`, "MatMul Add Identity"},
		{"a contraction", `diagram D(q[y k], K[x k]) -> [y x] {
			S[y x] = q[y k] * K[x k]
			S
		}`, "Einsum Identity"},
		{"merging axes", `diagram D(x[row col]) -> [p:row*col] { x >> [row col -> p=(row col)] }`, "Reshape Identity"},
		{"a softmax", `diagram D(x[y k]) -> [y k] { x >> softmax[k] }`, "Softmax Identity"},
		{"a softmax over two axes", `diagram D(x[y:2 k:3]) -> [y k] { x >> softmax[y k] }`, "Reshape Softmax Reshape Identity"},
		{"putting side by side", `diagram D(x[a:2 b], y[a:3 b]) -> [a:5 b] { (x, y) >> concat[a] }`, "Concat Identity"},
		{"a convolution with its padding", `diagram D(x[row col c:3]) -> [row col c:4] { x >> conv[row col, c -> c:4] }`, "Transpose Transpose Conv Transpose Identity"},
		{"a convolution of each channel by itself", `diagram D(x[row col c:3]) -> [row col c] { x >> depthwise_conv[row col, c] }`,
			"Transpose Reshape Conv Transpose Identity"},
		{"a convolution in groups", `diagram D(x[row col c:4]) -> [row col c:6] { x >> conv[row col, c -> c:6, groups = 2] }`,
			"Shape Shape Shape Pad Pad Reshape Transpose Add Add Concat Reshape Transpose Reshape Conv Concat Reshape Transpose Transpose Reshape Identity"},
		{"a transposed convolution", `diagram D(x[p:4 c:3]) -> [p:9 c:2] { x >> upconv[p, c -> c:2, size = 3, stride = 2] }`,
			"Transpose Transpose ConvTranspose Transpose Identity"},
		{"the largest of windows", `diagram D(x[row:4 col:4 c:3]) -> [row:2 col:2 c] { x >> maxpool[row col] }`, "Transpose MaxPool Transpose Identity"},
		{"an embedding", `axis v = 9
diagram D(x[s] in v) -> [s m:4] { x >> linear[v -> m:4] }`, "Gather Identity"},
		{"a piece", `diagram D(x[a:9]) -> [a:3] { x >> slice[a, 2, 5] }`, "Slice Identity"},
		{"the other way round", `diagram D(x[a:9]) -> [a] { x >> flip[a] }`, "Slice Identity"},
		{"scalar functions", `diagram D(x[a]) -> [a] { x >> silu }`, "Sigmoid Mul Identity"},
		{"a scan along an open axis", `diagram Sum(state s[], x[]) -> [] {
			s = s + x
			s
		}
diagram D(x[t]) -> [t] { x >> scan[t, Sum] }`, "Shape Concat Expand Scan Identity"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := Build(&export.Request{Diagram: checked(t, c.program, "D", false)})
			if err != nil {
				t.Fatal(err)
			}
			if got := words(m.Graph.Nodes); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

const layers = `
diagram Layer(x[s m]) -> [s m] { x + (x >> layernorm[m] >> affine[m -> m] >> gelu) }
diagram D(x[s m]) -> [s m] { x >> Layer^3 }
`

func TestPartsThatRepeatAreFunctions(t *testing.T) {
	m, err := Build(&export.Request{Diagram: checked(t, layers, "D", false)})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := words(m.Graph.Nodes), "Layer Layer Layer Identity"; got != want {
		t.Errorf("the graph is %s, want %s", got, want)
	}
	var names []string
	for _, f := range m.Functions {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); !strings.Contains(got, "layernorm") || !strings.HasSuffix(got, "Layer") {
		t.Errorf("the functions are %s", got)
	}
	if got := m.Graph.Inputs[0].Dims[0].Param + " " + m.Graph.Inputs[0].Dims[1].Param; got != "batch s" {
		t.Errorf("x is open along %s", got)
	}
}

func TestWeightsAreInsideUnderTheirPaths(t *testing.T) {
	d := checked(t, `diagram D(x[m]) -> [n:2] { x >> linear[m -> n:2] }`, "D", false)
	given := map[string]*tensor.Tensor{"linear.0.weight": tensor.Of([]float32{1, 2, 3, 4, 5, 6}, []string{"m", "n"}, 3, 2)}
	m, err := Build(&export.Request{Diagram: d, Weights: given})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Graph.Initializers) != 1 || m.Graph.Initializers[0].Name != "linear.0.weight" || len(m.Graph.Initializers[0].Raw) != 24 {
		t.Errorf("initializers are %+v", m.Graph.Initializers)
	}
	if dim := m.Graph.Inputs[0].Dims[1]; !dim.Known || dim.Size != 3 {
		t.Errorf("the weights say that m is 3, and the model has %+v", dim)
	}
	_, err = Build(&export.Request{Diagram: d, Weights: map[string]*tensor.Tensor{}})
	if err == nil || !strings.Contains(err.Error(), "linear.0.weight") {
		t.Errorf("weights that lack one are told as %v", err)
	}
}

func TestRefusals(t *testing.T) {
	cases := []struct{ name, program, want string }{
		{"chance", `diagram D(x[m]) -> [m] { x >> dropout[0.5] }`, "draws by chance"},
		{"a size that nothing that comes in has", `diagram D[k](x[p:2*k]) -> [p:2*k] { x + k }`, "cannot be told"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Build(&export.Request{Diagram: checked(t, c.program, "D", true)})
			var refused *export.Refusal
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}
