package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/weights"
)

// trainFlags are what every command knows that works on a train block.
type trainFlags struct {
	set     setFlags
	data    dataFlags
	threads int
}

func (f *trainFlags) add(cmd *cobra.Command) {
	f.set.add(cmd)
	f.data.add(cmd)
	cmd.Flags().IntVar(&f.threads, "threads", 0, "`number` of threads, which changes no result; 0: one a core")
}

// training is a train block with its data, or a stage of one, ready to be compiled.
type training struct {
	name    string   // of the block
	stage   string   // "": the block has none
	after   []string // stages behind this one
	text    *source.File
	options check.Options
	file    string
	program *check.Program
	clauses []diagram.DataClause
	splits  *data.Splits
	block   *diagram.Training
	first   *weights.Stored // what weights begin with; nil: all are drawn
}

// prepare checks a program and opens the data of its train block.
func (s *session) prepare(file string, named []string, o check.Options, from *dataFlags) (*training, error) {
	text, err := s.read(file)
	if err != nil {
		return nil, err
	}
	o.Training, o.Limits, from.limits = true, s.limits.check, s.limits.data
	program, said := checkFile(text, file, o)
	if err := s.heed(said); err != nil {
		return nil, err
	}
	t := &training{text: text, options: o, file: file}
	if t.name, err = chosen("train block", named, program.Trains()); err != nil {
		return nil, err
	}
	if stages := program.Stages(t.name); len(stages) > 0 {
		t.stage, t.after = stages[0], stages[1:]
	}
	t.program = program
	return t, t.open(from)
}

// open reads the data of the block at its stage, unless they are those that are open,
// and elaborates it at their sizes.
func (t *training) open(from *dataFlags) error {
	clauses, err := sound(t.program.Clauses(t.name, t.stage))
	if err != nil {
		return err
	}
	if !sameClauses(clauses, t.clauses) {
		if t.splits, err = from.open(clauses, t.file); err != nil {
			return err
		}
	}
	t.clauses = clauses
	t.block, err = t.elaborated(t.program)
	return err
}

// sameClauses reports whether data are said at the same place of the program.
func sameClauses(a, b []diagram.DataClause) bool {
	return slices.EqualFunc(a, b, func(a, b diagram.DataClause) bool { return a.Span == b.Span })
}

// stages are the stages of the block in their order, or the block alone.
func (t *training) stages(from *dataFlags) ([]*training, error) {
	all := []*training{t}
	for _, name := range t.after {
		stage := *all[len(all)-1]
		stage.stage, stage.after = name, nil
		if err := stage.open(from); err != nil {
			return nil, err
		}
		all = append(all, &stage)
	}
	return all, nil
}

// toLast makes the block that of its last stage, whose weights a run leaves.
func (t *training) toLast(from *dataFlags) error {
	if len(t.after) == 0 {
		return nil
	}
	t.stage, t.after = t.after[len(t.after)-1], nil
	return t.open(from)
}

// elaborated is the block at the sizes of its data.
func (t *training) elaborated(program *check.Program) (*diagram.Training, error) {
	dims, places := sizesOf(t.splits.Train)
	ask := func() (*diagram.Training, []source.Diagnostic) { return program.Training(t.name, dims, places) }
	if t.stage != "" {
		ask = func() (*diagram.Training, []source.Diagnostic) { return program.Stage(t.name, t.stage, dims, places) }
	}
	block, err := sound(ask())
	if block != nil {
		block.Examples = t.splits.Train.Len()
	}
	return block, err
}

// digest is the SHA-256 of the program's text.
func (t *training) digest() string {
	sum := sha256.Sum256([]byte(t.text.Text))
	return hex.EncodeToString(sum[:])
}

// learned is the diagram of a step of training. Remarks of the learning rules are
// told.
func (s *session) learned(t *training) (*diagram.Diagram, error) {
	d, said := learn.Step(t.block)
	if at := slices.IndexFunc(said, func(d source.Diagnostic) bool { return d.Code == learn.NoDerivative }); at >= 0 {
		if fit := t.fittingRules(); len(fit) > 0 {
			said[at].Help = append(said[at].Help, "rules of the library that fit: `"+strings.Join(fit, "`, `")+"`")
		}
	}
	return d, s.heed(said)
}

// fittingRules are the rules of the library that the block can learn by.
func (t *training) fittingRules() []string {
	return slices.DeleteFunc(ruleNames(), func(name string) bool {
		o := t.options
		o.Rule = name
		program, err := sound(checkFile(t.text, t.file, o))
		if err != nil {
			return true
		}
		block, err := t.elaborated(program)
		if err != nil {
			return true
		}
		_, said := learn.Step(block)
		return slices.ContainsFunc(said, isError)
	})
}

// weightsOf are the weights of the diagram of a step, among its states.
func weightsOf(d *diagram.Diagram) []*diagram.Weight {
	var weights []*diagram.Weight
	for _, state := range d.States {
		if state.Weight != nil {
			weights = append(weights, state.Weight)
		}
	}
	return weights
}

// step is the plan of a step of training.
func (s *session) step(t *training) (*plan.Plan, error) {
	d, err := s.learned(t)
	if err != nil {
		return nil, err
	}
	if err := holdPlaces(weightsOf(d)); err != nil {
		return nil, err
	}
	return lower.Lower(d, lower.Options{})
}

// fed is the plan of what flows into weights that are made of it, for so many
// examples.
func (t *training) fed(batch int) (*plan.Plan, error) {
	block, err := t.measuring(batch)
	if err != nil {
		return nil, err
	}
	return lower.Lower(learn.Fed(block), lower.Options{})
}

// evaluate is the plan that measures so many examples.
func (t *training) evaluate(batch int) (*plan.Plan, error) {
	block, err := t.measuring(batch)
	if err != nil {
		return nil, err
	}
	return lower.Lower(learn.Evaluate(block), lower.Options{})
}

// measuring is the block with another batch, checked anew, for outside of training
// its conditions are others.
func (t *training) measuring(batch int) (*diagram.Training, error) {
	o := t.options
	o.Training = false
	o.Set = maps.Clone(o.Set)
	o.Set["batch"] = strconv.Itoa(batch)
	program, err := sound(checkFile(t.text, t.file, o))
	if err != nil {
		return nil, err
	}
	return t.elaborated(program)
}
