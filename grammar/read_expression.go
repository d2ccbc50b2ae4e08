package grammar

import (
	"strconv"

	"github.com/alecthomas/participle/v2/lexer"
)

// expr reads Expr = Sum (">>" Sum)* .
func (r *reader) expr() (Expr, error) {
	start := r.Peek()
	first, err := r.sum()
	if err != nil || !r.at(">>") {
		return first, err
	}
	steps := []Expr{first}
	for r.take(">>") {
		step, err := r.sum()
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return &Flow{r.from(start), steps}, nil
}

// sum reads Sum = Product (("+" | "-") Product)* .
func (r *reader) sum() (Expr, error) { return r.chain((*reader).product, "+", "-") }

// product reads Product = Unary (("*" | "/") Unary)* .
func (r *reader) product() (Expr, error) { return r.chain((*reader).unary, "*", "/") }

// chain reads operands with operators between them, which bind to the left.
func (r *reader) chain(operand func(*reader) (Expr, error), operators ...string) (Expr, error) {
	start := r.Peek()
	left, err := operand(r)
	for n := 0; err == nil && r.at(operators...); n++ {
		if n > longest {
			return nil, r.fault(wantLess)
		}
		op := r.Next().Value
		var right Expr
		if right, err = operand(r); err == nil {
			left = &Binary{r.from(start), op, left, right}
		}
	}
	return left, err
}

// unary reads Unary = "-"? Power .
func (r *reader) unary() (Expr, error) {
	start := r.Peek()
	if !r.take("-") {
		return r.power()
	}
	of, err := r.power()
	return &Negate{r.from(start), of}, err
}

// power reads Power = Postfix ("^" Unary)? .
func (r *reader) power() (Expr, error) {
	start := r.Peek()
	base, err := r.postfix()
	if err != nil || !r.take("^") {
		return base, err
	}
	if r.depth++; r.depth > Deepest {
		return nil, r.fault(wantLess)
	}
	exponent, err := r.unary()
	r.depth--
	return &Power{r.from(start), base, exponent}, err
}

// postfix reads Postfix = Atom (Args | "." (<number> | <ident>) | "@" <ident>)* .
func (r *reader) postfix() (Expr, error) {
	start := r.Peek()
	e, err := r.atom()
	for n := 0; err == nil; n++ {
		if n > longest {
			return nil, r.fault(wantLess)
		}
		switch {
		case r.Peek().Type == TouchToken:
			var args []*Arg
			args, err = r.brackets()
			e = &Apply{r.from(start), e, args}
		case r.take("."):
			e, err = r.selection(start, e)
		case r.take("@"):
			var phase *Word
			phase, err = r.word("the name of a phase")
			e = &At{r.from(start), e, phase}
		default:
			return e, nil
		}
	}
	return nil, err
}

// selection reads what follows the point in `a.0` and `net.stem`.
func (r *reader) selection(start *lexer.Token, from Expr) (Expr, error) {
	if t := r.Peek(); t.Type == NumberToken {
		index, err := strconv.Atoi(t.Value)
		if err != nil {
			return nil, r.fault("the number of a wire, from 0,")
		}
		r.Next()
		return &Select{r.from(start), from, index, nil}, nil
	}
	name, err := r.word("a number or a name")
	return &Select{r.from(start), from, 0, name}, err
}

func (r *reader) word(want string) (*Word, error) {
	t := r.Peek()
	if t.Type != IdentToken {
		return nil, r.fault(want)
	}
	r.Next()
	return &Word{r.from(t), t.Value}, nil
}

// atom reads Atom = <number> | <string> | "load" <ident> Args? | Name | Paren | Box .
func (r *reader) atom() (Expr, error) {
	t := r.Peek()
	switch {
	case t.Type == NumberToken:
		r.Next()
		return &Number{r.from(t), t.Value}, nil
	case t.Type == StringToken:
		r.Next()
		return &Text{r.from(t), t.Value}, nil
	case t.Type == IdentToken:
		return r.name(), nil
	case r.at("load"):
		return r.load()
	case r.at("("):
		return r.parens()
	case isBracket(t):
		args, err := r.brackets()
		return &Box{r.from(t), args}, err
	}
	return nil, r.fault("an expression")
}

func (r *reader) name() *Name {
	t := r.Next()
	many := r.take("..")
	return &Name{r.from(t), t.Value, many}
}

func (r *reader) load() (Expr, error) {
	start := r.Next()
	slot, err := r.word("the name of a slot")
	if err != nil || r.Peek().Type != TouchToken {
		return &Load{r.from(start), slot, nil}, err
	}
	index, err := r.brackets()
	return &Load{r.from(start), slot, index}, err
}

// bound reads Bound = <number> | <ident> | "(" Sum ")" .
func (r *reader) bound() (Bound, error) {
	t := r.Peek()
	switch {
	case t.Type == NumberToken:
		r.Next()
		return &Number{r.from(t), t.Value}, nil
	case t.Type == IdentToken:
		r.Next()
		return &Name{r.from(t), t.Value, false}, nil
	case r.take("("):
		e, err := r.sum()
		if err != nil {
			return nil, err
		}
		if !r.take(")") {
			return nil, r.fault("`)`")
		}
		return e, nil
	}
	return nil, r.fault("a number, a name or a sum in parentheses")
}
