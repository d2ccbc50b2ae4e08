package train

import (
	"time"

	"ncd/runtime/data"
	"ncd/runtime/exec"
	"ncd/runtime/tensor"
)

// Tester measures a test set: the mean of every loss and report over all of its
// examples, each counted once.
type Tester struct {
	names []string // of the figures
	parts []part
}

// part is examples of the test set that are measured with one plan: those that
// fill whole batches, or those that are left.
type part struct {
	machine *machine
	set     *data.Set
	batch   int
	figures []float64 // outputs of the plan
}

// NewTester binds the plans for a training's test set, which there must be. It
// must be closed.
func NewTester(t *Training) (*Tester, error) {
	n := t.Data.Test.Len()
	batch := min(t.Batch, n)
	whole := n - n%max(batch, 1)
	r := &Tester{}
	if err := r.add(t, 0, whole, batch); err != nil {
		return nil, err
	}
	if err := r.add(t, whole, n, n-whole); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// add takes examples of the test set in, to be measured in batches of a size
// that divides their number.
func (r *Tester) add(t *Training, from, to, batch int) error {
	if from == to {
		return nil
	}
	p, err := t.Evaluate(batch)
	if err != nil {
		return err
	}
	m, err := bindMachine(p, exec.Options{Threads: t.Threads, Seed: t.Seed})
	if err != nil {
		return err
	}
	r.names = outputNames(p)
	r.parts = append(r.parts, part{m, t.Data.Test.Rows(from, to), batch, make([]float64, len(r.names))})
	return nil
}

// Close gives the memory back.
func (r *Tester) Close() {
	for _, p := range r.parts {
		p.machine.Close()
	}
}

// takeWeights copies the weights of a machine that trains.
func (r *Tester) takeWeights(from *machine) {
	for _, p := range r.parts {
		p.machine.copyWeights(from)
	}
}

// Measure measures the test set with the weights of a file, whose name is for
// faults.
func (r *Tester) Measure(weights map[string]*tensor.Tensor, file string) (*Final, error) {
	for _, p := range r.parts {
		if err := p.machine.load(weights, file); err != nil {
			return nil, err
		}
	}
	start := time.Now()
	m, err := r.mean()
	if err != nil {
		return nil, err
	}
	f := &Final{IsFinal: true, Test: m.named(r.names), Seconds: time.Since(start).Seconds(), PeakBytes: r.bytes(), MemoryBytes: r.bytes()}
	f.ExamplesPerSecond = m.Count / f.Seconds
	return f, nil
}

func (r *Tester) mean() (mean, error) {
	total := newMean(len(r.names))
	for _, p := range r.parts {
		if err := p.measure(&total); err != nil {
			return total, err
		}
	}
	return total, nil
}

// measure adds the figures of a part's batches up.
func (p *part) measure(total *mean) error {
	loader := data.NewLoader(p.set, data.Dealing{Batch: p.batch})
	defer loader.Close()
	for batch := loader.Next(); batch != nil; batch = loader.Next() {
		p.machine.feed(p.set, batch)
		if err := p.machine.Run(); err != nil {
			return err
		}
		p.machine.outputs(p.figures)
		total.add(p.figures, float64(p.batch))
	}
	return nil
}

func (r *Tester) bytes() int {
	n := 0
	for _, p := range r.parts {
		n += p.machine.Plan().Bytes()
	}
	return n
}
