package exec

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"ncd/compiler/plan"
)

// Measured is what a step of the plan has taken, in a machine bound with
// Options.Profile.
type Measured struct {
	Step   int           // of the plan
	Origin plan.Origin   // of it
	Each   time.Duration // in one run, on average
	Share  float64       // of the time of all steps
	Flops  int           // multiplications and additions of its products, in one run
}

// Profile lists the steps by what they have taken, the longest first; nothing if they
// are not measured or have not run.
func (m *Machine) Profile() []Measured {
	if m.spent == nil || m.measured == 0 {
		return nil
	}
	var total time.Duration
	for _, t := range m.spent {
		total += t
	}
	list := make([]Measured, len(m.spent))
	for i, t := range m.spent {
		s := m.plan.Steps[i]
		list[i] = Measured{i, s.Origin, t / time.Duration(m.measured), float64(t) / float64(max(total, 1)), flops(s.Kernel)}
	}
	slices.SortStableFunc(list, func(a, b Measured) int { return cmp.Compare(b.Each, a.Each) })
	return list
}

// PrintProfile writes the first lines of the profile: time of one run in microseconds,
// share, speed of the products in GF/s, then the line of the source and the step.
func (m *Machine) PrintProfile(w io.Writer, lines int) {
	list := m.Profile()
	for _, l := range list[:min(lines, len(list))] {
		speed := ""
		if l.Flops > 0 && l.Each > 0 {
			speed = fmt.Sprintf("%.0f GF/s", float64(l.Flops)/float64(l.Each.Nanoseconds()))
		}
		fmt.Fprintf(w, "%10.1f µs %5.1f %%  %9s  %s  %s\n",
			float64(l.Each.Nanoseconds())/1e3, 100*l.Share, speed, lineOf(l.Origin), m.plan.Steps[l.Step])
	}
}

// lineOf is the line of the source that a step came from.
func lineOf(o plan.Origin) string {
	if o.Span.IsZero() {
		return "-"
	}
	line, column := o.Span.File.Position(o.Span.Start)
	return fmt.Sprintf("%s:%d:%d", o.Span.File.Name, line, column)
}

// flops counts two for every multiply-add of matrix products, those inside nests too.
func flops(k plan.Kernel) int {
	switch k := k.(type) {
	case plan.Gemm:
		return 2 * plan.Count(k.Batch) * plan.Count(k.Taps) * k.M * k.N * k.K
	case plan.Winograd: // as the sum over the window has them
		return 2 * k.Images * k.Rows * k.Cols * 9 * k.Channels * k.Filters
	case plan.Nest:
		n := 0
		for _, s := range k.Steps {
			n += flops(s.Kernel)
		}
		return n * plan.Count(k.Dims)
	}
	return 0
}
