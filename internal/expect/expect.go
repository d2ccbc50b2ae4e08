// Package expect holds the wires of a test against what the test expects of them.
//
// In go the claims of a test and the arrays that its diagram made, out come the
// claims that do not hold, told at their lines with the first number that differs.
package expect

import (
	"fmt"
	"math"
	"strings"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/runtime/tensor"
)

// Unmet tells the claims that do not hold. arrays are those of the test's diagram,
// in the order of its results.
func Unmet(claims []check.Claim, arrays []*tensor.Tensor) []source.Diagnostic {
	var said []source.Diagnostic
	for _, c := range claims {
		if d, isMet := compare(c, arrays[c.Got], arrays[c.Wanted]); !isMet {
			said = append(said, d)
		}
	}
	return said
}

// compare holds one array against another of the same axes.
func compare(c check.Claim, got, wanted *tensor.Tensor) (source.Diagnostic, bool) {
	a, b := numbers(got), numbers(wanted)
	first, count, greatest := -1, 0, 0.0
	for i := range a {
		if isNear(a[i], b[i], c.Within) {
			continue
		}
		if first < 0 {
			first = i
		}
		count++
		greatest = max(greatest, math.Abs(a[i]-b[i]))
	}
	if first < 0 {
		return source.Diagnostic{}, true
	}
	d := source.Diagnostic{
		Code: check.UnmetClaim, Span: c.Span,
		Message: fmt.Sprintf("got %.8g, want %.8g within %g%s", a[first], b[first], c.Within, placeText(got, first)),
	}
	if count > 1 {
		d.Help = append(d.Help, fmt.Sprintf("%d of %d numbers differ, by %.3g at most", count, len(a), greatest))
	}
	return d, false
}

func numbers(t *tensor.Tensor) []float64 { return tensor.Elements[float64](t.Convert(tensor.Float64)) }

// isNear reports whether two numbers are as near as wanted. What is no number is
// near to what is none, and an infinity to itself.
func isNear(a, b, within float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= within
}

// placeText says where an element stands: `, at y = 1, x = 0`; nothing of a scalar.
func placeText(t *tensor.Tensor, element int) string {
	if len(t.Dims) == 0 {
		return ""
	}
	words := make([]string, len(t.Dims))
	for i := len(t.Dims) - 1; i >= 0; i-- {
		words[i] = fmt.Sprintf("%s = %d", t.Axes[i], element%t.Dims[i])
		element /= t.Dims[i]
	}
	return ", at " + strings.Join(words, ", ")
}
