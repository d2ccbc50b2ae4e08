package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// maxTurns is the most steps that one box is unrolled into, where windows are
// written: 7×7 of them and more.
const maxTurns = 128

// product is a contraction on its way to steps: the product of factors, added up
// over the indices along which the output does not move, times a number.
type product struct {
	space
	factors []plan.View // over the space
	scale   float64
	target  target
}

// target is what a contraction writes: a wire and how the space meets it.
type target struct {
	wire *diagram.Wire
	maps []diagram.Affine
	reach
	epilogue
}

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

// productOf splits a box's inputs into factors and a number.
func (l *lowerer) productOf(b *diagram.Box, s space) (*product, error) {
	p := &product{space: s, scale: 1, target: target{wire: b.Out[0], maps: b.Weave.Out[0]}}
	p.target.reach = reachOf(s, p.target.maps, p.target.wire.Type.Axes)
	for i, w := range b.In {
		v := l.views[w]
		if x, ok := l.known(v); ok {
			p.scale *= x
			continue
		}
		v, err := l.asNumbers(w, v)
		if err != nil {
			return nil, err
		}
		p.factors = append(p.factors, s.through(v, b.Weave.In[i]))
	}
	return p, nil
}

// isSummed reports whether an index is added up over.
func (p *product) isSummed(index int) bool {
	return p.dims[index] > 1 && !slices.Contains(p.target.indices, index) && !slices.Contains(p.target.colliding, index)
}

// reduceProduct emits steps until two factors are left at most, and one unless the
// last step is a matrix product or there is nothing to add up.
func (l *lowerer) reduceProduct(p *product) {
	p.countIdle()
	for len(p.factors) > 2 {
		l.sumAlone(p)
		l.joinPair(p)
	}
	if len(p.factors) == 2 {
		l.sumAlone(p)
	}
	if len(p.factors) == 2 && len(p.summed()) > 0 && !p.isGemm() {
		l.joinPair(p)
	}
}

// countIdle replaces adding up over indices along which nothing moves by a number.
func (p *product) countIdle() {
	p.dims = slices.Clone(p.dims)
	for _, i := range p.summed() {
		if !slices.ContainsFunc(p.factors, func(v plan.View) bool { return p.moves(v, i) }) {
			p.scale *= float64(p.dims[i])
			p.dims[i] = 1
		}
	}
}

// sumAlone adds every factor up over the summed indices that move no other.
func (l *lowerer) sumAlone(p *product) {
	for f, v := range p.factors {
		var alone, kept []int
		for _, i := range descending(p.indices(v), v) {
			if p.isSummed(i) && !p.movesOther(i, f) {
				alone = append(alone, i)
			} else {
				kept = append(kept, i)
			}
		}
		if len(alone) > 0 {
			sum := l.scratch(p.space, kept)
			l.emitReduce("sum", p.space, kept, alone, sum, v)
			p.factors[f] = sum
		}
		for _, i := range alone {
			p.dims[i] = 1
		}
	}
}

func (p *product) movesOther(index, factor int) bool {
	for f, v := range p.factors {
		if f != factor && p.moves(v, index) {
			return true
		}
	}
	return false
}

func (p *product) summed() []int {
	var list []int
	for i := range p.dims {
		if p.isSummed(i) {
			list = append(list, i)
		}
	}
	return list
}

// joinPair multiplies the two factors whose product is smallest.
func (l *lowerer) joinPair(p *product) {
	first, second, best := 0, 1, -1
	for i := range p.factors {
		for j := range i {
			if size := p.joined(j, i); best < 0 || size < best {
				first, second, best = j, i, size
			}
		}
	}
	a, b := p.factors[first], p.factors[second]
	larger := a
	if p.places(b) > p.places(a) {
		larger = b
	}
	indices := descending(p.indices(larger), larger)
	for _, i := range append(p.indices(a), p.indices(b)...) {
		if !slices.Contains(indices, i) {
			indices = append(indices, i)
		}
	}
	made := l.scratch(p.space, indices)
	l.emitMap(p.space, indices, multiply(2, 1), []plan.View{made}, a, b)
	p.factors = append(slices.Delete(slices.Delete(p.factors, second, second+1), first, first+1), made)
}

// joined is how many places the product of two factors has.
func (p *product) joined(f, g int) int {
	n := 1
	for i := range p.dims {
		if p.moves(p.factors[f], i) || p.moves(p.factors[g], i) {
			n *= p.dims[i]
		}
	}
	return n
}

// multiply is the program that multiplies n numbers, at least one, and a constant.
func multiply(n int, scale float64) plan.Map {
	m := plan.Map{}
	product := 0
	times := func(register int) {
		m.Program = append(m.Program, plan.Instr{Fn: "mul", Args: []int{product, register}})
		product = n + len(m.Program) - 1
	}
	for i := 1; i < n; i++ {
		times(i)
	}
	if scale != 1 {
		m.Program = append(m.Program, plan.Instr{Fn: "constant", Value: scale})
		times(n + len(m.Program) - 1)
	}
	m.Results = []int{product}
	return m
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

// elementOrder is the order in which the largest of some views moves, and then the
// indices that it lacks, outermost.
func (s space) elementOrder(views []plan.View) []int {
	largest := slices.MaxFunc(views, func(a, b plan.View) int { return s.places(a) - s.places(b) })
	moved := s.indices(largest)
	var order []int
	for i := range s.dims {
		if !slices.Contains(moved, i) {
			order = append(order, i)
		}
	}
	return append(order, descending(moved, largest)...)
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

// addTo extends a program of n inputs and one result: the result is added to a
// further input.
func addTo(m plan.Map, n int) plan.Map {
	shifted := plan.Map{}
	up := func(register int) int {
		if register >= n {
			return register + 1
		}
		return register
	}
	for _, instr := range m.Program {
		args := make([]int, len(instr.Args))
		for i, a := range instr.Args {
			args[i] = up(a)
		}
		shifted.Program = append(shifted.Program, plan.Instr{Fn: instr.Fn, Args: args, Value: instr.Value})
	}
	shifted.Program = append(shifted.Program, plan.Instr{Fn: "add", Args: []int{n, up(m.Results[0])}})
	shifted.Results = []int{n + len(shifted.Program)}
	return shifted
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
