// Package compiler takes a program the whole way to a plan, for Go programs that use
// NCD as a library: a call for each of the stages that README.md lists.
//
// In goes a file of a file system; out come the program's diagrams, and plans of them
// that runtime/exec binds and runs. The rooms below it do the work, and whoever wants
// more of a stage calls them.
package compiler

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/compiler/rewrite"
	"ncd/grammar/source"
)

// Load reads and checks a program of a file system, in which its imports are found as
// well. The standard library is handed in with the options, for the compiler holds
// none. The error of a program that is wrong is a Faults.
func Load(sources fs.FS, file string, o check.Options) (*check.Program, error) {
	text, err := fs.ReadFile(sources, file)
	if err != nil {
		return nil, err
	}
	o.Sources, o.Folder = sources, strings.TrimPrefix(path.Dir(file), ".")
	program, said := check.Check(&source.File{Name: file, Text: string(text)}, o)
	return program, errorsOf(said)
}

// Plan is the plan of a diagram of a program at the sizes of its ports, which are by
// name; a port that is left out has the sizes that its signature says. The plan's inputs
// are named by the ports, its outputs by the wires of the results.
func Plan(program *check.Program, name string, ports map[string][]int) (*plan.Plan, error) {
	d, said := program.DiagramFor(name, ports)
	if err := errorsOf(said); err != nil {
		return nil, err
	}
	return lower.Lower(rewrite.Finish(rewrite.Normalize(d)), lower.Options{})
}

// Step is the plan of one step of training of a train block, as check.Program.Training
// makes it: its inputs are the fields of a batch, its outputs the loss and the reports.
func Step(t *diagram.Training) (*plan.Plan, error) {
	d, said := learn.Step(t)
	if err := errorsOf(said); err != nil {
		return nil, err
	}
	return lower.Lower(d, lower.Options{})
}

// Faults are what is wrong with a program.
type Faults []source.Diagnostic

// Error tells each of them with its place in the text.
func (f Faults) Error() string {
	var text strings.Builder
	if err := source.Print(&text, f, false); err != nil {
		return err.Error()
	}
	return text.String()
}

// errorsOf are the errors among diagnostics, or nil.
func errorsOf(said []source.Diagnostic) error {
	wrong := slices.DeleteFunc(slices.Clone(said), func(d source.Diagnostic) bool { return d.Severity != source.Error })
	if len(wrong) == 0 {
		return nil
	}
	return Faults(wrong)
}
