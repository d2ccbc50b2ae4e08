package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

func (t *translation) concat(n *onnx.Node) error {
	first := t.in(n, 0)
	var sizes []shape.Size
	for i := range n.Inputs {
		if v := t.in(n, i); v != nil && v.sizes != nil && v.rank() <= 1 {
			sizes = append(sizes, v.sizes...)
		} else {
			sizes = nil
			break
		}
	}
	if sizes != nil {
		t.set(n, 0, &value{sizes: sizes, axes: shape.Shape{{Size: shape.Int(len(sizes))}}})
		return nil
	}
	rank := first.rank()
	axis, err := axisOf(n, t.int(n, "axis", 1), rank)
	if err != nil {
		return err
	}
	var model *value
	for i := range n.Inputs {
		if v := t.in(n, i); v != nil && !v.isConstant() && model == nil {
			model = v
		}
	}
	if model == nil {
		model = t.wire(first)
	}
	if model.axes[axis].Label == examples {
		return errExamples
	}
	total := shape.Int(0)
	var words []string
	var parts []*value
	for i := range n.Inputs {
		v := t.in(n, i)
		if v == nil || v.rank() != rank {
			return refuse(n, "its inputs have different axes")
		}
		want := slices.Clone(model.axes)
		want[axis].Size = v.size(axis)
		p := t.exactly(v, want)
		total = total.Add(v.size(axis))
		words, parts = append(words, operand(p)), append(parts, p)
	}
	axes := slices.Clone(model.axes)
	axes[axis].Size = total
	if len(parts) == 1 {
		t.set(n, 0, parts[0])
		return nil
	}
	t.set(n, 0, met("("+strings.Join(words, ", ")+") >> concat["+axes[axis].Label+"]", axes, parts...))
	return nil
}

// exactly is a value with just these labels.
func (t *translation) exactly(v *value, axes shape.Shape) *value {
	if v.isConstant() {
		made := &value{isFlow: true, axes: axes, order: true, learned: []Weight{v.data.weight()}}
		made.text = "learned" + typeText(made)
		return made
	}
	var pairs [][2]string
	for i, a := range v.axes {
		if a.Label != axes[i].Label {
			pairs = append(pairs, [2]string{a.Label, axes[i].Label})
		}
	}
	return t.renamed(v, pairs)
}

func (t *translation) split(n *onnx.Node) error {
	v := t.name(t.wire(t.in(n, 0)))
	axis, err := axisOf(n, t.int(n, "axis", 0), v.rank())
	if err != nil {
		return err
	}
	total, ok := v.axes[axis].Size.Int()
	parts, isSaid := t.list(n, "split", 1)
	if !ok || v.axes[axis].Label == examples {
		return refuse(n, "the size of the axis is open")
	}
	if !isSaid {
		count := t.int(n, "num_outputs", len(n.Outputs))
		each := (total + count - 1) / max(1, count)
		for rest := total; rest > 0; rest -= each {
			parts = append(parts, min(each, rest))
		}
	}
	from := 0
	for i, size := range parts {
		made := then(v, fmt.Sprintf("slice[%s, %d, %d]", v.axes[axis].Label, from, from+size))
		made.axes = slices.Clone(v.axes)
		made.axes[axis].Size = shape.Int(size)
		t.set(n, i, made)
		from += size
	}
	if from != total || len(parts) < len(n.Outputs) {
		return refuse(n, "%v are no parts of %d", parts, total)
	}
	return nil
}
