// Package onnx writes diagrams as ONNX models.
//
// In goes a diagram as the checker makes it; out come the bytes of a model file that
// ONNX's checker holds and any runtime of ONNX runs. The diagram is brought into the
// flat core form, and each of its boxes written as a few operators: index equations
// as Conv, MatMul or Einsum, views as Reshape, Slice and Transpose, scalar programs
// operator by operator. Parts that repeat (the layers of a transformer, the branches
// of a residual network) become functions of the model, so that its hierarchy is seen.
//
// Every port gets the axis batch, outermost, of any size; other sizes that are letters
// stay open as well and are told from the inputs when the model runs. Weights are
// initializers under their paths, in the model or in the safetensors file beside it, to
// which the model then points; or inputs of the model where none are given.
//
// The package knows nothing of learning: a box that draws by chance is refused.
// The operators are those of https://onnx.ai/onnx/operators.
package onnx

import (
	"io"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/internal/export"
	"ncd/internal/onnx"
)

const (
	// opset is the version of the operators: the newest that the common runtimes have.
	opset = 23
	// irVersion is the version of the file format that goes with it.
	irVersion = 11
	// ownDomain is that of the functions of a model.
	ownDomain = "ncd"

	float   = onnx.Float
	long    = onnx.Int64
	boolean = onnx.Bool
)

// one is the size of an axis that says nothing.
var one = shape.Int(1)

// Format is the ONNX format.
var Format = export.Format{
	Name: "onnx", Extension: ".onnx", Points: true, Write: Write,
	Doc: "an ONNX model for inference: every port has the axis batch in front, of any size, and sizes that nothing says " +
		"stay open. Weights of --weights are inside under their paths, or with --beside stay in their file, to which the model points; " +
		"without --weights they are inputs of the model. Parts that repeat become functions.",
}

// Write writes the model of a diagram. Its error is a *export.Refusal where ONNX cannot
// say what a box does.
func Write(to io.Writer, r *export.Request) error {
	m, err := Build(r)
	if err != nil {
		return err
	}
	_, err = to.Write(onnx.Encode(m))
	return err
}

// Build is the model of a diagram.
func Build(r *export.Request) (*onnx.Model, error) {
	d, err := settled(r.Diagram, r.Weights)
	if err != nil {
		return nil, err
	}
	flat := prepared(d)
	g := newGraph(flat)
	g.source(flat, r)
	g.boxes(flat)
	m := &onnx.Model{
		IRVersion: irVersion, ProducerName: "ncd", Doc: d.Doc,
		Opsets: []onnx.Opset{{Version: opset}},
		Graph:  &onnx.Graph{Name: d.Name, Doc: d.Doc, Inputs: g.inputs, Initializers: g.initializers},
	}
	m.Graph.Outputs = g.results(flat)
	m.Graph.Nodes = g.nodes
	outline(m, g.scopes, declared(d))
	return m, g.Err()
}

// prepared is the flat form of a diagram over a batch, with windows and padding in
// those boxes that read them.
func prepared(d *diagram.Diagram) *diagram.Diagram {
	return windowed(turned(core(batched(d))))
}

// batch is the label of the axis that every port gets.
const batch = "batch"

// batched lifts a diagram over the examples of a batch. One without ports, or with an
// axis of that name already, stays as it is.
func batched(d *diagram.Diagram) *diagram.Diagram {
	for _, w := range d.In {
		if w.Type.Axes.Index(batch) >= 0 {
			return d
		}
	}
	if len(d.In) == 0 {
		return d
	}
	axis := shape.Axis{Label: batch, Size: shape.Letter(batch)}
	use := &diagram.Box{Op: diagram.Composite{Body: d}, Span: d.Span}
	over := &diagram.Diagram{Name: d.Name, Title: d.Title, Doc: d.Doc, Span: d.Span, Boxes: []*diagram.Box{use}, Weights: d.Weights}
	over.In, use.Weave.In = lifted(use, d.In, axis)
	over.Out, use.Weave.Out = lifted(use, d.Out, axis)
	use.In, use.Out = over.In, over.Out
	use.Weave.Degree = shape.Shape{axis}
	return over
}

// lifted is wires with one more axis in front, and the maps by which a box lifted over
// it meets them; the box's own axes grow by theirs.
func lifted(use *diagram.Box, wires []*diagram.Wire, axis shape.Axis) (over []*diagram.Wire, maps [][]diagram.Affine) {
	for _, w := range wires {
		made := *w
		made.Type.Axes = append(shape.Shape{axis}, w.Type.Axes...)
		port := []diagram.Affine{diagram.At(0)}
		for _, a := range w.Type.Axes {
			index := slices.IndexFunc(use.Weave.Own, a.Equal)
			if index < 0 {
				index = len(use.Weave.Own)
				use.Weave.Own = append(use.Weave.Own, a)
			}
			port = append(port, diagram.At(index+1))
		}
		over, maps = append(over, &made), append(maps, port)
	}
	return over, maps
}

// place is where the program says what is being written.
func (g *graph) place() source.Span {
	if g.box != nil {
		return g.box.Span
	}
	return g.span
}
