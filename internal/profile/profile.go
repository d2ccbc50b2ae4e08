// Package profile says where the time of a run went: for each step of a plan how
// long it took, what it computed and moved in that time, and the line of the
// program that it is of.
//
// In goes a plan with the times that a machine measured, out come rows, and a table
// of them. It runs nothing.
package profile

import (
	"cmp"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"ncd/compiler/cost"
	"ncd/compiler/plan"
	"ncd/grammar/source"
)

// Row is one step of a plan, in the mean of all runs.
type Row struct {
	Step       int     `json:"step"` // its number in the plan
	Seconds    float64 `json:"seconds"`
	Share      float64 `json:"share"` // of the time of all steps
	Kernel     string  `json:"kernel"`
	Kind       string  `json:"kind"` // of its box
	Box        string  `json:"box"`
	Pass       string  `json:"pass"`
	Place      string  `json:"place,omitempty"` // file and line
	Operations int     `json:"operations"`      // floating-point operations
	Moved      int     `json:"moved"`           // bytes
}

// Of puts together what the steps of a plan took over so many runs, the longest
// first.
func Of(p *plan.Plan, spent []time.Duration, runs int) []Row {
	counted := cost.OfPlan(p)
	total := 0.0
	rows := make([]Row, len(spent))
	for i, t := range spent {
		step, origin := counted.Steps[i], p.Steps[i].Origin
		rows[i] = Row{
			Step: i, Seconds: t.Seconds() / float64(max(runs, 1)),
			Kernel: strings.ToLower(reflect.TypeOf(p.Steps[i].Kernel).Name()),
			Kind:   origin.Kind, Box: origin.Box, Pass: origin.Pass, Place: placeOf(origin.Span),
			Operations: step.Operations(), Moved: step.Moved,
		}
		total += rows[i].Seconds
	}
	for i := range rows {
		if total > 0 {
			rows[i].Share = rows[i].Seconds / total
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(b.Seconds, a.Seconds) })
	return rows
}

func placeOf(span source.Span) string {
	if span.IsZero() {
		return ""
	}
	line, _ := span.File.Position(span.Start)
	return fmt.Sprintf("%s:%d", span.File.Name, line)
}

// perSecond is how many of something a second of the row holds, in thousand
// millions.
func (r Row) perSecond(n int) string {
	if n == 0 || r.Seconds == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", float64(n)/r.Seconds/1e9)
}

// Print writes rows as a table, and their sum.
func Print(w io.Writer, rows []Row) error {
	var numbers strings.Builder
	t := tabwriter.NewWriter(&numbers, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "µs\t%\tGFLOP/s\tGB/s\toperations\tbytes\tstep\t\n")
	sum := Row{Share: 1, Step: -1}
	for _, r := range rows {
		r.numbers(t)
		sum.Seconds, sum.Operations, sum.Moved = sum.Seconds+r.Seconds, sum.Operations+r.Operations, sum.Moved+r.Moved
	}
	sum.numbers(t)
	if err := t.Flush(); err != nil {
		return err
	}
	words := append([]string{"what"}, make([]string, len(rows)+1)...)
	for i, r := range rows {
		words[i+1] = r.words()
	}
	words[len(words)-1] = "in all"
	for i, line := range strings.Split(strings.TrimSuffix(numbers.String(), "\n"), "\n") {
		if _, err := fmt.Fprintf(w, "%s  %s\n", line, words[i]); err != nil {
			return err
		}
	}
	return nil
}

// numbers writes the columns of a row that are numbers.
func (r Row) numbers(w io.Writer) {
	step := fmt.Sprint(r.Step)
	if r.Step < 0 {
		step = ""
	}
	fmt.Fprintf(w, "%.1f\t%.1f\t%s\t%s\t%d\t%d\t%s\t\n",
		1e6*r.Seconds, 100*r.Share, r.perSecond(r.Operations), r.perSecond(r.Moved), r.Operations, r.Moved, step)
}

// words say which step it is.
func (r Row) words() string {
	return strings.Join(slices.DeleteFunc([]string{r.Kernel, r.Kind, r.Box, r.Pass, r.Place}, func(s string) bool { return s == "" }), ", ")
}
