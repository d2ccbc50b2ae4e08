package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// reducing are the operators that take one number from many, and those that measure by
// such numbers.
var reducing = map[string]operator{
	"ReduceSum": {1, reduction("sum%s")}, "ReduceMean": {1, reduction("mean%s")}, "ReduceMax": {1, reduction("max%s")},
	"ReduceMin": {1, reduction("min%s")}, "ReduceProd": {1, reduction("product%s")}, "ReduceLogSumExp": {1, reduction("logsumexp%s")},
	"ReduceL1": {1, reduction("abs >> sum%s")}, "ReduceL2": {1, reduction("square >> sum%s >> sqrt")},
	"ReduceSumSquare": {1, reduction("square >> sum%s")}, "ReduceLogSum": {1, reduction("sum%s >> log")},
	"ArgMax": {1, best("argmax")}, "ArgMin": {1, best("argmin")},
	"Softmax": {1, (*translation).softmax}, "LogSoftmax": {1, (*translation).softmax},
	"LayerNormalization": {2, (*translation).layerNorm}, "RMSNormalization": {2, (*translation).rmsNorm},
	"BatchNormalization": {5, (*translation).batchNorm}, "InstanceNormalization": {3, (*translation).instanceNorm},
	"Hardmax":                   {1, (*translation).hardmax},
	"MeanVarianceNormalization": {1, (*translation).meanVariance},
	"CumSum":                    {2, (*translation).cumsum},
}

func reduction(box string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		v := t.wire(t.in(n, 0))
		axes, ok := t.list(n, "axes", 1)
		if !ok && t.in(n, 1) != nil {
			return refuse(n, "its axes hang on the data")
		}
		if len(axes) == 0 {
			if t.int(n, "noop_with_empty_axes", 0) != 0 {
				t.set(n, 0, v)
				return nil
			}
			for axis := range v.rank() {
				axes = append(axes, axis)
			}
		}
		return t.reduced(n, v, axes, box, t.int(n, "keepdims", 1) != 0)
	}
}

// reduced takes axes away by a box, and puts axes of one place where they were if they
// are kept.
func (t *translation) reduced(n *onnx.Node, v *value, axes []int, box string, isKept bool) error {
	var labels []string
	gone := map[int]bool{}
	for _, a := range axes {
		axis, err := axisOf(n, a, v.rank())
		if err != nil {
			return err
		}
		if v.axes[axis].Label == examples {
			return errExamples
		}
		if !gone[axis] {
			labels = append(labels, v.axes[axis].Label)
		}
		gone[axis] = true
	}
	made := v
	if len(labels) > 0 {
		made = then(v, fmt.Sprintf(box, bracket(labels...)))
	}
	made.axes = nil
	for axis, a := range v.axes {
		if !gone[axis] {
			made.axes = append(made.axes, a)
		} else if isKept {
			a.Size = one
			made.text += " >> spread[" + a.String() + "]"
			made.axes = append(made.axes, a)
		}
	}
	t.set(n, 0, made)
	return nil
}

func best(box string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		v := t.wire(t.in(n, 0))
		axis, err := axisOf(n, t.int(n, "axis", 0), v.rank())
		if err != nil {
			return err
		}
		if t.int(n, "select_last_index", 0) != 0 {
			return refuse(n, "the last of equal ones is taken")
		}
		in := v.axes[axis]
		if err := t.reduced(n, v, []int{axis}, box+"%s", t.int(n, "keepdims", 1) != 0); err != nil {
			return err
		}
		t.values[n.Outputs[0]].in = &in
		return nil
	}
}

// softmax normalises over one axis, or in old models over all from one on.
func (t *translation) softmax(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	isOld := t.opset() < 13
	otherwise := -1
	if isOld {
		otherwise = 1
	}
	axis, err := axisOf(n, t.int(n, "axis", otherwise), v.rank())
	if err != nil {
		return err
	}
	axes := v.axes[axis : axis+1]
	if isOld {
		axes = v.axes[axis:]
	}
	if axes.Index(examples) >= 0 {
		return errExamples
	}
	where := ""
	if v.masked != nil && v.isFlow && len(axes) == 1 && v.masked.kept.hasLabel(axes[0].Label) {
		v, where = v.masked.kept, " where "+v.masked.where
	}
	made := then(v, strings.ToLower(n.Op)+"["+strings.Join(axes.Labels(), " ")+where+"]")
	made.order = v.order
	t.set(n, 0, made)
	return nil
}

// opset is the version of the operators of ONNX.
func (t *translation) opset() int64 {
	for _, o := range t.model.Opsets {
		if isStandard(o.Domain) {
			return o.Version
		}
	}
	return 1
}

// normalised are the axes over which a layer is normalised, by their labels.
func (t *translation) normalised(n *onnx.Node, v *value, axis int) (shape.Shape, error) {
	axis, err := axisOf(n, axis, v.rank())
	if err != nil {
		return nil, err
	}
	if v.axes[axis:].Index(examples) >= 0 {
		return nil, errExamples
	}
	return v.axes[axis:], nil
}

func (t *translation) layerNorm(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	axes, err := t.normalised(n, v, t.int(n, "axis", -1))
	if err != nil {
		return err
	}
	if v, err = t.measured(n, v, len(axes)); err != nil {
		return err
	}
	return t.scaledAndMoved(n, t.standardized(v, axes, t.float(n, "epsilon", 1e-5)))
}

// measured writes the mean and the reciprocal of the deviation over the last axes of a
// value, where they are read.
func (t *translation) measured(n *onnx.Node, v *value, count int) (*value, error) {
	isRead := func(i int) bool { return i < len(n.Outputs) && t.uses[n.Outputs[i]] > 0 }
	if !isRead(1) && !isRead(2) {
		return v, nil
	}
	v = t.name(v)
	var axes []int
	for axis := v.rank() - count; axis < v.rank(); axis++ {
		axes = append(axes, axis)
	}
	labels := bracket(v.axes[v.rank()-count:].Labels()...)
	centred := met(fmt.Sprintf("%[1]s - (%[1]s >> mean%[2]s)", v.text, labels), v.axes)
	variance := "square >> mean%s"
	for i, f := range []func(*onnx.Node) error{
		func(to *onnx.Node) error { return t.reduced(to, v, axes, "mean%s", true) },
		func(to *onnx.Node) error {
			return t.deviation(to, centred, axes, variance, t.float(n, "epsilon", 1e-5))
		},
	} {
		if isRead(i + 1) {
			if err := f(&onnx.Node{Op: n.Op, Name: n.Name, Outputs: n.Outputs[i+1 : i+2]}); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// deviation is the reciprocal of the root of a variance, with axes of one place.
func (t *translation) deviation(to *onnx.Node, centred *value, axes []int, variance string, epsilon float64) error {
	if err := t.reduced(to, centred, axes, variance, true); err != nil {
		return err
	}
	v := t.values[to.Outputs[0]]
	t.values[to.Outputs[0]] = met(fmt.Sprintf("%s + %s >> sqrt >> reciprocal", operand(v), literal(epsilon)), v.axes, v)
	return nil
}

// standardized is a value with mean 0 and variance 1 over axes.
func (t *translation) standardized(v *value, axes shape.Shape, epsilon float64) *value {
	words := strings.Join(axes.Labels(), " ")
	if epsilon != 1e-5 {
		words += ", epsilon = " + literal(epsilon)
	}
	made := then(v, "standardize"+bracket(words))
	made.order, made.norm = v.order, bracket(words)
	return made
}

// hardmax is 1 at the first of the largest along an axis, else 0.
func (t *translation) hardmax(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	if t.opset() < 13 {
		return refuse(n, "of a version that takes several axes together")
	}
	axis, err := axisOf(n, t.int(n, "axis", -1), v.rank())
	if err != nil {
		return err
	}
	if v.axes[axis].Label == examples {
		return errExamples
	}
	made := then(v, fmt.Sprintf("argmax[%[1]s] >> one_hot[%[1]s]", v.axes[axis].Label))
	made.axes = slices.Clone(v.axes)
	t.set(n, 0, made)
	return nil
}

func (t *translation) meanVariance(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	list, ok := t.list(n, "axes", -1)
	if !ok {
		list = []int{0, 2, 3}
	}
	var axes shape.Shape
	for _, a := range list {
		axis, err := axisOf(n, a, v.rank())
		if err != nil {
			return err
		}
		if v.axes[axis].Label == examples {
			return errExamples
		}
		axes = append(axes, v.axes[axis])
	}
	const smallest = 1e-9
	t.set(n, 0, t.standardized(v, axes, t.float(n, "epsilon", smallest)))
	return nil
}

// scaledAndMoved multiplies by the second input and adds the third, if there is one.
func (t *translation) scaledAndMoved(n *onnx.Node, v *value) error {
	step := &onnx.Node{Op: n.Op, Name: n.Name, Inputs: []string{"\x00", n.Inputs[1]}, Outputs: []string{"\x01"}}
	t.values["\x00"], t.uses["\x00"], t.uses["\x01"] = v, 1, 1
	if err := arithmetic("*")(t, step); err != nil {
		return err
	}
	if t.in(n, 2) == nil {
		t.set(n, 0, t.values["\x01"])
		return nil
	}
	return arithmetic("+")(t, &onnx.Node{Op: n.Op, Name: n.Name, Inputs: []string{"\x01", n.Inputs[2]}, Outputs: n.Outputs[:1]})
}

func (t *translation) rmsNorm(n *onnx.Node) error {
	v := t.name(t.wire(t.in(n, 0)))
	axes, err := t.normalised(n, v, t.int(n, "axis", -1))
	if err != nil {
		return err
	}
	made := met(fmt.Sprintf("%s / ((%s >> square >> mean%s) + %s >> sqrt)", v.text, v.text, bracket(axes.Labels()...), literal(t.float(n, "epsilon", 1e-5))), v.axes)
	return t.scaledAndMoved(n, made)
}

// batchNorm writes what a batch normalisation of constants does: a gain and a bias.
func (t *translation) batchNorm(n *onnx.Node) error {
	if t.int(n, "training_mode", 0) != 0 {
		return refuse(n, "it is in training")
	}
	v := t.wire(t.in(n, 0))
	if v.rank() < 2 {
		return refuse(n, "%d axes", v.rank())
	}
	c := v.axes[1]
	epsilon := t.float(n, "epsilon", 1e-5)
	var held [4]*array
	for i := range held {
		if x := t.in(n, i+1); x != nil && x.isConstant() && len(x.data.dims) == 1 {
			held[i] = x.data
		}
	}
	if held[0] != nil && held[1] != nil && held[2] != nil && held[3] != nil && len(held[0].values) == len(held[3].values) {
		gain := &array{dims: held[0].dims, values: slices.Clone(held[0].values)}
		bias := &array{dims: held[0].dims, values: slices.Clone(held[1].values)}
		for i := range gain.values {
			gain.values[i] /= sqrt(held[3].values[i] + epsilon)
			bias.values[i] -= gain.values[i] * held[2].values[i]
		}
		t.set(n, 0, changed(changed(v, "*", []string{c.Label}, gain), "+", []string{c.Label}, bias))
		return nil
	}
	var words []any
	values := []*value{v}
	words = append(words, operand(v))
	for i := range 4 {
		w := t.exactly(t.in(n, i+1), shape.Shape{c})
		values, words = append(values, w), append(words, operand(w))
	}
	text := fmt.Sprintf("(%[1]s - %[4]s) / (%[5]s + %[6]s >> sqrt) * %[2]s + %[3]s", append(words, literal(epsilon))...)
	t.set(n, 0, met(text, v.axes, values[0], values[3], values[4], values[1], values[2]))
	return nil
}

func (t *translation) instanceNorm(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	if v.rank() < 3 {
		return refuse(n, "%d axes", v.rank())
	}
	made := t.standardized(v, v.axes[2:], t.float(n, "epsilon", 1e-5))
	for i, sign := range []string{"*", "+"} {
		w := t.exactly(t.in(n, i+1), shape.Shape{v.axes[1]})
		made = met(fmt.Sprintf("%s %s %s", operand(made), sign, operand(w)), v.axes, made, w)
	}
	t.set(n, 0, made)
	return nil
}

func (t *translation) cumsum(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	at, ok := t.in(n, 1).ints()
	if !ok || len(at) != 1 || t.int(n, "exclusive", 0) != 0 {
		return refuse(n, "its axis hangs on the data, or places add up without themselves")
	}
	axis, err := axisOf(n, at[0], v.rank())
	if err != nil {
		return err
	}
	if v.axes[axis].Label == examples {
		return errExamples
	}
	box := "cumsum[" + v.axes[axis].Label + "]"
	if t.int(n, "reverse", 0) != 0 {
		flip := "flip[" + v.axes[axis].Label + "]"
		box = flip + " >> " + box + " >> " + flip
	}
	made := then(v, box)
	t.set(n, 0, made)
	return nil
}
