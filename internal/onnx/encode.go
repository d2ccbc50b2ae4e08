package onnx

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// Encode is the bytes of a model.
func Encode(m *Model) []byte {
	var w writer
	w.int(1, m.IRVersion)
	w.text(2, m.ProducerName)
	w.text(3, m.ProducerVersion)
	w.text(6, m.Doc)
	if m.Graph != nil {
		w.message(7, func(w *writer) { w.graph(m.Graph) })
	}
	w.opsets(8, m.Opsets)
	w.entries(14, m.Metadata)
	for _, f := range m.Functions {
		w.message(25, func(w *writer) { w.function(f) })
	}
	return w.bytes
}

// writer appends the fields of one message. A field that holds its zero value is left
// out, as protocol buffers do.
type writer struct {
	bytes []byte
}

func (w *writer) int(field protowire.Number, x int64) {
	if x != 0 {
		w.always(field, x)
	}
}

func (w *writer) always(field protowire.Number, x int64) {
	w.bytes = protowire.AppendTag(w.bytes, field, protowire.VarintType)
	w.bytes = protowire.AppendVarint(w.bytes, uint64(x))
}

func (w *writer) text(field protowire.Number, s string) {
	if s != "" {
		w.texts(field, []string{s})
	}
}

func (w *writer) texts(field protowire.Number, list []string) {
	for _, s := range list {
		w.bytes = protowire.AppendTag(w.bytes, field, protowire.BytesType)
		w.bytes = protowire.AppendString(w.bytes, s)
	}
}

func (w *writer) data(field protowire.Number, b []byte) {
	w.bytes = protowire.AppendTag(w.bytes, field, protowire.BytesType)
	w.bytes = protowire.AppendBytes(w.bytes, b)
}

func (w *writer) float(field protowire.Number, x float32) {
	w.bytes = protowire.AppendTag(w.bytes, field, protowire.Fixed32Type)
	w.bytes = protowire.AppendFixed32(w.bytes, math.Float32bits(x))
}

// packed appends a list of numbers as one field.
func packed[T any](w *writer, field protowire.Number, list []T, add func([]byte, T) []byte) {
	if len(list) == 0 {
		return
	}
	var b []byte
	for _, x := range list {
		b = add(b, x)
	}
	w.data(field, b)
}

func appendVarint[T ~int32 | ~int64 | ~uint64](b []byte, x T) []byte {
	return protowire.AppendVarint(b, uint64(int64(x)))
}

func appendFloat(b []byte, x float32) []byte {
	return protowire.AppendFixed32(b, math.Float32bits(x))
}

func (w *writer) message(field protowire.Number, fill func(*writer)) {
	var inner writer
	fill(&inner)
	w.data(field, inner.bytes)
}

func (w *writer) opsets(field protowire.Number, list []Opset) {
	for _, o := range list {
		w.message(field, func(w *writer) {
			w.text(1, o.Domain)
			w.int(2, o.Version)
		})
	}
}

func (w *writer) entries(field protowire.Number, list []Entry) {
	for _, e := range list {
		w.message(field, func(w *writer) {
			w.text(1, e.Key)
			w.text(2, e.Value)
		})
	}
}

func (w *writer) graph(g *Graph) {
	w.nodes(1, g.Nodes)
	w.text(2, g.Name)
	for _, t := range g.Initializers {
		w.message(5, func(w *writer) { w.tensor(t) })
	}
	w.text(10, g.Doc)
	w.values(11, g.Inputs)
	w.values(12, g.Outputs)
	w.values(13, g.Values)
}

func (w *writer) nodes(field protowire.Number, list []*Node) {
	for _, n := range list {
		w.message(field, func(w *writer) {
			w.texts(1, n.Inputs)
			w.texts(2, n.Outputs)
			w.text(3, n.Name)
			w.text(4, n.Op)
			for _, a := range n.Attributes {
				w.message(5, func(w *writer) { w.attribute(a) })
			}
			w.text(6, n.Doc)
			w.text(7, n.Domain)
		})
	}
}

func (w *writer) attribute(a *Attribute) {
	w.text(1, a.Name)
	switch {
	case a.Ref != "":
	case a.Type == FloatAttribute:
		w.float(2, a.Float)
	case a.Type == IntAttribute:
		w.always(3, a.Int)
	case a.Type == StringAttribute:
		w.data(4, []byte(a.String))
	case a.Type == TensorAttribute:
		w.message(5, func(w *writer) { w.tensor(a.Tensor) })
	case a.Type == GraphAttribute:
		w.message(6, func(w *writer) { w.graph(a.Graph) })
	}
	packed(w, 7, a.Floats, appendFloat)
	packed(w, 8, a.Ints, appendVarint)
	w.texts(9, a.Strings)
	w.int(20, int64(a.Type))
	w.text(21, a.Ref)
}

func (w *writer) tensor(t *Tensor) {
	packed(w, 1, t.Dims, appendVarint)
	w.int(2, int64(t.Type))
	packed(w, 4, t.Floats, appendFloat)
	packed(w, 5, t.Int32s, appendVarint)
	w.texts(6, t.Strings)
	packed(w, 7, t.Int64s, appendVarint)
	w.text(8, t.Name)
	if t.Raw != nil {
		w.data(9, t.Raw)
	}
	packed(w, 10, t.Doubles, func(b []byte, x float64) []byte { return protowire.AppendFixed64(b, math.Float64bits(x)) })
	packed(w, 11, t.Uint64s, appendVarint)
	w.text(12, t.Doc)
	w.entries(13, t.External)
	if len(t.External) > 0 {
		w.int(14, 1)
	}
}

func (w *writer) values(field protowire.Number, list []*Value) {
	for _, v := range list {
		w.message(field, func(w *writer) {
			w.text(1, v.Name)
			w.message(2, func(w *writer) {
				w.message(1, func(w *writer) { w.tensorType(v) })
			})
			w.text(3, v.Doc)
		})
	}
}

func (w *writer) tensorType(v *Value) {
	w.int(1, int64(v.Type))
	if !v.HasShape {
		return
	}
	w.message(2, func(w *writer) {
		for _, d := range v.Dims {
			w.message(1, func(w *writer) {
				if d.Known {
					w.always(1, d.Size)
				}
				w.text(2, d.Param)
			})
		}
	})
}

func (w *writer) function(f *Function) {
	w.text(1, f.Name)
	w.texts(4, f.Inputs)
	w.texts(5, f.Outputs)
	w.texts(6, f.Attributes)
	w.nodes(7, f.Nodes)
	w.text(8, f.Doc)
	w.opsets(9, f.Opsets)
	w.text(10, f.Domain)
}
