package grammar

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"
)

// misfit is the token that does not fit, and what would have fitted.
type misfit struct {
	index int
	token lexer.Token
	want  string
}

// locate finds the token that an error is about. participle gives an optional
// part up if its first token alone fits, and then complains of that token; the
// true misfit is further on. Readers tell the true one themselves.
func (t *translator) locate(err error) misfit {
	token, want := wanted(err)
	i := t.index(token)
	if _, exact := err.(*fault); exact {
		return misfit{i, t.at(i), want}
	}
	if t.startsStatement(i) {
		if deeper, ok := t.readStatement(i); ok {
			return deeper
		}
	} else if deeper, _, ok := t.readExpr(i); ok {
		return deeper
	}
	if behind, ok := t.wantBehind(i); ok {
		return behind
	}
	return misfit{i, t.at(i), want}
}

// index is where a token of an error stands, and behind the last if it does not.
func (t *translator) index(token lexer.Token) int {
	i := slices.IndexFunc(t.tokens, func(other lexer.Token) bool {
		return other.Type == token.Type && other.Pos.Offset == token.Pos.Offset
	})
	if i < 0 {
		return len(t.tokens)
	}
	return i
}

func (t *translator) startsStatement(i int) bool {
	before := t.at(i - 1)
	return i > 0 && i < len(t.tokens) && t.tokens[i].Type != EndToken &&
		(before.Type == EndToken || before.Type == MarkToken && before.Value == "{")
}

// readStatement reads a statement from its first token, as far as expressions
// and what parts them go, and gives the first misfit.
func (t *translator) readStatement(i int) (misfit, bool) {
	if t.at(i).Type == KeywordToken && t.at(i).Value != "load" {
		if behind, ok := t.wantBehind(i); ok {
			return behind, true
		}
		i++
	}
	if !startsExpr(t.at(i)) {
		return misfit{}, false
	}
	for {
		deeper, next, ok := t.readExpr(i)
		if ok {
			return deeper, true
		}
		if behind, ok := t.wantBehind(next); ok {
			return behind, true
		}
		_, parts := wantsBehind[t.at(next).Value]
		switch {
		case parts && startsExpr(t.at(next+1)):
			i = next + 1
		case t.at(next).Type == EndToken && t.at(0).Value != "train" && t.at(0).Value != "figure":
			return misfit{}, false
		case t.at(next).Type == EndToken:
			return misfit{next, t.at(next), "a value behind `" + t.at(next-1).Value + "`"}, true
		default:
			return misfit{next, t.at(next), "the end of the line"}, true
		}
	}
}

// wantBehind gives the misfit behind the i-th token, if that must be followed by
// something and is not.
func (t *translator) wantBehind(i int) (misfit, bool) {
	token, next := t.at(i), t.at(i+1)
	want, ok := wantsBehind[token.Value]
	if !ok || token.Type == StringToken || startsExpr(next) || next.Type == IdentToken {
		return misfit{}, false
	}
	return misfit{i + 1, next, want + " behind `" + token.Value + "`"}, true
}

// wantsBehind is what must follow some marks and words.
var wantsBehind = map[string]string{
	"=": "an expression", ":": "a size", ",": "something", "->": "the axes that come out", "as": "a name", "over": "a name",
	"for": "a name", "if": "a condition", "save": "the name of a slot", "state": "a name", "kept": "a name",
	"expect": "an expression", "in": "a name", "else": "`{` or `if`", "where": "a condition", "~": "an expression",
	"within": "a number", "like": "a name",
}

// readExpr reads an expression from the i-th token, and gives the misfit inside
// it if there is one, or else the index of the token behind it.
func (t *translator) readExpr(i int) (deeper misfit, next int, ok bool) {
	if !startsExpr(t.at(i)) {
		return misfit{}, i, false
	}
	peeking, err := lexer.Upgrade(&stream{t.tokens[i:]})
	if err != nil {
		return misfit{}, i, false
	}
	_, err = (&reader{PeekingLexer: peeking}).expr()
	next = i + peeking.Cursor()
	if token, want := wanted(err); err != nil && next > i {
		return misfit{next, token, want}, next, true
	}
	return misfit{}, next, false
}

func startsExpr(t lexer.Token) bool {
	switch t.Type {
	case IdentToken, NumberToken, StringToken, TouchToken:
		return true
	}
	return t.Type == MarkToken && (t.Value == "(" || t.Value == "[" || t.Value == "-") || t.Type == KeywordToken && t.Value == "load"
}
