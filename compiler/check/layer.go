package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// ruleSite is what the program of a learning rule stands for: one thing that the rule
// says of one layer.
type ruleSite struct {
	*instance
	title    string
	wanted   shape.Shape // the axes that the result must have; nil: any
	isScalar bool
	isWeight bool // the result is a change of a weight
	settles  bool // it is said of a turn: signal is at the output of the layer
	isPhase  bool // it is said of a phase: data and the output may be given

	meanings map[string]*diagram.Wire // what the names of the layer's wires mean
}

// lettersLayer is a linear layer with letters for sizes, in a model of classes, with
// the data of the file's train blocks.
func (p *Program) lettersLayer(u *unit) diagram.Layer {
	axis := func(label string) shape.Axis { return shape.Axis{Label: label, Size: shape.Letter(label)} }
	typed := func(label string) shape.Type { return shape.Type{Axes: shape.Shape{axis(ambient), axis(label)}} }
	class := axis("class")
	layer := diagram.Layer{
		Kinds: []string{"linear"}, Path: "layer", Input: typed("i"), Made: typed("o"), Output: typed("o"), Error: typed("class"),
		Weights: []*diagram.Weight{
			{Path: "layer.weight", Axes: shape.Shape{axis("i"), axis("o")}},
			{Path: "layer.bias", Axes: shape.Shape{axis("o")}},
		},
	}
	for _, d := range u.ordered {
		if d.train == nil {
			continue
		}
		e := p.elaborator(&report{}, u)
		for _, c := range e.clauses((&report{}).entriesAt(d.train, "")) {
			for _, f := range c.Fields {
				f.Type.Axes = append(shape.Shape{axis(ambient)}, f.Type.Axes...)
				layer.Data = append(layer.Data, &diagram.Wire{Name: f.Name, Type: f.Type})
			}
		}
	}
	return withLabel(layer, class)
}

// withLabel gives a layer the data wire `label`, if it has none, and the error the
// axis that the labels are along.
func withLabel(layer diagram.Layer, class shape.Axis) diagram.Layer {
	for _, w := range layer.Data {
		if w.Name == "label" && w.Type.IsPlace() {
			layer.Error.Axes = shape.Shape{layer.Error.Axes[0], *w.Type.In}
			return layer
		}
	}
	batch := layer.Error.Axes[:1:1]
	layer.Data = append(layer.Data, &diagram.Wire{Name: "label", Type: shape.Type{Axes: batch, In: &class}})
	return layer
}

func lastSegment(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return path
}

// withoutBatch are a wire's axes but the batch; of places, the axis they are along.
func withoutBatch(t shape.Type) shape.Shape {
	axes := shape.Shape{}
	for _, a := range t.Axes {
		if a.Label != ambient {
			axes = append(axes, a)
		}
	}
	if t.IsPlace() {
		axes = append(axes, *t.In)
	}
	return axes
}

// prune takes out what does not lead to a result.
func prune(d *diagram.Diagram) {
	needed := map[*diagram.Wire]bool{}
	for _, w := range d.Out {
		needed[w] = true
	}
	var boxes []*diagram.Box
	for _, b := range slices.Backward(d.Boxes) {
		if !slices.ContainsFunc(b.Out, func(w *diagram.Wire) bool { return needed[w] }) {
			continue
		}
		for _, w := range b.In {
			needed[w] = true
		}
		boxes = append(boxes, b)
	}
	slices.Reverse(boxes)
	d.Boxes = boxes
	d.In = slices.DeleteFunc(d.In, func(w *diagram.Wire) bool { return !needed[w] })
	d.Weights = slices.DeleteFunc(d.Weights, func(weight *diagram.Weight) bool {
		return !slices.ContainsFunc(boxes, func(b *diagram.Box) bool {
			learned, ok := b.Op.(diagram.Learned)
			return ok && learned.Weight == weight
		})
	})
}
