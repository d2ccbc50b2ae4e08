package source

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limit is how many diagnostics Print prints at most.
const Limit = 100

// Print writes diagnostics in the order of the text, each with the lines it is
// about, and an empty line between two. From the 101st on they are only
// counted. With colour, ANSI escapes set off severity, places and margins.
func Print(w io.Writer, said []Diagnostic, colour bool) error {
	said = InOrder(said)
	shown := said[:min(len(said), Limit)]
	var text strings.Builder
	for i, d := range shown {
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(d.Text(colour))
	}
	if more := len(said) - len(shown); more > 0 {
		fmt.Fprintf(&text, "\n%d more not shown\n", more)
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// InOrder returns the diagnostics sorted by place: files in the order in which
// they are first mentioned, and in a file from its beginning. What has no place
// comes first.
func InOrder(said []Diagnostic) []Diagnostic {
	rank := map[*File]int{nil: 0}
	for _, d := range said {
		if _, known := rank[d.Span.File]; !known {
			rank[d.Span.File] = len(rank)
		}
	}
	sorted := slices.Clone(said)
	slices.SortStableFunc(sorted, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(rank[a.Span.File], rank[b.Span.File]),
			cmp.Compare(a.Span.Start, b.Span.Start),
			cmp.Compare(a.Span.End, b.Span.End),
		)
	})
	return sorted
}

// String names the severity as it is printed.
func (s Severity) String() string {
	if s == Remark {
		return "remark"
	}
	return "error"
}

// Text is the diagnostic as it is printed: what is said, an excerpt of each file
// that took part with the places underlined, and the mends.
func (d Diagnostic) Text(colour bool) string {
	p := printer{ink: ink{on: colour, severity: d.Severity}}
	p.line(p.strong(fmt.Sprintf("%s[%s]", d.Severity, d.Code)) + p.bold(": "+d.Message))
	places := d.places()
	for _, m := range places {
		p.margin = max(p.margin, len(fmt.Sprint(m.line)))
	}
	for len(places) > 0 {
		n := 1
		for n < len(places) && places[n].file == places[0].file {
			n++
		}
		p.excerpt(places[:n])
		places = places[n:]
	}
	for _, note := range d.Notes {
		if note.Span.IsZero() {
			p.advice("note", note.Message)
		}
	}
	for _, help := range d.Help {
		p.advice("help", help)
	}
	return p.text.String()
}

// mark is a place to underline: the part of one line that a span covers.
type mark struct {
	file    *File
	line    int
	columns [2]int // from 1, counted in runes; the second is behind the last
	label   string
	primary bool
}

// places are the diagnostic's own place and those of its notes: its own file
// first, and in a file in the order of the lines.
func (d Diagnostic) places() []mark {
	var marks []mark
	rank := map[*File]int{}
	add := func(s Span, label string, primary bool) {
		if s.IsZero() {
			return
		}
		if _, known := rank[s.File]; !known {
			rank[s.File] = len(rank)
		}
		marks = append(marks, newMark(s, label, primary))
	}
	add(d.Span, d.Label, true)
	for _, note := range d.Notes {
		add(note.Span, note.Message, false)
	}
	slices.SortStableFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(rank[a.file], rank[b.file]), cmp.Compare(a.line, b.line))
	})
	return marks
}

// newMark marks a span on the line it starts on.
func newMark(s Span, label string, primary bool) mark {
	line, start := s.File.Position(s.Start)
	endLine, end := s.File.Position(s.End)
	if endLine > line {
		end = len([]rune(s.File.Line(line))) + 1
	}
	return mark{s.File, line, [2]int{start, max(end, start+1)}, label, primary}
}

// printer writes one diagnostic.
type printer struct {
	ink
	text   strings.Builder
	margin int // width of the largest line number
}

func (p *printer) line(text string) {
	p.text.WriteString(strings.TrimRight(text, " "))
	p.text.WriteByte('\n')
}

// excerpt prints the lines of one file with what is marked in them.
func (p *printer) excerpt(marks []mark) {
	head := marks[0]
	for _, m := range marks {
		if m.primary {
			head = m
		}
	}
	blank := strings.Repeat(" ", p.margin)
	p.line(fmt.Sprintf("%s%s %s:%d:%d", blank, p.faint("-->"), head.file.Name, head.line, head.columns[0]))
	if !utf8.ValidString(head.file.Line(head.line)) { // noise on a screen tells nothing
		return
	}
	p.line(blank + p.faint(" |"))
	for i, m := range marks {
		if i == 0 || m.line != marks[i-1].line {
			p.line(p.faint(fmt.Sprintf("%*d | ", p.margin, m.line)) + shown(m.file.Line(m.line)))
		}
		p.line(blank + p.faint(" | ") + p.underline(m))
	}
}

// underline is the row beneath a line: carets or dashes, and what they say.
func (p *printer) underline(m mark) string {
	runes := []rune(m.file.Line(m.line))
	start := shownWidth(runes, m.columns[0]-1)
	width := max(1, shownWidth(runes, m.columns[1]-1)-start)
	row := strings.Repeat(" ", start)
	if m.primary {
		return row + p.strong(strings.TrimRight(strings.Repeat("^", width)+" "+m.label, " "))
	}
	return row + p.faint(strings.TrimRight(strings.Repeat("-", width)+" "+m.label, " "))
}

func (p *printer) advice(kind, text string) {
	p.line(strings.Repeat(" ", p.margin+1) + p.faint("= ") + p.bold(kind+": ") + text)
}

// ink colours words for a terminal, where it is on.
type ink struct {
	on       bool
	severity Severity
}

func (k ink) strong(text string) string {
	if k.severity == Remark {
		return k.escape("1;36", text)
	}
	return k.escape("1;31", text)
}

func (k ink) bold(text string) string  { return k.escape("1", text) }
func (k ink) faint(text string) string { return k.escape("34", text) }

func (k ink) escape(style, text string) string {
	if !k.on {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}
