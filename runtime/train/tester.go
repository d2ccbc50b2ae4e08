package train

import (
	"time"

	"ncd/runtime/data"
	"ncd/runtime/exec"
	"ncd/runtime/weights"
)

// Tester measures sets: the mean of every loss and report over all examples of
// one, each counted once.
type Tester struct {
	training *Training
	names    []string         // of the figures
	machines map[int]*machine // by how many examples each takes at once
	figures  []float64        // outputs of a run
}

// part is examples of a set that are measured with one plan: those that fill whole
// batches, or those that are left.
type part struct {
	from, to, batch int
}

// NewTester binds the plans for measuring sets that are alike to those of a
// training. None of them may be empty. It must be closed.
func NewTester(t *Training, sets ...*data.Set) (*Tester, error) {
	r := &Tester{training: t, machines: map[int]*machine{}}
	for _, set := range sets {
		for _, p := range r.parts(set) {
			if err := r.bind(p.batch); err != nil {
				r.Close()
				return nil, err
			}
		}
	}
	r.figures = make([]float64, len(r.names))
	return r, nil
}

// parts are what a set is measured in.
func (r *Tester) parts(set *data.Set) []part {
	n := set.Len()
	batch := max(min(r.training.Batch, n), 1)
	whole := n - n%batch
	var parts []part
	if whole > 0 {
		parts = append(parts, part{0, whole, batch})
	}
	if whole < n {
		parts = append(parts, part{whole, n, n - whole})
	}
	return parts
}

// bind makes the machine for so many examples, if there is none yet.
func (r *Tester) bind(batch int) error {
	if r.machines[batch] != nil {
		return nil
	}
	t := r.training
	p, err := t.Evaluate(batch)
	if err != nil {
		return err
	}
	m, err := bindMachine(p, exec.Options{Threads: t.Threads, Seed: t.Seed})
	if err != nil {
		return err
	}
	r.names, r.machines[batch] = outputNames(p), m
	return nil
}

// Close gives the memory back.
func (r *Tester) Close() {
	for _, m := range r.machines {
		m.Close()
	}
}

// takeWeights copies the weights of a machine that trains.
func (r *Tester) takeWeights(from *machine) {
	for _, m := range r.machines {
		m.copyWeights(from)
	}
}

// Measure measures a set, which is one of those of NewTester, with the weights of a
// file. The split is what the figures go by.
func (r *Tester) Measure(split string, set *data.Set, stored *weights.Stored) (*Final, error) {
	for _, m := range r.machines {
		if err := m.load(stored); err != nil {
			return nil, err
		}
	}
	start := time.Now()
	m, err := r.mean(set)
	if err != nil {
		return nil, err
	}
	f := &Final{IsFinal: true, Seconds: time.Since(start).Seconds(), PeakBytes: r.bytes(), MemoryBytes: r.bytes()}
	f.put(split, m.named(r.names))
	f.ExamplesPerSecond = m.Count / f.Seconds
	return f, nil
}

func (r *Tester) mean(set *data.Set) (mean, error) {
	total := newMean(len(r.names))
	for _, p := range r.parts(set) {
		if err := r.measure(set.Rows(p.from, p.to), p.batch, &total); err != nil {
			return total, err
		}
	}
	return total, nil
}

// measure adds up the figures of a set that fills whole batches.
func (r *Tester) measure(set *data.Set, batch int, total *mean) error {
	m := r.machines[batch]
	loader := data.NewLoader(set, data.Dealing{Batch: batch})
	defer loader.Close()
	for dealt := loader.Next(); dealt != nil; dealt = loader.Next() {
		m.feed(set, dealt)
		if err := m.Run(); err != nil {
			return err
		}
		m.outputs(r.figures)
		total.add(r.figures, float64(batch))
	}
	return nil
}

func (r *Tester) bytes() int {
	n := 0
	for _, m := range r.machines {
		n += m.Plan().Bytes()
	}
	return n
}
