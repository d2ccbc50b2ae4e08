package format

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar"
)

// keyWidth is how many columns the key of a train block fills.
const keyWidth = 10

// gap is how many spaces stand between two tokens of a line.
func (l *layout) gap(before, t lexer.Token) int {
	switch {
	case l.keys[before.Pos.Offset] && l.startsLine(before):
		return max(1, keyWidth-width(before.Value))
	case isMark(before, "{") && isMark(t, "}"):
		return 0
	case isMark(before, "(", "[") || isMark(t, ")", "]", ",") || before.Type == grammar.TouchToken:
		return 0
	case t.Type == grammar.TouchToken || t.Value == ";":
		return 0
	case isMark(t, ".") && before.Type == grammar.NumberToken && !l.index[before.Pos.Offset]:
		return 1 // `1.5` would be one number
	case isMark(before, ".", "@", "^") || isMark(t, ".", "@", "^"):
		return 0
	case isMark(t, "(") && l.ports[t.Pos.Offset] && before.Type != grammar.StringToken:
		return 0
	case isMark(t, "[") && l.names[before.Pos.Offset]:
		return 0
	case l.units[before.Pos.Offset]:
		return 0
	case isMark(t, "..") || isMark(before, "..") && within(l.ranges, before.Pos.Offset):
		return 0
	case isMark(t, ":"):
		return l.besideColon(t)
	case isMark(before, ":"):
		return l.behindColon(before, t)
	case isMark(t, "=") && within(l.merges, t.Pos.Offset), isMark(before, "=") && within(l.merges, before.Pos.Offset):
		return 0
	case l.unary[before.Pos.Offset]:
		return 0
	case l.isTight(before) || l.isTight(t):
		return 0
	}
	return 1
}

// besideColon is the space before a colon: one in a claim, and otherwise none.
func (l *layout) besideColon(colon lexer.Token) int {
	if l.depth[colon.Pos.Offset] == 0 && within(l.expect, colon.Pos.Offset) {
		return 1
	}
	return 0
}

// behindColon is the space behind a colon: none before a size.
func (l *layout) behindColon(colon, t lexer.Token) int {
	if l.depth[colon.Pos.Offset] == 0 || l.params[t.Pos.Offset] {
		return 1
	}
	return 0
}

// isTight reports whether a token is an operator that has no spaces around it.
func (l *layout) isTight(t lexer.Token) bool {
	if !isMark(t, "+", "-", "*", "/") || l.unary[t.Pos.Offset] {
		return false
	}
	return within(l.tight, t.Pos.Offset) || isMark(t, "*", "/") && l.square[t.Pos.Offset]
}

func isMark(t lexer.Token, values ...string) bool {
	return t.Type == grammar.MarkToken && slices.Contains(values, t.Value)
}

// isUnary reports whether a `-` behind a token negates what follows.
func isUnary(before lexer.Token) bool {
	switch before.Type {
	case grammar.IdentToken, grammar.NumberToken, grammar.StringToken:
		return false
	case grammar.MarkToken:
		return !isMark(before, ")", "]", "..")
	}
	return true
}
