package train

import (
	"slices"
	"time"
)

// Final is every figure of a run at its end: the last line of ncd train --json.
type Final struct {
	IsFinal           bool              `json:"final"`           // always; it tells the line apart
	Train             map[string]Figure `json:"train,omitempty"` // means over the last epoch
	Test              map[string]Figure `json:"test,omitempty"`  // over the test set
	Seconds           float64           `json:"seconds"`         // of the whole run, pauses left out
	Steps             int               `json:"steps"`
	StepSecondsMedian float64           `json:"step_seconds_median"` // over this session's steps but the first five, data loading included
	ExamplesPerSecond float64           `json:"examples_per_second"` // over this session's steps
	PeakBytes         int               `json:"peak_bytes"`          // of arenas and batches
}

// warmUp is how many steps are left out of the median: caches fill, and the
// processor changes its pace.
const warmUp = 5

// medianSeconds is the middle step time, without the first ones where there are
// others.
func medianSeconds(times []time.Duration) float64 {
	if len(times) > warmUp {
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
