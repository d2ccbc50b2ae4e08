package importer

import (
	"fmt"
	"slices"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

func (t *translation) slice(n *onnx.Node) error {
	v := t.in(n, 0)
	starts, ok := t.list(n, "starts", 1)
	ends, okay := t.list(n, "ends", 2)
	if !ok || !okay {
		return refuse(n, "its bounds hang on the data")
	}
	axes, isSaid := t.list(n, "axes", 3)
	steps, isStepped := t.list(n, "steps", 4)
	if v.sizes != nil && v.rank() == 1 {
		from, to := bounds(starts[0], ends[0], 1, len(v.sizes))
		t.set(n, 0, &value{sizes: v.sizes[from:max(from, to)], axes: shape.Shape{{Size: shape.Int(max(0, to-from))}}})
		return nil
	}
	v = t.wire(v)
	made := v
	for i := range starts {
		axis, step := i, 1
		if isSaid {
			if i >= len(axes) {
				return refuse(n, "its axes are not told")
			}
			axis = axes[i]
		}
		if isStepped && i < len(steps) {
			step = steps[i]
		}
		axis, err := axisOf(n, axis, v.rank())
		if err != nil {
			return err
		}
		size, isKnown := v.axes[axis].Size.Int()
		if !isKnown || v.axes[axis].Label == examples || i >= len(ends) {
			return errOpen(n, v.axes[axis])
		}
		if made, err = t.sliced(n, made, axis, size, starts[i], ends[i], step); err != nil {
			return err
		}
	}
	t.set(n, 0, made)
	return nil
}

func errOpen(n *onnx.Node, a shape.Axis) error {
	if a.Label == examples {
		return errExamples
	}
	return refuse(n, "the size of axis `%s` is open", a.Label)
}

// bounds are the ends of a slice as places.
func bounds(start, end, step, size int) (from, to int) {
	inside := func(x, low, high int) int {
		if x < 0 {
			x += size
		}
		return min(max(x, low), high)
	}
	if step > 0 {
		return inside(start, 0, size), inside(end, 0, size)
	}
	return inside(start, -1, size-1), inside(end, -1, size-1)
}

func (t *translation) sliced(n *onnx.Node, v *value, axis, size, start, end, step int) (*value, error) {
	label := v.axes[axis].Label
	if step == 0 {
		return nil, refuse(n, "a step of 0")
	}
	from, to := bounds(start, end, step, size)
	made := v
	if step < 0 {
		made = then(made, "flip["+label+"]")
		from, to, step = size-1-from, size-1-to, -step
	}
	count := max(0, (to-from+step-1)/step)
	if count == 0 {
		return nil, refuse(n, "nothing is left of axis `%s`", label)
	}
	if from > 0 || count < size && step == 1 {
		made = then(made, fmt.Sprintf("slice[%s, %d, %d]", label, from, from+(count-1)*step+1))
	} else if step > 1 && (count-1)*step+1 < size {
		made = then(made, fmt.Sprintf("slice[%s, 0, %d]", label, (count-1)*step+1))
	}
	if step > 1 {
		w := t.label("w")
		made = then(made, fmt.Sprintf("window[%s -> %s %s:1, stride = %d, pad = none] >> at[%s, 0]", label, label, w, step, w))
	}
	made.axes = slices.Clone(v.axes)
	made.axes[axis].Size = shape.Int(count)
	return made, nil
}

func (t *translation) pad(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	pads, ok := t.list(n, "pads", 1)
	if mode := t.text(n, "mode", "constant"); mode != "constant" || !ok {
		return refuse(n, "only zeros that are known ahead are put around (mode %s)", mode)
	}
	filling := t.float(n, "value", 0)
	if c := t.in(n, 2); c != nil {
		if filling, ok = c.scalar(); !ok {
			return refuse(n, "what is put around hangs on the data")
		}
	}
	axes := make([]int, v.rank())
	for i := range axes {
		axes[i] = i
	}
	if said, ok := t.list(n, "axes", 3); ok && t.in(n, 3) != nil {
		axes = said
	}
	if len(pads) != 2*len(axes) {
		return refuse(n, "%d numbers for %d axes", len(pads), len(axes))
	}
	var padding []string
	var padded shape.Shape
	grown := slices.Clone(v.axes)
	for i, a := range axes {
		axis, err := axisOf(n, a, v.rank())
		if err != nil {
			return err
		}
		before, after := pads[i], pads[len(axes)+i]
		switch {
		case before == 0 && after == 0:
			continue
		case before < 0 || after < 0:
			return refuse(n, "fewer than no zeros")
		case v.axes[axis].Label == examples:
			return errExamples
		}
		padding = append(padding, fmt.Sprintf("pad[%s, %d, %d]", v.axes[axis].Label, before, after))
		padded = append(padded, v.axes[axis])
		grown[axis].Size = grown[axis].Size.Add(shape.Int(before + after))
	}
	made := *t.surrounded(v, padded, padding, filling)
	made.axes = grown
	t.set(n, 0, &made)
	return nil
}
