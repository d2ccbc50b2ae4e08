package train

import (
	"encoding/json"
	"math"
)

// Metric is one figure at one point of a run: a line of metrics.jsonl.
type Metric struct {
	Stage   string  `json:"stage,omitempty"` // of the train block, where it has some
	Step    int     `json:"step"`            // steps done
	Epoch   int     `json:"epoch"`           // counted from 1
	Split   string  `json:"split"`           // SplitTrain: the mean over the steps since the line before; the others: over all examples
	Name    string  `json:"name"`
	Value   Figure  `json:"value"`
	Seconds float64 `json:"seconds"` // since the run began, pauses left out
}

// The names of the splits in metrics.
const (
	SplitTrain      = "train"
	SplitValidation = "validation"
	SplitTest       = "test"
)

// Splits are all of them, in the order in which their figures are told.
var Splits = []string{SplitTrain, SplitValidation, SplitTest}

// Figure is a measured number. JSON has no word for what is no number, so that
// is null there.
type Figure float64

// MarshalJSON writes the number or null.
func (f Figure) MarshalJSON() ([]byte, error) {
	if !isFinite(float64(f)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

// UnmarshalJSON reads null as NaN.
func (f *Figure) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*f = Figure(math.NaN())
		return nil
	}
	return json.Unmarshal(text, (*float64)(f))
}

func isFinite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// mean adds figures up, weighted by how many steps or examples each is of.
type mean struct {
	Sums  []Figure `json:"sums"`
	Count float64  `json:"count"`
}

func newMean(figures int) mean { return mean{Sums: make([]Figure, figures)} }

func (m *mean) add(figures []float64, weight float64) {
	for i, x := range figures {
		m.Sums[i] += Figure(x * weight)
	}
	m.Count += weight
}

func (m *mean) value(i int) Figure { return m.Sums[i] / Figure(m.Count) }

// named are the means by the figures' names; nil where nothing was added.
func (m *mean) named(names []string) map[string]Figure {
	if m.Count == 0 {
		return nil
	}
	figures := map[string]Figure{}
	for i, name := range names {
		figures[name] = m.value(i)
	}
	return figures
}

func (m *mean) reset() {
	clear(m.Sums)
	m.Count = 0
}
