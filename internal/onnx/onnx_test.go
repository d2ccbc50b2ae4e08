package onnx

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
)

// sample has something in every field that is written.
func sample() *Model {
	inner := &Graph{Name: "body", Outputs: []*Value{{Name: "o", Kind: "tensor", Type: Bool, HasShape: true}}}
	node := &Node{
		Name: "n", Op: "Loop", Domain: "d", Doc: "why", Inputs: []string{"x", "", "y"}, Outputs: []string{"z"},
		Attributes: []*Attribute{
			{Name: "f", Type: FloatAttribute, Float: 1.5},
			{Name: "i", Type: IntAttribute, Int: -3},
			{Name: "zero", Type: IntAttribute},
			{Name: "s", Type: StringAttribute, String: "same"},
			{Name: "t", Type: TensorAttribute, Tensor: &Tensor{Type: Int64, Dims: []int64{2}, Int64s: []int64{-1, 7}}},
			{Name: "g", Type: GraphAttribute, Graph: inner},
			{Name: "fs", Type: FloatsAttribute, Floats: []float32{1, 2}},
			{Name: "is", Type: IntsAttribute, Ints: []int64{-1, 1 << 40}},
			{Name: "ss", Type: StringsAttribute, Strings: []string{"a", "b"}},
			{Name: "r", Type: IntAttribute, Ref: "outer"},
		},
	}
	return &Model{
		IRVersion: 11, ProducerName: "ncd", ProducerVersion: "1", Doc: "words",
		Opsets: []Opset{{Version: 23}, {Domain: "d", Version: 1}}, Metadata: []Entry{{"k", "v"}},
		Graph: &Graph{
			Name: "g", Doc: "graph", Nodes: []*Node{node},
			Initializers: []*Tensor{
				{Name: "w", Type: Float, Dims: []int64{1, 2}, Raw: []byte{0, 0, 128, 63, 0, 0, 0, 64}},
				{Name: "d", Type: Double, Dims: []int64{1}, Doubles: []float64{-2.5}},
				{Name: "q", Type: Int8, Dims: []int64{2}, Int32s: []int32{-1, 2}},
				{Name: "u", Type: Uint64, Dims: []int64{1}, Uint64s: []uint64{1 << 63}},
				{Name: "e", Doc: "[a]", Type: Float, Dims: []int64{3}, External: []Entry{{"location", "w.bin"}}},
			},
			Inputs:  []*Value{{Name: "x", Doc: "[batch m]", Kind: "tensor", Type: Float, HasShape: true, Dims: []Dim{{Param: "batch"}, {Size: 4, Known: true}, {Known: true}, {}}}},
			Outputs: []*Value{{Name: "z", Kind: "tensor", Type: Float}},
		},
		Functions: []*Function{{Domain: "d", Name: "f", Doc: "fn", Inputs: []string{"a"}, Outputs: []string{"b"}, Attributes: []string{"k"}, Nodes: []*Node{{Op: "Relu", Inputs: []string{"a"}, Outputs: []string{"b"}}}, Opsets: []Opset{{Version: 23}}}},
	}
}

func TestRoundTrip(t *testing.T) {
	want := sample()
	got, err := Decode(Encode(want))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecodeTellsWhatIsWrong(t *testing.T) {
	deep := []byte{}
	for range 2 * deepest { // a graph in an attribute of a node of a graph …
		deep = protowire.AppendBytes(protowire.AppendTag(nil, 6, protowire.BytesType), deep)
		deep = protowire.AppendBytes(protowire.AppendTag(nil, 5, protowire.BytesType), deep)
		deep = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), deep)
	}
	cases := map[string][]byte{
		"nothing":            nil,
		"text":               []byte("not a model at all"),
		"cut short":          Encode(sample())[:100],
		"too deep":           protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), deep),
		"a length too large": {0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f},
		"too many parts":     protowire.AppendBytes(protowire.AppendTag(nil, 7, protowire.BytesType), bytes.Repeat([]byte{0x0a, 0}, mostParts)),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) {
			if m, err := Decode(b); err == nil {
				t.Errorf("read as %+v", m)
			}
		})
	}
}

// FuzzDecode holds that no bytes break the reader, and that what it reads is written so
// that it is read again.
func FuzzDecode(f *testing.F) {
	f.Add(Encode(sample()))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(b)
		if err != nil {
			return
		}
		if _, err := Decode(Encode(m)); err != nil {
			t.Errorf("what was read cannot be read again: %v", err)
		}
	})
}
