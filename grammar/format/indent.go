package format

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"
)

// bracket is an open bracket or statement while columns are given out.
type bracket struct {
	mark    string
	indent  int  // of the line it stands in
	column  int  // of the bracket itself
	inside  int  // column of what follows it in its line, or -1 if nothing does
	flow    int  // column of the first `>>` in it, or -1
	pending bool // what follows it in its line has not been met yet
}

// place gives every line its indent and every cell its column.
func (l *layout) place() {
	p := placer{open: []bracket{{mark: "{", indent: -indentWidth, inside: -1, flow: -1}}}
	next := l.nextTokens()
	for i, line := range l.lines {
		if line.begins {
			p.top().flow = -1
		}
		line.indent = p.indent(line, next[i])
		if line.begins && len(line.cells) > 0 {
			p.further = indentWidth
			if l.keys[line.cells[0].token.Pos.Offset] {
				p.further = keyWidth
			}
		}
		column := line.indent
		for j, c := range line.cells {
			if j > 0 {
				column += c.gap + c.pad
			}
			c.column = column
			p.pass(c, line, j == len(line.cells)-1)
			column += width(c.token.Value)
		}
	}
}

// nextTokens gives for each line the first token from it on.
func (l *layout) nextTokens() []lexer.Token {
	next := make([]lexer.Token, len(l.lines))
	var token lexer.Token
	for i, line := range slices.Backward(l.lines) {
		if len(line.cells) > 0 {
			token = line.cells[0].token
		}
		next[i] = token
	}
	return next
}

// placer knows what is open at a place.
type placer struct {
	open    []bracket
	further int // how much further in than its first line a statement goes on
}

func (p *placer) top() *bracket { return &p.open[len(p.open)-1] }

// base is the indent of statements in the innermost braces.
func (p *placer) base() int {
	level := -1
	for _, b := range p.open {
		if b.mark == "{" {
			level++
		}
	}
	return level * indentWidth
}

// indent is the indent of a line that begins with a token, or is a comment
// before it.
func (p *placer) indent(line *line, first lexer.Token) int {
	top := p.top()
	switch {
	case len(line.cells) > 0 && isMark(first, "}"):
		return max(0, p.base()-indentWidth)
	case top.mark == "{" && (line.begins || first.Value == "else" || first.Value == "reverse"):
		return p.base()
	case isMark(first, ">>") && top.flow >= 0:
		return top.flow
	case top.mark == "{":
		return p.base() + p.further
	case len(line.cells) > 0 && closes(first) && top.inside < 0:
		return top.indent
	case len(line.cells) > 0 && closes(first):
		return top.column
	case top.inside < 0:
		return top.indent + indentWidth
	}
	return top.inside
}

// pass moves over a cell.
func (p *placer) pass(c *cell, line *line, last bool) {
	top := p.top()
	if top.pending {
		top.inside, top.pending = c.column, false
	}
	switch t := c.token; {
	case opens(t):
		p.open = append(p.open, bracket{mark: t.Value, indent: line.indent, column: c.column, inside: -1, flow: -1, pending: !last})
	case closes(t) && len(p.open) > 1:
		p.open = p.open[:len(p.open)-1]
	case isMark(t, ">>") && top.flow < 0:
		top.flow = c.column
	case isMark(t, ",") || t.Value == ";":
		top.flow = -1
	}
}
