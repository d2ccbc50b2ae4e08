package grammar

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"
)

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
