// Package exec runs plans. Bind gives a plan its memory, its first values and its
// workers; Run runs it once, without allocating.
//
// In goes a plan and what the caller writes into its inputs; out come outputs,
// weights and states, as slices of the machine's own memory. Results do not depend
// on the number of threads in any bit: each step falls into pieces by its shape
// alone, and the pieces are claimed by whoever is free. The package knows no
// diagram and no file, and all chance is drawn from one seed by the kernels'
// counters.
package exec

import (
	"fmt"
	"runtime"
	"time"

	"ncd/compiler/plan"
	"ncd/runtime/kernel"
)

// Options are what a plan does not say.
type Options struct {
	Threads int    // how many workers share the steps, the caller among them; 0: one a core
	Seed    uint64 // of first values and of draws
	Profile bool   // measure each step

	// CheckFinite looks for a NotFinite behind each step, and measures none.
	CheckFinite bool
}

// Machine is a plan with its memory and workers. Its methods are for one goroutine
// at a time.
type Machine struct {
	plan  *plan.Plan
	seed  uint64
	run   uint32
	calls []call
	check bool // CheckFinite
	pool  *pool
	arrays
	spent []time.Duration // by step; nil unless it is measured
	ends  []func()        // of the programs that opaque boxes speak to
}

// arrays are the arenas of a plan; one of float32 and float64 is nil.
type arrays struct {
	float32s []float32
	float64s []float64
	int32s   []int32
}

// Bind makes a machine for a plan, its weights and states at their first values.
// It errs where the plan breaks its own promises. The machine keeps the plan,
// which must not change.
func Bind(p *plan.Plan, o Options) (*Machine, error) {
	if err := plan.Verify(p); err != nil {
		return nil, err
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	m := &Machine{plan: p, seed: o.Seed, check: o.CheckFinite}
	m.int32s = aligned[int32](p.Places)
	var err error
	if p.Float == plan.Float64 {
		m.float64s = aligned[float64](p.Numbers)
		err = bind(m, m.float64s, o.Threads)
	} else {
		m.float32s = aligned[float32](p.Numbers)
		err = bind(m, m.float32s, o.Threads)
	}
	if err != nil {
		return nil, err
	}
	if o.Profile {
		m.spent = make([]time.Duration, len(p.Steps))
	}
	m.pool = newPool(m.calls, o.Threads)
	return m, nil
}

// bind draws the first values and makes a call of every step.
func bind[F kernel.Float](m *Machine, numbers []F, workers int) error {
	b := newBinder(m, numbers, workers)
	for _, buffer := range m.plan.Buffers {
		b.firstValues(buffer)
	}
	for i, s := range m.plan.Steps {
		c, err := b.call(s)
		if err != nil {
			return fmt.Errorf("plan %s, step %d: %w", m.plan.Name, i, err)
		}
		m.calls = append(m.calls, c)
	}
	return nil
}

// Plan is the plan that the machine runs.
func (m *Machine) Plan() *plan.Plan { return m.plan }

// Run runs the plan once. Where the data are at fault (a place outside its table)
// it stops and returns a *Fault, and where CheckFinite finds something a *NotFinite;
// what was written by then stays.
func (m *Machine) Run() error {
	m.run++
	if m.check {
		return m.runChecked()
	}
	if m.spent != nil {
		return m.runMeasured()
	}
	for i := range m.calls {
		if err := m.pool.do(i); err != nil {
			return m.fault(i, err)
		}
	}
	return nil
}

func (m *Machine) runMeasured() error {
	for i := range m.calls {
		start := time.Now()
		err := m.pool.do(i)
		m.spent[i] += time.Since(start)
		if err != nil {
			return m.fault(i, err)
		}
	}
	return nil
}

// Spent is how long each step of the plan has taken so far, or nil if it is not
// measured.
func (m *Machine) Spent() []time.Duration { return m.spent }

// Runs is how many runs there were, which draws depend on.
func (m *Machine) Runs() int { return int(m.run) }

// SetRuns lets draws go on as after n runs.
func (m *Machine) SetRuns(n int) { m.run = uint32(n) }

// Close stops the workers, and the programs of opaque boxes. The machine must not run again; its arrays stay.
func (m *Machine) Close() {
	m.pool.close()
	for _, end := range m.ends {
		end()
	}
	m.ends = nil
}
