package lsp

import (
	"sort"
	"unicode/utf8"
)

// position is a place as the protocol counts it: lines from 0, and in a line UTF-16
// code units from 0.
type position struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

// extent is the places from Start up to End.
type extent struct {
	Start position `json:"start"`
	End   position `json:"end"`
}

// lines turns byte offsets of a text into positions and back.
type lines struct {
	text   string
	starts []int // where each line begins
}

func newLines(text string) *lines {
	l := &lines{text, []int{0}}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			l.starts = append(l.starts, i+1)
		}
	}
	return l
}

// position is where an offset is; one outside the text is moved to its nearer end,
// and one inside a rune to its beginning.
func (l *lines) position(offset int) position {
	offset = min(max(offset, 0), len(l.text))
	for offset < len(l.text) && offset > 0 && !utf8.RuneStart(l.text[offset]) {
		offset--
	}
	line := sort.SearchInts(l.starts, offset+1) - 1
	units := 0
	for _, r := range l.text[l.starts[line]:offset] {
		units += unitsOf(r)
	}
	return position{line, units}
}

// offset is the byte at a position. A line that is not there is the end of the text,
// a character behind a line's end that end, and one inside a pair the pair's beginning.
func (l *lines) offset(p position) int {
	switch {
	case p.Line < 0:
		return 0
	case p.Line >= len(l.starts):
		return len(l.text)
	}
	at, units := l.starts[p.Line], 0
	for at < len(l.text) && l.text[at] != '\n' && l.text[at] != '\r' {
		r, width := utf8.DecodeRuneInString(l.text[at:])
		if units += unitsOf(r); units > p.Character {
			break
		}
		at += width
	}
	return at
}

func (l *lines) extent(start, end int) extent {
	return extent{l.position(start), l.position(end)}
}

// unitsOf is how many UTF-16 code units a rune takes.
func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}
