package grammar

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar/source"
)

// translator tells the author of a declaration what is wrong with it.
type translator struct {
	file   *source.File
	tokens []lexer.Token // of the declaration, without comments
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
