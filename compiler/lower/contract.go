package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// maxTurns is the most steps that one box is unrolled into, where windows are
// written: 7×7 of them and more.
const maxTurns = 128

// contract lowers a product and sum over the index space.
func (l *lowerer) contract(b *diagram.Box, s space) error {
	if l.alias(b, s) {
		return nil
	}
	if len(b.In) == 1 && b.In[0].Type.IsPlace() {
		return l.copyPlaces(b, s)
	}
	p, err := l.productOf(b, s)
	if err != nil {
		return err
	}
	l.compose(p)
	if len(p.factors) == 0 && p.target.isWhole {
		p.countIdle()
		l.views[p.target.wire] = plan.View{Buffer: l.number(p.scale), Strides: make([]int, len(p.target.maps))}
		return nil
	}
	l.reduceProduct(p)
	l.gather(p)
	if p.isGemm() {
		l.fold(p)
		l.scaleFactor(p)
	}
	out, err := l.makeTarget(p)
	if err != nil {
		return err
	}
	l.finishProduct(p, out)
	return nil
}

// copyPlaces lowers a rearrangement of places that strides cannot say.
func (l *lowerer) copyPlaces(b *diagram.Box, s space) error {
	out, err := l.output(b, 0, s, span(0, len(s.dims)))
	if err != nil {
		return err
	}
	groups := s.merge(span(0, len(s.dims)), out, l.inputs(b, s)[0])
	views := over(groups, append([]plan.View{out}, l.inputs(b, s)...))
	l.emit(plan.Copy{Dims: sizes(groups)}, views[:1], views[1])
	return nil
}

// makeTarget makes the buffer that a product goes to, and its view over the space.
func (l *lowerer) makeTarget(p *product) (plan.View, error) {
	t := p.target
	order := span(0, len(p.dims))
	if p.isGemm() {
		order = p.gemmOrder()
	} else if len(p.factors) > 0 {
		order = p.elementOrder(p.factors)
	}
	v, err := l.make(t.wire, axisOrder(t.maps, order))
	if err != nil {
		return v, err
	}
	l.clear(p.space, v, t.maps, t.wire)
	return p.through(v, t.maps), nil
}

// finishProduct emits the steps that write the output, one for each place of the
// indices that collide.
func (l *lowerer) finishProduct(p *product, out plan.View) {
	colliding := p.target.colliding
	turns := 1
	for _, i := range colliding {
		turns *= p.dims[i]
	}
	if turns > maxTurns || turns > 1 && len(p.factors) == 0 {
		l.emitContract(p, out)
		return
	}
	for turn := range turns {
		at := product{space{slices.Clone(p.dims), p.degree}, slices.Clone(p.factors), p.scale, p.target}
		here := at.fix(colliding, turn, out)
		l.finishTurn(&at, here, len(colliding) > 0)
	}
}

// fix puts some indices at a place and shortens them to it.
func (p *product) fix(indices []int, turn int, out plan.View) plan.View {
	for _, i := range indices {
		place := turn % p.dims[i]
		turn /= p.dims[i]
		for f := range p.factors {
			p.factors[f].Offset += place * p.factors[f].Strides[i]
		}
		out.Offset += place * out.Strides[i]
	}
	for _, i := range indices {
		p.dims[i] = 1
	}
	return out
}

// finishTurn emits the last step of a product: a matrix product, a sum or a map.
func (l *lowerer) finishTurn(p *product, out plan.View, accumulates bool) {
	summed, kept := p.summed(), descending(p.indices(out), out)
	switch {
	case p.isGemm():
		l.emitGemm(p, out, accumulates)
	case len(summed) == 0 && accumulates:
		m := multiply(len(p.factors), p.scale)
		l.emitMap(p.space, kept, addTo(m, len(p.factors)), []plan.View{out}, append(p.factors, out)...)
	case len(p.factors) == 0:
		groups := p.merge(kept, out)
		l.emit(plan.Fill{Dims: sizes(groups), Value: p.scale}, over(groups, []plan.View{out}))
	case len(summed) == 0:
		l.emitMap(p.space, kept, multiply(len(p.factors), p.scale), []plan.View{out}, p.factors...)
	case accumulates:
		sum := l.scratch(p.space, kept)
		l.emitReduce("sum", p.space, kept, descending(summed, p.factors[0]), sum, p.factors[0])
		l.emitMap(p.space, kept, addTo(multiply(1, p.scale), 1), []plan.View{out}, sum, out)
	default:
		fn, scale := p.sumOrMean(summed)
		l.emitReduce(fn, p.space, kept, descending(summed, p.factors[0]), out, p.factors[0])
		l.rescale(p.space, kept, out, scale)
	}
}

// sumOrMean is the reduction that adds up over indices, and what is left to multiply
// by: nothing where the product's number is one over how many there are.
func (p *product) sumOrMean(summed []int) (fn string, scale float64) {
	n := 1
	for _, i := range summed {
		n *= p.dims[i]
	}
	if p.scale == 1/float64(n) {
		return "mean", 1
	}
	return "sum", p.scale
}

// rescale multiplies what a view shows by a number, in place.
func (l *lowerer) rescale(s space, indices []int, v plan.View, scale float64) {
	if scale != 1 {
		l.emitMap(s, indices, multiply(1, scale), []plan.View{v}, v)
	}
}

// emitContract emits the plain loops over the whole space, which take everything.
func (l *lowerer) emitContract(p *product, out plan.View) {
	factors := p.factors
	if p.scale != 1 || len(factors) == 0 {
		factors = append(factors, plan.View{Buffer: l.number(p.scale), Strides: make([]int, len(p.dims))})
	}
	views := append([]plan.View{out}, factors...)
	kept := p.merge(slices.Concat(p.target.indices, p.target.colliding), views...)
	summed := p.merge(p.summed(), views...)
	all := slices.Concat(kept, summed)
	views = over(all, views)
	l.emit(plan.Contract{Dims: sizes(all), Summed: len(summed)}, views[:1], views[1:]...)
}
