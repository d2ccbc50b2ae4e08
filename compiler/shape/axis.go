package shape

import (
	"fmt"
	"slices"
	"strings"
)

// Axis is a named direction of an array, with a size.
type Axis struct {
	Label string
	Size  Size
}

// String writes the axis as a type does: `m`, or `m:64` where the size is not
// the letter of the label itself.
func (a Axis) String() string {
	if a.Size.Equal(Letter(a.Label)) {
		return a.Label
	}
	return a.Label + ":" + a.Size.String()
}

// Equal reports whether label and size agree.
func (a Axis) Equal(b Axis) bool { return a.Label == b.Label && a.Size.Equal(b.Size) }

// Shape is the axes of an array, outermost first: the order in memory, and from
// top to bottom in a figure.
type Shape []Axis

// Index is where the axis of that label stands, or -1.
func (s Shape) Index(label string) int {
	return slices.IndexFunc(s, func(a Axis) bool { return a.Label == label })
}

// Labels lists the labels in order.
func (s Shape) Labels() []string {
	labels := make([]string, len(s))
	for i, a := range s {
		labels[i] = a.Label
	}
	return labels
}

// Equal reports whether the axes are the same, in the same order.
func (s Shape) Equal(t Shape) bool { return slices.EqualFunc(s, t, Axis.Equal) }

// Places is how many numbers an array of the shape holds.
func (s Shape) Places() Size {
	product := Int(1)
	for _, a := range s {
		product = product.Mul(a.Size)
	}
	return product
}

// Ints gives the sizes as numbers; it errs, naming the axis, where one is none.
func (s Shape) Ints() ([]int, error) {
	sizes := make([]int, len(s))
	for i, a := range s {
		if err := a.Size.Check(); err != nil {
			return nil, fmt.Errorf("axis `%s`: %w", a.Label, err)
		}
		sizes[i] = a.Size.MustInt()
	}
	return sizes, nil
}

// Replace puts sizes in the place of letters, in every axis.
func (s Shape) Replace(letter func(string) (Size, bool)) Shape {
	replaced := make(Shape, len(s))
	for i, a := range s {
		replaced[i] = Axis{a.Label, a.Size.Replace(letter)}
	}
	return replaced
}

// String writes the shape as the language does: [row col c:3].
func (s Shape) String() string {
	words := make([]string, len(s))
	for i, a := range s {
		words[i] = a.String()
	}
	return "[" + strings.Join(words, " ") + "]"
}

// Type is the type of a wire: its axes, and what its elements are.
type Type struct {
	Axes Shape
	In   *Axis // elements are places along this axis; nil: they are numbers
}

// IsPlace reports whether the elements are places along an axis.
func (t Type) IsPlace() bool { return t.In != nil }

// Equal reports whether axes and elements agree.
func (t Type) Equal(u Type) bool {
	if t.IsPlace() != u.IsPlace() || t.IsPlace() && !t.In.Equal(*u.In) {
		return false
	}
	return t.Axes.Equal(u.Axes)
}

// Replace puts sizes in the place of letters.
func (t Type) Replace(letter func(string) (Size, bool)) Type {
	replaced := Type{Axes: t.Axes.Replace(letter)}
	if t.IsPlace() {
		replaced.In = &Axis{t.In.Label, t.In.Size.Replace(letter)}
	}
	return replaced
}

// String writes the type as the language does: `[s] in vocab`.
func (t Type) String() string {
	if t.IsPlace() {
		return t.Axes.String() + " in " + t.In.String()
	}
	return t.Axes.String()
}
