package format

import (
	"github.com/alecthomas/participle/v2/lexer"

	"ncd/grammar"
	"ncd/grammar/source"
)

// indentWidth is how many spaces an open brace indents by.
const indentWidth = 4

// layout is a file as lines of cells, first as the author broke them, and then
// with their columns.
type layout struct {
	*regions
	lines  []*line
	unary  map[int]bool // offsets of `-` that negate
	index  map[int]bool // offsets of numbers that select, as in `a.0`
	square map[int]bool // offsets of tokens in square brackets
	depth  map[int]int  // how many brackets are open at an offset
	starts map[int]bool // offsets of tokens that start a line
}

// line is what stands in one line of the canonical text.
type line struct {
	cells       []*cell
	comment     string // with its #; alone in the line if there are no cells
	source      int    // the number of the line in the author's text
	blankBefore bool
	begins      bool // this line begins a statement
	indent      int
}

// cell is a token with its place.
type cell struct {
	token  lexer.Token
	gap    int // spaces before it, unless it is the first of its line
	pad    int // further spaces, for alignment
	column int // from 0
}

func newLayout(file *source.File, r *regions) *layout {
	l := &layout{
		regions: r, unary: map[int]bool{}, index: map[int]bool{}, square: map[int]bool{},
		depth: map[int]int{}, starts: map[int]bool{},
	}
	l.breakLines(grammar.Scan(file))
	l.noteNesting()
	for _, line := range l.lines {
		for i, c := range line.cells[min(1, len(line.cells)):] {
			c.gap = l.gap(line.cells[i].token, c.token)
		}
	}
	return l
}

// breakLines deals the tokens out to lines as the author broke them. A `;` stays
// only between two statements of one line.
func (l *layout) breakLines(tokens []lexer.Token) {
	now := &line{}
	ended := true
	for i, t := range tokens {
		switch {
		case t.Type == lexer.EOF:
		case t.Type == grammar.EndToken:
			ended = true
			if t.Value == ";" && t.Pos.Line == now.source && followedInLine(tokens, i) {
				now.cells = append(now.cells, &cell{token: t})
			}
		default:
			if len(l.lines) == 0 || t.Pos.Line > now.source {
				next := &line{source: t.Pos.Line, begins: ended}
				next.blankBefore = len(l.lines) > 0 && t.Pos.Line > now.source+1 && !now.opens() && !isMark(t, "}")
				l.lines = append(l.lines, next)
				now = next
			}
			if t.Type == grammar.CommentToken {
				now.comment = t.Value
				continue
			}
			now.cells = append(now.cells, &cell{token: t})
			ended = isMark(t, "{")
		}
	}
	l.settleComments()
}

// followedInLine reports whether another statement follows a `;` in its line.
func followedInLine(tokens []lexer.Token, i int) bool {
	next := tokens[i+1]
	return next.Pos.Line == tokens[i].Pos.Line && next.Type != grammar.CommentToken && next.Type != lexer.EOF && !isMark(next, "}")
}

// opens reports whether a line ends with an open brace.
func (l *line) opens() bool {
	return len(l.cells) > 0 && isMark(l.cells[len(l.cells)-1].token, "{")
}

// closes reports whether a line begins with the end of a block.
func (l *line) closes() bool { return len(l.cells) > 0 && isMark(l.cells[0].token, "}") }

// settleComments lets each line that is only a comment begin a statement if the
// next line of tokens does: the scanner ends a statement behind the comments
// that follow it.
func (l *layout) settleComments() {
	begins := true
	for i := len(l.lines) - 1; i >= 0; i-- {
		if line := l.lines[i]; len(line.cells) == 0 {
			line.begins = begins
		} else {
			begins = line.begins
		}
	}
}

// noteNesting walks over the tokens once and notes what brackets they are in,
// and which `-` negate.
func (l *layout) noteNesting() {
	var open []string
	before := lexer.Token{}
	for _, line := range l.lines {
		for i, c := range line.cells {
			t := c.token
			l.starts[t.Pos.Offset] = i == 0
			if closes(t) && len(open) > 0 {
				open = open[:len(open)-1]
			}
			l.noteToken(t, before, open)
			if opens(t) {
				open = append(open, t.Value)
			}
			before = t
		}
	}
}

func (l *layout) noteToken(t, before lexer.Token, open []string) {
	at := t.Pos.Offset
	for i := len(open) - 1; i >= 0 && open[i] != "{"; i-- {
		l.depth[at]++
		l.square[at] = l.square[at] || open[i] == "["
	}
	l.unary[at] = isMark(t, "-") && (l.starts[at] || isUnary(before)) // a line end ends a statement
	l.index[at] = t.Type == grammar.NumberToken && isMark(before, ".")
}

func opens(t lexer.Token) bool {
	return isMark(t, "(", "[", "{") || t.Type == grammar.TouchToken
}

func closes(t lexer.Token) bool { return isMark(t, ")", "]", "}") }

func (l *layout) startsLine(t lexer.Token) bool { return l.starts[t.Pos.Offset] }
