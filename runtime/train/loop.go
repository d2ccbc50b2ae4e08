package train

import (
	"context"
	"time"

	"ncd/compiler/plan"
	"ncd/runtime/data"
)

// loop is a training that runs.
type loop struct {
	*stage
	folder  *Folder
	watcher Watcher
	loader  *data.Loader
	log     *metricsLog

	position
	names   []string
	batches int // of an epoch
	every   int // steps between two lines of metrics
	period  int // steps between two measurements, besides the ends of epochs; 0: none
	total   int
	figures []float64 // of a step
	saved   int       // steps done when this session saved last
	savedAt time.Time

	pace  pace      // of this session's steps
	began time.Time // of this session, less the seconds of those before
}

const (
	// linesPerEpoch is how many points of an epoch a curve of training has.
	linesPerEpoch = 20
	// measurements is how often a run is measured whose length is said in steps: an
	// epoch may be longer than all of it. It is measured less often where measuring
	// would take more batches than training.
	measurements = 10
)

func (s *stage) newLoop(folder *Folder, w Watcher) (*loop, error) {
	names := outputNames(s.training.Step)
	l := &loop{
		stage: s, folder: folder, watcher: w, names: names, figures: make([]float64, len(names)),
		batches: s.training.batches(), total: s.training.steps(), saved: -1,
		position: position{
			Stage: s.number, Before: s.before, Seed: s.training.Seed, SinceLog: newMean(len(names)), Since: newMean(len(names)), Last: newMean(len(names)),
			Measured: map[string]mean{},
		},
		savedAt: time.Now(),
	}
	l.every = max(1, min(l.batches, l.total)/linesPerEpoch)
	if s.training.Steps > 0 && l.batches > l.total/measurements {
		l.period = max(1, l.total/measurements, s.training.heldBackBatches())
	}
	l.pace = newPace(l.total)
	if c := folder.resumed; c != nil && c.Stage == s.number {
		if err := l.goTo(c); err != nil {
			return nil, err
		}
	}
	return l, l.open()
}

// goTo puts everything back as it was when the run was saved.
func (l *loop) goTo(c *checkpoint) error {
	l.position = c.position
	if l.Measured == nil {
		l.Measured = map[string]mean{} // there is none in the file
	}
	l.machine.SetRuns(c.Step)
	return l.machine.restore(c.arrays, c.file)
}

// open starts to write figures, behind those of the steps that are done, and to
// deal batches.
func (l *loop) open() error {
	log, seconds, err := l.folder.metrics(l.done())
	if err != nil {
		return err
	}
	l.log, l.began = log, time.Now().Add(-time.Duration(seconds*float64(time.Second)))
	how := data.Dealing{Batch: l.training.Batch, IsTraining: true, Seed: l.training.Seed, Start: l.Next}
	l.loader = data.NewLoader(l.training.Data.Train, how)
	return nil
}

// done is how many steps of the run are done, those of stages before included.
func (l *loop) done() int { return l.before + l.Step }

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
		return toldNotFinite(err, l.done()+1)
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
	l.Since.add(l.figures, 1)
	return l.holdFinite()
}

// holdFinite stops a run whose loss is no number any more.
func (l *loop) holdFinite() error {
	if loss := l.figures[0]; !isFinite(loss) && !l.training.AllowNaN {
		return &NotFinite{What: "the loss", Value: loss, Step: l.done(), Span: l.machine.origin(plan.Output, l.names[0])}
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
	at := first.NotFinite()
	return &NotFinite{
		What: "weight `" + first.Name + "`" + first.Place(at), Value: float64(first.Float32[at]),
		Step: l.done(), Span: l.machine.origin(plan.Weight, first.Name),
	}
}

// tellStep writes the figures that are due behind a step, and saves where that is
// due.
func (l *loop) tellStep() error {
	l.watcher.Stepped(l.done(), l.figures[0])
	switch isEnd := l.Next.Batch == 0 || l.Step == l.total; {
	case isEnd || l.period > 0 && l.Step%l.period == 0:
		return l.measure()
	case l.Next.Batch%l.every == 0:
		if err := l.log.write(l.trainLines()); err != nil {
			return err
		}
	}
	if l.isSaveDue() {
		return l.save()
	}
	return nil
}

func (l *loop) isSaveDue() bool {
	t := l.training
	return t.SaveSteps > 0 && l.Step%t.SaveSteps == 0 || t.SaveTime > 0 && time.Since(l.savedAt) >= t.SaveTime
}

// epoch is that of the last step, counted from 1.
func (l *loop) epoch() int {
	if l.Next.Batch > 0 {
		return l.Next.Epoch + 1
	}
	return l.Next.Epoch
}

// measure measures what is held back, and saves.
func (l *loop) measure() error {
	l.Last, l.Since = l.Since, l.Last
	l.Since.reset()
	lines := l.trainLines()
	l.tester.takeWeights(l.machine)
	for _, s := range l.heldBack {
		m, err := l.tester.mean(s.set)
		if err != nil {
			return err
		}
		l.Measured[s.name] = m
	}
	if err := l.log.write(append(lines, l.heldBackLines()...)); err != nil {
		return err
	}
	l.watcher.Measured(l.epoch(), append(l.lines(SplitTrain, l.Last), l.heldBackLines()...))
	return l.save()
}

// heldBackLines are the figures of what is held back.
func (l *loop) heldBackLines() []Metric {
	var lines []Metric
	for _, s := range l.heldBack {
		lines = append(lines, l.lines(s.name, l.Measured[s.name])...)
	}
	return lines
}

// trainLines are the lines of metrics for the steps since the last ones.
func (l *loop) trainLines() []Metric {
	lines := l.lines(SplitTrain, l.SinceLog)
	l.SinceLog.reset()
	return lines
}

// lines are the means of all figures.
func (l *loop) lines(split string, m mean) []Metric {
	var lines []Metric
	for i, name := range l.names {
		lines = append(lines, Metric{l.training.Stage, l.done(), l.epoch(), split, name, m.value(i), l.seconds()})
	}
	return lines
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
	if err := l.folder.save(c, max(1, l.training.Keep)); err != nil {
		return err
	}
	l.saved, l.savedAt = l.Step, time.Now()
	return nil
}

// final puts the figures of the end together.
func (l *loop) final() *Final {
	f := &Final{
		IsFinal: true, Train: l.Last.named(l.names),
		Seconds: l.seconds(), Steps: l.done(), PeakBytes: l.machine.Plan().Bytes(), MemoryBytes: l.bytes(),
		StepSecondsMedian: l.pace.medianSeconds(), ExamplesPerSecond: l.pace.perSecond() * float64(l.training.Batch),
	}
	for name, m := range l.Measured {
		f.put(name, m.named(l.names))
	}
	return f
}

// bytes is the memory of the plans and of the batches.
func (l *loop) bytes() int {
	const batches = 2 // that a loader holds
	return l.machine.Plan().Bytes() + batches*l.machine.inputBytes() + l.tester.bytes()
}
