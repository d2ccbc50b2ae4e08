package train

import (
	"context"
	"time"

	"ncd/compiler/plan"
	"ncd/runtime/data"
)

// loop is a training that runs.
type loop struct {
	*Runner
	folder  *Folder
	watcher Watcher
	loader  *data.Loader
	log     *metricsLog

	position
	names   []string
	batches int // of an epoch
	every   int // steps between two lines of metrics
	total   int
	figures []float64 // of a step
	saved   int       // steps done when this session saved last

	pace  pace      // of this session's steps
	began time.Time // of this session, less the seconds of those before
}

// linesPerEpoch is how many points of an epoch a curve of training has.
const linesPerEpoch = 20

func (r *Runner) newLoop(folder *Folder, w Watcher) (*loop, error) {
	names := outputNames(r.training.Step)
	l := &loop{
		Runner: r, folder: folder, watcher: w, names: names, figures: make([]float64, len(names)),
		batches: r.training.batches(), total: r.TotalSteps(), saved: -1,
		position: position{
			Seed: r.training.Seed, SinceLog: newMean(len(names)), Epoch: newMean(len(names)), Last: newMean(len(names)), Test: newMean(len(names)),
		},
	}
	l.every = max(1, l.batches/linesPerEpoch)
	l.pace = newPace(l.total)
	if c := folder.resumed; c != nil {
		if err := l.goTo(c); err != nil {
			return nil, err
		}
	}
	return l, l.open()
}

// goTo puts everything back as it was when the run was saved.
func (l *loop) goTo(c *checkpoint) error {
	l.position = c.position
	l.machine.SetRuns(c.Step)
	return l.machine.restore(c.arrays, l.folder.File(StateFile))
}

// open starts to write figures, behind those of the steps that are done, and to
// deal batches.
func (l *loop) open() error {
	seconds, err := cutMetrics(l.folder.File(MetricsFile), l.Step)
	if err != nil {
		return err
	}
	l.began = time.Now().Add(-time.Duration(seconds * float64(time.Second)))
	if l.log, err = openMetrics(l.folder.File(MetricsFile)); err != nil {
		return err
	}
	how := data.Dealing{Batch: l.training.Batch, IsTraining: true, Seed: l.training.Seed, Start: l.Next}
	l.loader = data.NewLoader(l.training.Data.Train, how)
	return nil
}

func (l *loop) close() {
	l.loader.Close()
	l.log.close()
}

// run takes steps until the end, or until the context is done, and saves.
func (l *loop) run(ctx context.Context) error {
	for l.Step < l.total && ctx.Err() == nil {
		if err := l.takeStep(); err != nil {
			return err
		}
		if err := l.tellStep(); err != nil {
			return err
		}
	}
	return l.save()
}

// takeStep trains on one batch.
func (l *loop) takeStep() error {
	start := time.Now()
	batch := l.loader.Next()
	l.machine.feed(l.training.Data.Train, batch)
	if err := l.machine.Run(); err != nil {
		return err
	}
	l.runs++
	l.machine.outputs(l.figures)
	l.pace.add(time.Since(start))
	l.Step++
	l.Next = data.Position{Epoch: batch.Epoch, Batch: batch.Batch + 1}
	if l.Next.Batch == l.batches {
		l.Next = data.Position{Epoch: batch.Epoch + 1}
	}
	l.SinceLog.add(l.figures, 1)
	l.Epoch.add(l.figures, 1)
	return l.holdFinite()
}

// holdFinite stops a run whose loss is no number any more.
func (l *loop) holdFinite() error {
	if loss := l.figures[0]; !isFinite(loss) && !l.training.AllowNaN {
		return &NotFinite{What: "the loss", Value: loss, Step: l.Step, Span: l.machine.origin(plan.Output, l.names[0])}
	}
	return nil
}

// holdWeightsFinite stops a run before weights are saved that are no numbers.
func (l *loop) holdWeightsFinite() error {
	broken := l.machine.NotFinite(plan.Weight)
	if len(broken) == 0 || l.training.AllowNaN {
		return nil
	}
	first := broken[0]
	return &NotFinite{
		What: "weight `" + first.Name + "`", Value: float64(first.Float32[first.NotFinite()]),
		Step: l.Step, Span: l.machine.origin(plan.Weight, first.Name),
	}
}

// tellStep writes the figures that are due behind a step.
func (l *loop) tellStep() error {
	l.watcher.Stepped(l.Step, l.figures[0])
	if l.Next.Batch == 0 || l.Step == l.total {
		return l.finishEpoch()
	}
	if l.Next.Batch%l.every == 0 {
		return l.log.write(l.trainLines(l.Next.Epoch + 1))
	}
	return nil
}

// finishEpoch measures the test set, and saves.
func (l *loop) finishEpoch() error {
	epoch := l.Next.Epoch
	if l.Next.Batch > 0 {
		epoch++
	}
	l.Last, l.Epoch = l.Epoch, l.Last
	l.Epoch.reset()
	lines := l.trainLines(epoch)
	if l.tester != nil {
		if err := l.measureTest(); err != nil {
			return err
		}
		for i, name := range l.names {
			lines = append(lines, l.line(epoch, SplitTest, name, l.Test.value(i)))
		}
	}
	if err := l.log.write(lines); err != nil {
		return err
	}
	l.watcher.Measured(epoch, l.epochFigures(epoch))
	return l.save()
}

func (l *loop) measureTest() error {
	l.tester.takeWeights(l.machine)
	test, err := l.tester.mean()
	if err != nil {
		return err
	}
	l.Test = test
	return nil
}

// trainLines are the lines of metrics for the steps since the last ones.
func (l *loop) trainLines(epoch int) []Metric {
	var lines []Metric
	for i, name := range l.names {
		lines = append(lines, l.line(epoch, SplitTrain, name, l.SinceLog.value(i)))
	}
	l.SinceLog.reset()
	return lines
}

// epochFigures are the means over an epoch, and those of the test set.
func (l *loop) epochFigures(epoch int) []Metric {
	var figures []Metric
	for i, name := range l.names {
		figures = append(figures, l.line(epoch, SplitTrain, name, l.Last.value(i)))
	}
	if l.tester == nil {
		return figures
	}
	for i, name := range l.names {
		figures = append(figures, l.line(epoch, SplitTest, name, l.Test.value(i)))
	}
	return figures
}

func (l *loop) line(epoch int, split, name string, value Figure) Metric {
	return Metric{l.Step, epoch, split, name, value, l.seconds()}
}

// seconds is how long the run has run.
func (l *loop) seconds() float64 { return time.Since(l.began).Seconds() }

// save writes weights and state, unless they are written already.
func (l *loop) save() error {
	if l.saved == l.Step {
		return nil
	}
	if err := l.holdWeightsFinite(); err != nil {
		return err
	}
	c := &checkpoint{position: l.position, arrays: l.machine.carried()}
	if err := l.folder.save(c); err != nil {
		return err
	}
	l.saved = l.Step
	return nil
}

// final puts the figures of the end together.
func (l *loop) final() *Final {
	return &Final{
		IsFinal: true, Train: l.Last.named(l.names), Test: l.Test.named(l.names),
		Seconds: l.seconds(), Steps: l.Step, PeakBytes: l.machine.Plan().Bytes(), MemoryBytes: l.bytes(),
		StepSecondsMedian: l.pace.medianSeconds(), ExamplesPerSecond: l.pace.perSecond() * float64(l.training.Batch),
	}
}

// bytes is the memory of the plans and of the batches.
func (l *loop) bytes() int {
	const batches = 2 // that a loader holds
	n := l.machine.Plan().Bytes() + batches*l.machine.inputBytes()
	if l.tester != nil {
		n += l.tester.bytes()
	}
	return n
}
