// Package format writes programs in their canonical form. In goes a source.File,
// out comes its text with the author's line breaks and comments, and with
// spaces, indentation and alignment of its own. It works from the tokens, since
// the tree keeps no comments; the tree tells apart what tokens alone do not.
//
// The canonical form:
//
//   - four spaces for each open brace; at most one empty line in a row;
//   - one space around operators, none around ^ . @ and .., and around * and /
//     only outside of square brackets; sizes behind a colon and exponents have
//     none at all;
//   - a line that goes on starts beneath the first `>>` of its statement if it
//     starts with `>>`, beneath what follows the bracket it is in, or else four
//     spaces further in;
//   - keys of train blocks fill ten columns, and what goes on starts behind them;
//   - `=` and `>>` that the author has put beneath each other stay so, and
//     comments behind neighbouring lines begin in one column.
package format

import (
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
)

// Format returns the canonical text of a file. A file with errors is not
// formatted: its diagnostics come back, and no text.
func Format(file *source.File) (string, []source.Diagnostic) {
	program, said := grammar.Parse(file)
	if len(said) > 0 {
		return "", said
	}
	l := newLayout(file, newRegions(program))
	l.align()
	return l.text(), nil
}

// text joins the lines, with comments behind them in columns.
func (l *layout) text() string {
	l.place()
	var out strings.Builder
	column := l.commentColumns()
	for i, line := range l.lines {
		if line.blankBefore {
			out.WriteByte('\n')
		}
		text := l.lineText(line)
		if line.comment != "" {
			if text != "" {
				text += strings.Repeat(" ", column[i]-width(text))
			} else {
				text = strings.Repeat(" ", line.indent)
			}
			text += line.comment
		}
		out.WriteString(text)
		out.WriteByte('\n')
	}
	return out.String()
}

// lineText is a line without its comment.
func (l *layout) lineText(line *line) string {
	var out strings.Builder
	for i, c := range line.cells {
		if i == 0 {
			out.WriteString(strings.Repeat(" ", line.indent))
		} else {
			out.WriteString(strings.Repeat(" ", c.gap+c.pad))
		}
		out.WriteString(c.token.Value)
	}
	return out.String()
}

// commentColumns gives each line that has something before its comment the
// column of the comment: the same for neighbouring lines of one block.
func (l *layout) commentColumns() []int {
	columns := make([]int, len(l.lines))
	start := 0
	for i, line := range l.lines {
		if i == 0 || !l.lines[i-1].hasComment() || line.blankBefore || l.lines[i-1].opens() || line.closes() {
			start = i
		}
		if !line.hasComment() {
			continue
		}
		column := max(columns[start], width(l.lineText(line))+2)
		for j := start; j <= i; j++ {
			columns[j] = column
		}
	}
	return columns
}

// hasComment reports whether a comment stands behind something.
func (l *line) hasComment() bool { return l.comment != "" && len(l.cells) > 0 }

// width counts runes, as an editor's column does.
func width(text string) int { return len([]rune(text)) }
