package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// product is one term of the right side.
type product struct {
	factors   []*factor
	scalars   []*diagram.Wire // wires of no axes
	number    diagram.Number
	hasNumber bool
	negative  bool
	span      source.Span
}

// sum adds up the products of the right side.
func (q *equation) sum(x grammar.Expr) value {
	products, ok := q.products(x, false)
	if !ok {
		return poison{}
	}
	for _, p := range products {
		if len(p.factors) == 0 {
			d := q.fault(InvalidEquation, p.span, "an index equation multiplies wires whose axes stand in brackets, and `%s` has none", p.span.Text())
			d.Help = append(d.Help, "without brackets left of `=` a name is what its right side is: `name = "+x.Span().Text()+"`")
			return poison{}
		}
	}
	if !q.solve(products) {
		return poison{}
	}
	total := value(nil)
	for _, p := range products {
		v := q.contract(p)
		if isPoisoned(v) {
			return v
		}
		if total == nil {
			total = v
		} else {
			total = q.elementwise(diagram.FnAdd, total, v, x.Span())
		}
	}
	return total
}

func (q *equation) products(x grammar.Expr, negative bool) ([]*product, bool) {
	switch x := x.(type) {
	case *grammar.Binary:
		if x.Op == "+" || x.Op == "-" {
			left, okLeft := q.products(x.Left, negative)
			right, okRight := q.products(x.Right, negative != (x.Op == "-"))
			return append(left, right...), okLeft && okRight
		}
	case *grammar.Negate:
		return q.products(x.Of, !negative)
	}
	p := &product{span: x.Span(), negative: negative, number: diagram.Literal(1)}
	return []*product{p}, q.multiply(p, x)
}

// multiply puts the factors of an expression into a product.
func (q *equation) multiply(p *product, x grammar.Expr) bool {
	switch x := x.(type) {
	case *grammar.Binary:
		if x.Op == "*" {
			left := q.multiply(p, x.Left)
			return q.multiply(p, x.Right) && left
		}
		if x.Op == "/" {
			left := q.multiply(p, x.Left)
			return q.divide(p, x.Right) && left
		}
	case *grammar.Negate:
		p.negative = !p.negative
		return q.multiply(p, x.Of)
	case *grammar.Apply:
		if f, isIndexed, ok := q.indexed(x); isIndexed {
			p.factors = append(p.factors, f)
			return ok
		}
	}
	return q.scalar(p, x, false)
}

func (q *equation) divide(p *product, x grammar.Expr) bool {
	if a, ok := x.(*grammar.Apply); ok {
		if _, isIndexed, _ := q.indexed(a); isIndexed {
			q.fault(InvalidEquation, x.Span(), "an index equation divides by scalars only")
			return false
		}
	}
	return q.scalar(p, x, true)
}

// scalar multiplies by a number or by a wire of no axes, or divides by it.
func (q *equation) scalar(p *product, x grammar.Expr, inverse bool) bool {
	switch v := q.scalarValue(x).(type) {
	case static:
		op := "*"
		if inverse {
			op = "/"
		}
		if p.hasNumber || inverse {
			p.number = diagram.Arithmetic(op, p.number, v.number)
		} else {
			p.number = v.number
		}
		p.hasNumber = true
		return true
	case wire:
		if len(v.Type.Axes) > 0 {
			d := q.fault(InvalidEquation, x.Span(), "%s stands in an index equation without brackets", q.wireName(v.Wire))
			d.Help = append(d.Help, "name its axes: `"+x.Span().Text()+bracketsOfType(v.Wire)+"`")
			return false
		}
		w := v.Wire
		if inverse {
			w = q.mapped(diagram.Apply(diagram.FnReciprocal), []*diagram.Wire{w}, x.Span()).(wire).Wire
		}
		p.scalars = append(p.scalars, w)
		return true
	case poison:
		return false
	default:
		q.fault(InvalidEquation, x.Span(), "an index equation multiplies wires and scalars, and this is %s", kindOf(v))
		return false
	}
}

// scalarValue evaluates a factor without brackets. A letter is a size there, if no
// wire has its name.
func (q *equation) scalarValue(x grammar.Expr) value {
	r := q.reader()
	r.indices = map[string]shape.Size{}
	for _, l := range q.letters {
		if b := q.scope.look(l.key); l.known && b == nil {
			r.indices[l.key] = l.size
		}
	}
	if q.isStaticExpr(x) {
		return r.value(x)
	}
	return q.eval(x)
}

// isStaticExpr reports whether an expression names no wire and no box.
func (q *equation) isStaticExpr(x grammar.Expr) bool {
	isStatic := true
	grammar.Walk(x, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Flow, *grammar.Load, *grammar.Tuple, *grammar.Box:
			isStatic = false
		case *grammar.Name:
			if b := q.scope.look(n.Text); b != nil {
				_, isNumber := b.value.(static)
				isStatic = isStatic && isNumber
			}
		}
		return isStatic
	})
	return isStatic
}

// contract is the box of one product.
func (q *equation) contract(p *product) value {
	if p.negative {
		p.number, p.hasNumber = diagram.Arithmetic("neg", p.number), true
	}
	var in []*diagram.Wire
	if p.hasNumber {
		in = append(in, q.constantWire(p.number, p.span))
	}
	in = append(in, p.scalars...)
	scalars := len(in)
	weave := diagram.Weave{}
	index := map[*letter]int{}
	for _, l := range q.left {
		index[l] = len(weave.Degree)
		weave.Degree = append(weave.Degree, shape.Axis{Label: l.label, Size: l.size})
	}
	for _, l := range q.letters {
		if _, isLeft := index[l]; !isLeft && p.reads(l) {
			index[l] = len(weave.Degree) + len(weave.Own)
			weave.Own = append(weave.Own, shape.Axis{Label: l.label, Size: l.size})
		}
	}
	for range scalars {
		weave.In = append(weave.In, []diagram.Affine{})
	}
	for _, f := range p.factors {
		in = append(in, f.wire)
		weave.In = append(weave.In, f.port(index))
	}
	out := &diagram.Wire{Type: shape.Type{Axes: weave.Degree}, Span: q.target.Span()}
	weave.Out = [][]diagram.Affine{weave.Indices(weave.Degree)}
	q.add(&diagram.Box{Op: diagram.Contract{}, In: in, Out: []*diagram.Wire{out}, Weave: weave, Span: p.span})
	for _, l := range q.left {
		q.setOrigin(out, l.label, l.from)
	}
	return wire{out}
}

func (p *product) reads(l *letter) bool {
	return slices.ContainsFunc(p.factors, func(f *factor) bool {
		return slices.ContainsFunc(f.places, func(a affine) bool { return a.strideOf(l) != nil })
	})
}
