package check

import (
	"strconv"
	"sync"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// windowing is a window box while it is worked out: axes that are read in steps,
// each with an axis of its own for the places of a window.
type windowing struct {
	*application
	wire             *diagram.Wire
	taken            []int // axes of the wire
	out, inner       shape.Shape
	stride, dilation shape.Size
}

// window reads an axis in overlapping pieces: place q of the axis that comes out
// and place w of the window are place stride·q + dilation·w of the one that goes
// in. With the padding `same` there are size/stride places, and the window's
// middle is at its place; on an even window the odd zero stands behind.
func window(a *application) value {
	w, ok := a.one()
	words, okWords := a.wanted()
	if !ok || !okWords {
		return poison{}
	}
	n := &windowing{application: a, wire: w, stride: a.step("stride"), dilation: a.step("dilation")}
	if n.taken, ok = a.named(w, words); !ok || !n.readTo() {
		return poison{}
	}
	for i := range n.taken {
		if !n.padded(i) {
			return poison{}
		}
	}
	made := append(n.out[:len(n.out):len(n.out)], n.inner...)
	if !a.holdFree(n.wire, n.taken, made) {
		return poison{}
	}
	return n.box(made)
}

// step is a stride or dilation, which is 1 where it is not given.
func (a *application) step(name string) shape.Size {
	if s, ok := a.size(name); ok {
		return s
	}
	return shape.Int(1)
}

// readTo reads the axes behind the arrow: one for each that goes in, then one for
// each window with its size. With `p..` the windows are a group of their own.
func (n *windowing) readTo() bool {
	words := n.to["a"]
	if last := len(words) - 1; last == len(n.taken) && words[last].many {
		return n.readGroup(words)
	}
	if len(words) != 2*len(n.taken) {
		d := n.fault(BadAxes, n.at.span, "`window` makes two axes of each that goes in: where the window is, and the place in it")
		d.Help = append(d.Help, "`window[x -> x w:3]`, `window[row col -> row col u:3 v:3]`")
		return false
	}
	for i := range n.taken {
		n.out = append(n.out, shape.Axis{Label: words[i].label})
		axis, _, ok := n.reader.sized(words[len(n.taken)+i])
		if !ok {
			return false
		}
		n.inner = append(n.inner, axis)
	}
	return true
}

func (n *windowing) readGroup(words []axisWord) bool {
	group := words[len(n.taken)]
	if group.size == nil {
		n.fault(SizeUnknown, group.span, "nothing says how many places a window has")
		return false
	}
	size, ok := n.reader.size(group.size)
	if !ok {
		return false
	}
	for i := range n.taken {
		n.out = append(n.out, shape.Axis{Label: words[i].label})
		label := group.label
		if len(n.taken) > 1 {
			label += strconv.Itoa(i + 1)
		}
		for n.wire.Type.Axes.Index(label) >= 0 {
			label += "'"
		}
		n.inner = append(n.inner, shape.Axis{Label: label, Size: size})
	}
	n.reader.groups[group.label] = n.inner
	return true
}

// padded sizes one axis that comes out, and pads the one that goes in where the
// window reaches outside.
func (n *windowing) padded(i int) bool {
	axis := n.wire.Type.Axes[n.taken[i]]
	reach := n.inner[i].Size.Sub(shape.Int(1)).Mul(n.dilation)
	before, after, ok := n.reader.padding(n.brackets, reach, n.stride)
	if !ok {
		return false
	}
	if n.stride.IsZero() || isNegative(before) || isNegative(n.inner[i].Size.Sub(shape.Int(1))) {
		n.fault(SizeInvalid, n.at.span, "a window has a size and a stride of 1 or more, and padding of 0 or more")
		return false
	}
	whole := axis.Size.Add(before).Add(after)
	n.out[i].Size = steps(whole, reach, n.stride)
	if err := n.out[i].Size.Check(); err != nil && len(n.out[i].Size.Letters()) == 0 {
		d := n.fault(SizeInvalid, n.at.span, "windows of %s in steps of %s do not fit axis `%s` of %s places: %v", n.inner[i].Size, n.stride, axis.Label, whole, err)
		d.Help = append(d.Help, "`pad` or `slice` the axis so that the stride divides")
		return false
	}
	return n.pad(n.taken[i], before, after)
}

// padding is how many zeros stand before and after an axis whose windows reach so far:
// as many as the brackets say, none, or with `same` those with which size/stride
// places come out.
func (r *reader) padding(b *brackets, reach, stride shape.Size) (before, after shape.Size, ok bool) {
	switch pad := b.values["pad"].(type) {
	case static:
		if pad.isSize {
			return pad.size, pad.size, true
		}
	case word:
		if pad == "none" {
			return shape.Size{}, shape.Size{}, true
		}
		if pad == "same" {
			return same(reach, stride)
		}
	case nil:
		return same(reach, stride)
	}
	r.fault(ParameterKind, b.spans["pad"], "`pad` is `same`, `none` or a number of places, not %s", kindOf(b.values["pad"]))
	return shape.Size{}, shape.Size{}, false
}

func same(reach, stride shape.Size) (before, after shape.Size, ok bool) {
	before = reach.Floor(shape.Int(2))
	return before, reach.Add(shape.Int(1)).Sub(stride).Sub(before), true
}

// windowForm is how window_count is written: it says with the words of `window` how
// many windows come out of an axis of n places.
var windowForm = sync.OnceValue(func() *signature {
	return &signature{params: formParameters("n, size, stride = 1, dilation = 1, pad: word = same")}
})

func (r *reader) windowCount(x *grammar.Apply) value {
	b, ok := r.bracketsOf(windowForm(), x.Args, "window_count", x.Span())
	if !ok {
		return poison{}
	}
	size := func(name string) shape.Size {
		if s, isGiven := b.values[name].(static); isGiven {
			return r.job.unifier.Resolve(s.size)
		}
		return shape.Int(1)
	}
	if b.values["n"] == nil || b.values["size"] == nil || size("stride").IsZero() {
		d := r.fault(ParameterMissing, x.Span(), "`window_count` must say of how many places, and how large a window is")
		d.Help = append(d.Help, "it is written "+usage("window_count", windowForm()))
		return poison{}
	}
	reach := size("size").Sub(shape.Int(1)).Mul(size("dilation"))
	before, after, ok := r.padding(b, reach, size("stride"))
	if !ok {
		return poison{}
	}
	return sizeOf(steps(size("n").Add(before).Add(after), reach, size("stride")))
}

// steps is how many windows that reach so far fit into an axis.
func steps(whole, reach, stride shape.Size) shape.Size {
	rest := stride.Sub(reach).Sub(shape.Int(1))
	n := whole.Add(rest)
	return n.Div(stride)
}

// pad puts zeros around an axis. Where the last window ends before the axis does,
// nothing is put behind.
func (n *windowing) pad(i int, before, after shape.Size) bool {
	if isNegative(after) {
		after = shape.Size{}
	}
	if before.IsZero() && after.IsZero() {
		return true
	}
	axis := n.wire.Type.Axes[i]
	made := shape.Axis{Label: axis.Label, Size: axis.Size.Add(before).Add(after)}
	v, ok := n.viewed("pad", n.wire, i, axis.Size, shifted(shape.Size{}), shifted(before), &made).(wire)
	if ok {
		n.wire = v.Wire
	}
	return ok
}

// unwindow is the transpose of window: what stands in place w of window q is added
// to place stride·q + dilation·w. Then `pad` places are cut off on each side, but for
// the last `extra` of them.
func unwindow(a *application) value {
	w, ok := a.ofNumbers()
	words, okWords := a.wanted()
	if !ok || !okWords {
		return poison{}
	}
	taken, ok := a.named(w, words)
	if !ok {
		return poison{}
	}
	to := a.to["a"]
	if len(taken) != 2*len(to) {
		d := a.fault(BadAxes, a.at.span, "`unwindow` makes one axis of two: where the window is, and the place in it")
		d.Help = append(d.Help, "`unwindow[x w -> x]`, `unwindow[row col u v -> row col]`")
		return poison{}
	}
	stride, dilation := a.step("stride"), a.step("dilation")
	degree, own := degreeBut(w, taken), picked(w, taken)
	var made shape.Shape
	for i, word := range to {
		at, within := own[i].Size.Sub(shape.Int(1)), own[len(to)+i].Size.Sub(shape.Int(1))
		made = append(made, shape.Axis{Label: word.label, Size: at.Mul(stride).Add(within.Mul(dilation)).Add(shape.Int(1))})
	}
	if !a.holdFree(w, taken, made) {
		return poison{}
	}
	weave := diagram.Weave{Degree: degree, Own: own, In: [][]diagram.Affine{inPort(w, taken, len(degree))}}
	axes, out := placed(w, taken, made, len(degree))
	for i, at := range out {
		if index, _ := at.Sole(); index >= len(degree) {
			out[i] = diagram.Affine{Terms: []diagram.AffineTerm{
				{Index: index, Stride: stride}, {Index: index + len(to), Stride: dilation},
			}}
		}
	}
	weave.Out = [][]diagram.Affine{out}
	whole := a.put(diagram.View{Name: "unwindow"}, "", weave, []*diagram.Wire{w}, &diagram.Wire{Type: shape.Type{Axes: axes}})
	return a.cut(whole, made)
}

// cut takes the padding off the axes that unwindow makes, and puts zeros behind where
// more is left than there was.
func (a *application) cut(made value, axes shape.Shape) value {
	pad, _ := a.size("pad")
	extra, _ := a.size("extra")
	if isNegative(pad) || isNegative(extra) {
		a.fault(SizeInvalid, a.at.span, "padding is not less than nothing")
		return poison{}
	}
	behind := pad.Sub(extra)
	for _, axis := range axes {
		w, ok := made.(wire)
		if !ok {
			return poison{}
		}
		i := w.Type.Axes.Index(axis.Label)
		rest := axis.Size.Sub(pad)
		if !isNegative(behind) {
			rest = rest.Sub(behind)
		}
		if isNegative(rest.Sub(shape.Int(1))) {
			a.fault(SizeInvalid, a.at.span, "`unwindow` makes %s places of `%s`, and %s are cut off on each side", axis.Size, axis.Label, pad)
			return poison{}
		}
		if !pad.IsZero() {
			made = a.viewed("slice", w.Wire, i, rest, shifted(pad), shifted(shape.Size{}), &shape.Axis{Label: axis.Label, Size: rest})
		}
		if w, ok = made.(wire); ok && isNegative(behind) {
			longer := shape.Axis{Label: axis.Label, Size: rest.Sub(behind)}
			made = a.viewed("pad", w.Wire, i, rest, shifted(shape.Size{}), shifted(shape.Size{}), &longer)
		}
	}
	return made
}

func (n *windowing) box(made shape.Shape) value {
	degree := degreeBut(n.wire, n.taken)
	weave := diagram.Weave{Degree: degree, Own: made}
	in := inPort(n.wire, n.taken, len(degree))
	for i, at := range n.taken {
		in[at] = diagram.Affine{Terms: []diagram.AffineTerm{
			{Index: len(degree) + i, Stride: n.stride}, {Index: len(degree) + len(n.taken) + i, Stride: n.dilation},
		}}
	}
	axes, out := placed(n.wire, n.taken, made, len(degree))
	weave.In, weave.Out = [][]diagram.Affine{in}, [][]diagram.Affine{out}
	return n.put(diagram.View{Name: "window"}, "", weave, []*diagram.Wire{n.wire}, &diagram.Wire{Type: shape.Type{Axes: axes, In: n.wire.Type.In}})
}
