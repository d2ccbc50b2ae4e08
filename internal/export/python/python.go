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
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
)

//go:embed torch.py jax.py
var texts embed.FS

// Dialect is an array library.
type Dialect struct {
	Module string // what its functions are called by: "torch", "jnp"

	unary      map[diagram.Fn]string // formats of an expression
	helpers    map[string]string     // definitions by name
	order      []string              // of the helpers
	axesWord   string                // "dim" or "axis" of a reduction
	reduces    map[string]string     // methods and functions of reductions
	withAxes   bool                  // reductions take several axes as a tuple in all methods
	number     string                // format that makes numbers of places or truths
	place      string                // format that makes places of numbers
	arange     string                // format of the numbers 0, 1, 2 …
	filled     string                // format of an array of one number: shape, number
	atLeast    string                // format of the larger of an array and a number
	atMost     string
	detached   string
	wrapNumber string // format that makes an array of a Python number
}

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

// IsLiftedWire reports whether a wire may have further axes in front.
func (l *Lines) IsLiftedWire(w *diagram.Wire) bool { return l.values[w].isLifted }

// Put writes a line.
func (l *Lines) Put(format string, args ...any) {
	fmt.Fprintf(&l.Text, l.Indent+format+"\n", args...)
}

// Assign writes a line that makes a wire, with its axes behind it.
func (l *Lines) Assign(w *diagram.Wire, kind, text string, isLifted bool) {
	name := l.nameFor(w, kind)
	l.Put("%s = %s  # %s", name, text, w.Type)
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

// keywords are words that cannot be names, and names that our lines speak of.
var keywords = strings.Fields(`False None True and as assert async await break class continue def del elif else except finally for
	from global if import in is lambda nonlocal not or pass raise return try while with yield self torch nn jnp jax w state math
	range tuple len max min sum map dict list turn x_ numpy np`)

// Identifier is a Python name that is near to one of ours.
func Identifier(name string) string {
	name = strings.NewReplacer("∂", "d_", "Δ", "delta_", "'", "_", "grad/", "grad_").Replace(name)
	var b strings.Builder
	for i, r := range name {
		isDigit := r >= '0' && r <= '9'
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_' || isDigit && i > 0:
			b.WriteRune(r)
		case isDigit:
			b.WriteString("x")
			b.WriteRune(r)
		default:
			b.WriteByte('_')
		}
	}
	if text := b.String(); text != "" && !slices.Contains(keywords, text) {
		return text
	}
	return b.String() + "_"
}

// readHelpers cuts a file of helpers into its functions.
func readHelpers(file string) (helpers map[string]string, order []string) {
	text, err := texts.ReadFile(file)
	if err != nil {
		panic("python: " + err.Error())
	}
	helpers = map[string]string{}
	for i, part := range strings.Split(string(text), "\n\n\n") {
		if i == 0 {
			continue // what the file is
		}
		part = strings.TrimSpace(part)
		_, rest, _ := strings.Cut(part, "def ")
		if _, class, isClass := strings.Cut(part, "class "); isClass && strings.HasPrefix(part, "class ") {
			rest = class
		}
		name := rest[:strings.IndexAny(rest, "(:")]
		helpers[name], order = part, append(order, name)
	}
	return helpers, order
}

// Helpers are the definitions of the helpers that are used, and of those that these
// use.
func (d *Dialect) Helpers(used map[string]bool) []string {
	for range d.order {
		for _, name := range d.order {
			if !used[name] {
				continue
			}
			for _, other := range d.order {
				if calls := regexp.MustCompile(`(^|[^\w.])` + other + `\(`); other != name && calls.MatchString(d.helpers[name]) {
					used[other] = true
				}
			}
		}
	}
	var list []string
	for _, name := range d.order {
		if used[name] {
			list = append(list, d.helpers[name])
		}
	}
	return list
}

// Namer tells names for classes and functions, each just once.
func (f *File) Namer(style func(string) string) func(string) string {
	used := map[string]bool{}
	for name := range f.Dialect.helpers {
		used[name] = true
	}
	for name := range f.locals {
		used[name] = true
	}
	return func(wanted string) string { return free(style(wanted), used) }
}

// ClassName writes a diagram's name as classes have it: SelfAttention, Batchnorm.
func ClassName(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "_") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return Identifier(b.String())
}

// FunctionName writes a diagram's name as functions have it: self_attention.
func FunctionName(name string) string {
	var b strings.Builder
	for i, r := range name {
		if isUpper := r >= 'A' && r <= 'Z'; isUpper {
			if i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return Identifier(b.String())
}

// Doc is the documentation of a diagram as a docstring.
func Doc(d *diagram.Diagram, indent string) string {
	text := strings.TrimSpace(d.Doc)
	if text == "" {
		return ""
	}
	text = strings.NewReplacer("\\", "\\\\", "\"\"\"", "''").Replace(text)
	return indent + "\"\"\"" + strings.ReplaceAll(text, "\n", "\n"+indent) + "\"\"\"\n\n"
}
