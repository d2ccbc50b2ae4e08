// Package python writes the boxes of diagrams as lines of Python over named axes.
//
// In goes a box and the Python names of its wires; out comes one line a box, with the
// axes of its result behind it. Any index equation becomes an einsum; windows, pads
// and other affine views become calls of small functions, of which the file gets
// those that it uses. What array library the lines speak to is a Dialect: PyTorch and
// jax.numpy say nearly the same. How lines come together to functions and modules is
// for the packages torch and jax.
//
// A diagram may be applied over more axes than its own (it is lifted over them).
// Its lines are written for that: they count axes from the end, and einsums begin
// with `...`, so that the axes it is lifted over are further axes in front, and of
// size 1 where an array lacks them. Where nothing is lifted any more, as in the flat
// diagram of a training step, there is no `...`.
package python

import (
	"fmt"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/internal/export"
)

// value is what Python holds for a wire.
type value struct {
	text     string
	isNumber bool // a Python number rather than an array
	isLifted bool // it may have further axes in front
	isTight  bool // the text needs no brackets in front of [ or .
}

// Lines collects the statements of one function.
type Lines struct {
	Dialect  *Dialect
	IsLifted bool            // what comes in may have further axes in front
	Used     map[string]bool // helpers; shared by all functions of a file
	Refused  *export.Refusal
	Hole     func(label string, n int) string // writes a size; nil: as it is
	Locals   map[string]bool                  // gets all names that are given; nil: they are not collected

	Indent string
	Text   strings.Builder
	taken  map[string]bool
	values map[*diagram.Wire]value
}

// NewLines are no lines yet. Names that are taken are those of the file.
func NewLines(d *Dialect, used map[string]bool, refused *export.Refusal) *Lines {
	l := &Lines{Dialect: d, Used: used, Refused: refused, taken: map[string]bool{}, values: map[*diagram.Wire]value{}}
	for name := range d.helpers {
		l.taken[name] = true
	}
	return l
}

// Bind says what Python calls a wire that no box here makes.
func (l *Lines) Bind(w *diagram.Wire, text string, isLifted bool) {
	l.values[w] = value{text: text, isLifted: isLifted, isTight: true}
}

// Name is a new Python name near to the one that is wanted.
func (l *Lines) Name(wanted string) string {
	name := Identifier(wanted)
	for n := 2; l.taken[name]; n++ {
		name = fmt.Sprintf("%s%d", Identifier(wanted), n)
	}
	l.give(name)
	return name
}

// Value is what Python calls a wire, as an array.
func (l *Lines) Value(w *diagram.Wire) string {
	v := l.values[w]
	if v.isNumber {
		return fmt.Sprintf(l.Dialect.wrapNumber, v.text)
	}
	return v.text
}

// Put writes a line.
func (l *Lines) Put(format string, args ...any) {
	fmt.Fprintf(&l.Text, l.Indent+format+"\n", args...)
}

// Assign writes a line that makes a wire, with its axes behind it.
func (l *Lines) Assign(w *diagram.Wire, kind, text string, isLifted bool) {
	name := l.nameFor(w, kind)
	l.Put("%s = %s  # %s", name, text, l.comment(w.Type))
	l.values[w] = value{text: name, isLifted: isLifted, isTight: true}
}

// nameFor is a new name for a wire: the author's, or what makes it with a number.
func (l *Lines) nameFor(w *diagram.Wire, kind string) string {
	if w.Name != "" {
		return l.Name(w.Name)
	}
	return l.numbered(kind)
}

// numbered is a new name of a word and a number, so that functions may be called by
// the word.
func (l *Lines) numbered(word string) string {
	word = strings.TrimSuffix(Identifier(word), "_")
	for n := 1; ; n++ {
		if name := fmt.Sprint(word, n); !l.taken[name] {
			l.give(name)
			return name
		}
	}
}

func (l *Lines) give(name string) {
	l.taken[name] = true
	if l.Locals != nil {
		l.Locals[name] = true
	}
}

// comment is the type that stands behind a line.
func (l *Lines) comment(t shape.Type) string {
	if l.Hole == nil {
		return t.String()
	}
	return Comment(t)
}

func (l *Lines) size(label string, n int) string {
	if l.Hole == nil {
		return fmt.Sprint(n)
	}
	return l.Hole(label, n)
}

// use notes that a helper is called.
func (l *Lines) use(name string) string {
	l.Used[name] = true
	return name
}

// Use notes that a helper is called by a line that another package writes, and is its
// name.
func (l *Lines) Use(name string) string { return l.use(name) }
