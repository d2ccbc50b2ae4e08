package train

import (
	"encoding/json"
	"io"
	"strings"

	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// checkpoint is all that a run needs to go on: where it stands, and every array
// that is carried from step to step. The weights are in it too, so that one file
// that is replaced whole holds all that belongs together.
type checkpoint struct {
	position
	arrays map[string]*tensor.Tensor // by the names of machine.held
	file   string                    // that it was read from; "": it was not
}

// position is where a run stands. It has no time in it: the same run gives the
// same bytes.
type position struct {
	Stage    int           `json:"stage"`  // which of several trainings, from 0
	Before   int           `json:"before"` // steps of those before it
	Step     int           `json:"step"`   // steps of it that are done
	Next     data.Position `json:"next"`   // the batch to deal
	Seed     uint64        `json:"seed"`
	SinceLog mean          `json:"since_log"` // figures of steps since the last line of metrics
	Since    mean          `json:"since"`     // figures of steps since the last measurement
	Last     mean          `json:"last"`      // Since at the last measurement

	Measured map[string]mean `json:"measured"` // of sets, by split, at the last measurement
}

const positionKey = "position" // in the metadata

// In the state file weights stand under weight/PATH, states under state/PATH.
const (
	weightPrefix = "weight/"
	statePrefix  = "state/"
)

// prepare stores the checkpoint beside a file.
func (c *checkpoint) prepare(path string) (*weights.Prepared, error) {
	text, err := json.Marshal(c.position)
	if err != nil {
		return nil, err
	}
	sealed := weights.Seal(&weights.File{Tensors: c.arrays, Metadata: map[string]string{positionKey: string(text)}})
	return weights.Prepare(path, func(w io.Writer) error { return weights.Encode(w, sealed) })
}

// isAt reports whether the run stands where another checkpoint does.
func (c *checkpoint) isAt(other *checkpoint) bool {
	return other != nil && c.Stage == other.Stage && c.Step == other.Step
}

// done is how many steps of the run are done.
func (c *checkpoint) done() int { return c.Before + c.Step }

func readCheckpoint(path string) (*checkpoint, error) {
	file, err := weights.Read(path)
	if err != nil {
		return nil, err
	}
	c := &checkpoint{arrays: file.Tensors, file: path}
	text, found := file.Metadata[positionKey]
	if !found {
		return nil, fault.New(BadRun, path, "does not say where the run stands")
	}
	if err := json.Unmarshal([]byte(text), &c.position); err != nil {
		return nil, fault.New(BadRun, path, "does not say where the run stands: %v", err).Because(err)
	}
	return c, nil
}

// rulePrefix begins the paths of the fixed arrays of learning rules, which are
// carried like weights. `rule` is a reserved word, so no model's path begins so.
const rulePrefix = "rule."

// weights are the model's weights among the arrays, by their paths.
func (c *checkpoint) weights() map[string]*tensor.Tensor {
	found := map[string]*tensor.Tensor{}
	for name, t := range c.arrays {
		if path, isWeight := strings.CutPrefix(name, weightPrefix); isWeight && !strings.HasPrefix(path, rulePrefix) {
			found[path] = t
		}
	}
	return found
}
