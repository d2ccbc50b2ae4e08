package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/internal/export"
	"ncd/internal/onnx"
)

// graph is an ONNX graph while it is written.
type graph struct {
	*export.Refusal
	nodes        []*onnx.Node
	initializers []*onnx.Tensor
	inputs       []*onnx.Value

	names   map[string]int                 // how often a name has been taken
	scopes  map[string][]string            // by value: the boxes that the node which makes it is of
	wires   map[*diagram.Wire]string       // the values of wires
	shared  map[string]string              // values of constants and of sizes, by what they are
	letters map[string]string              // the size of each letter, as a list of one
	lazy    map[*diagram.Wire]*diagram.Box // views that are written when they are read
	makers  map[*diagram.Wire]*diagram.Box
	box     *diagram.Box // whose nodes are written
	span    source.Span  // of the diagram
	parent  *graph       // of the body of a loop: what it lies in
}

// name makes a name that no value has.
func (g *graph) name(wish string) string {
	root := g.root()
	if wish == "" {
		wish = "v"
	}
	n := root.names[wish]
	root.names[wish]++
	if n == 0 {
		return wish
	}
	return g.name(wish + "." + strconv.Itoa(n))
}

func (g *graph) root() *graph {
	for g.parent != nil {
		g = g.parent
	}
	return g
}

// add writes a node of one output and returns its value. Attributes come in pairs of a
// name and a value.
func (g *graph) add(op string, inputs []string, attributes ...any) string {
	out := g.name(g.wish(op))
	g.node(op, inputs, []string{out}, attributes...)
	return out
}

func (g *graph) node(op string, inputs, outputs []string, attributes ...any) *onnx.Node {
	n := &onnx.Node{Name: outputs[0], Op: op, Inputs: inputs, Outputs: outputs}
	for i := 0; i < len(attributes); i += 2 {
		n.Attributes = append(n.Attributes, attribute(attributes[i].(string), attributes[i+1]))
	}
	if g.box != nil {
		for _, out := range outputs {
			g.root().scopes[out] = g.box.Path
		}
	}
	g.nodes = append(g.nodes, n)
	return n
}

// wish is the name that a value of the present box would have: the boxes that it is
// in, and its operator.
func (g *graph) wish(op string) string {
	if g.box == nil {
		return strings.ToLower(op)
	}
	return strings.Join(append(slices.Clone(g.box.Path), strings.ToLower(op)), "/")
}

func attribute(name string, value any) *onnx.Attribute {
	a := &onnx.Attribute{Name: name}
	switch x := value.(type) {
	case int:
		a.Type, a.Int = onnx.IntAttribute, int64(x)
	case float64:
		a.Type, a.Float = onnx.FloatAttribute, float32(x)
	case string:
		a.Type, a.String = onnx.StringAttribute, x
	case []int64:
		a.Type, a.Ints = onnx.IntsAttribute, x
	case []int:
		a.Type, a.Ints = onnx.IntsAttribute, longs(x)
	case *onnx.Tensor:
		a.Type, a.Tensor = onnx.TensorAttribute, x
	case *onnx.Graph:
		a.Type, a.Graph = onnx.GraphAttribute, x
	default:
		panic(fmt.Sprintf("onnx: no attribute is a %T", value))
	}
	return a
}

func longs(list []int) []int64 {
	long := make([]int64, len(list))
	for i, x := range list {
		long[i] = int64(x)
	}
	return long
}

// once is the value of a constant: written when it is first asked for. Constants are
// nodes, not initializers, so that a function may hold them.
func (g *graph) once(key string, make func() string) string {
	if v, ok := g.shared[key]; ok {
		return v
	}
	box := g.box
	if g.parent == nil {
		g.box = nil
	}
	v := make()
	g.box, g.shared[key] = box, v
	return v
}

// ints is a list of whole numbers.
func (g *graph) ints(list ...int64) string {
	key := "ints" + fmt.Sprint(list)
	return g.once(key, func() string { return g.constant(integers([]int64{int64(len(list))}, list)) })
}

// integer is a whole number without axes.
func (g *graph) integer(n int64) string {
	return g.once("integer"+strconv.FormatInt(n, 10), func() string { return g.constant(integers(nil, []int64{n})) })
}

// real is a number without axes.
func (g *graph) real(x float64) string {
	key := "real" + strconv.FormatFloat(float64(float32(x)), 'g', -1, 32)
	return g.once(key, func() string { return g.constant(reals(nil, []float32{float32(x)})) })
}

func (g *graph) constant(t *onnx.Tensor) string {
	return g.add("Constant", nil, "value", t)
}

func integers(dims, list []int64) *onnx.Tensor {
	t := &onnx.Tensor{Type: onnx.Int64, Dims: dims, Raw: []byte{}}
	for _, x := range list {
		t.Raw = binary.LittleEndian.AppendUint64(t.Raw, uint64(x))
	}
	return t
}

func reals(dims []int64, list []float32) *onnx.Tensor {
	t := &onnx.Tensor{Type: onnx.Float, Dims: dims, Raw: []byte{}}
	for _, x := range list {
		t.Raw = binary.LittleEndian.AppendUint32(t.Raw, math.Float32bits(x))
	}
	return t
}

// typed is a value with the type of a wire.
func typed(name string, t shape.Type) *onnx.Value {
	v := &onnx.Value{Name: name, Kind: "tensor", Type: onnx.Float, HasShape: true, Doc: t.String()}
	if t.IsPlace() {
		v.Type = onnx.Int64
	}
	for _, a := range t.Axes {
		d := onnx.Dim{Param: a.Size.String()}
		if n, ok := a.Size.Int(); ok {
			d = onnx.Dim{Size: int64(n), Known: true}
		}
		v.Dims = append(v.Dims, d)
	}
	return v
}
