package python

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/internal/export"
)

// Manner is how a dialect brings lines together: PyTorch to modules, JAX to
// functions.
type Manner interface {
	// Weight is the expression of an array by its path within a unit.
	Weight(path string) string
	// Call writes the line that applies a part. Outs are the names of its results, and
	// types what stands behind the line.
	Call(u *Unit, part *Part, args, outs []string, types string)
	// State is the expression of a state, which begins at start.
	State(u *Unit, s *diagram.State, start string) string
	// Kept writes the line that keeps a state, given what it becomes.
	Kept(u *Unit, s *diagram.State, becomes string)
	// Begin and Cut write the lines before the turns of a scan, and those that send
	// nothing back to the turn before.
	Begin(u *Unit, part *Part)
	Cut(u *Unit, part *Part)
	// Turn begins the loop over the turns of a repetition and is the part in a turn.
	Turn(u *Unit, turns []*Part) *Part
	// Backed writes the results of a unit that sends back what a program of its own
	// says.
	Backed(u *Unit, reverse *Reverse)
	// Finish makes the template of a unit, whose lines are written.
	Finish(u *Unit) *Template
}

// File is a file while its units are written.
type File struct {
	Dialect *Dialect
	Manner  Manner
	Refused *export.Refusal
	Used    map[string]bool
	claims  map[*diagram.Weight]string // complete paths
	locals  map[string]bool            // names within functions
}

// NewFile is a file without units.
func NewFile(d *Dialect, m Manner) *File {
	return &File{d, m, &export.Refusal{}, map[string]bool{}, map[*diagram.Weight]string{}, map[string]bool{}}
}

// Root writes the diagram that is exported and all in it.
func (f *File) Root(d *diagram.Diagram) *Template {
	letters := map[string]bool{}
	noteLetters(letters, d)
	if len(letters) > 0 {
		names := slices.Sorted(maps.Keys(letters))
		f.Refused.Refuse(d.Span, export.SizeUnknown, fmt.Sprintf("nothing says how large `%s` is in diagram `%s`", strings.Join(names, "`, `"), d.Name),
			"say it: --set "+strings.Join(names, "=N --set ")+"=N")
		return nil
	}
	return f.unit(d, "", false, nil, nil).Template
}

// noteLetters notes the letters in the sizes of a diagram and of all in it.
func noteLetters(letters map[string]bool, d *diagram.Diagram) {
	note := func(axes shape.Shape) {
		for _, a := range axes {
			for _, letter := range a.Size.Letters() {
				letters[letter] = true
			}
		}
	}
	for _, b := range d.Boxes {
		note(b.Weave.Degree)
		note(b.Weave.Own)
		for _, body := range diagram.Bodies(b.Op) {
			noteLetters(letters, body)
		}
	}
	for _, w := range d.In {
		note(w.Type.Axes)
	}
}
