package grammar

import (
	"slices"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// reader reads expressions from the tokens that participle is at. They are most of
// a text, and participle would walk eight productions for each name in one; read
// by precedence and plugged into the grammar as productions of their own, they
// take a fraction of the time (BenchmarkParse).
type reader struct {
	*lexer.PeekingLexer
	depth int // of powers: all else that nests is counted before, by brackets
}

// Deepest is how far brackets and operators may nest.
const Deepest = 200

// longest is how many operators may follow each other on one level.
const longest = 5000

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

// wantComma and wantLess are wants that the translator has its own words for.
const (
	wantComma = "`,` behind an item that is more than a name"
	wantLess  = "less nesting"
)

func (f *fault) Error() string { return f.Message() }

func (f *fault) Message() string { return "want " + f.want }

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
