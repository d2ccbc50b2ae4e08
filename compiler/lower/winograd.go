package lower

import (
	"slices"

	"ncd/compiler/plan"
)

const (
	// leastChannels and leastFilters fill the micro-kernels that Winograd's way runs on.
	leastChannels, leastFilters = 16, 16
	// leastProducts is from how many multiply-adds on it pays to transform the filter.
	leastProducts = 1 << 20
)

// convolution says which index of a product is what of a convolution over windows of
// 3 by 3, channels innermost.
type convolution struct {
	images         []int
	row, col       int // of the results
	u, v           int // of the window
	channel        int
	filter         int
	array, weights int // factors
}

// convolution recognises one in a matrix product, for Winograd's way.
func (p *product) convolution(out plan.View) (convolution, bool) {
	c := p.classes()
	if len(c.batch) > 0 || len(c.k) != 3 || p.target.relu && p.scale != 1 || p.target.bias != nil && p.scale != 1 {
		return convolution{}, false
	}
	if found, ok := p.convolutionOver(out, 0, c.m, c.n, c.k); ok {
		return found, true
	}
	return p.convolutionOver(out, 1, c.n, c.m, c.k)
}

// convolutionOver is convolution with the factor given that the windows are of.
func (p *product) convolutionOver(out plan.View, array int, places, filters, summed []int) (convolution, bool) {
	x := p.factors[array]
	c := convolution{array: array, weights: 1 - array}
	if len(filters) != 1 || len(places) < 2 {
		return c, false
	}
	c.filter = filters[0]
	at := slices.IndexFunc(summed, func(i int) bool { return x.Strides[i] == 1 && p.dims[i] != 3 })
	if at < 0 {
		return c, false
	}
	c.channel = summed[at]
	windows := slices.DeleteFunc(slices.Clone(summed), func(i int) bool { return i == c.channel })
	slices.SortFunc(windows, func(i, j int) int { return abs(x.Strides[j]) - abs(x.Strides[i]) })
	c.u, c.v = windows[0], windows[1]
	var ok1, ok2 bool
	c.row, ok1 = p.along(x, c.u, places)
	c.col, ok2 = p.along(x, c.v, places)
	if !ok1 || !ok2 || c.row == c.col {
		return c, false
	}
	c.images = slices.DeleteFunc(slices.Clone(places), func(i int) bool { return i == c.row || i == c.col })
	return c, p.suits(c, out)
}

// along finds the index of a place that moves as an index of the window does.
func (p *product) along(x plan.View, window int, places []int) (int, bool) {
	for _, i := range places {
		if x.Strides[i] == abs(x.Strides[window]) {
			return i, p.dims[window] == 3 && p.dims[i]%2 == 0
		}
	}
	return 0, false
}

// suits reports whether everything lies as the kernel wants it, and is worth it.
func (p *product) suits(c convolution, out plan.View) bool {
	x := p.factors[c.array]
	isDense := x.Strides[c.col] == p.dims[c.channel] && out.Strides[c.filter] == 1
	if bias := p.target.bias; bias != nil && bias.Strides[c.filter] != 1 {
		return false
	}
	work := 9 * p.dims[c.channel] * p.dims[c.filter]
	for _, i := range append([]int{c.row, c.col}, c.images...) {
		work *= p.dims[i]
	}
	return isDense && p.dims[c.channel] >= leastChannels && p.dims[c.filter] >= leastFilters && work >= leastProducts &&
		len(p.merge(descending(c.images, out), x, out)) <= 1
}

// emitWinograd emits the steps that bring the filter into its form, and the
// convolution.
func (l *lowerer) emitWinograd(p *product, c convolution, out plan.View) {
	x, weights := p.factors[c.array], p.factors[c.weights]
	x.Strides, weights.Strides = slices.Clone(x.Strides), slices.Clone(weights.Strides)
	for _, i := range []int{c.u, c.v} {
		if x.Strides[i] < 0 { // the window runs backwards: turn it and the weights round
			for _, v := range []*plan.View{&x, &weights} {
				v.Offset += 2 * v.Strides[i]
				v.Strides[i] = -v.Strides[i]
			}
		}
	}
	filter := l.winogradFilter(p, c, weights)
	images := append(p.merge(descending(c.images, out), x, out), group{1, []int{0, 0}})[0]
	array := plan.View{Buffer: x.Buffer, Offset: x.Offset, Strides: []int{images.strides[0], x.Strides[c.row], x.Strides[c.col], 1}}
	to := plan.View{Buffer: out.Buffer, Offset: out.Offset, Strides: []int{images.strides[1], out.Strides[c.row], out.Strides[c.col], 1}}
	in := []plan.View{array, filter}
	if bias := p.target.bias; bias != nil {
		in = append(in, plan.View{Buffer: bias.Buffer, Offset: bias.Offset, Strides: []int{1}})
	}
	l.emit(plan.Winograd{
		Images: images.size, Rows: p.dims[c.row], Cols: p.dims[c.col], Channels: p.dims[c.channel], Filters: p.dims[c.filter],
		Relu: p.target.relu,
	}, []plan.View{to}, in...)
	l.rescale(p.space, descending(p.indices(out), out), out, p.scale)
}

// winogradFilter emits G·w·Gᵀ for every channel and filter, as Lavin and Gray have it
// (arXiv:1509.09308): the one product and then the other.
func (l *lowerer) winogradFilter(p *product, c convolution, weights plan.View) plan.View {
	channels, filters := p.dims[c.channel], p.dims[c.filter]
	n := channels * filters
	w := l.scratch(p.space, []int{c.u, c.v, c.channel, c.filter})
	l.emitMap(p.space, descending([]int{c.u, c.v, c.channel, c.filter}, w), multiply(1, 1), []plan.View{w}, weights)
	g := plan.View{Buffer: l.winogradMatrix(), Strides: []int{0, 3, 1}}
	half := l.addBuffer(plan.Buffer{Role: plan.Temporary, DType: l.p.Float, Axes: []string{"i", "v", "weight"}, Dims: []int{4, 3, n}})
	l.emit(plan.Gemm{Batch: []int{3}, M: 4, N: n, K: 3}, []plan.View{{Buffer: half.Buffer, Strides: []int{n, 3 * n, 1}}},
		g, plan.View{Buffer: w.Buffer, Strides: []int{n, 3 * n, 1}})
	whole := l.addBuffer(plan.Buffer{Role: plan.Temporary, DType: l.p.Float, Axes: []string{"i", "j", "weight"}, Dims: []int{4, 4, n}})
	l.emit(plan.Gemm{Batch: []int{4}, M: 4, N: n, K: 3}, []plan.View{{Buffer: whole.Buffer, Strides: []int{4 * n, n, 1}}},
		g, plan.View{Buffer: half.Buffer, Strides: []int{3 * n, n, 1}})
	return plan.View{Buffer: whole.Buffer, Strides: []int{1}}
}

// winogradMatrix is the buffer of G.
func (l *lowerer) winogradMatrix() int {
	if l.matrix < 0 {
		l.matrix = l.addBuffer(plan.Buffer{
			Role: plan.Constant, DType: l.p.Float, Axes: []string{"i", "u"}, Dims: []int{4, 3},
			Value: []float64{1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1},
		}).Buffer
	}
	return l.matrix
}
