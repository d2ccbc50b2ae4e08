package check

import (
	"math/bits"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// Limits bound what a program may cost to check, whatever it says.
type Limits struct {
	Bytes int64 // of an imported file
	Turns int   // of the loops of a diagram, all together
	Calls int   // diagrams used inside a diagram, all together
}

// DefaultLimits are those of Options without any.
func DefaultLimits() Limits { return Limits{Bytes: 4 << 20, Turns: 10000, Calls: 10000} }

// MostPlaces is how many places an axis may have, and MostNumbers how many numbers an
// array: what is larger is a slip of the pen, and later stages need not fear that a
// product of sizes is no int.
const (
	MostPlaces  = 1<<31 - 1
	MostNumbers = 1 << 40
)

// holdLimit holds that an axis has not too many places; of letters nothing is known.
func (e *elaborator) holdLimit(size shape.Size, x grammar.Expr) bool {
	n, isNumber := size.Int()
	if !isNumber || n <= MostPlaces {
		return true
	}
	d := e.fault(SizeLimit, x.Span(), "an axis of %d places is more than the %d that are taken", n, MostPlaces)
	d.Help = append(d.Help, "`ncd help limits` lists what is refused as too large")
	return false
}

// holdArrays holds that no array has too many numbers; it tells of the first.
func (e *elaborator) holdArrays(d *diagram.Diagram) bool {
	for _, w := range d.In {
		if !e.holdArray("a wire", w.Type.Axes, w.Span) {
			return false
		}
	}
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			if !e.holdArrays(body) {
				return false
			}
		}
		for _, w := range b.Out {
			if !e.holdArray("a wire", w.Type.Axes, w.Span) {
				return false
			}
		}
	}
	return true
}

func (e *elaborator) holdArray(what string, axes shape.Shape, span source.Span) bool {
	if isHeld(axes) {
		return true
	}
	d := e.fault(SizeLimit, span, "%s %s has more than the %d numbers that are taken, or an axis of more than %d places", what, axes, MostNumbers, MostPlaces)
	d.Help = append(d.Help, "`ncd help limits` lists what is refused as too large")
	return false
}

// isHeld reports whether an array is within the limits; of letters nothing is known.
func isHeld(axes shape.Shape) bool {
	numbers := uint64(1)
	for _, a := range axes {
		n, isNumber := a.Size.Int()
		if !isNumber || n < 0 {
			return true
		}
		high, low := bits.Mul64(numbers, uint64(n))
		if numbers = low; n > MostPlaces || high > 0 || low > MostNumbers {
			return false
		}
	}
	return true
}
