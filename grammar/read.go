package grammar

import (
	"slices"
	"strconv"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// Expressions are most of a text, and participle walks eight productions for
// each name in one. They are read here by precedence instead, which is six times
// as fast, and plugged into the grammar as productions of their own.

// reader reads expressions from the tokens that participle is at.
type reader struct {
	*lexer.PeekingLexer
	depth int
}

// deepest is how far brackets and operators may nest.
const deepest = 200

func parseExpr(lex *lexer.PeekingLexer) (Expr, error) { return read(lex, (*reader).expr) }

func parseSum(lex *lexer.PeekingLexer) (Sum, error) {
	return read(lex, func(r *reader) (Sum, error) { return r.sum() })
}

func parseBound(lex *lexer.PeekingLexer) (Bound, error) {
	return read(lex, (*reader).bound)
}

func parseCond(lex *lexer.PeekingLexer) (Cond, error) { return read(lex, (*reader).cond) }

// Parse reads brackets that touch. It serves participle.
func (a *Args) Parse(lex *lexer.PeekingLexer) (err error) {
	if lex.Peek().Type != TouchToken {
		return participle.NextMatch
	}
	a.place, a.List, err = readBrackets(lex)
	return err
}

// Parse reads brackets. It serves participle.
func (b *Box) Parse(lex *lexer.PeekingLexer) (err error) {
	if !isBracket(lex.Peek()) {
		return participle.NextMatch
	}
	b.place, b.Args, err = readBrackets(lex)
	return err
}

func readBrackets(lex *lexer.PeekingLexer) (place, []*Arg, error) {
	r := reader{PeekingLexer: lex}
	start := r.Peek()
	args, err := r.brackets()
	return r.from(start), args, err
}

// read runs one of the reader's productions for participle. Where not even the
// first token fits it is no match, and participle says what it wanted there.
func read[T any](lex *lexer.PeekingLexer, production func(*reader) (T, error)) (T, error) {
	before := lex.Cursor()
	value, err := production(&reader{PeekingLexer: lex})
	if err != nil && lex.Cursor() == before {
		err = participle.NextMatch
	}
	return value, err
}

// fault is a token that does not fit, and what would have fitted.
type fault struct {
	token lexer.Token
	want  string
}

func (f *fault) Error() string            { return f.Message() }
func (f *fault) Message() string          { return "want " + f.want }
func (f *fault) Position() lexer.Position { return f.token.Pos }

func (r *reader) fault(want string) error { return &fault{*r.Peek(), want} }

// at reports whether the next token is one of these marks or words.
func (r *reader) at(values ...string) bool {
	t := r.Peek()
	return (t.Type == MarkToken || t.Type == KeywordToken) && slices.Contains(values, t.Value)
}

// take moves over a mark or word if it is next.
func (r *reader) take(value string) bool {
	if !r.at(value) {
		return false
	}
	r.Next()
	return true
}

// from is the place from a token up to where the reader is.
func (r *reader) from(start *lexer.Token) place {
	raw := r.RawCursor()
	last := r.Range(raw-1, raw)[0]
	var p place
	p.span.Start, p.span.End = start.Pos.Offset, last.Pos.Offset+len(last.Value)
	return p
}

func isBracket(t *lexer.Token) bool {
	return t.Type == TouchToken || t.Type == MarkToken && t.Value == "["
}

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
	if r.depth++; r.depth > deepest {
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

// parens reads Paren = "(" (Item (Item+ | ("," Item)+)?)? ")" . With commas it
// is a tuple, with spaces axes that are read as one; around one expression
// parentheses only group and leave no node.
func (r *reader) parens() (Expr, error) {
	start := r.Next()
	if r.take(")") {
		return &Tuple{r.from(start), nil}, nil
	}
	first, err := r.item()
	if err != nil {
		return nil, err
	}
	if r.at(",") {
		return r.tuple(start, first)
	}
	items, err := r.items(first)
	if err != nil {
		return nil, err
	}
	if err := r.closeBracket(")"); err != nil {
		return nil, err
	}
	if len(items) == 1 && first.IsPlain() {
		return first.Expr, nil
	}
	return &Merge{r.from(start), items}, nil
}

func (r *reader) tuple(start *lexer.Token, first *Item) (Expr, error) {
	if !first.IsPlain() {
		return nil, r.fault("`)`")
	}
	parts := []Expr{first.Expr}
	for r.take(",") {
		part, err := r.expr()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if err := r.closeBracket(")"); err != nil {
		return nil, err
	}
	return &Tuple{r.from(start), parts}, nil
}

// brackets reads Args = <touch> (Arg ("," Arg)*)? "]" , and Box likewise.
func (r *reader) brackets() ([]*Arg, error) {
	r.Next()
	args := []*Arg{}
	if r.take("]") {
		return args, nil
	}
	for {
		arg, err := r.arg()
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
		if !r.take(",") {
			return args, r.closeBracket("]")
		}
	}
}

func (r *reader) closeBracket(mark string) error {
	if !r.take(mark) {
		return r.fault("`,` or `" + mark + "`")
	}
	return nil
}

// arg reads Arg = (Item+ ("->" Item*)? | "->" Item*) ("where" Cond)? .
func (r *reader) arg() (*Arg, error) {
	start := r.Peek()
	arg := &Arg{}
	var err error
	if !r.at("->") {
		if arg.Items, err = r.run(); err != nil {
			return nil, err
		}
	}
	if arg.Arrow = r.take("->"); arg.Arrow && r.startsItem() {
		if arg.To, err = r.run(); err != nil {
			return nil, err
		}
	}
	if r.take("where") {
		if arg.Where, err = r.cond(); err != nil {
			return nil, err
		}
	}
	arg.place = r.from(start)
	return arg, nil
}

// run reads Item+ .
func (r *reader) run() ([]*Item, error) {
	first, err := r.item()
	if err != nil {
		return nil, err
	}
	return r.items(first)
}

// items reads the items behind the first one, parted by spaces. Only the last
// may be more than `name`, `name:size` or `name=(…)`.
func (r *reader) items(first *Item) ([]*Item, error) {
	items := []*Item{first}
	for r.startsItem() {
		if !items[len(items)-1].needsNoComma() {
			return nil, r.fault(wantComma)
		}
		item, err := r.item()
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// wantComma and wantLess are wants that the translator has its own words for.
const (
	wantComma = "`,` behind an item that is more than a name"
	wantLess  = "less nesting"
)

// longest is how many operators may follow each other on one level.
const longest = 5000

func (i *Item) needsNoComma() bool {
	return i.Name() != nil && (i.Value == nil || i.Grouped)
}

func (r *reader) startsItem() bool {
	t := r.Peek()
	return t.Type == IdentToken || t.Type == NumberToken || t.Type == StringToken || isBracket(t) || r.at("(", "load", "-")
}

// item reads Item = Expr (":" Sum)? ("=" Expr)? .
func (r *reader) item() (*Item, error) {
	start := r.Peek()
	item := &Item{}
	var err error
	if item.Expr, err = r.expr(); err != nil {
		return nil, err
	}
	if r.take(":") {
		if item.Size, err = r.sum(); err != nil {
			return nil, err
		}
	}
	if r.take("=") {
		paren := r.Peek()
		if item.Value, err = r.expr(); err != nil {
			return nil, err
		}
		item.Grouped = paren.Value == "(" && isGrouped(item.Value, paren)
	}
	item.place = r.from(start)
	return item, nil
}

// isGrouped reports whether all of an expression is in the parentheses that a
// token opens: these leave no node of their own around one expression.
func isGrouped(e Expr, paren *lexer.Token) bool {
	switch e.(type) {
	case *Merge, *Tuple:
		return true
	}
	return e.Span().Start > paren.Pos.Offset
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

// cond reads Cond = And ("or" And)* .
func (r *reader) cond() (Cond, error) { return r.logic("or", (*reader).and) }

// and reads And = Cmp ("and" Cmp)* .
func (r *reader) and() (Cond, error) { return r.logic("and", (*reader).compare) }

func (r *reader) logic(op string, part func(*reader) (Cond, error)) (Cond, error) {
	start := r.Peek()
	left, err := part(r)
	for n := 0; err == nil && r.take(op); n++ {
		if n > longest {
			return nil, r.fault(wantLess)
		}
		var right Cond
		right, err = part(r)
		left = &Logic{r.from(start), op, left, right}
	}
	return left, err
}

// compare reads Cmp = "not"? Sum (("<=" | ">=" | "==" | "!=" | "<" | ">") Sum)? .
func (r *reader) compare() (Cond, error) {
	start := r.Peek()
	if r.take("not") {
		of, err := r.comparison()
		return &Not{r.from(start), of}, err
	}
	return r.comparison()
}

func (r *reader) comparison() (Cond, error) {
	start := r.Peek()
	left, err := r.sum()
	if err != nil {
		return nil, err
	}
	if !r.at("<=", ">=", "==", "!=", "<", ">") {
		return &Fact{r.from(start), left}, nil
	}
	op := r.Next().Value
	right, err := r.sum()
	return &Compare{r.from(start), op, left, right}, err
}
