package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// convTranspose is a convolution turned round: every place puts a learned piece, and
// pieces that overlap are added.
func (t *translation) convTranspose(n *onnx.Node) error {
	v, kernel := t.wire(t.in(n, 0)), t.in(n, 1)
	groups := t.int(n, "group", 1)
	if !kernel.isConstant() {
		return refuse(n, "its kernel is computed")
	}
	if v.rank() < 3 || kernel.rank() != v.rank() || groups < 1 || kernel.data.dims[0]%groups != 0 || !v.axes[1].Size.Equal(kernel.size(0)) {
		return refuse(n, "%d axes under a kernel of %v", v.rank(), kernel.data.dims)
	}
	u, err := t.unwindowsOf(n, v, kernel.data.dims[2:])
	if err != nil {
		return err
	}
	var made *value
	if groups == 1 && u.isPlain() {
		made = t.upconv(v, u, kernel.data)
	} else {
		made = t.pieces(v, u, kernel.data, groups)
	}
	made.axes[1] = shape.Axis{Label: v.axes[1].Label, Size: shape.Int(kernel.data.dims[1] * groups)}
	return t.channelBias(n, made, t.in(n, 2))
}

// unwindows are how pieces are laid over the axes behind the first two: before and behind
// are how many places are cut off, or where negative put around.
type unwindows struct {
	axes                           shape.Shape
	size, stride, dilation         []int
	before, behind, extra, reached []int
}

func (t *translation) unwindowsOf(n *onnx.Node, v *value, size []int) (*unwindows, error) {
	k := len(size)
	filled := func(name string, otherwise int) []int {
		if list, ok := t.list(n, name, -1); ok {
			return list
		}
		return slices.Repeat([]int{otherwise}, k)
	}
	u := &unwindows{axes: v.axes[2:], size: size, stride: filled("strides", 1), dilation: filled("dilations", 1), extra: filled("output_padding", 0)}
	pads, wanted := filled("pads", 0), filled("output_shape", 0)
	if len(pads) < 2*k {
		pads = make([]int, 2*k)
	}
	if len(u.stride) != k || len(u.dilation) != k || len(u.extra) != k || len(wanted) < k || min(slices.Min(u.stride), slices.Min(u.dilation), slices.Min(size)) < 1 {
		return nil, refuse(n, "its windows do not fit %d axes", k)
	}
	wanted = wanted[len(wanted)-k:]
	u.before, u.behind = slices.Clone(pads[:k]), slices.Clone(pads[k:2*k])
	auto := t.text(n, "auto_pad", "NOTSET")
	for i, a := range u.axes {
		places, ok := a.Size.Int()
		if !ok {
			return nil, refuse(n, "the size of axis `%s` is open", a.Label)
		}
		reached := (places-1)*u.stride[i] + (u.size[i]-1)*u.dilation[i] + 1
		if strings.HasPrefix(auto, "SAME") && wanted[i] == 0 {
			wanted[i] = places * u.stride[i]
		}
		if wanted[i] > 0 {
			total := reached + u.extra[i] - wanted[i]
			u.before[i], u.behind[i] = total-total/2, total/2
			if auto == "SAME_UPPER" {
				u.before[i], u.behind[i] = total/2, total-total/2
			}
		}
		u.reached = append(u.reached, reached)
		if reached+u.extra[i]-u.before[i]-u.behind[i] < 1 {
			return nil, refuse(n, "nothing is left of axis `%s`", a.Label)
		}
	}
	return u, nil
}

// isPlain reports whether the box of the library says these.
func (u *unwindows) isPlain() bool {
	isSame := func(list []int) bool { return slices.Max(list) == slices.Min(list) }
	return isSame(u.size) && isSame(u.stride) && isSame(u.dilation)
}

// upconv writes it as the box of the library.
func (t *translation) upconv(v *value, u *unwindows, kernel *array) *value {
	options := fmt.Sprintf("size = %d", u.size[0])
	if u.stride[0] != u.size[0] {
		options += fmt.Sprintf(", stride = %d", u.stride[0])
	}
	if u.dilation[0] != 1 {
		options += fmt.Sprintf(", dilation = %d", u.dilation[0])
	}
	cut := *u
	pad, extra := u.before[0], u.extra[0]
	isAlike := func(i int) bool { return u.before[i] == pad && u.behind[i] == pad && u.extra[i] == extra }
	for i := range u.axes {
		if !isAlike(i) || pad < 0 || extra > pad && extra > 0 {
			pad, extra = 0, 0
		}
	}
	if pad > 0 {
		options += fmt.Sprintf(", pad = %d", pad)
		cut.before, cut.behind = make([]int, len(u.size)), make([]int, len(u.size))
	}
	if extra > 0 {
		options += fmt.Sprintf(", extra = %d", extra)
		cut.extra = make([]int, len(u.size))
	}
	cut.reached = slices.Clone(u.reached)
	for i := range cut.reached {
		cut.reached[i] += extra - 2*pad
	}
	order := []int{0}
	for i := range u.size {
		order = append(order, i+2)
	}
	c := v.axes[1].Label
	box := fmt.Sprintf("upconv[%s, %s -> %s:%d, %s", strings.Join(u.axes.Labels(), " "), c, c, kernel.dims[1], options)
	made := then(v, box+"]", kernel.permuted(append(order, 1)).weight())
	made.wish = kernel.wish()
	laid := cut.cutOff(made, v.axes)
	if laid == made {
		laid.biased = &withBias{then(v, box+", bias = true]").text, []string{c}}
	}
	return laid
}

// pieces writes it as a learned map that makes pieces, and as laying them over one another.
func (t *translation) pieces(v *value, u *unwindows, kernel *array, groups int) *value {
	c, inner, out := v.axes[1].Label, t.label("i"), t.label("o")
	var within, sizedWithin []string
	for i := range u.size {
		l := t.label("w")
		within, sizedWithin = append(within, l), append(sizedWithin, fmt.Sprintf("%s:%d", l, u.size[i]))
	}
	order := []int{0, 1}
	for i := range u.size {
		order = append(order, i+3)
	}
	g := t.label("g")
	dims := append([]int{groups, kernel.dims[0] / groups}, kernel.dims[1:]...)
	made := then(v, fmt.Sprintf("[%s=(%s %s) -> %s:%d %s:%d]", c, g, inner, g, groups, inner, dims[1]))
	box := fmt.Sprintf("each[%s, linear[%s -> %s %s:%d]]", g, inner, strings.Join(sizedWithin, " "), out, kernel.dims[1])
	made = then(made, box, kernel.reshaped(dims).permuted(append(order, 2)).weight())
	for i, a := range u.axes {
		made = then(made, fmt.Sprintf("unwindow[%s %s -> %s, stride = %d, dilation = %d]", a.Label, within[i], a.Label, u.stride[i], u.dilation[i]))
	}
	return u.cutOff(then(made, fmt.Sprintf("[%s %s -> %s=(%s %s)]", g, out, c, g, out)), v.axes)
}

// cutOff takes places away at the ends, and puts zeros where no piece reaches.
func (u *unwindows) cutOff(v *value, axes shape.Shape) *value {
	made := v
	sizes := slices.Clone(axes)
	for i, a := range u.axes {
		before, behind, n := u.before[i], u.behind[i]-u.extra[i], u.reached[i]
		if max(0, -before)+max(0, -behind) > 0 {
			made = then(made, fmt.Sprintf("pad[%s, %d, %d]", a.Label, max(0, -before), max(0, -behind)))
		}
		n += max(0, -before) + max(0, -behind)
		if from, to := max(0, before), n-max(0, behind); from > 0 || to < n {
			made = then(made, fmt.Sprintf("slice[%s, %d, %d]", a.Label, from, to))
			n = to - from
		}
		sizes[i+2] = shape.Axis{Label: a.Label, Size: shape.Int(n)}
	}
	made.axes = sizes
	return made
}
