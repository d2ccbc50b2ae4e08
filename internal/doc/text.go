package doc

import (
	"fmt"
	"io"
	"strings"
)

// List writes the names of some files' entries, a line each with the beginning of
// what is said of it.
func List(w io.Writer, files []File) error {
	var b strings.Builder
	for i, f := range files {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintln(&b, f.Name)
		for _, e := range f.Entries {
			line := fmt.Sprintf("    %-26s %s", e.label(), FirstSentence(e.Doc))
			fmt.Fprintln(&b, strings.TrimRight(line, " "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// label is the name of an entry, with its kind where it is no box.
func (e Entry) label() string {
	if e.Kind == "diagram" || e.Kind == "primitive" {
		return e.Name
	}
	return strings.TrimSpace(e.Kind + " " + e.Name)
}

// Text writes all that is to be said of some entries for a terminal.
func Text(w io.Writer, entries ...Entry) error {
	var b strings.Builder
	for i, e := range entries {
		if i > 0 {
			b.WriteString("\n\n")
		}
		e.text(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (e Entry) text(b *strings.Builder) {
	fmt.Fprintf(b, "%s\n    from %s\n", e.Signature, e.File)
	if e.Doc != "" {
		fmt.Fprintf(b, "\n%s\n", strings.TrimSpace(e.Doc))
	}
	if len(e.Parameters) > 0 {
		b.WriteString("\nParameters:\n")
	}
	for _, p := range e.Parameters {
		fmt.Fprintf(b, "    %s\n", strings.TrimRight(fmt.Sprintf("%-16s %-14s %s", p.Name, p.Kind, p.defaultWords()), " "))
	}
	if e.isDrawn() {
		fmt.Fprintf(b, "\nFigure: %s\n", e.drawLine())
	}
}

func (p Parameter) defaultWords() string {
	switch {
	case p.Default != "":
		return "default " + p.Default
	case p.Kind == "axes":
		return ""
	}
	return "must be given"
}

// isDrawn reports whether the entry has a figure.
func (e Entry) isDrawn() bool { return e.Kind == "diagram" }

// drawLine is what draws the entry's figure.
func (e Entry) drawLine() string {
	return fmt.Sprintf("ncd render %s %s -o %s.svg", e.File, e.Name, e.Name)
}
