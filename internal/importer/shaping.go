package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
	"ncd/runtime/tensor"
)

// shaping are the operators that move numbers and change none.
var shaping = map[string]operator{
	"Reshape":         {1, (*translation).reshape},
	"Flatten":         {1, (*translation).flatten},
	"Squeeze":         {1, (*translation).squeeze},
	"Unsqueeze":       {1, (*translation).unsqueeze},
	"Transpose":       {1, (*translation).transpose},
	"Concat":          {1, (*translation).concat},
	"Split":           {1, (*translation).split},
	"Slice":           {1, (*translation).slice},
	"Pad":             {1, (*translation).pad},
	"Expand":          {2, (*translation).expand},
	"Gather":          {2, (*translation).gather},
	"Shape":           {1, (*translation).sizeOf},
	"Constant":        {0, (*translation).constant},
	"ConstantOfShape": {1, (*translation).constantOfShape},
	"Range":           {3, (*translation).counting},
	"DepthToSpace":    {1, (*translation).depthToSpace},
	"SpaceToDepth":    {1, (*translation).spaceToDepth},
}

// axis is an axis that may be counted from the end.
func axisOf(n *onnx.Node, axis, rank int) (int, error) {
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis >= rank {
		return 0, refuse(n, "there is no axis %d of %d", axis, rank)
	}
	return axis, nil
}

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
		a := shape.Axis{Label: t.label(string(rune('p' + min(i, 10)))), Size: s}
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
		a := shape.Axis{Label: t.label("u"), Size: one}
		axes := slices.Insert(slices.Clone(made.axes), min(axis, len(made.axes)), a)
		made = then(made, "spread["+a.String()+"]")
		made.axes = axes
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
	made := v
	if len(words) > 0 {
		made = then(v, "spread"+bracket(words...))
	}
	made.axes = axes
	t.set(n, 0, made)
	return nil
}

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
	if at.in == nil || axis != 0 || !v.isConstant() {
		return refuse(n, "only tables of the model's own are looked up, by places that come in")
	}
	rest := v.data.dims[1:]
	made := &value{isFlow: true, axes: slices.Clone(at.axes), learned: append(slices.Clone(at.learned), v.data.weight())}
	var words []string
	for i, size := range rest {
		a := shape.Axis{Label: t.label(string(rune('m' + min(i, 10)))), Size: shape.Int(size)}
		made.axes, words = append(made.axes, a), append(words, a.Label+":"+a.Size.String())
	}
	made.text = fmt.Sprintf("%s >> linear[%s -> %s]", at.text, at.in.Label, strings.Join(words, " "))
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

func (t *translation) constant(n *onnx.Node) error {
	a := &array{}
	switch x := n.Attribute("value"); {
	case x != nil && x.Tensor != nil:
		var err error
		if a, err = decoded(x.Tensor); err != nil {
			return refuse(n, "%v", err)
		}
	case n.Attribute("value_float") != nil:
		a.values = []float64{shortest(n.Attribute("value_float").Float)}
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

// mostFilled is how many numbers a node may make of nothing.
const mostFilled = 1 << 20

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
	a := shape.Axis{Label: t.label("i"), Size: said[1]}
	t.set(n, 0, &value{text: "places[" + a.String() + "]", isFlow: true, axes: shape.Shape{a}, order: true, in: nil})
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
