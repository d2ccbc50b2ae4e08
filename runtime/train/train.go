// Package train runs a training: it feeds batches to the plan of a step, watches
// its figures, measures the test set, and keeps a run folder from which a run
// that was cut goes on to the same bytes.
//
// In go the plans of a step and of an evaluation, and data; out come weights, the
// state to go on from, and figures. It knows no diagrams, learning rules or
// optimisers: the plan of a step does all of that. All chance of a run comes from
// its seed, and nothing from the clock or the number of threads.
package train

import (
	"context"
	"time"

	"ncd/compiler/plan"
	"ncd/runtime/data"
	"ncd/runtime/weights"
)

// Training is what is to be run.
type Training struct {
	Stage string // its name, where it is one of several; else ""

	// Step maps a batch to its figures, the loss and then the reports, and changes
	// its weights and states. Its outputs are the figures' names.
	Step *plan.Plan
	// Evaluate makes the plan that maps so many examples to the same figures. Its
	// weights are those of Step's that are the model's.
	Evaluate func(batch int) (*plan.Plan, error)

	// Fed makes the plan that maps so many examples to what flows into the weights
	// whose first values are made of it; its outputs have their paths, and none hangs
	// on a weight of a later one. It may be nil where there are no such weights.
	Fed func(batch int) (*plan.Plan, error)

	Data  *data.Splits    // its columns are the plans' inputs, by name
	First *weights.Stored // what weights begin with; those it is not for are drawn. nil: all are

	Batch  int // examples in a step
	Epochs int // epochs to run; 0: Steps says it
	Steps  int // steps to run; 0: Epochs says it
	Seed   uint64

	// A run is saved at each measurement, and behind every SaveSteps steps and every
	// SaveTime where these are not 0.
	SaveSteps int
	SaveTime  time.Duration
	Keep      int // checkpoints that are kept, the last ones; at least one is

	Threads  int  // 0: as many as the machine has
	AllowNaN bool // go on where the loss is no number
	Profile  bool // measure how long each step of the plan takes

	CheckFinite bool // look behind each box for numbers that are not finite
}

// batches is how many steps an epoch has.
func (t *Training) batches() int {
	return data.Dealing{Batch: t.Batch, IsTraining: true}.Batches(t.Data.Train.Len())
}

// steps is how many steps the whole run has.
func (t *Training) steps() int {
	if t.Steps > 0 {
		return t.Steps
	}
	return t.Epochs * t.batches()
}

// Set are the examples of a split to measure, or nil where there are none. Of those
// to train on, which may overlap, each is met once.
func Set(s *data.Splits, split string) *data.Set {
	set := map[string]*data.Set{SplitTrain: s.Train, SplitValidation: s.Validation, SplitTest: s.Test}[split]
	if set == nil || set.Len() == 0 {
		return nil
	}
	return set.Apart()
}

// heldBack are the examples that a training measures and does not train on.
func (t *Training) heldBack() []split {
	var list []split
	for _, name := range Splits {
		if set := Set(t.Data, name); set != nil && name != SplitTrain {
			list = append(list, split{name, set})
		}
	}
	return list
}

// heldBackBatches is how many batches a measurement takes.
func (t *Training) heldBackBatches() int {
	batches := 0
	for _, s := range t.heldBack() {
		batches += data.Dealing{Batch: t.Batch}.Batches(s.set.Len())
	}
	return batches
}

// split is examples with the name that their figures go by.
type split struct {
	name string
	set  *data.Set
}

// Watcher is told how a run goes. It must not keep what it is given.
type Watcher interface {
	// Stepped is told after each step: how many are done, and the step's loss.
	Stepped(step int, loss float64)
	// Measured is told the figures at each measurement: at the end of each epoch,
	// counted from 1, and in a long one within it.
	Measured(epoch int, figures []Metric)
}

// Runner is a run of one training, or of several, one after another, each of which
// goes on with the weights of the one before. The plans of the one at hand are in
// memory.
type Runner struct {
	stages  []*Training
	current *stage
}

// Bind puts the plans of the first training in memory, and holds that those of the
// others fit into it. Nothing is written before Run, so that what is wrong with a
// program leaves no traces. A Runner must be closed.
func Bind(stages ...*Training) (*Runner, error) {
	for _, t := range stages {
		if err := holdMemory(t.Step); err != nil {
			return nil, err
		}
	}
	first, err := bindStage(stages[0], 0, 0)
	return &Runner{stages, first}, err
}

// TotalSteps is how many steps the whole run has.
func (r *Runner) TotalSteps() int {
	n := 0
	for _, t := range r.stages {
		n += t.steps()
	}
	return n
}

// Plan is the plan of a step of the training at hand.
func (r *Runner) Plan() *plan.Plan { return r.current.training.Step }

// Spent is how long each step of that plan took in all runs of this session, and
// how many these were; nil where it was not measured.
func (r *Runner) Spent() (times []time.Duration, runs int) {
	return r.current.machine.Spent(), r.current.runs
}

// Close ends the workers.
func (r *Runner) Close() { r.current.close() }

// Run runs the trainings in their folder, from the beginning or from where the
// folder says that they were cut, to their end or until the context is done; then it
// saves. It returns the figures, with the context's error where the end was not
// reached. It may be called once.
//
// Where the loss is no number the error is a *NotFinite, where a file cannot be
// written a fault.Fault; what the folder held before stays.
func (r *Runner) Run(ctx context.Context, folder *Folder, w Watcher) (*Final, error) {
	for {
		isDone := folder.resumed != nil && folder.resumed.Stage > r.current.number
		if !isDone {
			final, err := r.current.run(ctx, folder, w)
			if err != nil || r.current.number == len(r.stages)-1 {
				return final, err
			}
		}
		after, err := r.current.next(r.stages[r.current.number+1])
		if err != nil {
			return nil, err
		}
		r.current = after
	}
}
