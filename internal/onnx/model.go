// Package onnx is the file format of ONNX: its messages as Go structures, and their
// bytes.
//
// Bytes go in, a Model comes out, and the other way round. The format is that of
// https://github.com/onnx/onnx/blob/main/docs/IR.md, whose messages are protocol
// buffers; google.golang.org/protobuf/encoding/protowire reads and writes their wire
// form, so that no generated code and no registry of types is needed for the dozen
// messages that matter. What is read is distrusted: Decode holds a file to limits on
// its depth and on the number of its parts, so that a damaged one costs no more than
// an intact one of its length.
//
// The package knows no operator and no program: what a node means is the business of
// those who write and read graphs.
package onnx

// DataType is what the elements of a tensor are, by ONNX's numbers.
type DataType int32

// The types of elements that are read or written here.
const (
	Undefined DataType = 0
	Float     DataType = 1
	Uint8     DataType = 2
	Int8      DataType = 3
	Uint16    DataType = 4
	Int16     DataType = 5
	Int32     DataType = 6
	Int64     DataType = 7
	String    DataType = 8
	Bool      DataType = 9
	Float16   DataType = 10
	Double    DataType = 11
	Uint32    DataType = 12
	Uint64    DataType = 13
	BFloat16  DataType = 16
)

// Model is a file.
type Model struct {
	IRVersion       int64
	ProducerName    string
	ProducerVersion string
	Doc             string
	Graph           *Graph
	Opsets          []Opset
	Metadata        []Entry
	Functions       []*Function
}

// Opset says which version of which operators a model is written in. The domain "" is
// that of ONNX itself.
type Opset struct {
	Domain  string
	Version int64
}

// Entry is a word and what it says.
type Entry struct {
	Key, Value string
}

// Graph is nodes joined by the names of the values they make and read; a value is
// made once. Nodes stand in an order in which every value is made before it is read.
type Graph struct {
	Name            string
	Doc             string
	Nodes           []*Node
	Initializers    []*Tensor
	Sparse          int // how many initializers are sparse; they are not read
	Inputs, Outputs []*Value
	Values          []*Value // types of values in between
}

// Node is one use of an operator. An input that is "" is left out.
type Node struct {
	Name            string
	Op              string
	Domain          string
	Doc             string
	Inputs, Outputs []string
	Attributes      []*Attribute
}

// Attribute of that name, or nil.
func (n *Node) Attribute(name string) *Attribute {
	for _, a := range n.Attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// AttributeType says which field of an Attribute holds its value.
type AttributeType int32

// The types of attributes, by ONNX's numbers.
const (
	FloatAttribute   AttributeType = 1
	IntAttribute     AttributeType = 2
	StringAttribute  AttributeType = 3
	TensorAttribute  AttributeType = 4
	GraphAttribute   AttributeType = 5
	FloatsAttribute  AttributeType = 6
	IntsAttribute    AttributeType = 7
	StringsAttribute AttributeType = 8
)

// Attribute is a named constant of a node. Ref names the attribute of the function
// around it that it stands for.
type Attribute struct {
	Name    string
	Type    AttributeType
	Ref     string
	Float   float32
	Int     int64
	String  string
	Tensor  *Tensor
	Graph   *Graph
	Floats  []float32
	Ints    []int64
	Strings []string
}

// Function is an operator of the model's own, in terms of others.
type Function struct {
	Domain, Name    string
	Doc             string
	Inputs, Outputs []string
	Attributes      []string
	Nodes           []*Node
	Opsets          []Opset
}

// Value is a name with a type.
type Value struct {
	Name string
	Doc  string
	Kind string // "tensor", or "sequence", "map", "optional", which have no element type here
	Type DataType
	Dims []Dim // nil where HasShape is false
	// HasShape tells a scalar from a tensor of unknown rank.
	HasShape bool
}

// Dim is the size of one axis: a number, or a name for one that is not known yet, or
// neither.
type Dim struct {
	Size  int64
	Param string
	Known bool // Size says it
}

// Tensor is an array. Its elements are in Raw, little-endian and outermost axis
// first, or in one of the typed lists, or in a file beside the model.
type Tensor struct {
	Name     string
	Doc      string
	Type     DataType
	Dims     []int64
	Raw      []byte
	Floats   []float32
	Int32s   []int32
	Int64s   []int64
	Doubles  []float64
	Uint64s  []uint64
	Strings  []string
	External []Entry // where the file beside the model is, and which part of it
}
