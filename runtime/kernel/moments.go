package kernel

import "unsafe"

// moments is a program that keeps running means of a change and of its square and
// moves a weight by their quotient, as Adam does (Kingma and Ba, arXiv:1412.6980):
//
//	m' = b₁·m + c₁·g
//	v' = b₂·v + c₂·g²
//	w' = d·w + a·m' / (√(s·v') + ε)
//
// Such programs run in one loop rather than an instruction at a time. The numbers
// may be constants, operands of one element, and quotients of these.
type moments struct {
	w, m, v, g       int // operands
	toW, toM, toV    int // outputs
	b1, c1, b2, c2   coefficient
	scale, epsilon   coefficient // s, ε
	decay, direction coefficient // d, a
}

// momentNumbers are b₁, c₁, b₂, c₂, s, ε, d and a.
const momentNumbers = 8

// momentsLoop is the loop over slices as long as toW; each may be written over the
// operand that it replaces.
type momentsLoop func(toW, toM, toV, w, m, v, g []float32, k *float32)

// coefficient is a number that is known once the operands are: a number times
// operands of one element, divided by others.
type coefficient struct {
	scale       float64
	over, under []int // operands
}

// momentsOf recognises such a program.
func (t *tiling) momentsOf(p *Program) *moments {
	if len(p.Outputs) != 3 {
		return nil
	}
	r := momentsReader{tiling: t, p: p}
	for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		if m := (moments{toW: order[0], toM: order[1], toV: order[2]}); r.read(&m) {
			return &m
		}
	}
	return nil
}

type momentsReader struct {
	*tiling
	p *Program
}

func (r momentsReader) read(m *moments) bool {
	for _, out := range r.out {
		if out.lie != contiguous {
			return false
		}
	}
	w, first, second := r.p.Outputs[m.toW], r.p.Outputs[m.toM], r.p.Outputs[m.toV]
	return r.first(first, m) && r.second(second, m) && r.weight(w, first, second, m)
}

// first reads m' = b₁·m + c₁·g, where either may come first: which of them is the
// change is the one that second finds squared.
func (r momentsReader) first(register int, m *moments) bool {
	terms := r.p.addendsOf(register)
	if len(terms) != 2 {
		return false
	}
	var ok1, ok2 bool
	m.b1, m.m, ok1 = r.scaled(terms[0])
	m.c1, m.g, ok2 = r.scaled(terms[1])
	return ok1 && ok2
}

// second reads v' = b₂·v + c₂·g².
func (r momentsReader) second(register int, m *moments) bool {
	terms := r.p.addendsOf(register)
	if len(terms) != 2 {
		return false
	}
	for i, q := range terms {
		c, rest := r.split(q)
		if len(rest.under) > 0 || len(rest.over) != 2 || rest.over[0] != rest.over[1] {
			continue
		}
		g, ok := r.operand(rest.over[0])
		if ok && g == m.m {
			m.m, m.g, m.b1, m.c1 = m.g, m.m, m.c1, m.b1
		}
		if !ok || g != m.g {
			return false
		}
		m.c2 = c
		m.b2, m.v, ok = r.scaled(terms[1-i])
		return ok
	}
	return false
}

// weight reads w' = d·w + a·m' / (√(s·v') + ε).
func (r momentsReader) weight(register, first, second int, m *moments) bool {
	terms := r.p.addendsOf(register)
	if len(terms) != 2 {
		return false
	}
	for i, q := range terms {
		a, rest := r.split(q)
		if len(rest.under) != 1 || len(rest.over) != 1 || rest.over[0] != first || !r.root(rest.under[0], second, m) {
			continue
		}
		var ok bool
		m.direction = a
		m.decay, m.w, ok = r.scaled(terms[1-i])
		return ok
	}
	return false
}

// root reads √(s·v') + ε.
func (r momentsReader) root(register, second int, m *moments) bool {
	terms := r.p.addendsOf(register)
	if len(terms) != 2 {
		return false
	}
	for i, q := range terms {
		if len(q.over) != 1 || !q.is(1, q.over[0]) || r.p.Instrs[q.over[0]].Op != OpSqrt {
			continue
		}
		s, rest := r.split(r.p.quotientOf(r.p.Instrs[q.over[0]].A))
		epsilon, other := r.split(terms[1-i])
		m.scale, m.epsilon = s, epsilon
		return rest.holds(second) && other.holds()
	}
	return false
}

// scaled reads a number times an operand.
func (r momentsReader) scaled(q quotient) (c coefficient, operand int, ok bool) {
	c, rest := r.split(q)
	if len(rest.under) > 0 || len(rest.over) != 1 {
		return c, 0, false
	}
	operand, ok = r.operand(rest.over[0])
	return c, operand, ok
}

// operand is the one that a register holds, if it is as long as the results.
func (r momentsReader) operand(register int) (int, bool) {
	in := r.p.Instrs[register]
	return in.A, in.Op == OpInput && r.in[in.A].lie == contiguous
}

// split parts the operands of one element from the rest.
func (r momentsReader) split(q quotient) (c coefficient, rest quotient) {
	c = coefficient{scale: q.scale}
	isUniform := func(register int) bool {
		in := r.p.Instrs[register]
		return in.Op == OpInput && r.in[in.A].lie == uniform
	}
	part := func(list []int, numbers, others *[]int) {
		for _, register := range list {
			if isUniform(register) {
				*numbers = append(*numbers, r.p.Instrs[register].A)
			} else {
				*others = append(*others, register)
			}
		}
	}
	part(q.over, &c.over, &rest.over)
	part(q.under, &c.under, &rest.under)
	rest.scale = 1
	return c, rest
}

func (c *coefficient) value(t *tiling, in [][]float32) float32 {
	x := c.scale
	for _, o := range c.over {
		x *= float64(in[o][t.in[o].view.Offset])
	}
	for _, o := range c.under {
		x /= float64(in[o][t.in[o].view.Offset])
	}
	return float32(x)
}

// run computes the elements [from, to).
func (m *moments) run(t *tiling, from, to int, out, in [][]float32, k []float32) {
	for i, c := range [...]*coefficient{&m.b1, &m.c1, &m.b2, &m.c2, &m.scale, &m.epsilon, &m.decay, &m.direction} {
		k[i] = c.value(t, in)
	}
	result := func(o int) []float32 { return out[o][t.out[o].view.Offset+from:][:to-from] }
	operand := func(i int) []float32 { return in[i][t.in[i].view.Offset+from:][:to-from] }
	loops.moments(result(m.toW), result(m.toM), result(m.toV), operand(m.w), operand(m.m), operand(m.v), operand(m.g), &k[0])
}

func plainMoments(toW, toM, toV, w, m, v, g []float32, first *float32) {
	k := unsafe.Slice(first, momentNumbers)
	for i := range toW {
		mean := k[0]*m[i] + k[1]*g[i]
		second := k[2]*v[i] + k[3]*g[i]*g[i]
		step := k[7] * mean / (sqrt32(k[4]*second) + k[5])
		toW[i], toM[i], toV[i] = k[6]*w[i]+step, mean, second
	}
}
