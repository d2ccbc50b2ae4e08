package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

func (t *translation) gather(n *onnx.Node) error {
	v, at := t.in(n, 0), t.in(n, 1)
	axis, err := axisOf(n, t.int(n, "axis", 0), v.rank())
	if err != nil {
		return err
	}
	if v.sizes != nil {
		if places, ok := at.ints(); ok {
			return t.gatherSizes(n, v, places, at.rank())
		}
	}
	if places, ok := at.ints(); ok && at.rank() == 0 {
		v = t.wire(v)
		if v.axes[axis].Label == examples {
			return errExamples
		}
		made := then(v, fmt.Sprintf("at[%s, %d]", v.axes[axis].Label, places[0]))
		made.axes = slices.Delete(slices.Clone(v.axes), axis, axis+1)
		t.set(n, 0, made)
		return nil
	}
	if places, ok := at.ints(); ok && at.rank() == 1 && !v.isConstant() {
		return t.gatherList(n, v, axis, places)
	}
	if at.in == nil || axis != 0 || !v.isConstant() {
		return refuse(n, "only tables of the model's own are looked up, by places that come in")
	}
	rest := v.data.dims[1:]
	made := &value{isFlow: true, axes: slices.Clone(at.axes), learned: append(slices.Clone(at.learned), v.data.weight())}
	var words []string
	for i, size := range rest {
		a := shape.Axis{Label: t.fresh(label{v.data.label(i + 1), string(rune('m' + min(i, 10)))}, made.axes), Size: shape.Int(size)}
		made.axes, words = append(made.axes, a), append(words, a.Label+":"+a.Size.String())
	}
	made.text = fmt.Sprintf("%s >> linear[%s -> %s]", at.text, at.in.Label, strings.Join(words, " "))
	t.set(n, 0, made)
	return nil
}

// mostPicked is how many pieces a list of places may be made of.
const mostPicked = 32

// gatherList takes the places of a list, piece by piece of those that follow one another.
func (t *translation) gatherList(n *onnx.Node, v *value, axis int, places []int) error {
	a := v.axes[axis]
	size, isKnown := a.Size.Int()
	switch {
	case a.Label == examples:
		return errExamples
	case !isKnown || len(places) == 0:
		return refuse(n, "the size of axis `%s` is open, or it takes nothing", a.Label)
	}
	v = t.name(v)
	var pieces []string
	for i := 0; i < len(places); {
		from := places[i]
		if from < 0 {
			from += size
		}
		to := from
		for ; i < len(places) && (places[i] == to || places[i]+size == to) && to < size; i++ {
			to++
		}
		if from < 0 || to == from {
			return refuse(n, "there is no place %d of %d", from, size)
		}
		pieces = append(pieces, fmt.Sprintf("%s >> slice[%s, %d, %d]", v.text, a.Label, from, to))
	}
	if len(pieces) > mostPicked {
		return refuse(n, "it takes %d pieces", len(pieces))
	}
	made := met(pieces[0], slices.Clone(v.axes))
	if len(pieces) > 1 {
		made.text = "(" + strings.Join(pieces, ", ") + ") >> concat[" + a.Label + "]"
	}
	made.axes[axis].Size = shape.Int(len(places))
	t.set(n, 0, made)
	return nil
}

func (t *translation) gatherSizes(n *onnx.Node, v *value, places []int, rank int) error {
	made := &value{sizes: []shape.Size{}}
	for _, p := range places {
		if p < 0 {
			p += len(v.sizes)
		}
		if p < 0 || p >= len(v.sizes) {
			return refuse(n, "there is no place %d of %d", p, len(v.sizes))
		}
		made.sizes = append(made.sizes, v.sizes[p])
	}
	if rank > 0 {
		made.axes = shape.Shape{{Size: shape.Int(len(places))}}
	}
	t.set(n, 0, made)
	return nil
}
