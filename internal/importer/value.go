package importer

import (
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// value is a value of the model while it is translated: words that make it, with its
// axes in the model's order, or numbers that are known.
type value struct {
	source string // of a port: what the model calls it

	text    string // a name, or a flow that makes it
	isFlow  bool   // text is no single word
	axes    shape.Shape
	in      *shape.Axis // of places
	order   bool        // the wire has its axes in just this order
	learned []Weight    // of text, in the order of its words
	wish    string      // a name for it, where it gets one

	biased    *withBias  // the flow, were its last box to have a bias; nil: it cannot have one
	placewise *placewise // what the end of the flow does place by place; nil: nothing
	norm      string     // the brackets of the `standardize` that it ends with
	mask      *mask      // where it comes from counting
	masked    *masked    // where a mask takes numbers away
	turns     *turns     // of the diagram that it ends with

	data  *array       // of a constant; nil: it is computed
	sizes []shape.Size // of a list of whole numbers or of one, where they are known
}

// array is numbers that the file holds.
type array struct {
	dims    []int
	values  []float64
	isWhole bool // whole numbers, or truth values

	source string   // what the model calls it, while its numbers are those of the model
	labels []string // what the model calls its axes; nil: nothing is said
}

func (v *value) isConstant() bool { return v.data != nil }

// rank is how many axes the model gives it.
func (v *value) rank() int {
	if v.data != nil {
		return len(v.data.dims)
	}
	return len(v.axes)
}

// size is that of an axis.
func (v *value) size(axis int) shape.Size {
	if v.data != nil {
		return shape.Int(v.data.dims[axis])
	}
	return v.axes[axis].Size
}

// scalar is the number of a constant that has just one.
func (v *value) scalar() (float64, bool) {
	if v.data == nil || len(v.data.values) != 1 {
		return 0, false
	}
	return v.data.values[0], true
}

// ints are the whole numbers of a list, where all are numbers.
func (v *value) ints() ([]int, bool) {
	if v == nil || v.sizes == nil {
		return nil, false
	}
	list := make([]int, len(v.sizes))
	for i, s := range v.sizes {
		n, ok := s.Int()
		if !ok {
			return nil, false
		}
		list[i] = n
	}
	return list, true
}

// furthest is a place beyond all sizes: models say so the end of a slice.
const furthest = 1 << 53

// constant is a value of numbers; whole numbers in a short list are sizes as well.
func constant(a *array) *value {
	v := &value{data: a}
	if a.isWhole && len(a.dims) <= 1 && len(a.values) <= 64 {
		v.sizes = []shape.Size{}
		for _, x := range a.values {
			v.sizes = append(v.sizes, shape.Int(int(min(max(x, -furthest), furthest))))
		}
	}
	return v
}

// word is a name as the language allows it.
func word(name string) string {
	var b strings.Builder
	for _, r := range name {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	return strings.Trim(b.String(), "_")
}

// attributes of a node, with what they are where they are left out.
func (t *translation) int(n *onnx.Node, name string, otherwise int) int {
	if a := n.Attribute(name); a != nil {
		return int(a.Int)
	}
	return otherwise
}

func (t *translation) float(n *onnx.Node, name string, otherwise float64) float64 {
	if a := n.Attribute(name); a != nil {
		return nearest(a.Float)
	}
	return otherwise
}

func (t *translation) text(n *onnx.Node, name, otherwise string) string {
	if a := n.Attribute(name); a != nil && a.String != "" {
		return a.String
	}
	return otherwise
}

// list is a list of whole numbers: an attribute, or the input that newer versions of the
// operator have in its place.
func (t *translation) list(n *onnx.Node, name string, input int) ([]int, bool) {
	if a := n.Attribute(name); a != nil {
		list := make([]int, len(a.Ints))
		for i, x := range a.Ints {
			list[i] = int(x)
		}
		return list, true
	}
	if input < 0 {
		return nil, false
	}
	return t.in(n, input).ints()
}
