package onnx

import (
	"errors"
	"fmt"
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

const (
	// deepest is how many messages may stand within one another.
	deepest = 64
	// mostParts is how many messages and words a file may have: those of the largest
	// models that are known are a tenth of it.
	mostParts = 1 << 20
)

// Decode reads a model. What it returns shares no memory with the bytes but the
// elements of tensors. Fields that the package does not know are passed over.
func Decode(b []byte) (*Model, error) {
	m := &Model{}
	r := &reader{parts: mostParts}
	err := r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			m.IRVersion = int64(f.varint)
		case 2:
			m.ProducerName = f.text()
		case 3:
			m.ProducerVersion = f.text()
		case 6:
			m.Doc = f.text()
		case 7:
			m.Graph = &Graph{}
			return r.graph(f.bytes, m.Graph)
		case 8:
			return r.opset(f.bytes, &m.Opsets)
		case 14:
			return r.entry(f.bytes, &m.Metadata)
		case 25:
			return one(f.bytes, &m.Functions, r.function)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if m.Graph == nil {
		return nil, errors.New("there is no graph in it")
	}
	return m, nil
}

// DecodeTensor reads one tensor that is a file of its own.
func DecodeTensor(b []byte) (*Tensor, error) {
	t := &Tensor{}
	return t, (&reader{parts: mostParts}).tensor(b, t)
}

// reader goes through messages, and counts what it meets.
type reader struct {
	depth, parts int
}

// field is one field of a message.
type field struct {
	number protowire.Number
	kind   protowire.Type
	varint uint64
	bytes  []byte
}

func (f field) text() string { return string(f.bytes) }

// fields hands each field of a message to take.
func (r *reader) fields(b []byte, take func(field) error) error {
	if r.depth++; r.depth > deepest {
		return fmt.Errorf("more than %d messages stand within one another", deepest)
	}
	defer func() { r.depth-- }()
	for len(b) > 0 {
		if r.parts--; r.parts < 0 {
			return fmt.Errorf("it has more than %d parts", mostParts)
		}
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return broken(n)
		}
		f := field{number: number, kind: kind}
		b = b[n:]
		switch kind {
		case protowire.VarintType:
			f.varint, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		case protowire.Fixed32Type:
			var x uint32
			x, n = protowire.ConsumeFixed32(b)
			f.varint = uint64(x)
		case protowire.Fixed64Type:
			f.varint, n = protowire.ConsumeFixed64(b)
		default:
			n = protowire.ConsumeFieldValue(number, kind, b)
		}
		if n < 0 {
			return broken(n)
		}
		b = b[n:]
		if err := take(f); err != nil {
			return err
		}
	}
	return nil
}

func broken(n int) error {
	return fmt.Errorf("it is no protocol buffer: %w", protowire.ParseError(n))
}

// one reads a message and appends it to a list.
func one[T any](b []byte, list *[]*T, read func([]byte, *T) error) error {
	x := new(T)
	*list = append(*list, x)
	return read(b, x)
}

// numbers appends what a field holds: one number, or a packed list of them.
func numbers[T any](f field, list *[]T, consume func([]byte) (T, int), single func(uint64) T) error {
	if f.kind != protowire.BytesType {
		*list = append(*list, single(f.varint))
		return nil
	}
	for b := f.bytes; len(b) > 0; {
		x, n := consume(b)
		if n < 0 {
			return broken(n)
		}
		*list, b = append(*list, x), b[n:]
	}
	return nil
}

func varints[T ~int32 | ~int64 | ~uint64](f field, list *[]T) error {
	consume := func(b []byte) (T, int) {
		x, n := protowire.ConsumeVarint(b)
		return T(x), n
	}
	return numbers(f, list, consume, func(x uint64) T { return T(x) })
}

func floats(f field, list *[]float32) error {
	consume := func(b []byte) (float32, int) {
		x, n := protowire.ConsumeFixed32(b)
		return math.Float32frombits(x), n
	}
	return numbers(f, list, consume, func(x uint64) float32 { return math.Float32frombits(uint32(x)) })
}

func doubles(f field, list *[]float64) error {
	consume := func(b []byte) (float64, int) {
		x, n := protowire.ConsumeFixed64(b)
		return math.Float64frombits(x), n
	}
	return numbers(f, list, consume, math.Float64frombits)
}

func (r *reader) opset(b []byte, list *[]Opset) error {
	var o Opset
	err := r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			o.Domain = f.text()
		case 2:
			o.Version = int64(f.varint)
		}
		return nil
	})
	*list = append(*list, o)
	return err
}

func (r *reader) entry(b []byte, list *[]Entry) error {
	var e Entry
	err := r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			e.Key = f.text()
		case 2:
			e.Value = f.text()
		}
		return nil
	})
	*list = append(*list, e)
	return err
}

func (r *reader) graph(b []byte, g *Graph) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			return one(f.bytes, &g.Nodes, r.node)
		case 2:
			g.Name = f.text()
		case 5:
			return one(f.bytes, &g.Initializers, r.tensor)
		case 10:
			g.Doc = f.text()
		case 11:
			return one(f.bytes, &g.Inputs, r.value)
		case 12:
			return one(f.bytes, &g.Outputs, r.value)
		case 13:
			return one(f.bytes, &g.Values, r.value)
		case 15:
			g.Sparse++
		}
		return nil
	})
}

func (r *reader) node(b []byte, n *Node) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			n.Inputs = append(n.Inputs, f.text())
		case 2:
			n.Outputs = append(n.Outputs, f.text())
		case 3:
			n.Name = f.text()
		case 4:
			n.Op = f.text()
		case 5:
			return one(f.bytes, &n.Attributes, r.attribute)
		case 6:
			n.Doc = f.text()
		case 7:
			n.Domain = f.text()
		}
		return nil
	})
}

func (r *reader) attribute(b []byte, a *Attribute) error {
	if err := r.attributeFields(b, a); err != nil {
		return err
	}
	empty := a.Type == TensorAttribute && a.Tensor == nil || a.Type == GraphAttribute && a.Graph == nil
	if empty && a.Ref == "" {
		return fmt.Errorf("the attribute %q says that it holds a tensor or a graph, and holds none", a.Name)
	}
	return nil
}

func (r *reader) attributeFields(b []byte, a *Attribute) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			a.Name = f.text()
		case 2:
			a.Float = math.Float32frombits(uint32(f.varint))
		case 3:
			a.Int = int64(f.varint)
		case 4:
			a.String = f.text()
		case 5:
			a.Tensor = &Tensor{}
			return r.tensor(f.bytes, a.Tensor)
		case 6:
			a.Graph = &Graph{}
			return r.graph(f.bytes, a.Graph)
		case 7:
			return floats(f, &a.Floats)
		case 8:
			return varints(f, &a.Ints)
		case 9:
			a.Strings = append(a.Strings, f.text())
		case 20:
			a.Type = AttributeType(f.varint)
		case 21:
			a.Ref = f.text()
		}
		return nil
	})
}

func (r *reader) tensor(b []byte, t *Tensor) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			return varints(f, &t.Dims)
		case 2:
			t.Type = DataType(f.varint)
		case 4:
			return floats(f, &t.Floats)
		case 5:
			return varints(f, &t.Int32s)
		case 6:
			t.Strings = append(t.Strings, f.text())
		case 7:
			return varints(f, &t.Int64s)
		case 8:
			t.Name = f.text()
		case 9:
			t.Raw = f.bytes
		case 10:
			return doubles(f, &t.Doubles)
		case 11:
			return varints(f, &t.Uint64s)
		case 12:
			t.Doc = f.text()
		case 13:
			return r.entry(f.bytes, &t.External)
		}
		return nil
	})
}

func (r *reader) value(b []byte, v *Value) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			v.Name = f.text()
		case 2:
			return r.valueType(f.bytes, v)
		case 3:
			v.Doc = f.text()
		}
		return nil
	})
}

func (r *reader) valueType(b []byte, v *Value) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			v.Kind = "tensor"
			return r.tensorType(f.bytes, v)
		case 4:
			v.Kind = "sequence"
		case 5:
			v.Kind = "map"
		case 9:
			v.Kind = "optional"
		}
		return nil
	})
}

func (r *reader) tensorType(b []byte, v *Value) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			v.Type = DataType(f.varint)
		case 2:
			v.HasShape = true
			return r.fields(f.bytes, func(f field) error {
				if f.number != 1 {
					return nil
				}
				v.Dims = append(v.Dims, Dim{})
				return r.dim(f.bytes, &v.Dims[len(v.Dims)-1])
			})
		}
		return nil
	})
}

func (r *reader) dim(b []byte, d *Dim) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			d.Size, d.Known = int64(f.varint), true
		case 2:
			d.Param = f.text()
		}
		return nil
	})
}

func (r *reader) function(b []byte, fn *Function) error {
	return r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			fn.Name = f.text()
		case 4:
			fn.Inputs = append(fn.Inputs, f.text())
		case 5:
			fn.Outputs = append(fn.Outputs, f.text())
		case 6:
			fn.Attributes = append(fn.Attributes, f.text())
		case 7:
			return one(f.bytes, &fn.Nodes, r.node)
		case 8:
			fn.Doc = f.text()
		case 9:
			return r.opset(f.bytes, &fn.Opsets)
		case 10:
			fn.Domain = f.text()
		}
		return nil
	})
}
