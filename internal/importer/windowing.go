package importer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

func sqrt(x float64) float64 { return math.Sqrt(x) }

// windowing are the operators that move windows over pictures.
var windowing = map[string]operator{
	"Conv":        {2, (*translation).conv},
	"MaxPool":     {1, (*translation).maxPool},
	"AveragePool": {1, (*translation).averagePool},

	"ConvTranspose": {2, (*translation).convTranspose},

	"GlobalAveragePool": {1, global("mean%s")},
	"GlobalMaxPool":     {1, global("max%s")},
}

// windows are how windows move over the axes behind the first two.
type windows struct {
	axes                   shape.Shape
	size, stride, dilation []int
	before, behind         []int
	isSame                 bool // zeros around as the language's `same` puts them
	around                 int  // as many on each side of each axis, which windows fill; 0: not so
	isEqual                bool // all axes alike
	places                 []shape.Size
}

// windowsOf reads the attributes of a node.
func (t *translation) windowsOf(n *onnx.Node, v *value, kernel []int) (*windows, error) {
	w := &windows{axes: v.axes[2:], size: kernel}
	k := len(w.axes)
	filled := func(name string) []int {
		list, ok := t.list(n, name, -1)
		if !ok {
			list = slices.Repeat([]int{1}, k)
		}
		return list
	}
	w.stride, w.dilation = filled("strides"), filled("dilations")
	if len(w.size) != k || len(w.stride) != k || len(w.dilation) != k || k == 0 {
		return nil, refuse(n, "its windows have %d axes, and there are %d", len(w.size), k)
	}
	for i := range k {
		if w.size[i] < 1 || w.stride[i] < 1 || w.dilation[i] < 1 {
			return nil, refuse(n, "a window of %d with stride %d", w.size[i], w.stride[i])
		}
	}
	if t.int(n, "ceil_mode", 0) != 0 {
		return nil, refuse(n, "windows that reach over the end")
	}
	return w, t.around(n, w)
}

// around finds how many zeros stand around, and how many windows there are.
func (t *translation) around(n *onnx.Node, w *windows) error {
	k := len(w.axes)
	pads, ok := t.list(n, "pads", -1)
	if !ok || len(pads) != 2*k {
		pads = make([]int, 2*k)
	}
	w.before, w.behind = slices.Clone(pads[:k]), slices.Clone(pads[k:])
	auto := t.text(n, "auto_pad", "NOTSET")
	w.isSame, w.isEqual = true, true
	isFilled := true
	for i, a := range w.axes {
		reach := (w.size[i]-1)*w.dilation[i] + 1
		size, isKnown := a.Size.Int()
		if strings.HasPrefix(auto, "SAME") {
			if !isKnown {
				return refuse(n, "`auto_pad` over an open size")
			}
			total := max(0, ((size+w.stride[i]-1)/w.stride[i]-1)*w.stride[i]+reach-size)
			w.before[i], w.behind[i] = total/2, total-total/2
			if auto == "SAME_LOWER" {
				w.before[i], w.behind[i] = w.behind[i], w.before[i]
			}
		}
		whole := a.Size.Add(shape.Int(w.before[i] + w.behind[i] - reach))
		if room, ok := whole.Int(); ok && room < 0 {
			return refuse(n, "a window of %d is larger than what it moves over", reach)
		}
		w.places = append(w.places, whole.Floor(shape.Int(w.stride[i])).Add(one))
		room, _ := whole.Int()
		isFilled = isFilled && w.before[i] == w.before[0] && w.behind[i] == w.before[0] && isKnown && room%w.stride[i] == 0
		w.isSame = w.isSame && w.stride[i] == 1 && w.before[i] == (reach-1)/2 && w.behind[i] == reach-1-(reach-1)/2
		w.isEqual = w.isEqual && w.size[i] == w.size[0] && w.stride[i] == w.stride[0] && w.dilation[i] == w.dilation[0]
	}
	if isFilled {
		w.around = w.before[0]
	}
	return nil
}

// prepared puts a number around, and cuts off what no window reaches.
func (t *translation) prepared(v *value, w *windows, filling float64) *value {
	var padding []string
	for i, a := range w.axes {
		if w.before[i]+w.behind[i] > 0 {
			padding = append(padding, fmt.Sprintf("pad[%s, %d, %d]", a.Label, w.before[i], w.behind[i]))
		}
	}
	made := *t.surrounded(v, w.axes, padding, filling)
	for i, a := range w.axes {
		size, isKnown := a.Size.Add(shape.Int(w.before[i] + w.behind[i])).Int()
		places, _ := w.places[i].Int()
		used := (places-1)*w.stride[i] + (w.size[i]-1)*w.dilation[i] + 1
		if isKnown && used < size {
			made.text, made.isFlow = made.text+fmt.Sprintf(" >> slice[%s, 0, %d]", a.Label, used), true
		}
	}
	return &made
}

// surrounded puts a number around a value along some axes, by boxes that put zeros: where
// it is another, ones that are padded alike say what lies inside.
func (t *translation) surrounded(v *value, axes shape.Shape, padding []string, filling float64) *value {
	if len(padding) == 0 {
		return v
	}
	flow := strings.Join(padding, " >> ")
	made := then(v, flow)
	if filling == 0 {
		return made
	}
	inside := t.name(&value{text: "1 >> spread" + typeText(&value{axes: axes}) + " >> " + flow, isFlow: true})
	return met(fmt.Sprintf("(%s, %s, %s) >> select", inside.text, made.text, literal(filling)), v.axes, made)
}

// moved is a flow that lays windows over the axes, and their labels within.
func (t *translation) moved(v *value, w *windows, within []string) *value {
	made := v
	for i, a := range w.axes {
		made = then(made, fmt.Sprintf("window[%s -> %s %s:%d, stride = %d, dilation = %d, pad = none]", a.Label, a.Label, within[i], w.size[i], w.stride[i], w.dilation[i]))
	}
	return made
}

// options of a convolution or a pooling that are not as they are left out.
func (w *windows) options(defaultStride int) string {
	text := fmt.Sprintf("size = %d", w.size[0])
	if w.stride[0] != defaultStride {
		text += fmt.Sprintf(", stride = %d", w.stride[0])
	}
	if w.dilation[0] != 1 {
		text += fmt.Sprintf(", dilation = %d", w.dilation[0])
	}
	return text
}

// behindWindows is the value with the axes that windows leave.
func (w *windows) behindWindows(v *value, axes shape.Shape) *value {
	v.axes = slices.Clone(axes)
	for i, a := range w.axes {
		v.axes[i+2] = shape.Axis{Label: a.Label, Size: w.places[i]}
	}
	return v
}

func (t *translation) conv(n *onnx.Node) error {
	v, kernel := t.wire(t.in(n, 0)), t.in(n, 1)
	groups := t.int(n, "group", 1)
	if v.rank() < 3 || kernel.rank() != v.rank() || groups < 1 {
		return refuse(n, "%d axes under a kernel of %d", v.rank(), kernel.rank())
	}
	var size []int
	for i := 2; i < kernel.rank(); i++ {
		places, ok := kernel.size(i).Int()
		if !ok {
			return refuse(n, "the size of its kernel is open")
		}
		size = append(size, places)
	}
	w, err := t.windowsOf(n, v, size)
	if err != nil {
		return err
	}
	if !v.axes[1].Size.Equal(kernel.size(1).Mul(shape.Int(groups))) {
		return refuse(n, "%s channels under a kernel for %s in %d groups", v.axes[1].Size, kernel.size(1), groups)
	}
	if !kernel.isConstant() {
		return t.convBy(n, v, w, kernel, groups)
	}
	if kernel.data.dims[0] < 1 {
		return refuse(n, "a kernel of nothing")
	}
	made, err := t.convolved(n, v, w, kernel.data, groups)
	if err != nil {
		return err
	}
	return t.channelBias(n, made, t.in(n, 2))
}

// convolved writes a convolution with a kernel of the model's own.
func (t *translation) convolved(n *onnx.Node, v *value, w *windows, kernel *array, groups int) (*value, error) {
	c, k := v.axes[1], len(w.axes)
	out := kernel.dims[0]
	order := []int{}
	for i := range k {
		order = append(order, i+2)
	}
	order = append(order, 1, 0)
	axes := slices.Clone(v.axes)
	axes[1] = shape.Axis{Label: c.Label, Size: shape.Int(out)}
	isDepthwise := groups > 1 && kernel.dims[1] == 1 && out == groups
	if out%groups != 0 {
		return nil, refuse(n, "%d channels in %d groups", out, groups)
	}
	if groups > 1 && (!isDepthwise || !w.isEqual) {
		return w.behindWindows(t.grouped(v, w, kernel, groups), axes), nil
	}
	labels := strings.Join(w.axes.Labels(), " ")
	var made *value
	switch {
	case isDepthwise && w.isEqual:
		box := fmt.Sprintf("depthwise_conv[%s, %s, %s%s]", labels, c.Label, w.options(1), w.padding())
		matrix := kernel.permuted(append([]int{0}, order[:k]...)).reshaped(append([]int{out}, kernel.dims[2:]...))
		made = then(t.edged(v, w), box, matrix.weight())
	case w.isEqual:
		box := fmt.Sprintf("conv[%s, %s -> %s:%d, %s%s", labels, c.Label, c.Label, out, w.options(1), w.padding())
		edged := t.edged(v, w)
		made = then(edged, box+"]", kernel.permuted(order).weight())
		made.wish, made.biased = kernel.wish(), &withBias{then(edged, box+", bias = true]").text, []string{c.Label}}
	default:
		var within []string
		for range k {
			within = append(within, t.label("w"))
		}
		made = t.moved(t.prepared(v, w, 0), w, within)
		made = then(made, fmt.Sprintf("linear[%s %s -> %s:%d]", strings.Join(within, " "), c.Label, c.Label, out), kernel.permuted(order).weight())
	}
	return w.behindWindows(made, axes), nil
}

// edged prepares a value for a box that puts zeros around itself where it can.
func (t *translation) edged(v *value, w *windows) *value {
	if w.isSame || w.around > 0 {
		return v
	}
	return t.prepared(v, w, 0)
}

// padding is the option that puts zeros around.
func (w *windows) padding() string {
	switch {
	case w.isSame:
		return ""
	case w.around > 0:
		return fmt.Sprintf(", pad = %d", w.around)
	}
	return ", pad = none"
}

// grouped writes a convolution in groups of channels.
func (t *translation) grouped(v *value, w *windows, kernel *array, groups int) *value {
	c, out := v.axes[1].Label, kernel.dims[0]
	dims := append([]int{groups, out / groups}, kernel.dims[1:]...)
	order := []int{0}
	for i := range w.axes {
		order = append(order, i+3)
	}
	weight := kernel.reshaped(dims).permuted(append(order, 2, 1)).weight()
	if w.isEqual {
		box := fmt.Sprintf("conv[%s, %s -> %s:%d, %s%s, groups = %d", strings.Join(w.axes.Labels(), " "), c, c, out, w.options(1), w.padding(), groups)
		edged := t.edged(v, w)
		made := then(edged, box+"]", weight)
		made.wish, made.biased = kernel.wish(), &withBias{then(edged, box+", bias = true]").text, []string{c}}
		return made
	}
	var within []string
	for range w.axes {
		within = append(within, t.label("w"))
	}
	made := t.moved(t.prepared(v, w, 0), w, within)
	return then(made, fmt.Sprintf("grouped_linear[%s, %s -> %s:%d, groups = %d]", strings.Join(within, " "), c, c, out, groups), weight)
}

// convBy writes a convolution with a kernel that is computed, as an index equation over
// windows.
func (t *translation) convBy(n *onnx.Node, v *value, w *windows, kernel *value, groups int) error {
	if groups > 1 {
		return refuse(n, "%d groups of a kernel that is computed", groups)
	}
	var within []string
	for range w.axes {
		within = append(within, t.label("w"))
	}
	seen := t.moved(t.prepared(v, w, 0), w, within)
	seen.axes = slices.Clone(v.axes)
	seen = w.behindWindows(seen, seen.axes)
	left, right := []int{100, 1}, []int{2, 1}
	out := []int{100, 2}
	for i := range w.axes {
		seen.axes = append(seen.axes, shape.Axis{Label: within[i], Size: shape.Int(w.size[i])})
		left, out = append(left, 10+i), append(out, 10+i)
	}
	for i := range w.axes {
		left, right = append(left, 50+i), append(right, 50+i)
	}
	seen.order = false
	made, err := t.equation(n, []indexed{{seen, left}, {kernel, right}}, out)
	if err != nil {
		return err
	}
	return t.channelBias(n, made, t.in(n, 2))
}

// channelBias adds a number to each channel.
func (t *translation) channelBias(n *onnx.Node, v, bias *value) error {
	switch {
	case bias == nil:
	case bias.isConstant():
		v = changed(v, "+", []string{v.axes[1].Label}, bias.data)
	default:
		b := t.exactly(bias, v.axes[1:2])
		v = met(operand(v)+" + "+operand(b), v.axes, v, b)
	}
	t.set(n, 0, v)
	return nil
}

func (t *translation) maxPool(n *onnx.Node) error {
	if len(n.Outputs) > 1 && n.Outputs[1] != "" {
		return refuse(n, "its places are read")
	}
	v := t.wire(t.in(n, 0))
	size, _ := t.list(n, "kernel_shape", -1)
	if v.rank() < 3 {
		return refuse(n, "%d axes", v.rank())
	}
	w, err := t.windowsOf(n, v, size)
	if err != nil {
		return err
	}
	labels := strings.Join(w.axes.Labels(), " ")
	if w.isEqual && w.around > 0 {
		t.set(n, 0, w.behindWindows(then(v, fmt.Sprintf("maxpool[%s, %s, pad = %d]", labels, w.options(w.size[0]), w.around)), v.axes))
		return nil
	}
	seen := t.prepared(v, w, -3e38)
	if w.isEqual {
		t.set(n, 0, w.behindWindows(then(seen, fmt.Sprintf("maxpool[%s, %s]", labels, w.options(w.size[0]))), v.axes))
		return nil
	}
	t.set(n, 0, w.behindWindows(t.overWindows(seen, w, "max"), v.axes))
	return nil
}

// overWindows reduces what lies under each window.
func (t *translation) overWindows(v *value, w *windows, box string) *value {
	var within []string
	for range w.axes {
		within = append(within, t.label("w"))
	}
	return then(t.moved(v, w, within), box+bracket(within...))
}

func (t *translation) averagePool(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	size, _ := t.list(n, "kernel_shape", -1)
	if v.rank() < 3 {
		return refuse(n, "%d axes", v.rank())
	}
	w, err := t.windowsOf(n, v, size)
	if err != nil {
		return err
	}
	isPadded := slices.Max(w.before)+slices.Max(w.behind) > 0
	if !isPadded && w.isEqual {
		box := fmt.Sprintf("meanpool[%s, %s]", strings.Join(w.axes.Labels(), " "), w.options(w.size[0]))
		t.set(n, 0, w.behindWindows(then(t.prepared(v, w, 0), box), v.axes))
		return nil
	}
	if !isPadded || t.int(n, "count_include_pad", 0) != 0 {
		t.set(n, 0, w.behindWindows(t.overWindows(t.prepared(v, w, 0), w, "mean"), v.axes))
		return nil
	}
	sum := t.overWindows(t.prepared(v, w, 0), w, "sum")
	ones := &value{text: "1 >> spread" + typeText(&value{axes: w.axes}), isFlow: true, axes: v.axes}
	count := t.overWindows(t.prepared(ones, w, 0), w, "sum")
	t.set(n, 0, w.behindWindows(met(operand(sum)+" / "+operand(count), v.axes, sum), v.axes))
	return nil
}

// global reduces all of a picture and keeps axes of one place.
func global(box string) func(*translation, *onnx.Node) error {
	return func(t *translation, n *onnx.Node) error {
		v := t.wire(t.in(n, 0))
		var axes []int
		for axis := 2; axis < v.rank(); axis++ {
			axes = append(axes, axis)
		}
		return t.reduced(n, v, axes, box, true)
	}
}
