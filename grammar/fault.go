package grammar

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// badText tells where a file is no text.
func badText(file *source.File) (source.Diagnostic, bool) {
	at, what := strings.IndexByte(file.Text, 0), "a NUL byte"
	if at < 0 && utf8.ValidString(file.Text) {
		return source.Diagnostic{}, false
	}
	for i, r := range file.Text {
		if at >= 0 && i >= at {
			break
		}
		if _, width := utf8.DecodeRuneInString(file.Text[i:]); r == utf8.RuneError && width == 1 {
			at, what = i, fmt.Sprintf("the byte %#x, which is not UTF-8", file.Text[i])
			break
		}
	}
	return source.Diagnostic{
		Code:    BadText,
		Span:    source.Span{File: file, Start: at, End: at + 1},
		Message: "the file is not a text: it holds " + what,
		Help:    []string{"programs are UTF-8 text; is this another kind of file?"},
	}, true
}

// translator tells the author of a declaration what is wrong with it.
type translator struct {
	file   *source.File
	tokens []lexer.Token // of the declaration, without comments
}

// misfit is the token that does not fit, and what would have fitted.
type misfit struct {
	index int
	token lexer.Token
	want  string
}

// span is where a token stands. An end of a line is no place of its own: it is
// told at the end of the token before it.
func (t *translator) span(token lexer.Token) source.Span {
	start := min(token.Pos.Offset, len(t.file.Text))
	return source.Span{File: t.file, Start: start, End: min(start+len(token.Value), len(t.file.Text))}
}

// at is the i-th token, and an EOF behind the last.
func (t *translator) at(i int) lexer.Token {
	if i < len(t.tokens) && i >= 0 {
		return t.tokens[i]
	}
	if len(t.tokens) == 0 {
		return lexer.EOFToken(lexer.Position{})
	}
	return lexer.EOFToken(tokenEnd(t.tokens[len(t.tokens)-1]))
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

// open is the index of the innermost bracket among these that is open before
// the i-th token, or -1.
func (t *translator) open(i int, among string) int {
	depth := 0
	for i--; i >= 0; i-- {
		switch token := t.at(i); {
		case token.Type != MarkToken && token.Type != TouchToken:
		case token.Value == "" || !strings.Contains("()[]{}", token.Value):
		case strings.Contains(")]}", token.Value):
			depth++
		case depth > 0:
			depth--
		case strings.Contains(among, token.Value):
			return i
		default:
			return -1
		}
	}
	return -1
}

// brace is the index of the innermost brace that is open before the i-th token,
// or -1 in the header of a declaration.
func (t *translator) brace(i int) int {
	for i = t.open(i, "{(["); i >= 0 && t.at(i).Value != "{"; {
		i = t.open(i, "{([")
	}
	return i
}

// repair takes the statement around a misfit out, or closes braces that are
// never closed, and reports whether it is worth reading the rest.
func (t *translator) repair(m misfit) bool {
	brace := t.brace(m.index)
	switch {
	case m.index >= len(t.tokens) && brace >= 0:
		end := tokenEnd(t.tokens[len(t.tokens)-1])
		t.tokens = append(slices.Clone(t.tokens),
			lexer.Token{Type: EndToken, Pos: end}, lexer.Token{Type: MarkToken, Value: "}", Pos: end}, lexer.Token{Type: EndToken, Pos: end})
		if before := t.tokens[m.index-1]; before.Type == EndToken || before.Value == "{" {
			t.tokens = slices.Delete(t.tokens, m.index, m.index+1)
		}
		return true
	case brace < 0:
		return t.dropRest(m.index)
	}
	start, end := t.statement(brace, m.index, t.lastOf(m))
	t.tokens = slices.Delete(slices.Clone(t.tokens), start, end)
	return end > start
}

// lastOf is the misfit's own index, or the index of the bracket in a later line
// that closes what the misfit left open.
func (t *translator) lastOf(m misfit) int {
	depth := 0
	if t.open(m.index, "([") < 0 || m.token.Type != EndToken {
		return m.index
	}
	for i := m.index; i < len(t.tokens); i++ {
		token := t.tokens[i]
		switch {
		case token.Type != MarkToken && token.Type != TouchToken:
		case token.Value == "{" || token.Value == "}" || token.Value == "=":
			return m.index
		case token.Value == "(" || token.Value == "[":
			depth++
		case token.Value == ")" || token.Value == "]":
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return m.index
}

// dropRest takes out what follows a declaration that is whole before the i-th
// token.
func (t *translator) dropRest(i int) bool {
	if i < 2 || i >= len(t.tokens) || t.tokens[i-1].Type != EndToken {
		return false
	}
	t.tokens = t.tokens[:i]
	return true
}

// statement is the range of tokens, its End included, of the statement from
// around the token at first to around the one at last, in the block that a brace
// opens.
func (t *translator) statement(brace, first, last int) (start, end int) {
	start, depth := brace+1, 0
	for end = brace + 1; end < len(t.tokens); end++ {
		switch token := t.tokens[end]; {
		case token.Type == MarkToken && token.Value == "{":
			depth++
		case token.Type == MarkToken && token.Value == "}":
			depth--
		case token.Type == EndToken && depth == 0 && end >= last:
			return start, end + 1
		case token.Type == EndToken && depth == 0 && end < first:
			start = end + 1
		}
		if depth < 0 {
			return start, end
		}
	}
	return start, end
}
