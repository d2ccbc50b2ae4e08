package source

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// tabStop is how far apart tabs stop in a printed line, in columns.
const tabStop = 4

// shown is a line as it is printed: tabs are spaces, and what a terminal would
// not show, or would obey, is a replacement character.
func shown(line string) string {
	var text strings.Builder
	column := 0
	for _, r := range line {
		w := runeWidth(r, column)
		column += w
		switch {
		case r == '\t':
			text.WriteString(strings.Repeat(" ", w))
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			text.WriteRune(unicode.ReplacementChar)
		default:
			text.WriteRune(r)
		}
	}
	return text.String()
}

// shownWidth is how many columns the first n runes of a line take when printed;
// each rune behind the line's end takes one.
func shownWidth(line []rune, n int) int {
	columns := 0
	for i := range n {
		if i >= len(line) {
			columns++
			continue
		}
		columns += runeWidth(line[i], columns)
	}
	return columns
}

// runeWidth is how many columns a rune takes when it starts at a column, after
// Unicode Standard Annex 11.
func runeWidth(r rune, column int) int {
	switch {
	case r == '\t':
		return tabStop - column%tabStop
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
