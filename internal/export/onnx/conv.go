package onnx

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// sliding is an axis along which a window moves: the place of the window and the place
// within it.
type sliding struct {
	axis                                    int
	at, within                              int // indices
	stride, dilation, size, padding, behind int
}

// sliding reads the axes of a wire as those that windows move along and those that
// are a single index; it answers false where there are others, or no window.
func (s *space) sliding(w *diagram.Wire, maps []diagram.Affine) (windows []sliding, ok bool) {
	for axis, m := range maps {
		m = s.simple(m)
		if _, isSole := m.Sole(); isSole {
			continue
		}
		if len(m.Terms) != 2 || !m.Offset.IsZero() {
			return nil, false
		}
		windows = append(windows, sliding{axis: axis})
	}
	return windows, len(windows) > 0 && len(windows) <= 3
}

// settle tells the place of a window from the place within it, and finds its numbers.
func (x *sliding) settle(s *space, size shape.Size, m diagram.Affine, isWithin func(int) bool) bool {
	at, within := s.simple(m).Terms[0], s.simple(m).Terms[1]
	if isWithin(at.Index) {
		at, within = within, at
	}
	if isWithin(at.Index) || !isWithin(within.Index) {
		return false
	}
	var known [3]bool
	x.at, x.within = at.Index, within.Index
	x.stride, known[0] = at.Stride.Int()
	x.dilation, known[1] = within.Stride.Int()
	x.size, known[2] = s.size(within.Index).Int()
	if known != [3]bool{true, true, true} || x.stride < 1 || x.dilation < 1 {
		return false
	}
	reach := at.Stride.Mul(s.size(at.Index).Sub(one)).Add(shape.Int(x.dilation*(x.size-1) + 1))
	left, ok := size.Add(shape.Int(x.padding + x.behind)).Sub(reach).Int()
	return ok && left >= 0 && left < x.stride
}

// windowAttributes are the attributes of Conv and MaxPool for these windows.
func windowAttributes(windows []sliding) []any {
	var kernel, strides, dilations, before, behind []int
	for _, x := range windows {
		kernel, strides, dilations = append(kernel, x.size), append(strides, x.stride), append(dilations, x.dilation)
		before, behind = append(before, x.padding), append(behind, x.behind)
	}
	return []any{"kernel_shape", kernel, "strides", strides, "dilations", dilations, "pads", slices.Concat(before, behind)}
}

// convolved writes a contraction as Conv where it is a convolution, and reports
// whether it is.
func (g *graph) convolved(b *diagram.Box) bool {
	if len(b.In) != 2 {
		return false
	}
	s := spaceOf(b)
	for image := range b.In {
		if c, ok := g.convolution(s, b, image); ok {
			g.convolve(s, b, c)
			return true
		}
	}
	return false
}

// convolution is an image wire under windows, and the parts that indices play:
// examples are the image's and the result's, inner ones the image's and the kernel's,
// outer ones the kernel's and the result's, groups all three's.
type convolution struct {
	image, kernel                  *diagram.Wire
	maps, kernelMaps               []diagram.Affine
	windows                        []sliding
	examples, groups, inner, outer []int
}

func (g *graph) convolution(s *space, b *diagram.Box, image int) (*convolution, bool) {
	c := &convolution{image: b.In[image], kernel: b.In[1-image], maps: b.Weave.In[image], kernelMaps: b.Weave.In[1-image]}
	g.splitChannels(s, c, s.indicesOf(b.Weave.Out[0]))
	windows, ok := s.sliding(c.image, c.maps)
	if !ok {
		return nil, false
	}
	ofKernel, ok := soles(c.kernelMaps)
	if !ok {
		return nil, false
	}
	out := s.indicesOf(b.Weave.Out[0])
	isWithin := func(i int) bool { return slices.Contains(ofKernel, i) && !slices.Contains(out, i) }
	split := c.maps
	padding := g.unpadded(c, windows)
	for i := range windows {
		x := &windows[i]
		x.padding, x.behind = padding[i][0], padding[i][1]
		x.axis = slices.IndexFunc(c.maps, func(m diagram.Affine) bool { return m.Equal(split[x.axis]) })
		if !x.settle(s, c.image.Type.Axes[x.axis].Size, c.maps[x.axis], isWithin) || !slices.Contains(out, x.at) || slices.Contains(ofKernel, x.at) {
			return nil, false
		}
	}
	c.windows = windows
	return c, c.sort(s, ofKernel, out)
}

// splitChannels has the image read through a view that parts its channels into groups,
// where the kernel's groups are also the result's.
func (g *graph) splitChannels(s *space, c *convolution, out []int) {
	var axes shape.Shape
	var from, maps []diagram.Affine
	isSplit := false
	for axis, m := range c.maps {
		digits, isRadix := []int{-1}, false
		if len(s.simple(m).Terms) == 2 {
			digits, isRadix = s.radix(s.simple(m), c.image.Type.Axes[axis].Size)
		}
		if !isRadix || !slices.Contains(out, digits[0]) || !slices.Contains(s.indicesOf(c.kernelMaps), digits[0]) {
			from, maps, axes = append(from, diagram.At(len(axes))), append(maps, m), append(axes, c.image.Type.Axes[axis])
			continue
		}
		isSplit = true
		within := s.size(digits[1])
		from = append(from, diagram.Affine{Terms: []diagram.AffineTerm{{Index: len(axes), Stride: within}, {Index: len(axes) + 1, Stride: one}}})
		for i, name := range []string{"group", "within"} {
			maps, axes = append(maps, diagram.At(digits[i])), append(axes, shape.Axis{Label: name, Size: s.size(digits[i])})
		}
	}
	if !isSplit {
		return
	}
	view := &diagram.Box{Op: diagram.Contract{}, In: []*diagram.Wire{c.image}, Path: g.box.Path, Span: g.box.Span}
	whole := make([]diagram.Affine, len(axes))
	for i := range whole {
		whole[i] = diagram.At(i)
	}
	view.Weave = diagram.Weave{Degree: axes, In: [][]diagram.Affine{from}, Out: [][]diagram.Affine{whole}}
	view.Out = []*diagram.Wire{{Type: shape.Type{Axes: axes}}}
	g.lazy[view.Out[0]], g.makers[view.Out[0]] = view, view
	c.image, c.maps = view.Out[0], maps
}

// soles lists the indices of maps that are one index each, no two the same.
func soles(maps []diagram.Affine) ([]int, bool) {
	var list []int
	for _, m := range maps {
		index, ok := m.Sole()
		if !ok || slices.Contains(list, index) {
			return nil, false
		}
		list = append(list, index)
	}
	return list, true
}

// sort tells the parts of the indices that are under no window.
func (c *convolution) sort(s *space, ofKernel, out []int) bool {
	var within, moved []int
	for _, x := range c.windows {
		within, moved = append(within, x.within), append(moved, x.at)
	}
	var ofImage []int
	for _, m := range c.maps {
		if index, ok := s.simple(m).Sole(); ok && !slices.Contains(ofImage, index) {
			ofImage = append(ofImage, index)
		}
	}
	for _, i := range ofImage {
		inKernel, inOut := slices.Contains(ofKernel, i), slices.Contains(out, i)
		switch {
		case slices.Contains(within, i) || slices.Contains(moved, i) || !inKernel && !inOut:
			return false
		case inKernel && inOut:
			c.groups = append(c.groups, i)
		case inKernel:
			c.inner = append(c.inner, i)
		default:
			c.examples = append(c.examples, i)
		}
	}
	for _, i := range ofKernel {
		if slices.Contains(out, i) && !slices.Contains(ofImage, i) {
			c.outer = append(c.outer, i)
		}
	}
	_, isKnown := product(s.sizes(c.groups)).Int()
	return isKnown && len(ofKernel) == len(within)+len(c.groups)+len(c.inner)+len(c.outer)
}

func product(sizes []shape.Size) shape.Size {
	total := one
	for _, s := range sizes {
		total = total.Mul(s)
	}
	return total
}

// convolve writes the Conv.
func (g *graph) convolve(s *space, b *diagram.Box, c *convolution) {
	axisOf := func(index int) int {
		return slices.IndexFunc(c.maps, func(m diagram.Affine) bool { i, ok := s.simple(m).Sole(); return ok && i == index })
	}
	channels := slices.Concat(c.groups, c.inner)
	var perm []int
	for _, index := range slices.Concat(c.examples, channels) {
		perm = append(perm, axisOf(index))
	}
	var under, moved, within []shape.Size
	var atIndices, withinIndices []int
	for _, x := range c.windows {
		perm = append(perm, x.axis)
		under, moved, within = append(under, c.image.Type.Axes[x.axis].Size), append(moved, s.size(x.at)), append(within, shape.Int(x.size))
		atIndices, withinIndices = append(atIndices, x.at), append(withinIndices, x.within)
	}
	folded := func(first, second []int, rest []shape.Size) []shape.Size {
		return slices.Concat([]shape.Size{product(s.sizes(first)), product(s.sizes(second))}, rest)
	}
	v := g.transposed(g.value(c.image), perm)
	v = g.reshape(v, slices.Concat(s.sizes(c.examples), s.sizes(channels), under), folded(c.examples, channels, under))
	outer := slices.Concat(c.groups, c.outer)
	kernel := g.ordered(g.gathered(s, c.kernel, c.kernelMaps), slices.Concat(outer, c.inner, withinIndices)).value
	kernel = g.reshape(kernel, s.sizes(slices.Concat(outer, c.inner, withinIndices)), folded(outer, c.inner, within))
	v = g.add("Conv", []string{v, kernel}, append(windowAttributes(c.windows), "group", product(s.sizes(c.groups)).MustInt())...)
	along := slices.Concat(c.examples, outer, atIndices)
	v = g.reshape(v, folded(c.examples, outer, moved), s.sizes(along))
	out := s.indicesOf(b.Weave.Out[0])
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, array{v, along}, out), b.Out[0], b.Weave.Out[0])
}

// unpadded has the image read what lies within zeros that were put around it, and says
// how many of them there were before and behind each window's axis.
func (g *graph) unpadded(c *convolution, windows []sliding) [][2]int {
	padding := make([][2]int, len(windows))
	maps := c.maps
	for {
		view := g.lazy[c.image]
		if view == nil {
			return padding
		}
		more, inner, ok := padsOf(view, c.maps)
		if !ok {
			return padding
		}
		for axis, pads := range more {
			at := slices.IndexFunc(windows, func(x sliding) bool { return maps[x.axis].Equal(c.maps[axis]) })
			if at < 0 && pads != [2]int{} {
				return padding
			}
			if at >= 0 {
				padding[at][0] += pads[0]
				padding[at][1] += pads[1]
			}
		}
		c.image, c.maps = view.In[0], inner
	}
}

// padsOf reads a view as one that puts zeros around its wire: how many on each axis of
// what it makes, and the maps of its reader for what it reads.
func padsOf(view *diagram.Box, maps []diagram.Affine) (pads [][2]int, inner []diagram.Affine, ok bool) {
	from, ok := soles(view.Weave.In[0])
	if !ok || len(from) != len(maps) {
		return nil, nil, false
	}
	inner, pads = make([]diagram.Affine, len(maps)), make([][2]int, len(maps))
	isPadded := false
	for axis, m := range view.Weave.Out[0] {
		if len(m.Terms) != 1 || !m.Terms[0].Stride.Equal(one) {
			return nil, nil, false
		}
		at := slices.Index(from, m.Terms[0].Index)
		if at < 0 {
			return nil, nil, false
		}
		before, isKnown := m.Offset.Int()
		behind, isKnownToo := view.Out[0].Type.Axes[axis].Size.Sub(m.Offset).Sub(view.In[0].Type.Axes[at].Size).Int()
		if !isKnown || !isKnownToo {
			return nil, nil, false
		}
		inner[at], pads[axis] = maps[axis], [2]int{before, behind}
		isPadded = isPadded || pads[axis] != [2]int{}
	}
	return pads, inner, isPadded
}

// pooled writes a maximum as MaxPool where it is over windows alone.
func (g *graph) pooled(b *diagram.Box) bool {
	s := spaceOf(b)
	w, maps := b.In[0], b.Weave.In[0]
	windows, ok := s.sliding(w, maps)
	if !ok {
		return false
	}
	out := s.indicesOf(b.Weave.Out[0])
	isWithin := func(i int) bool { return !slices.Contains(out, i) }
	var moved []int
	for i := range windows {
		x := &windows[i]
		if !x.settle(s, w.Type.Axes[x.axis].Size, maps[x.axis], isWithin) {
			return false
		}
		moved = append(moved, x.at)
	}
	var rest, perm []int
	for axis, m := range maps {
		index, ok := s.simple(m).Sole()
		if ok && (isWithin(index) || slices.Contains(moved, index)) {
			return false
		}
		if ok {
			rest, perm = append(rest, index), append(perm, axis)
		}
	}
	var under []shape.Size
	for _, x := range windows {
		perm, under = append(perm, x.axis), append(under, w.Type.Axes[x.axis].Size)
	}
	v := g.transposed(g.value(w), perm)
	first := min(1, len(rest))
	ends := []shape.Size{product(s.sizes(rest[:first])), product(s.sizes(rest[first:]))}
	v = g.reshape(v, slices.Concat(s.sizes(rest), under), slices.Concat(ends, under))
	v = g.add("MaxPool", []string{v}, windowAttributes(windows)...)
	v = g.reshape(v, slices.Concat(ends, s.sizes(moved)), s.sizes(slices.Concat(rest, moved)))
	a := g.spread(s, array{v, slices.Concat(rest, moved)}, out)
	g.wires[b.Out[0]] = g.scattered(s, a, b.Out[0], b.Weave.Out[0])
	return true
}
