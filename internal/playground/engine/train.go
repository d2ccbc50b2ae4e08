package engine

import (
	"context"
	"errors"
	"time"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/internal/training"
	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/train"
	"ncd/runtime/weights"
)

// Run says what is to be trained, and for how long.
type Run struct {
	Program
	Train  string  `json:"train"`  // a train block; "": the last one
	Epochs int     `json:"epochs"` // in place of the block's own; 0: those
	Seed   *uint64 `json:"seed"`   // in place of the block's own; nil: that
}

// Told is how a run goes: after some of its steps, and where it is measured.
type Told struct {
	Step    int            `json:"step"`
	Total   int            `json:"total"`
	Loss    train.Figure   `json:"loss"` // of the step
	Epoch   int            `json:"epoch,omitempty"`
	Figures []train.Metric `json:"figures,omitempty"` // at the end of an epoch
}

// Trained is a program with the weights that a run left, to be measured.
type Trained struct {
	block  *training.Block
	folder *train.Folder
}

// pause is how often a run lets others work, and says how far it is: in a browser it has
// the only thread, and would not hear that it is to stop.
const pause = 50 * time.Millisecond

// Train runs a train block until its end, or until the context is done, and says how it
// goes. Where it was stopped there are weights, and the context's error.
func Train(ctx context.Context, r Run, tell func(Told)) (*Trained, *train.Final, error) {
	block, runner, err := r.bind()
	if err != nil {
		return nil, nil, err
	}
	defer runner.Close()
	folder := train.Unkept()
	final, err := runner.Run(ctx, folder, &watcher{tell: tell, total: runner.TotalSteps(), last: time.Now()})
	if err != nil && !errors.Is(err, context.Canceled) {
		return nil, nil, err
	}
	return &Trained{block, folder}, final, err
}

// bind puts the plans of the train block in memory.
func (r Run) bind() (*training.Block, *train.Runner, error) {
	block, err := r.open()
	if err != nil {
		return nil, nil, err
	}
	stages, err := block.Stages(training.Data{Limits: data.DefaultLimits()})
	if err != nil {
		return nil, nil, err
	}
	var trainings []*train.Training
	for _, b := range stages {
		step, _, err := b.Step()
		if err != nil {
			return nil, nil, err
		}
		t := b.Runnable(step)
		t.Threads = 1
		if r.Epochs > 0 {
			t.Epochs, t.Steps = r.Epochs, 0
		}
		if r.Seed != nil {
			t.Seed = *r.Seed
		}
		trainings = append(trainings, t)
	}
	runner, err := train.Bind(trainings...)
	return stages[len(stages)-1], runner, err
}

// open checks the program and opens the data of its train block.
func (r Run) open() (*training.Block, error) {
	from := r.source()
	from.Options.Training = true
	program, said := from.Check()
	for _, d := range said {
		if d.Severity == source.Error {
			return nil, compiler.Faults(said)
		}
	}
	names := program.Trains()
	if len(names) == 0 {
		return nil, fault.New(fault.Code(check.UnknownDeclaration), "", "the program has no train block")
	}
	name := r.Train
	if name == "" {
		name = names[len(names)-1]
	}
	return training.Open(from, program, name, training.Data{Limits: data.DefaultLimits()})
}

// watcher says how a run goes.
type watcher struct {
	tell  func(Told)
	total int
	last  time.Time
}

func (w *watcher) Stepped(step int, loss float64) {
	if step > 1 && step < w.total && time.Since(w.last) < pause {
		return
	}
	w.tell(Told{Step: step, Total: w.total, Loss: train.Figure(loss)})
	time.Sleep(time.Millisecond)
	w.last = time.Now()
}

func (w *watcher) Measured(epoch int, figures []train.Metric) {
	w.tell(Told{Step: figures[0].Step, Total: w.total, Epoch: epoch, Figures: figures})
}

// Eval measures the weights on a split of the data.
func (t *Trained) Eval(split string) (*train.Final, error) {
	set := train.Set(t.block.Splits, split)
	if set == nil {
		return nil, fault.New(fault.BadData, "", "the data have no %s split", split)
	}
	job := t.block.Runnable(nil)
	job.Threads = 1
	tester, err := train.NewTester(job, set)
	if err != nil {
		return nil, err
	}
	defer tester.Close()
	return tester.Measure(split, set, &weights.Stored{Arrays: t.folder.Weights()})
}
