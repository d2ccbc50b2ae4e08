package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

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
