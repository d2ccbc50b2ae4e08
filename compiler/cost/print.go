package cost

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ncd/compiler/shape"
)

// Print writes the table for people: a line for each box, parts indented below what
// they are parts of, and one for all. Parts deeper than depth are left to what holds
// them; 0 shows all. Columns that are empty throughout are left out.
func (t *Table) Print(w io.Writer, depth int) {
	rows := [][]string{append([]string{"box", "kind"}, titles...)}
	for _, l := range t.Total.Parts {
		rows = l.rows(rows, 1, depth)
	}
	total := *t.Total
	total.Name, total.Kind = "in all", ""
	rows = append(rows, total.row(0))
	printAligned(w, withoutEmpty(rows))
}

// titles are the columns of counts.
var titles = []string{
	"multiply-adds", "backward", "other operations", "backward", "update", "weights", "kept", "peak bytes",
}

func (l *Line) counts() []shape.Size {
	return []shape.Size{
		l.Forward.MultiplyAdds, l.Backward.MultiplyAdds.Add(l.Update.MultiplyAdds),
		l.Forward.Scalar, l.Backward.Scalar, l.Update.Scalar,
		l.Weights, l.Kept, shape.Int(l.Peak),
	}
}

func (l *Line) rows(rows [][]string, level, depth int) [][]string {
	rows = append(rows, l.row(level-1))
	if level != depth {
		for _, p := range l.Parts {
			rows = p.rows(rows, level+1, depth)
		}
	}
	return rows
}

func (l *Line) row(indent int) []string {
	kind := l.Kind
	if kind == l.Name {
		kind = ""
	}
	row := []string{strings.Repeat("  ", indent) + l.Name, kind}
	for _, n := range l.counts() {
		row = append(row, written(n))
	}
	return row
}

// written is a count for people: digits in groups, nothing for none.
func written(n shape.Size) string {
	if n.IsZero() {
		return ""
	}
	if i, ok := n.Int(); ok {
		return Grouped(i)
	}
	return n.String()
}

// Grouped writes a whole number with its digits in groups of three.
func Grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

// withoutEmpty leaves out the columns that have nothing but a title.
func withoutEmpty(rows [][]string) [][]string {
	shown := make([][]string, len(rows))
	for column := range rows[0] {
		if column > 0 && !slices.ContainsFunc(rows[1:], func(row []string) bool { return row[column] != "" }) {
			continue
		}
		for i, row := range rows {
			shown[i] = append(shown[i], row[column])
		}
	}
	return shown
}

// printAligned writes rows with names to the left and counts to the right.
func printAligned(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	isLeft := func(column int) bool { return column == 0 || rows[0][column] == "kind" }
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if isLeft(i) {
				b.WriteString(cell + space + "  ")
			} else {
				b.WriteString(space + cell + "  ")
			}
		}
		fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
	}
}

// Print writes the table, and below it what is kept, what crosses layers on the way
// back, and what a run of the plan takes.
func (t *Training) Print(w io.Writer, depth int) {
	t.Table.Print(w, depth)
	fmt.Fprintln(w)
	printAligned(w, append(t.rows(), t.Run.rows()...))
}

func (t *Training) rows() [][]string {
	return [][]string{
		{"kept for the way back", Grouped(t.KeptBytes) + " bytes"},
		{"crosses layers backward", t.Transfer.Between.String() + ", " + counted(t.Transfer.Layers, "layer")},
		{"from the losses to layers", t.Transfer.FromLoss.String()},
	}
}

// Print writes what a run takes in all.
func (r *Run) Print(w io.Writer) { printAligned(w, r.rows()) }

func (r *Run) rows() [][]string {
	return [][]string{
		{"multiply-adds of a run", Grouped(r.MultiplyAdds)},
		{"other operations of a run", Grouped(r.Scalar)},
		{"moved by a run", Grouped(r.Moved) + " bytes"},
		{"peak memory", Grouped(r.Peak) + " bytes"},
	}
}

// String says how many arrays and bytes.
func (s Sum) String() string {
	if s.Arrays == 0 {
		return "nothing"
	}
	return counted(s.Arrays, "array") + ", " + Grouped(s.Bytes) + " bytes"
}

func counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return Grouped(n) + " " + thing
}
