package onnx

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// transposition is a product whose results are laid over one another, as the parts that
// its indices play: those of convolution, in the space of the product.
type transposition struct {
	convolution
	product *diagram.Box
	place   map[int]int // an index of the box that lays pieces, by that of the product
	axes    []int       // those of the result that pieces lie along, one for each window
}

// laid writes a contraction that lays pieces over one another as ConvTranspose, where
// a product of an image and a kernel has made them, and reports whether it is that.
func (g *graph) laid(b *diagram.Box) bool {
	if len(b.In) != 1 {
		return false
	}
	product := g.makers[b.In[0]]
	if product == nil || len(product.In) != 2 {
		return false
	}
	if _, isContract := product.Op.(diagram.Contract); !isContract {
		return false
	}
	for image := range product.In {
		if c, ok := transpositionOf(b, product, image); ok {
			g.convTranspose(b, c)
			return true
		}
	}
	return false
}

func transpositionOf(b, product *diagram.Box, image int) (*transposition, bool) {
	laid, areSoles := soles(b.Weave.In[0])
	made, areToo := soles(product.Weave.Out[0])
	ofImage, areThese := soles(product.Weave.In[image])
	ofKernel, areThose := soles(product.Weave.In[1-image])
	if !areSoles || !areToo || !areThese || !areThose {
		return nil, false
	}
	c := &transposition{product: product, place: map[int]int{}}
	c.image, c.maps = product.In[image], product.Weave.In[image]
	c.kernel, c.kernelMaps = product.In[1-image], product.Weave.In[1-image]
	back := map[int]int{}
	for axis, index := range laid {
		back[index], c.place[made[axis]] = made[axis], index
	}
	if !c.lay(b, back, func(i int) bool { return slices.Contains(ofKernel, i) && !slices.Contains(ofImage, i) }) {
		return nil, false
	}
	return c, c.part(spaceOf(product), ofImage, ofKernel, made)
}

// lay reads the maps of what pieces are laid into: a window for each axis that they lie
// along. What is left has to be plain.
func (c *transposition) lay(b *diagram.Box, back map[int]int, isWithin func(int) bool) bool {
	s := spaceOf(b)
	for axis, m := range b.Weave.Out[0] {
		if _, isSole := m.Sole(); isSole {
			continue
		}
		if m = s.simple(m); len(m.Terms) != 2 || !m.Offset.IsZero() {
			return false
		}
		at, within := m.Terms[0], m.Terms[1]
		if isWithin(back[at.Index]) {
			at, within = within, at
		}
		if isWithin(back[at.Index]) || !isWithin(back[within.Index]) {
			return false
		}
		x := sliding{axis: axis, at: back[at.Index], within: back[within.Index]}
		var known [4]bool
		x.stride, known[0] = at.Stride.Int()
		x.dilation, known[1] = within.Stride.Int()
		x.size, known[2] = s.size(within.Index).Int()
		reach := at.Stride.Mul(s.size(at.Index).Sub(one)).Add(shape.Int(x.dilation*(x.size-1) + 1))
		x.behind, known[3] = b.Out[0].Type.Axes[axis].Size.Sub(reach).Int()
		if known != [4]bool{true, true, true, true} || x.stride < 1 || x.dilation < 1 || x.behind != 0 {
			return false
		}
		c.windows, c.axes = append(c.windows, x), append(c.axes, axis)
	}
	return len(c.windows) > 0 && len(c.windows) <= 3
}

// part tells what the indices of the product are that lie along no window.
func (c *transposition) part(s *space, ofImage, ofKernel, made []int) bool {
	var taken []int
	for _, x := range c.windows {
		taken = append(taken, x.at, x.within)
		if !slices.Contains(ofImage, x.at) || slices.Contains(ofKernel, x.at) {
			return false
		}
	}
	for _, i := range ofImage {
		inKernel, isMade := slices.Contains(ofKernel, i), slices.Contains(made, i)
		switch {
		case slices.Contains(taken, i):
		case inKernel && isMade:
			c.groups = append(c.groups, i)
		case inKernel:
			c.inner = append(c.inner, i)
		case isMade:
			c.examples = append(c.examples, i)
		default:
			return false
		}
	}
	for _, i := range ofKernel {
		switch {
		case slices.Contains(taken, i) || slices.Contains(ofImage, i):
		case slices.Contains(made, i):
			c.outer = append(c.outer, i)
		default:
			return false
		}
	}
	_, isKnown := product(s.sizes(c.groups)).Int()
	return isKnown
}

// convTranspose writes the ConvTranspose.
func (g *graph) convTranspose(b *diagram.Box, c *transposition) {
	s, laid := spaceOf(c.product), spaceOf(b)
	var at, within, along []int
	var under, pieces, reached []shape.Size
	for _, x := range c.windows {
		at, within = append(at, x.at), append(within, x.within)
		under, pieces = append(under, s.size(x.at)), append(pieces, shape.Int(x.size))
		reached = append(reached, b.Out[0].Type.Axes[x.axis].Size)
	}
	channels, outer := slices.Concat(c.groups, c.inner), slices.Concat(c.groups, c.outer)
	folded := func(first, second []int, rest []shape.Size) []shape.Size {
		return slices.Concat([]shape.Size{product(s.sizes(first)), product(s.sizes(second))}, rest)
	}
	order := slices.Concat(c.examples, channels, at)
	v := g.ordered(g.gathered(s, c.image, c.maps), order).value
	v = g.reshape(v, s.sizes(order), folded(c.examples, channels, under))
	order = slices.Concat(channels, c.outer, within)
	kernel := g.ordered(g.gathered(s, c.kernel, c.kernelMaps), order).value
	kernel = g.reshape(kernel, s.sizes(order), folded(channels, c.outer, pieces))
	v = g.add("ConvTranspose", []string{v, kernel}, append(windowAttributes(c.windows), "group", product(s.sizes(c.groups)).MustInt())...)
	v = g.reshape(v, folded(c.examples, outer, reached), slices.Concat(s.sizes(c.examples), s.sizes(outer), reached))
	for _, i := range slices.Concat(c.examples, outer) {
		along = append(along, c.place[i])
	}
	wanted := make([]int, len(b.Weave.Out[0]))
	for axis, m := range b.Weave.Out[0] {
		wanted[axis], _ = m.Sole()
	}
	for _, axis := range c.axes {
		wanted[axis] = laid.extend(b.Out[0].Type.Axes[axis])
		along = append(along, wanted[axis])
	}
	g.wires[b.Out[0]] = g.ordered(array{v, along}, wanted).value
}
