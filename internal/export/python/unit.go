package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
)

// Unit is a diagram while it becomes a class or a function.
type Unit struct {
	File *File
	*Lines
	Diagram  *diagram.Diagram
	Path     string // complete, of where it is used
	Ports    []string
	Borrowed []*diagram.Weight // of other units, that it is handed
	Parts    []*Part
	Results  []string
	States   []*diagram.State // that change

	Template *Template
	borrows  bool // every weight
	reverse  *diagram.Diagram
	within   *diagram.Box

	Reverse *Reverse // what it sends back by a program, set by the Manner
}

// Part is a use of a diagram in another.
type Part struct {
	*Unit
	Name   string // path within the unit that uses it
	Index  int    // among the templates' children
	IsTurn bool   // it is what a loop applies, turn by turn
}

// Owns reports whether a weight is an array of the unit's own.
func (u *Unit) Owns(w *diagram.Weight) bool {
	return !u.borrows && u.File.claims[w] == joinedPath(u.Path, w.Path)
}

// Parameters are the names of what a unit takes: its ports, and weights of others.
func (u *Unit) Parameters() []string {
	names := slices.Clone(u.Ports)
	for _, w := range u.Borrowed {
		names = append(names, BorrowedName(w))
	}
	return names
}

func (f *File) unit(d *diagram.Diagram, path string, borrows bool, reverse *diagram.Diagram, within *diagram.Box) *Unit {
	u := &Unit{File: f, Lines: NewLines(f.Dialect, f.Used, f.Refused), Diagram: d, Path: path, borrows: borrows, reverse: reverse, within: within}
	u.IsLifted, u.Hole, u.Locals = true, Hole, f.locals
	for _, w := range d.Weights {
		if _, isClaimed := f.claims[w]; !isClaimed && !borrows {
			f.claims[w] = joinedPath(path, w.Path)
		}
	}
	for _, w := range d.In {
		name := u.nameFor(w, "x")
		u.Ports = append(u.Ports, name)
		u.Bind(w, name, true)
	}
	u.Indent = "    "
	u.boxes()
	for _, w := range d.Out {
		u.Results = append(u.Results, u.Value(w))
	}
	u.states()
	if reverse != nil {
		f.Manner.Backed(u, u.reversed())
	}
	u.Template = f.Manner.Finish(u)
	for _, p := range u.Parts {
		u.Template.Children = append(u.Template.Children, p.Template)
	}
	return u
}

func joinedPath(path, rest string) string {
	if path == "" || rest == "" {
		return path + rest
	}
	return path + "." + rest
}

// boxes writes the boxes in their order; those that read a state which starts at what
// others make wait for these.
func (u *Unit) boxes() {
	waiting := u.Diagram.Boxes
	isBound := func(w *diagram.Wire) bool { _, ok := u.values[w]; return ok }
	for first := true; first || len(waiting) > 0; first = false {
		for _, s := range u.Diagram.States {
			if !isBound(s.In) && (s.Start == nil || s.Kept || isBound(s.Start)) {
				u.bindState(s)
			}
		}
		var later []*diagram.Box
		for _, b := range waiting {
			if slices.ContainsFunc(b.In, func(w *diagram.Wire) bool { return !isBound(w) }) {
				later = append(later, b)
				continue
			}
			u.box(b)
		}
		if len(later) == len(waiting) && !first {
			panic("python: a state starts at what hangs on it")
		}
		waiting = later
	}
}

func (u *Unit) box(b *diagram.Box) {
	switch op := b.Op.(type) {
	case diagram.Composite:
		u.composite(b, op)
	case diagram.Repeat:
		u.repeat(b, op)
	case diagram.Scan:
		u.scan(b, op)
	default:
		u.Lines.Box(b, u.weight, u.random)
	}
}

// weight is the expression of a weight: the unit's own or one of its parts', or one
// that it is handed.
func (u *Unit) weight(w *diagram.Weight) string {
	path, isClaimed := u.File.claims[w]
	if !isClaimed {
		path = joinedPath(u.Path, w.Path)
		u.File.claims[w] = path
	}
	if u.Path == "" {
		return u.File.Manner.Weight(path)
	}
	if inside, isInside := strings.CutPrefix(path, u.Path+"."); isInside && !u.borrows {
		return u.File.Manner.Weight(inside)
	}
	if !slices.Contains(u.Borrowed, w) {
		u.Borrowed = append(u.Borrowed, w)
	}
	return BorrowedName(w)
}

// BorrowedName is the parameter that hands a weight to a unit that has it not itself.
func BorrowedName(w *diagram.Weight) string { return "shared_" + Identifier(w.Path) }

// random is a draw of the library's own generator.
func (u *Unit) random(b *diagram.Box) string {
	op := b.Op.(diagram.Random)
	if op.Fixed || u.Dialect.Module != "torch" {
		u.Refused.Refuse(b.Span, export.NotExportable, "a draw `"+op.Distribution+"` that is to be the same in every run, or without a key to draw by")
	}
	like := ""
	for i, w := range u.Diagram.In {
		like += fmt.Sprintf(", (%s, %d)", u.Ports[i], len(w.Type.Axes))
	}
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	return fmt.Sprintf("%s(%q, %s, (%s)%s)", u.use("drawn"), op.Distribution, Literal(op.Scale), u.sizesOf(b.Weave, order), like)
}
