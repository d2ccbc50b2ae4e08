package train

import (
	"slices"
	"time"
)

// Final is every figure of a run at its end: the last line of ncd train --json.
type Final struct {
	IsFinal           bool              `json:"final"`           // always; it tells the line apart
	Train             map[string]Figure `json:"train,omitempty"` // means over the steps since the last measurement but one: the last epoch, as a rule
	Validation        map[string]Figure `json:"validation,omitempty"`
	Test              map[string]Figure `json:"test,omitempty"`
	Seconds           float64           `json:"seconds"` // of the whole run, pauses left out
	Steps             int               `json:"steps"`
	StepSecondsMedian float64           `json:"step_seconds_median"` // over this session's steps but the first five, data loading included
	ExamplesPerSecond float64           `json:"examples_per_second"` // over this session's steps
	PeakBytes         int               `json:"peak_bytes"`          // of the arenas of a step, or of an evaluation where there is none
	MemoryBytes       int               `json:"memory_bytes"`        // of all arenas and batches
}

// put places the figures of a split.
func (f *Final) put(split string, figures map[string]Figure) {
	*map[string]*map[string]Figure{SplitTrain: &f.Train, SplitValidation: &f.Validation, SplitTest: &f.Test}[split] = figures
}

// Of are the figures of a split.
func (f *Final) Of(split string) map[string]Figure {
	return map[string]map[string]Figure{SplitTrain: f.Train, SplitValidation: f.Validation, SplitTest: f.Test}[split]
}

// pace remembers how long steps took.
type pace struct {
	times []time.Duration // of the latest steps; a ring once it is full
	steps int
	busy  time.Duration // of all steps
}

// remembered is how many times a pace keeps, so that a run without end does not
// fill the memory.
const remembered = 1 << 20

func newPace(steps int) pace { return pace{times: make([]time.Duration, 0, min(steps, remembered))} }

func (p *pace) add(t time.Duration) {
	if len(p.times) < cap(p.times) {
		p.times = append(p.times, t)
	} else {
		p.times[p.steps%len(p.times)] = t
	}
	p.steps++
	p.busy += t
}

// warmUp is how many steps are left out of the median: caches fill, and the
// processor changes its pace.
const warmUp = 5

// medianSeconds is the middle time of a step, the first ones left out where there
// are others.
func (p *pace) medianSeconds() float64 {
	times := p.times
	if p.steps == len(times) && len(times) > warmUp {
		times = times[warmUp:]
	}
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle].Seconds()
	}
	return (sorted[middle-1] + sorted[middle]).Seconds() / 2
}

// perSecond is how many steps a second of them holds.
func (p *pace) perSecond() float64 {
	if p.busy == 0 {
		return 0
	}
	return float64(p.steps) / p.busy.Seconds()
}
