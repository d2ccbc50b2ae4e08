package kernel

import "math"

// quotient is a register taken apart: a number times the registers over, divided by
// those under.
type quotient struct {
	scale       float64
	over, under []int
}

// quotientOf takes products, quotients, squares and signs apart.
func (p *Program) quotientOf(r int) quotient {
	switch in := p.Instrs[r]; in.Op {
	case OpConst:
		return quotient{scale: in.Value}
	case OpNeg:
		q := p.quotientOf(in.A)
		q.scale = -q.scale
		return q
	case OpMul:
		return p.quotientOf(in.A).times(p.quotientOf(in.B))
	case OpSquare:
		q := p.quotientOf(in.A)
		return q.times(q)
	case OpDiv:
		q := p.quotientOf(in.B)
		return p.quotientOf(in.A).times(quotient{1 / q.scale, q.under, q.over})
	}
	return quotient{scale: 1, over: []int{r}}
}

func (q quotient) times(u quotient) quotient {
	return quotient{q.scale * u.scale, joined(q.over, u.over), joined(q.under, u.under)}
}

// is reports whether q is a number times just these registers.
func (q quotient) is(scale float64, over ...int) bool {
	return math.Abs(q.scale-scale) <= 1e-6*math.Abs(scale) && q.holds(over...)
}

// holds reports whether q is any number times just these registers.
func (q quotient) holds(over ...int) bool {
	if len(q.under) > 0 || len(q.over) != len(over) {
		return false
	}
	for i, r := range over {
		if q.over[i] != r {
			return false
		}
	}
	return true
}

// addendsOf takes sums and differences apart.
func (p *Program) addendsOf(r int) []quotient {
	in := p.Instrs[r]
	if in.Op != OpAdd && in.Op != OpSub {
		return []quotient{p.quotientOf(r)}
	}
	second := p.addendsOf(in.B)
	if in.Op == OpSub {
		for i := range second {
			second[i].scale = -second[i].scale
		}
	}
	return append(p.addendsOf(in.A), second...)
}

// slopeOfGELU recognises Φ(x) + x·φ(x), written with erf and exp, in register r and
// finds x.
func (p *Program) slopeOfGELU(r int) (x int, ok bool) {
	x = -1
	isHalf, isErf, isDensity := false, false, false
	terms := p.addendsOf(r)
	for _, q := range terms {
		isHalf = isHalf || q.is(0.5)
		for _, f := range q.over {
			switch in := p.Instrs[f]; in.Op {
			case OpErf:
				inner := p.quotientOf(in.A)
				isErf = len(inner.over) == 1 && inner.is(1/math.Sqrt2, inner.over[0]) && q.is(0.5, f) && (x < 0 || x == inner.over[0])
				if isErf {
					x = inner.over[0]
				}
			case OpExp:
				inner := p.quotientOf(in.A)
				isDensity = len(inner.over) == 2 && inner.is(-0.5, inner.over[0], inner.over[0]) && (x < 0 || x == inner.over[0]) &&
					(q.is(1/math.Sqrt(2*math.Pi), inner.over[0], f) || q.is(1/math.Sqrt(2*math.Pi), f, inner.over[0]))
				if isDensity {
					x = inner.over[0]
				}
			}
		}
	}
	return x, len(terms) == 3 && isHalf && isErf && isDensity
}
