package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

func (t *translation) reshape(n *onnx.Node) error {
	v := t.in(n, 0)
	var wanted []shape.Size
	if list, ok := t.list(n, "shape", -1); ok {
		for _, x := range list {
			wanted = append(wanted, shape.Int(x))
		}
	} else if t.in(n, 1) == nil || t.in(n, 1).sizes == nil {
		return refuse(n, "its sizes hang on the data")
	} else {
		wanted = slices.Clone(t.in(n, 1).sizes)
	}
	if v.sizes != nil && !v.isConstant() {
		t.set(n, 0, v)
		return nil
	}
	to, err := t.settled(n, v, wanted)
	if err != nil {
		return err
	}
	return t.regrouped(n, v, to)
}

// settled puts sizes in the place of 0, "as it was", and -1, "what is left".
func (t *translation) settled(n *onnx.Node, v *value, wanted []shape.Size) ([]shape.Size, error) {
	total, known, open := one, one, -1
	for i := range v.rank() {
		total = total.Mul(v.size(i))
	}
	for i, s := range wanted {
		if s.IsZero() && t.int(n, "allowzero", 0) == 0 && i < v.rank() {
			wanted[i] = v.size(i)
		}
		if s.Equal(shape.Int(-1)) {
			open = i
			continue
		}
		known = known.Mul(wanted[i])
	}
	if open >= 0 {
		if known.IsZero() {
			return nil, refuse(n, "no numbers are left for axis %d", open)
		}
		wanted[open] = total.Div(known)
		known = known.Mul(wanted[open])
	}
	if !known.Equal(total) {
		return nil, refuse(n, "%s numbers become %s", total, known)
	}
	return wanted, nil
}

// regrouped gives a value other sizes for as many numbers: groups of axes are merged,
// and split again.
func (t *translation) regrouped(n *onnx.Node, v *value, to []shape.Size) error {
	if v.isConstant() {
		dims := make([]int, len(to))
		for i, s := range to {
			dims[i], _ = s.Int()
		}
		t.set(n, 0, constant(v.data.reshaped(dims)))
		return nil
	}
	made := then(v, "")
	made.text, made.isFlow = v.text, v.isFlow
	var axes shape.Shape
	for from, next := 0, 0; from < len(v.axes) || next < len(to); {
		ends, nexts, ok := group(v.axes[from:], to[next:])
		if !ok {
			return refuse(n, "the axes %s do not become %v group by group", v.axes, to)
		}
		group, err := t.regroup(made, v.axes[from:from+ends], to[next:next+nexts])
		if err != nil {
			return err
		}
		axes = append(axes, group...)
		from, next = from+ends, next+nexts
	}
	made.axes, made.in = axes, v.in
	made.isFlow = made.text != v.text || v.isFlow
	t.set(n, 0, made)
	return nil
}

// group finds how many axes in front hold as many numbers as how many new ones.
func group(axes shape.Shape, to []shape.Size) (ends, nexts int, ok bool) {
	if len(axes) > 0 && len(to) > 0 && axes[0].Size.Equal(to[0]) {
		return 1, 1, true
	}
	have, want := one, one
	for {
		if (ends > 0 || nexts > 0) && have.Equal(want) {
			return ends, nexts, true
		}
		_, isLess := lessThan(have, want)
		switch {
		case (isLess || nexts == len(to)) && ends < len(axes):
			have = have.Mul(axes[ends].Size)
			ends++
		case nexts < len(to):
			want = want.Mul(to[nexts])
			nexts++
		default:
			return 0, 0, false
		}
	}
}

// lessThan compares sizes, by their numbers or by whether one divides the other.
func lessThan(a, b shape.Size) (known, isLess bool) {
	if x, ok := a.Int(); ok {
		if y, ok := b.Int(); ok {
			return true, x < y
		}
	}
	return false, len(a.Letters()) <= len(b.Letters())
}

// regroup writes how one group of axes becomes another.
func (t *translation) regroup(v *value, from shape.Shape, to []shape.Size) (shape.Shape, error) {
	if len(from) == 1 && len(to) == 1 {
		return from, nil
	}
	var kept shape.Shape
	for _, a := range from {
		switch {
		case !a.Size.Equal(one):
			kept = append(kept, a)
		case a.Label == examples:
			return nil, errExamples
		default:
			v.text += " >> at[" + a.Label + ", 0]"
		}
	}
	if kept.Index(examples) >= 0 && (len(kept) > 1 || len(to) > 1) {
		return nil, errExamples
	}
	var made, wide shape.Shape
	for i, s := range to {
		a := shape.Axis{Label: t.fresh(label{"", string(rune('p' + min(i, 10)))}, append(slices.Clone(v.axes), made...)), Size: s}
		if s.Equal(one) {
			v.text += " >> spread[" + a.String() + "]"
		} else {
			wide = append(wide, a)
		}
		made = append(made, a)
	}
	t.merge(v, kept, wide, made)
	return made, nil
}

// merge writes the merging and splitting of axes that have more than one place.
func (t *translation) merge(v *value, kept, wide, made shape.Shape) {
	if len(kept) == 0 {
		return
	}
	if len(kept) == 1 && len(wide) == 1 {
		for i := range made {
			if made[i].Label == wide[0].Label {
				made[i].Label = kept[0].Label
			}
		}
		return
	}
	whole := kept[0].Label
	if len(kept) > 1 {
		if len(wide) == 1 {
			whole = wide[0].Label
		} else {
			whole = t.label("f")
		}
		v.text += fmt.Sprintf(" >> [%s -> %s=(%s)]", strings.Join(kept.Labels(), " "), whole, strings.Join(kept.Labels(), " "))
	}
	if len(wide) > 1 {
		var sized []string
		for _, a := range wide {
			sized = append(sized, a.Label+":"+a.Size.String())
		}
		v.text += fmt.Sprintf(" >> [%s=(%s) -> %s]", whole, strings.Join(wide.Labels(), " "), strings.Join(sized, " "))
	}
}

func (t *translation) flatten(n *onnx.Node) error {
	v := t.in(n, 0)
	axis := t.int(n, "axis", 1)
	if axis < 0 {
		axis += v.rank()
	}
	if axis < 0 || axis > v.rank() {
		return refuse(n, "there is no axis %d of %d", axis, v.rank())
	}
	to := []shape.Size{one, one}
	for i := range v.rank() {
		side := 0
		if i >= axis {
			side = 1
		}
		to[side] = to[side].Mul(v.size(i))
	}
	return t.regrouped(n, v, to)
}

func (t *translation) squeeze(n *onnx.Node) error {
	v := t.in(n, 0)
	if v.sizes != nil && !v.isConstant() {
		made := *v
		made.axes = nil
		t.set(n, 0, &made)
		return nil
	}
	axes, ok := t.list(n, "axes", 1)
	var gone []int
	for _, a := range axes {
		axis, err := axisOf(n, a, v.rank())
		if err != nil {
			return err
		}
		gone = append(gone, axis)
	}
	if !ok {
		if t.in(n, 1) != nil {
			return refuse(n, "its axes hang on the data")
		}
		for axis := range v.rank() {
			if v.size(axis).Equal(one) {
				gone = append(gone, axis)
			}
		}
	}
	return t.withoutAxes(n, v, gone)
}

func (t *translation) withoutAxes(n *onnx.Node, v *value, gone []int) error {
	slices.Sort(gone)
	if v.isConstant() {
		dims := slices.Clone(v.data.dims)
		for _, axis := range slices.Backward(gone) {
			dims = slices.Delete(dims, axis, axis+1)
		}
		t.set(n, 0, constant(v.data.reshaped(dims)))
		return nil
	}
	for _, axis := range slices.Backward(gone) {
		if v.axes[axis].Label == examples {
			return errExamples
		}
		if !v.axes[axis].Size.Equal(one) {
			return refuse(n, "axis %d has %s places", axis, v.axes[axis].Size)
		}
		v = t.dropped(v, axis)
	}
	t.set(n, 0, v)
	return nil
}

func (t *translation) unsqueeze(n *onnx.Node) error {
	v := t.in(n, 0)
	axes, ok := t.list(n, "axes", 1)
	if !ok {
		return refuse(n, "its axes hang on the data")
	}
	if v.sizes != nil && !v.isConstant() {
		made := *v
		made.axes = shape.Shape{{Size: shape.Int(len(v.sizes))}}
		t.set(n, 0, &made)
		return nil
	}
	rank := v.rank() + len(axes)
	new := make([]int, len(axes))
	for i, a := range axes {
		axis, err := axisOf(n, a, rank)
		if err != nil {
			return err
		}
		new[i] = axis
	}
	slices.Sort(new)
	if v.isConstant() {
		dims := slices.Clone(v.data.dims)
		for _, axis := range new {
			dims = slices.Insert(dims, min(axis, len(dims)), 1)
		}
		t.set(n, 0, constant(v.data.reshaped(dims)))
		return nil
	}
	made := v
	for _, axis := range new {
		if axis == 0 && len(v.axes) > 0 && v.axes[0].Label == examples {
			return errExamples
		}
		a := shape.Axis{Label: t.fresh(label{"", "u"}, made.axes), Size: one}
		axes := slices.Insert(slices.Clone(made.axes), min(axis, len(made.axes)), a)
		made = then(made, "spread["+a.String()+"]")
		made.axes, made.mask = axes, v.mask
	}
	t.set(n, 0, made)
	return nil
}

// transpose changes nothing but the order in which the model counts axes.
func (t *translation) transpose(n *onnx.Node) error {
	v := t.in(n, 0)
	order, ok := t.list(n, "perm", -1)
	if !ok {
		for axis := v.rank() - 1; axis >= 0; axis-- {
			order = append(order, axis)
		}
	}
	sorted := slices.Sorted(slices.Values(order))
	for i, axis := range sorted {
		if axis != i || len(order) != v.rank() {
			return refuse(n, "%v is no order of %d axes", order, v.rank())
		}
	}
	if v.isConstant() {
		t.set(n, 0, constant(v.data.permuted(order)))
		return nil
	}
	made := *v
	made.axes, made.order = make(shape.Shape, len(order)), false
	for i, axis := range order {
		made.axes[i] = v.axes[axis]
	}
	t.set(n, 0, &made)
	return nil
}

// depthToSpace spreads channels over the places of blocks.
func (t *translation) depthToSpace(n *onnx.Node) error {
	v, b := t.wire(t.in(n, 0)), shape.Int(t.int(n, "blocksize", 1))
	if v.rank() != 4 || t.int(n, "blocksize", 0) < 1 {
		return refuse(n, "%d axes, in blocks of %d", v.rank(), t.int(n, "blocksize", 0))
	}
	c, row, col := v.axes[1], v.axes[2], v.axes[3]
	order := "%[1]s=(%[2]s %[3]s %[4]s)"
	if t.text(n, "mode", "DCR") == "CRD" {
		order = "%[1]s=(%[4]s %[2]s %[3]s)"
	}
	u, w, d := t.label("u"), t.label("w"), t.label("d")
	rest := c.Size.Div(b.Mul(b))
	made := then(v, fmt.Sprintf("["+order+" -> %[2]s:%[5]s %[3]s:%[5]s %[4]s:%[6]s]", c.Label, u, w, d, b, rest))
	made = then(made, fmt.Sprintf("[%[1]s %[2]s -> %[1]s=(%[1]s %[2]s)] >> [%[3]s %[4]s -> %[3]s=(%[3]s %[4]s)]", row.Label, u, col.Label, w))
	made.axes = shape.Shape{v.axes[0], {Label: d, Size: rest}, {Label: row.Label, Size: row.Size.Mul(b)}, {Label: col.Label, Size: col.Size.Mul(b)}}
	t.set(n, 0, made)
	return nil
}

func (t *translation) spaceToDepth(n *onnx.Node) error {
	v, b := t.wire(t.in(n, 0)), shape.Int(t.int(n, "blocksize", 1))
	if v.rank() != 4 || t.int(n, "blocksize", 0) < 1 {
		return refuse(n, "%d axes, in blocks of %d", v.rank(), t.int(n, "blocksize", 0))
	}
	c, row, col := v.axes[1], v.axes[2], v.axes[3]
	u, w, d := t.label("u"), t.label("w"), t.label("d")
	made := then(v, fmt.Sprintf("[%[1]s=(%[1]s %[2]s) -> %[1]s:%[3]s %[2]s:%[4]s]", row.Label, u, row.Size.Div(b), b))
	made = then(made, fmt.Sprintf("[%[1]s=(%[1]s %[2]s) -> %[1]s:%[3]s %[2]s:%[4]s]", col.Label, w, col.Size.Div(b), b))
	made = then(made, fmt.Sprintf("[%[2]s %[3]s %[4]s -> %[1]s=(%[2]s %[3]s %[4]s)]", d, u, w, c.Label))
	made.axes = shape.Shape{v.axes[0], {Label: d, Size: c.Size.Mul(b).Mul(b)}, {Label: row.Label, Size: row.Size.Div(b)}, {Label: col.Label, Size: col.Size.Div(b)}}
	t.set(n, 0, made)
	return nil
}
