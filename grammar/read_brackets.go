package grammar

import (
	"github.com/alecthomas/participle/v2/lexer"
)

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
