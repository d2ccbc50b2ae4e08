package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/internal/export"
	"ncd/internal/onnx"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// settled puts numbers in the place of the letters that the weights say. Weights that
// do not fit the diagram are an error that lists them.
func settled(d *diagram.Diagram, given map[string]*tensor.Tensor) (*diagram.Diagram, error) {
	if given == nil {
		return d, nil
	}
	flat := turned(core(d))
	known := map[string]shape.Size{}
	letter := func(l string) (shape.Size, bool) {
		size, ok := known[l]
		return size, ok
	}
	for _, w := range weightsOf(flat) {
		t := given[w.Path]
		if t == nil || len(t.Dims) != len(w.Axes) {
			continue
		}
		for i, a := range w.Axes {
			solve(a.Size.Replace(letter), t.Dims[i], known)
		}
	}
	return rewrite.ReplaceSizes(d, letter), fitting(flat, letter, given)
}

// weightsOf lists the weights of a flat diagram, by the boxes that hand them out.
func weightsOf(flat *diagram.Diagram) []*diagram.Weight {
	var list []*diagram.Weight
	for _, b := range flat.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			list = append(list, op.Weight)
		}
	}
	return list
}

// solve finds the one letter of a size that has so many places.
func solve(s shape.Size, places int, known map[string]shape.Size) {
	letters := s.Letters()
	if len(letters) != 1 {
		return
	}
	var u shape.Unifier
	open := u.Open(letters[0])
	if !u.Unify(s.Replace(func(string) (shape.Size, bool) { return open, true }), shape.Int(places)) {
		return
	}
	if n, ok := u.Resolve(open).Int(); ok && n > 0 {
		known[letters[0]] = shape.Int(n)
	}
}

// fitting holds the weights against what the diagram needs. Sizes that are letters
// still fit any.
func fitting(flat *diagram.Diagram, letter func(string) (shape.Size, bool), given map[string]*tensor.Tensor) error {
	var wanted []weights.Want
	want := func(path string, axes shape.Shape) {
		w := weights.Want{Path: path, Axes: axes.Labels()}
		for i, a := range axes {
			n, ok := a.Size.Replace(letter).Int()
			if t := given[path]; !ok && t != nil && i < len(t.Dims) {
				n = t.Dims[i]
			}
			w.Dims = append(w.Dims, n)
		}
		wanted = append(wanted, w)
	}
	for _, w := range weightsOf(flat) {
		want(w.Path, w.Axes)
	}
	for _, s := range flat.States {
		if s.Kept {
			want(s.Path, s.In.Type.Axes)
		}
	}
	var differences []weights.Difference
	for _, d := range weights.Match(wanted, given) {
		if d.Kind != weights.Extra {
			differences = append(differences, d)
		}
	}
	if len(differences) == 0 {
		return nil
	}
	return weights.Mismatch("the weights", differences)
}

func newGraph(d *diagram.Diagram) *graph {
	return &graph{
		Refusal: &export.Refusal{}, span: d.Span,
		names: map[string]int{}, scopes: map[string][]string{}, wires: map[*diagram.Wire]string{}, shared: map[string]string{},
		letters: map[string]string{}, lazy: map[*diagram.Wire]*diagram.Box{}, makers: map[*diagram.Wire]*diagram.Box{},
	}
}

// source writes what comes in: the ports, the weights, what the diagram keeps.
func (g *graph) source(d *diagram.Diagram, r *export.Request) {
	for _, w := range d.In {
		g.wires[w] = g.name(w.Name)
		g.inputs = append(g.inputs, typed(g.wires[w], w.Type))
	}
	measured := append([]*diagram.Wire{}, d.In...)
	for _, b := range d.Boxes {
		if op, ok := b.Op.(diagram.Learned); ok {
			g.stored(b.Out[0], op.Weight.Path, r)
			measured = append(measured, b.Out[0])
		}
	}
	for _, s := range d.States {
		if s.Kept {
			g.stored(s.In, s.Path, r)
			continue
		}
		g.wires[s.In] = g.add("Expand", []string{g.real(s.Init), g.sizes(sizesOf(s.In.Type.Axes))})
	}
	g.findLetters(measured)
}

// stored is an array of the model's own: an initializer, or an input where no weights
// are given.
func (g *graph) stored(w *diagram.Wire, path string, r *export.Request) {
	g.wires[w] = g.name(path)
	if r.Weights == nil {
		g.inputs = append(g.inputs, typed(g.wires[w], w.Type))
		return
	}
	made := &onnx.Tensor{Name: g.wires[w], Doc: w.Type.String(), Type: float}
	for _, n := range r.Weights[path].Dims {
		made.Dims = append(made.Dims, int64(n))
	}
	if r.Beside == nil {
		made.Raw = littleEndian(r.Weights[path])
	} else {
		made.External = located(r.Beside, path)
	}
	g.initializers = append(g.initializers, made)
}

func littleEndian(t *tensor.Tensor) []byte {
	raw := make([]byte, 0, 4*t.Len())
	for _, x := range tensor.Elements[float32](t.Convert(tensor.Float32)) {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(x))
	}
	return raw
}

// located says where an array lies in the file beside the model.
func located(b *export.Beside, path string) []onnx.Entry {
	at := b.Extents[path]
	return []onnx.Entry{
		{Key: "location", Value: b.File},
		{Key: "offset", Value: strconv.FormatInt(at.Offset, 10)},
		{Key: "length", Value: strconv.FormatInt(at.Length, 10)},
	}
}

func sizesOf(axes shape.Shape) []shape.Size {
	list := make([]shape.Size, len(axes))
	for i, a := range axes {
		list[i] = a.Size
	}
	return list
}

// results are the outputs of the model: `result`, or the names of the wires.
func (g *graph) results(d *diagram.Diagram) []*onnx.Value {
	var outputs []*onnx.Value
	for i, w := range d.Out {
		wish := w.Name
		if len(d.Out) == 1 {
			wish = "result"
		} else if wish == "" {
			wish = fmt.Sprint("result.", i)
		}
		out := g.name(wish)
		g.box = nil
		g.node("Identity", []string{g.value(w)}, []string{out})
		outputs = append(outputs, typed(out, w.Type))
	}
	return outputs
}
