// Package source holds the text of programs and what is said about it: files,
// spans of them, and diagnostics with their places.
//
// It is a leaf: everything that reads, checks or runs a program speaks it, and
// it knows none of them.
package source

import (
	"sort"
	"strings"
	"sync"
)

// File is the whole text of one source file under the name the author knows. Its
// methods may be called from several goroutines; it must not be copied.
type File struct {
	Name string
	Text string

	once  sync.Once
	lines []int // offset of the first byte of each line, built on first use
}

// Position turns a byte offset into a line and a column, both from 1. Columns
// count runes. An offset outside the text is moved to its nearer end.
func (f *File) Position(offset int) (line, column int) {
	offset = max(0, min(offset, len(f.Text)))
	starts := f.lineStarts()
	line = sort.SearchInts(starts, offset+1)
	return line, len([]rune(f.Text[starts[line-1]:offset])) + 1
}

// Line returns the text of a line, counted from 1, without its end.
func (f *File) Line(line int) string {
	starts := f.lineStarts()
	if line < 1 || line > len(starts) {
		return ""
	}
	end := len(f.Text)
	if line < len(starts) {
		end = starts[line] - 1
	}
	return strings.TrimSuffix(f.Text[starts[line-1]:end], "\r")
}

func (f *File) lineStarts() []int {
	f.once.Do(func() {
		f.lines = []int{0}
		for i := range len(f.Text) {
			if f.Text[i] == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
	return f.lines
}

// Span is the stretch of a file from byte Start up to byte End. The zero Span
// is no place at all.
type Span struct {
	File       *File
	Start, End int
}

// IsZero reports whether the span is no place.
func (s Span) IsZero() bool { return s.File == nil }

// Text is what the span covers.
func (s Span) Text() string {
	if s.IsZero() {
		return ""
	}
	return s.File.Text[s.Start:s.End]
}

// Join is the smallest span that holds both, which must be of one file; a span
// that is no place gives way to the other.
func (s Span) Join(t Span) Span {
	switch {
	case s.IsZero():
		return t
	case t.IsZero():
		return s
	}
	return Span{s.File, min(s.Start, t.Start), max(s.End, t.End)}
}

// Code is the lasting name of a kind of diagnostic. Wording may change, codes
// do not.
type Code string

// Severity says whether a diagnostic stops the program.
type Severity int

// An Error stops the program; a Remark says what was understood.
const (
	Error Severity = iota
	Remark
)

// Note is another place that took part in a diagnostic, and what it had to do
// with it.
type Note struct {
	Span    Span
	Message string
}

// Diagnostic tells the author of a program one thing about it.
type Diagnostic struct {
	Code     Code
	Severity Severity
	Span     Span
	Message  string   // what was found and what was wanted, in the author's names
	Label    string   // said beneath the carets; may be empty
	Notes    []Note   // every other place that took part
	Help     []string // mends, the likeliest first
}

// Explanation tells at length what a code means.
type Explanation struct {
	Code    Code
	Meaning string // what is wrong with the program
	Mend    string // what to do about it
	Example string // a small program that yields the code
}
