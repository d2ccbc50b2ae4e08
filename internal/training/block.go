// Package training makes a train block ready to run: it opens the data that the block
// names, has the compiler elaborate the block at their sizes, and hands out the plans
// of a step and of a measurement.
//
// In goes a checked program, out comes what runtime/train runs. The command and the
// playground both come this way, so that a program trains alike in each. It writes
// nothing and tells nobody; what is wrong with a program is an error, a
// compiler.Faults.
package training

import (
	"slices"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/weights"
)

// Source is the text of a program with the options that it is checked with.
type Source struct {
	Text    *source.File
	Options check.Options
}

// Check checks the program.
func (s Source) Check() (*check.Program, []source.Diagnostic) { return check.Check(s.Text, s.Options) }

// Block is a train block with its data, or a stage of one, ready to be compiled.
type Block struct {
	Source
	Name     string // of the block
	Stage    string // "": the block has none
	Splits   *data.Splits
	Training *diagram.Training
	First    *weights.Stored // what weights begin with; nil: all are drawn

	after   []string // stages behind this one
	program *check.Program
	clauses []diagram.DataClause
}

// Open opens the data of a train block of a program, which is that of the source,
// and elaborates the block, or its first stage, at their sizes.
func Open(from Source, program *check.Program, name string, at Data) (*Block, error) {
	b := &Block{Source: from, Name: name, program: program}
	if stages := program.Stages(name); len(stages) > 0 {
		b.Stage, b.after = stages[0], stages[1:]
	}
	return b, b.open(at)
}

// open reads the data of the block at its stage, unless they are those that are open,
// and elaborates it at their sizes.
func (b *Block) open(at Data) error {
	clauses, err := sound(b.program.Clauses(b.Name, b.Stage))
	if err != nil {
		return err
	}
	if !sameClauses(clauses, b.clauses) {
		if b.Splits, err = openData(clauses, at); err != nil {
			return err
		}
	}
	b.clauses = clauses
	b.Training, err = b.elaborated(b.program)
	return err
}

// sameClauses reports whether data are said at the same place of the program.
func sameClauses(a, b []diagram.DataClause) bool {
	return slices.EqualFunc(a, b, func(a, b diagram.DataClause) bool { return a.Span == b.Span })
}

// Stages are the stages of the block in their order, or the block alone.
func (b *Block) Stages(at Data) ([]*Block, error) {
	all := []*Block{b}
	for _, name := range b.after {
		stage := *all[len(all)-1]
		stage.Stage, stage.after = name, nil
		if err := stage.open(at); err != nil {
			return nil, err
		}
		all = append(all, &stage)
	}
	return all, nil
}

// ToLast makes the block that of its last stage, whose weights a run leaves.
func (b *Block) ToLast(at Data) error {
	if len(b.after) == 0 {
		return nil
	}
	b.Stage, b.after = b.after[len(b.after)-1], nil
	return b.open(at)
}

// elaborated is the block at the sizes of its data.
func (b *Block) elaborated(program *check.Program) (*diagram.Training, error) {
	dims, places := sizesOf(b.Splits.Train)
	ask := func() (*diagram.Training, []source.Diagnostic) { return program.Training(b.Name, dims, places) }
	if b.Stage != "" {
		ask = func() (*diagram.Training, []source.Diagnostic) { return program.Stage(b.Name, b.Stage, dims, places) }
	}
	t, err := sound(ask())
	if t != nil {
		t.Examples = b.Splits.Train.Len()
	}
	return t, err
}

// sound is a diagram without errors. Its remarks were told when the program was
// checked.
func sound[D any](d D, said []source.Diagnostic) (D, error) {
	errors := slices.DeleteFunc(slices.Clone(said), func(d source.Diagnostic) bool { return !isError(d) })
	if len(errors) > 0 {
		return d, compiler.Faults(errors)
	}
	return d, nil
}

func isError(d source.Diagnostic) bool { return d.Severity == source.Error }
