package grammar

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// piece is the tokens of one declaration, comments left out, and what the
// comment lines right above it say.
type piece struct {
	tokens []lexer.Token
	doc    string
}

// isLeftover reports whether a piece is lines that belong to a declaration whose
// end was not where its author thought.
func (p piece) isLeftover() bool {
	first := p.tokens[0]
	return !isDeclaring(first) && (first.Pos.Column > 1 || first.Value == "}")
}

var declares = setOf("import axis const diagram rule train figure test")

func isDeclaring(t lexer.Token) bool {
	return t.Type == KeywordToken && t.Pos.Column == 1 && declares[t.Value]
}

// pieces cuts a file's tokens at each line that begins outside of all braces,
// and at each declaration keyword in column 1, whatever braces are open.
func pieces(tokens []lexer.Token) []piece {
	var all []piece
	var now piece
	braces := 0
	for i, t := range tokens {
		if t.Type == CommentToken || t.Type == lexer.EOF {
			continue
		}
		ended := len(now.tokens) > 0 && now.tokens[len(now.tokens)-1].Type == EndToken
		if isDeclaring(t) || ended && braces == 0 {
			all = append(all, now)
			now, braces = piece{doc: docAbove(tokens[:i], t)}, 0
		}
		if t.Type == MarkToken && t.Value == "{" {
			braces++
		} else if t.Type == MarkToken && t.Value == "}" {
			braces = max(0, braces-1)
		}
		now.tokens = append(now.tokens, t)
	}
	all = append(all, now)
	return slices.DeleteFunc(all, piece.isEmpty)
}

// isEmpty reports whether a piece is nothing but the end of a line of comments.
func (p piece) isEmpty() bool {
	return !slices.ContainsFunc(p.tokens, func(t lexer.Token) bool { return t.Type != EndToken || t.Value != "" })
}

// docAbove is the text of the comments that fill the lines right above a token,
// one line each.
func docAbove(before []lexer.Token, t lexer.Token) string {
	var lines []string
	above := t.Pos.Line - 1
	for i := len(before) - 1; i >= 0; i-- {
		c := before[i]
		if c.Type == EndToken && c.Value == "" {
			continue
		}
		if c.Type != CommentToken || c.Pos.Line != above || i > 0 && endsOn(before[:i], above) {
			break
		}
		lines = append(lines, commentText(c))
		above--
	}
	slices.Reverse(lines)
	return strings.Join(lines, "\n")
}

// endsOn reports whether the last token that has a text ends on a line.
func endsOn(tokens []lexer.Token, line int) bool {
	for _, t := range slices.Backward(tokens) {
		if t.Type != EndToken || t.Value != "" {
			return t.Pos.Line == line
		}
	}
	return false
}

func commentText(t lexer.Token) string {
	return strings.TrimPrefix(strings.TrimPrefix(t.Value, "#"), " ")
}

// docOnTop is the text of the comment a file begins with, where it stands apart
// from the first declaration.
func docOnTop(tokens []lexer.Token) string {
	var lines []string
	for i, t := range tokens {
		if i > 0 && t.Pos.Line != tokens[i-1].Pos.Line+1 {
			break
		}
		if t.Type != CommentToken {
			return ""
		}
		lines = append(lines, commentText(t))
	}
	return strings.Join(lines, "\n")
}
