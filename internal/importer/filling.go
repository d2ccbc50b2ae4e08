package importer

import (
	"slices"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
	"ncd/runtime/tensor"
)

// mostFilled is how many numbers a node may make of nothing.
const mostFilled = 1 << 20

// expand spreads a value over axes that it lacks.
func (t *translation) expand(n *onnx.Node) error {
	sizes := t.in(n, 1).sizes
	if sizes == nil {
		return refuse(n, "its sizes hang on the data")
	}
	like := &value{text: "1", order: true}
	for i, s := range sizes {
		a := shape.Axis{Label: examples, Size: s}
		if i > 0 || !t.isDropped || !s.Equal(shape.Letter(examples)) {
			a.Label = t.label(string(rune('a' + min(i, 25))))
		}
		like.axes = append(like.axes, a)
	}
	v := t.in(n, 0)
	for i, a := range like.axes {
		if at := i - len(like.axes) + v.rank(); at >= 0 && !v.isConstant() && v.axes[at].Size.Equal(a.Size) {
			like.axes[i].Label = v.axes[at].Label
		}
	}
	axes, err := t.meeting(n, []*value{v, like})
	if err != nil {
		return err
	}
	if v, err = t.fitted(v, axes); err != nil {
		return err
	}
	var words []string
	for _, a := range axes {
		if v.axes.Index(a.Label) < 0 && a.Label != examples {
			words = append(words, a.String())
		}
	}
	made, known := v, v.mask
	if len(words) > 0 {
		made = then(v, "spread"+bracket(words...))
	}
	made.axes, made.mask = axes, known
	t.set(n, 0, made)
	return nil
}

func (t *translation) constant(n *onnx.Node) error {
	a := &array{}
	switch x := n.Attribute("value"); {
	case x != nil && x.Tensor != nil:
		var err error
		if a, err = decoded(x.Tensor); err != nil {
			return refuse(n, "%v", err)
		}
	case n.Attribute("value_float") != nil:
		a.values = []float64{nearest(n.Attribute("value_float").Float)}
	case n.Attribute("value_int") != nil:
		a.values, a.isWhole = []float64{float64(n.Attribute("value_int").Int)}, true
	case n.Attribute("value_ints") != nil:
		a.values, a.isWhole = widened(n.Attribute("value_ints").Ints), true
		a.dims = []int{len(a.values)}
	case n.Attribute("value_floats") != nil:
		a.values = widened(n.Attribute("value_floats").Floats)
		a.dims = []int{len(a.values)}
	default:
		return refuse(n, "its value is no array of numbers")
	}
	t.set(n, 0, constant(a))
	return nil
}

func (t *translation) constantOfShape(n *onnx.Node) error {
	dims, ok := t.in(n, 0).ints()
	size, fits := tensor.Size(dims)
	if !ok || !fits || size > mostFilled {
		return refuse(n, "its sizes hang on the data, or are too large")
	}
	filling := &array{values: []float64{0}}
	if a := n.Attribute("value"); a != nil && a.Tensor != nil {
		var err error
		if filling, err = decoded(a.Tensor); err != nil || len(filling.values) != 1 {
			return refuse(n, "its value is no number")
		}
	}
	made := &array{dims: dims, values: slices.Repeat(filling.values, size), isWhole: filling.isWhole}
	t.set(n, 0, constant(made))
	return nil
}

// counting is 0, 1, 2 … along a new axis.
func (t *translation) counting(n *onnx.Node) error {
	var said [3]shape.Size
	for i := range said {
		v := t.in(n, i)
		if v == nil || len(v.sizes) != 1 {
			return refuse(n, "its bounds hang on the data")
		}
		said[i] = v.sizes[0]
	}
	if !said[0].IsZero() || !said[2].Equal(one) {
		return refuse(n, "only 0, 1, 2 … is known")
	}
	a := shape.Axis{Label: t.fresh(label{"", "i"}, nil), Size: said[1]}
	t.set(n, 0, &value{text: "places[" + a.String() + "]", isFlow: true, axes: shape.Shape{a}, order: true, mask: &mask{counts: a.Label}})
	return nil
}
