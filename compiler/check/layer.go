package check

import (
	"maps"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// ruleSite is what the program of a learning rule stands for: one layer.
type ruleSite struct {
	layer   diagram.Layer
	weights map[string]string // name in the rule → the weight's name
	input   *diagram.Wire     // x
}

// lettersLayer is a linear layer with letters for sizes, in a model of classes, with
// the data of the file's train blocks.
func (p *Program) lettersLayer(u *unit) diagram.Layer {
	axis := func(label string) shape.Axis { return shape.Axis{Label: label, Size: shape.Letter(label)} }
	typed := func(label string) shape.Type { return shape.Type{Axes: shape.Shape{axis(ambient), axis(label)}} }
	class := axis("class")
	layer := diagram.Layer{
		Kind: "linear", Path: "layer", Input: typed("i"), Output: typed("o"), Error: typed("class"),
		Weights: []*diagram.Weight{{Path: "layer.weight", Axes: shape.Shape{axis("i"), axis("o")}}},
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

// atNames are what an `at` block calls the layer's weights, input and output.
type atNames struct {
	weights       map[string]string
	input, output string
}

func (n *atNames) weight(name string) string {
	if known, ok := n.weights[name]; ok {
		return known
	}
	return name
}

// statements are those of the rule that hold for a layer: what is said for its
// kind of box comes after what is said for all.
func (r *rule) statements(layer diagram.Layer) ([]grammar.Stmt, *atNames) {
	names := &atNames{weights: map[string]string{"w": "weight", "b": "bias"}, input: "x", output: "y"}
	var body []grammar.Stmt
	for _, s := range r.decl.rule.Body.Stmts {
		at, isAt := s.(*grammar.AtBox)
		if !isAt {
			body = append(body, s)
			continue
		}
		if !isKind(layer.Kind, at.Box.Text) || len(at.Ports.List) == 0 {
			continue
		}
		ports := at.Ports.List
		names.input, names.output = ports[len(ports)-1].Name.Text, at.Out.Name.Text
		for i, role := range []string{"weight", "bias"} {
			if i < len(ports)-1 {
				names.weights[ports[i].Name.Text] = role
			}
		}
		for _, inner := range at.Body.Stmts {
			body = append(body, inner)
		}
	}
	return body, names
}

// isKind reports whether a layer's box is of the kind an `at` names. An affine box
// is a linear one with a bias.
func isKind(kind, named string) bool {
	return kind == named || kind == "affine" && named == "linear"
}

// ruleWires lets flow in what a rule may read: only what it does read is kept.
func (e *elaborator) ruleWires(layer diagram.Layer, names *atNames) {
	enter := func(name, meaning string, t shape.Type) *diagram.Wire {
		w := &diagram.Wire{Name: meaning, Type: t, Span: layer.Span}
		e.d.In = append(e.d.In, w)
		e.scope.define(name, wire{w}, layer.Span).isUsed = true
		return w
	}
	e.rule.input = enter(names.input, "x", layer.Input)
	enter(names.output, "y", layer.Output)
	enter("signal", "signal", shape.Type{Axes: layer.Output.Axes})
	enter("error", "error", layer.Error)
	for _, w := range layer.Data {
		if e.scope.look(w.Name) == nil {
			enter(w.Name, w.Name, w.Type)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names.weights)) {
		role := names.weights[name]
		if w := e.rule.weight(role); w != nil && e.scope.look(name) == nil {
			enter(name, role, shape.Type{Axes: w.Axes})
		}
	}
	for name, t := range map[string]shape.Type{"i": layer.Input, "o": layer.Output, "e": layer.Error} {
		e.groups[name] = withoutBatch(t)
	}
}

// weight is the layer's weight of that name, or nil.
func (s *ruleSite) weight(role string) *diagram.Weight {
	for _, w := range s.layer.Weights {
		if lastSegment(w.Path) == role {
			return w
		}
	}
	return nil
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
