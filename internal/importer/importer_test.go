package importer

import (
	"errors"
	"strings"
	"testing"

	"ncd/internal/onnx"
)

// port is an input of numbers.
func port(name string, dims ...int64) *onnx.Value {
	v := &onnx.Value{Name: name, Kind: "tensor", Type: onnx.Float, HasShape: true}
	for _, n := range dims {
		v.Dims = append(v.Dims, onnx.Dim{Size: n, Known: true})
	}
	return v
}

// held is an array of ones.
func held(name string, dims ...int64) *onnx.Tensor {
	t := &onnx.Tensor{Name: name, Type: onnx.Float, Dims: dims}
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	t.Floats = make([]float32, n)
	for i := range t.Floats {
		t.Floats[i] = 1
	}
	return t
}

func node(op string, inputs, outputs string, attributes ...*onnx.Attribute) *onnx.Node {
	return &onnx.Node{Op: op, Inputs: strings.Fields(inputs), Outputs: strings.Fields(outputs), Attributes: attributes}
}

func ints(name string, list ...int64) *onnx.Attribute {
	return &onnx.Attribute{Name: name, Type: onnx.IntsAttribute, Ints: list}
}

func int1(name string, n int64) *onnx.Attribute {
	return &onnx.Attribute{Name: name, Type: onnx.IntAttribute, Int: n}
}

func model(inputs []*onnx.Value, held []*onnx.Tensor, nodes ...*onnx.Node) *onnx.Model {
	last := nodes[len(nodes)-1].Outputs[0]
	return &onnx.Model{
		Opsets: []onnx.Opset{{Version: 17}},
		Graph:  &onnx.Graph{Name: "net", Nodes: nodes, Initializers: held, Inputs: inputs, Outputs: []*onnx.Value{{Name: last, Kind: "tensor", Type: onnx.Float}}},
	}
}

func TestWords(t *testing.T) {
	cases := []struct {
		name  string
		model *onnx.Model
		want  string
	}{
		{"a perceptron over examples", model([]*onnx.Value{port("image", 1, 28, 28)}, []*onnx.Tensor{held("w", 784, 10), held("b", 10)},
			node("Flatten", "image", "flat"), node("MatMul", "flat w", "m"), node("Add", "m b", "y")),
			"diagram Net(image[b:28 c:28]) -> [f:10] {\n    image >> [b c -> p=(b c)] >> affine[p -> f:10]\n}"},
		{"a convolution", model([]*onnx.Value{port("image", 1, 3, 8, 8)}, []*onnx.Tensor{held("w", 4, 3, 3, 3)},
			node("Conv", "image w", "seen", ints("pads", 1, 1, 1, 1)), node("Relu", "seen", "y")),
			"diagram Net(image[c:3 row:8 col:8]) -> [c:4 row:8 col:8] {\n    image >> conv[row col, c -> c:4, size = 3] >> relu\n}"},
		{"a convolution in groups", model([]*onnx.Value{port("image", 1, 4, 8, 8)}, []*onnx.Tensor{held("w", 6, 2, 3, 3), held("b", 6)},
			node("Conv", "image w b", "y", ints("pads", 1, 1, 1, 1), int1("group", 2))),
			"diagram Net(image[c:4 row:8 col:8]) -> [c:6 row:8 col:8] {\n    image >> conv[row col, c -> c:6, size = 3, groups = 2, bias = true]\n}"},
		{"a convolution turned round", model([]*onnx.Value{port("x", 1, 4, 8)}, []*onnx.Tensor{held("w", 4, 6, 3), held("b", 6)},
			node("ConvTranspose", "x w b", "y", ints("pads", 1, 1), ints("strides", 2), ints("output_padding", 1))),
			"diagram Net(x[b:4 c:8]) -> [b:6 c:16] {\n    x >> upconv[c, b -> b:6, size = 3, stride = 2, pad = 1, extra = 1, bias = true]\n}"},
		{"layers behind one another", model([]*onnx.Value{port("x", 1, 5)}, []*onnx.Tensor{held("l.0.w", 5, 5), held("l.1.w", 5, 5), held("l.2.w", 5, 5)},
			node("MatMul", "x l.0.w", "a"), node("Tanh", "a", "b"), node("Exp", "b", "c"), node("Sub", "c x", "d"),
			node("MatMul", "d l.1.w", "e"), node("Tanh", "e", "f"), node("Exp", "f", "g"), node("Sub", "g d", "h"),
			node("MatMul", "h l.2.w", "i"), node("Tanh", "i", "j"), node("Exp", "j", "k"), node("Sub", "k h", "y")),
			"diagram Layer(x[b:5]) -> [b:5] {\n    (x >> linear[b -> b:5] >> tanh >> exp) - x\n}\n\n# Imported from an ONNX model.\ndiagram Net(x[b:5]) -> [b:5] {\n    x >> Layer^3\n}"},
		{"a normalisation that is written out", model([]*onnx.Value{port("x", 1, 5)}, []*onnx.Tensor{held("g", 5), held("b", 5), {Name: "e", Type: onnx.Float, Floats: []float32{1e-5}}},
			node("ReduceMean", "x", "m", ints("axes", -1)), node("Sub", "x m", "d"), node("Mul", "d d", "q"), node("ReduceMean", "q", "v", ints("axes", -1)),
			node("Add", "v e", "f"), node("Sqrt", "f", "s"), node("Div", "d s", "n"), node("Mul", "n g", "o"), node("Add", "o b", "y")),
			"    x >> layernorm[b]\n"},
		{"gains and biases", model([]*onnx.Value{port("x", 1, 5)}, []*onnx.Tensor{held("g", 5), held("b", 5), held("c", 5)},
			node("Add", "x b", "i"), node("Mul", "i g", "j"), node("Sub", "j c", "y")),
			"    x >> gain[b] >> bias[b]\n"},
		{"what examples have to do with one another", model([]*onnx.Value{port("x", 1, 5)}, nil, node("Softmax", "x", "y", &onnx.Attribute{Name: "axis", Type: onnx.IntAttribute})),
			"diagram Net(x[a:1 b:5]) -> [a:1 b:5] {\n    x >> softmax[a]\n}"},
		{"a residual", model([]*onnx.Value{port("x", 1, 5)}, []*onnx.Tensor{held("w", 5, 5)},
			node("Relu", "x", "r"), node("MatMul", "r w", "m"), node("Add", "m r", "y")),
			"diagram Net(x[b:5]) -> [b:5] {\n    h1 = x >> relu\n    (h1 >> linear[b -> b:5]) + h1\n}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p, err := Import(c.model, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(p.Text, c.want) {
				t.Errorf("got\n%s\nwant\n%s", p.Text, c.want)
			}
			if _, err := p.Named(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestDiagonalIsRefused: two axes of one label would be renamed for ever.
func TestDiagonalIsRefused(t *testing.T) {
	m := model([]*onnx.Value{port("x", 2, 5, 5)}, nil,
		node("Einsum", "x", "y", &onnx.Attribute{Name: "equation", Type: onnx.StringAttribute, String: "bnn->bn"}))
	if _, err := Import(m, Options{}); err == nil || !strings.Contains(err.Error(), "`bnn` takes a diagonal") {
		t.Errorf("it is told as %v", err)
	}
}

// TestOpenSizes holds that a size is set by its name, and that what wants it is refused.
func TestOpenSizes(t *testing.T) {
	x := port("x", 1, 3, 4)
	x.Dims[1] = onnx.Dim{Param: "rows"}
	of := func() *onnx.Model {
		return model([]*onnx.Value{x}, []*onnx.Tensor{held("w", 12, 2)}, node("Flatten", "x", "f"), node("MatMul", "f w", "y"))
	}
	if _, err := Import(of(), Options{}); err == nil || !strings.Contains(err.Error(), "rows are open") {
		t.Errorf("a size that weights want is told as %v", err)
	}
	if _, err := Import(of(), Options{Sizes: map[string]int{"row": 3}}); err == nil || !strings.Contains(err.Error(), "rows") {
		t.Errorf("a size that is not there is told as %v", err)
	}
	p, err := Import(of(), Options{Sizes: map[string]int{"rows": 3}})
	if err != nil || !strings.Contains(p.Text, "x[rows:3 c:4]") {
		t.Errorf("got %v and %v", p, err)
	}
}

func TestRefusedTellsAll(t *testing.T) {
	x := []*onnx.Value{port("x", 2, 5)}
	cases := []struct {
		name  string
		model *onnx.Model
		want  []string
	}{
		{"recurrence and control flow", model(x, nil, node("LSTM", "x", "a"), node("Loop", "a", "b"), node("LSTM", "b", "y")), []string{"`LSTM`, used 2 times", "`Loop`, used 1 times"}},
		{"an operator of another domain", model(x, nil, &onnx.Node{Op: "Relu", Domain: "acme", Inputs: []string{"x"}, Outputs: []string{"y"}}), []string{"`acme.Relu`"}},
		{"a value from nowhere", model(x, nil, node("Relu", "z", "y")), []string{"`z`, is made by no node"}},
		{"sizes that do not meet", model(append(x, port("z", 2, 4)), nil, node("Add", "x z", "y")), []string{"sizes 5 and 4 meet"}},
		{"a tensor that lies about its size", model(x, []*onnx.Tensor{{Name: "w", Type: onnx.Float, Dims: []int64{1 << 30, 1 << 30}}}, node("Add", "x w", "y")), []string{"`w`"}},
		{"an input of doubles", model([]*onnx.Value{{Name: "x", Kind: "tensor", Type: onnx.Double, HasShape: true}}, nil, node("Relu", "x", "y")), []string{"float32"}},
		{"a sequence", model([]*onnx.Value{{Name: "x", Kind: "sequence"}}, nil, node("Relu", "x", "y")), []string{"is a sequence"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Import(c.model, Options{})
			var r *Refused
			if !errors.As(err, &r) {
				t.Fatalf("got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %s", err, want)
				}
			}
		})
	}
}

// FuzzImport holds that no model breaks the importer: it is written or refused.
func FuzzImport(f *testing.F) {
	w := []*onnx.Tensor{held("w", 4, 3, 3, 3), held("b", 4), {Name: "s", Type: onnx.Int64, Dims: []int64{2}, Int64s: []int64{1, -1}}}
	f.Add(onnx.Encode(model([]*onnx.Value{port("x", 1, 3, 8, 8)}, w,
		node("Conv", "x w b", "c", ints("pads", 1, 1, 1, 1)), node("MaxPool", "c", "p", ints("kernel_shape", 2, 2)), node("Reshape", "p s", "y"))))
	f.Add(onnx.Encode(model([]*onnx.Value{port("x", 2, 3), port("z", 3, 2)}, nil,
		node("MatMul", "x z", "a"), node("Transpose", "a", "b"), node("Slice", "b", "c", ints("starts", 0), ints("ends", 1)), node("ReduceMean", "c", "y", ints("axes", 1)))))
	f.Add(onnx.Encode(model([]*onnx.Value{port("x", 2, 3)}, w, node("Shape", "x", "a"), node("Gather", "a s", "b"), node("Concat", "b s", "c"), node("Expand", "x c", "y"))))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := onnx.Decode(b)
		if err != nil {
			return
		}
		p, err := Import(m, Options{})
		var r *Refused
		if err != nil && !errors.As(err, &r) {
			t.Errorf("%v", err)
		}
		if err == nil && p.Text == "" {
			t.Error("nothing was written")
		}
	})
}
