package check

import (
	"ncd/compiler/shape"
	"ncd/grammar"
)

// affine reads a place that is a sum of letters with strides: 2*q + u - 1.
func (q *equation) affine(x grammar.Expr) (affine, bool) {
	switch x := x.(type) {
	case *grammar.Name:
		if q.isLetter(x.Text) {
			return affine{terms: []affineTerm{{q.letter(x.Text, x.Text, x.Span()), shape.Int(1)}}}, true
		}
	case *grammar.Negate:
		a, ok := q.affine(x.Of)
		return a.times(shape.Int(-1)), ok
	case *grammar.Binary:
		return q.affineBinary(x)
	}
	size, ok := q.sizeAt(x)
	return affine{offset: size}, ok
}

func (q *equation) affineBinary(x *grammar.Binary) (affine, bool) {
	if x.Op == "/" {
		size, ok := q.sizeAt(x)
		return affine{offset: size}, ok
	}
	a, okA := q.affine(x.Left)
	b, okB := q.affine(x.Right)
	switch {
	case !okA || !okB:
		return affine{}, false
	case x.Op == "+":
		return a.plus(b), true
	case x.Op == "-":
		return a.plus(b.times(shape.Int(-1))), true
	case len(a.terms) == 0:
		return b.times(a.offset), true
	case len(b.terms) == 0:
		return a.times(b.offset), true
	}
	q.fault(BadAxes, x.Span(), "a place is a sum of letters with strides, and `%s` multiplies two letters", x.Span().Text())
	return affine{}, false
}

// isLetter reports whether a name in an affine place is a letter: it stands alone
// in some bracket, or nothing else has that name.
func (q *equation) isLetter(name string) bool {
	if q.plain[name] {
		return true
	}
	if b := q.scope.look(name); b != nil {
		_, isNumber := b.value.(static)
		return !isNumber
	}
	d := q.unit.find(name)
	return d == nil || d.kind != "const" && d.kind != "axis"
}

func (a affine) plus(b affine) affine {
	sum := affine{offset: a.offset.Add(b.offset), terms: append([]affineTerm{}, a.terms...)}
	for _, t := range b.terms {
		if stride := sum.strideOf(t.letter); stride != nil {
			*stride = stride.Add(t.stride)
		} else {
			sum.terms = append(sum.terms, t)
		}
	}
	return sum
}

func (a affine) times(n shape.Size) affine {
	scaled := affine{offset: a.offset.Mul(n)}
	for _, t := range a.terms {
		scaled.terms = append(scaled.terms, affineTerm{t.letter, t.stride.Mul(n)})
	}
	return scaled
}

// solve sizes the letters that stand in sums only, each by the place in which no
// other letter is unknown, and holds that nothing is read outside.
func (q *equation) solve(products []*product) bool {
	for progress := true; progress; {
		progress = false
		for _, p := range products {
			for _, f := range p.factors {
				for i, a := range f.places {
					progress = q.solvePlace(a, f.wire.Type.Axes[i]) || progress
				}
			}
		}
	}
	for _, p := range products {
		if !q.holdRead(p) {
			return false
		}
	}
	return true
}

// solvePlace sizes the sole unknown letter of a place: along an axis of size p,
// stride·q + rest ends at p - 1 where q has (p - rest)/stride + 1 places, rest
// being what the other letters reach.
func (q *equation) solvePlace(a affine, axis shape.Axis) bool {
	var unknown *affineTerm
	reach := a.offset
	for i, t := range a.terms {
		switch {
		case t.letter.known:
			reach = reach.Add(t.stride.Mul(t.letter.size.Sub(shape.Int(1))))
		case unknown != nil:
			return false
		default:
			unknown = &a.terms[i]
		}
	}
	if unknown == nil || unknown.stride.IsZero() {
		return false
	}
	stride := unknown.stride
	size := axis.Size.Sub(reach).Sub(shape.Int(1)).Div(stride).Add(shape.Int(1))
	if whole := stride.Sub(reach).Sub(shape.Int(1)).Div(stride); len(whole.Letters()) == 0 && whole.IsInt() {
		size = axis.Size.Div(stride).Add(whole)
	}
	unknown.letter.size, unknown.letter.known = size, true
	unknown.letter.from = a.span
	return true
}

// holdRead holds that every letter has a size, that those on the left are read,
// and that no place lies outside of its axis.
func (q *equation) holdRead(p *product) bool {
	for _, l := range q.left {
		if !p.reads(l) {
			d := q.fault(IndexUnread, l.span, "`%s` stands left of `=` only", l.label)
			d.Help = append(d.Help, "a letter must be read on the right; `spread["+l.label+":n]` repeats a wire along a new axis")
			return false
		}
	}
	for _, f := range p.factors {
		for i, a := range f.places {
			if !q.holdPlace(f, a, f.wire.Type.Axes[i]) {
				return false
			}
		}
	}
	return true
}

func (q *equation) holdPlace(f *factor, a affine, axis shape.Axis) bool {
	low, high := a.offset, a.offset
	for _, t := range a.terms {
		if !t.letter.known {
			d := q.fault(SizeUnknown, a.span, "nothing says how many places `%s` has", t.letter.label)
			d.Help = append(d.Help, "say it left of `=`: `"+t.letter.label+":3`")
			return false
		}
		if err := t.letter.size.Check(); err != nil && len(t.letter.size.Letters()) == 0 {
			q.fault(SizeInvalid, a.span, "`%s` has %s places along `%s`: %v", t.letter.label, t.letter.size, axis.Label, err)
			return false
		}
		reach := t.stride.Mul(t.letter.size.Sub(shape.Int(1)))
		if n, isNumber := t.stride.Int(); isNumber && n < 0 {
			low = low.Add(reach)
		} else {
			high = high.Add(reach)
		}
	}
	first, knowsFirst := q.job.unifier.Resolve(low).Int()
	last, knowsLast := q.job.unifier.Resolve(axis.Size.Sub(high)).Int()
	if knowsFirst && first < 0 || knowsLast && last < 1 {
		d := q.fault(IndexOutside, a.span, "`%s` is read from %s up to %s along `%s`, which has %s places", f.wire.Name, low, high, axis.Label, axis.Size)
		d.Help = append(d.Help, "`pad` says zeros on purpose")
		return false
	}
	return true
}
