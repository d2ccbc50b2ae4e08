package lower

import (
	"slices"

	"ncd/compiler/plan"
)

// isGemm reports whether the product of two factors is a matrix product: it adds
// up over indices that move both, and each place that one factor has serves several
// of the other.
func (p *product) isGemm() bool {
	if len(p.factors) != 2 {
		return false
	}
	c := p.classes()
	return len(c.k) > 0 && len(c.m)+len(c.n) > 0
}

// classes are the indices of a matrix product by what moves along them.
type classes struct {
	batch []int // A, B and C, or C alone
	m     []int // A and C
	n     []int // B and C
	k     []int // A and B; they are added up over
}

func (p *product) classes() classes {
	var c classes
	for i := range p.dims {
		inA, inB := p.moves(p.factors[0], i), p.moves(p.factors[1], i)
		switch {
		case p.dims[i] == 1 || slices.Contains(p.target.colliding, i):
		case p.isSummed(i):
			c.k = append(c.k, i)
		case inA == inB:
			c.batch = append(c.batch, i)
		case inA:
			c.m = append(c.m, i)
		default:
			c.n = append(c.n, i)
		}
	}
	return c
}

// gemmOrder is the order of indices in which the result of a matrix product should
// lie: as its wire has them, except that rows or columns come innermost, so that
// heads that are written last lie further out.
func (p *product) gemmOrder() []int {
	var order []int
	for _, a := range p.target.maps {
		terms := slices.Clone(a.Terms)
		for len(terms) > 0 {
			widest := 0
			for t := range terms {
				if terms[t].Stride.MustInt() > terms[widest].Stride.MustInt() {
					widest = t
				}
			}
			order = append(order, terms[widest].Index)
			terms = slices.Delete(terms, widest, widest+1)
		}
	}
	c := p.classes()
	isFree := func(i int) bool { return !slices.Contains(c.m, i) && !slices.Contains(c.n, i) }
	end := len(order)
	for end > 0 && isFree(order[end-1]) {
		end--
	}
	begin := end
	for begin > 0 && !isFree(order[begin-1]) && slices.Contains(c.m, order[begin-1]) == slices.Contains(c.m, order[end-1]) {
		begin--
	}
	return slices.Concat(order[:begin], order[end:], order[begin:end])
}

// scaleFactor multiplies the smaller factor of a matrix product by the product's
// number, unless the result is smaller still and nothing is done to it on the way.
func (l *lowerer) scaleFactor(p *product) {
	a, b := p.places(p.factors[0]), p.places(p.factors[1])
	result := 1
	for _, i := range p.target.indices {
		result *= p.dims[i]
	}
	isPlain := p.target.bias == nil && !p.target.relu && len(p.target.colliding) == 0
	if p.scale == 1 || isPlain && result <= min(a, b) {
		return
	}
	f := 0
	if b < a {
		f = 1
	}
	order := descending(p.indices(p.factors[f]), p.factors[f])
	scaled := l.scratch(p.space, order)
	l.emitMap(p.space, order, multiply(1, p.scale), []plan.View{scaled}, p.factors[f])
	p.factors[f], p.scale = scaled, 1
}

// emitGemm emits the matrix product. Indices of a class that do not lie in one
// stride become places of the batch, or of the further summed axes.
func (l *lowerer) emitGemm(p *product, out plan.View, accumulates bool) {
	if c, ok := p.convolution(out); ok && !accumulates {
		l.emitWinograd(p, c, out)
		return
	}
	views := []plan.View{p.factors[0], p.factors[1], out}
	if p.target.bias != nil {
		views = []plan.View{p.factors[0], p.factors[1], *p.target.bias, out}
	}
	const ofA = 0
	ofC := len(views) - 1
	c := p.classes()
	m, rows := pick(p.merge(descending(c.m, out), views...), ofC)
	n, cols := pick(p.merge(descending(c.n, out), views...), ofC)
	k, taps := pick(p.merge(descending(c.k, p.factors[0]), views...), ofA)
	batch := slices.Concat(p.merge(descending(c.batch, out), views...), rows, cols)

	mn, none := slices.Concat(m, n), []group(nil)
	order := [][][]group{{batch, taps, m, k}, {batch, taps, k, n}, {batch, mn, none, none}, {batch, mn, none, none}}
	for v := range views {
		groups := order[v]
		if v == ofC {
			groups = order[3]
		}
		views[v].Strides = stridesOf(v, groups...)
	}
	l.emit(plan.Gemm{
		Batch: sizes(batch), Taps: sizes(taps), M: sizeOf(m), N: sizeOf(n), K: sizeOf(k),
		Accumulate: accumulates, Relu: p.target.relu,
	}, views[ofC:], views[:ofC]...)
	l.rescale(p.space, descending(p.indices(out), out), out, p.scale)
}

// fewest is how many places an axis of a matrix product should have for its
// micro-kernels to be filled well.
const fewest = 8

// pick chooses the axis of a matrix product among the groups of a class: the
// innermost, unless it is short and something is won by another.
func pick(groups []group, view int) (chosen, others []group) {
	if len(groups) == 0 {
		return []group{{1, make([]int, 4)}}, nil
	}
	best := len(groups) - 1
	if groups[best].size < fewest && groups[best].strides[view] != 1 {
		for g := range groups {
			if groups[g].size > groups[best].size {
				best = g
			}
		}
	}
	return groups[best : best+1], slices.Concat(groups[:best], groups[best+1:])
}

func sizeOf(groups []group) int { return groups[0].size }
