// Package engine is what the playground's page asks: it checks, formats, draws and
// trains a program of one file with the rooms that the command uses, without files.
//
// Requests and replies are plain values that go through JSON, and nothing here knows
// of a browser, so that tests run it as any other code. Of data sets there are those
// that come with ncd, and those that are drawn from a seed.
package engine

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/grammar/format"
	"ncd/grammar/source"
	"ncd/internal/training"
	"ncd/render"
	"ncd/runtime/fault"
	"ncd/runtime/train"
	"ncd/stdlib"
)

// Program is a program as it stands in the editor.
type Program struct {
	Text string `json:"program"`
	Rule string `json:"rule"` // a learning rule in place of the train block's own; "": that one
}

// fileName is what diagnostics call the program.
const fileName = "program.ncd"

func (p Program) source() training.Source {
	return training.Source{
		Text:    &source.File{Name: fileName, Text: p.Text},
		Options: check.Options{Library: stdlib.Files, Rule: p.Rule},
	}
}

// Checked is what is said of a program, and what is in it.
type Checked struct {
	Diagnostics []source.Diagnostic `json:"diagnostics"`
	Diagrams    []string            `json:"diagrams"`
	Trains      []string            `json:"trains"`
}

// Check checks a program.
func Check(p Program) Checked {
	program, said := p.source().Check()
	c := Checked{append([]source.Diagnostic{}, source.InOrder(said)...), []string{}, []string{}} // lists, not null, in JSON
	if program != nil && !slices.ContainsFunc(said, isError) {
		c.Diagrams = append(c.Diagrams, program.Diagrams()...)
		c.Trains = append(c.Trains, program.Trains()...)
	}
	return c
}

func isError(d source.Diagnostic) bool { return d.Severity == source.Error }

// Format is the canonical text of a program.
func Format(p Program) (string, error) {
	text, said := format.Format(p.source().Text)
	if len(said) > 0 {
		return "", compiler.Faults(said)
	}
	return text, nil
}

// Figure says what is to be drawn.
type Figure struct {
	Program
	Diagram string `json:"diagram"` // "": the last one
	View    string `json:"view"`    // circuit or backward
	Theme   string `json:"theme"`
	Depth   int    `json:"depth"`  // how many levels are shown open
	Format  string `json:"format"` // one of render.Formats
}

// Draw is a figure of a program.
func Draw(f Figure) ([]byte, error) {
	d, err := f.drawn()
	if err != nil {
		return nil, err
	}
	draw := render.Figure
	if f.View == "backward" {
		draw = render.Backward
		if d, err = learn.Backward(d); err != nil {
			return nil, err
		}
	}
	figure, _, err := draw(d, render.Options{Depth: f.Depth, Theme: f.Theme})
	if err != nil {
		return nil, err
	}
	var picture bytes.Buffer
	err = render.Write(&picture, figure, f.Format)
	return picture.Bytes(), err
}

// drawn is the diagram that is to be drawn.
func (f Figure) drawn() (*diagram.Diagram, error) {
	program, said := f.source().Check()
	if slices.ContainsFunc(said, isError) {
		return nil, compiler.Faults(said)
	}
	names := program.Diagrams()
	if len(names) == 0 {
		return nil, fault.New(fault.Code(check.UnknownDeclaration), "", "the program has no diagram")
	}
	name := f.Diagram
	if !slices.Contains(names, name) {
		name = names[len(names)-1]
	}
	d, said := program.Diagram(name, nil)
	if slices.ContainsFunc(said, isError) {
		return nil, compiler.Faults(said)
	}
	return d, nil
}

// Diagnostics are what an error of this package says of the program. One that is no
// fault of the program's is told without a place.
func Diagnostics(err error) []source.Diagnostic {
	var faults compiler.Faults
	var broken *train.NotFinite
	var letters learn.LettersError
	switch told := fault.As(err); {
	case errors.As(err, &faults):
		return source.InOrder(faults)
	case errors.As(err, &broken):
		return []source.Diagnostic{broken.Diagnostic()}
	case errors.As(err, &letters):
		return []source.Diagnostic{{Code: "SizeUnknown", Message: "nothing says how large `" + strings.Join(letters.Letters, "`, `") + "` is, and the backward view needs numbers"}}
	case told != nil:
		return []source.Diagnostic{training.DiagnosticOf(told)}
	}
	return []source.Diagnostic{{Message: err.Error()}}
}
