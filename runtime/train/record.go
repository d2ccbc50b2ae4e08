package train

import (
	"slices"

	"ncd/runtime/data"
	"ncd/runtime/fault"
	"ncd/runtime/weights"
)

// Record says how a run was made: run.json. Whoever has it, the program and the
// data can make the same weights again.
type Record struct {
	NCD      string            `json:"ncd"` // version of the command
	Go       string            `json:"go"`
	Platform string            `json:"platform"`
	Program  string            `json:"program"`
	SHA256   string            `json:"program_sha256"`
	Train    string            `json:"train"` // name of the train block
	Set      map[string]string `json:"set"`
	Rule     string            `json:"rule,omitempty"` // in place of the block's own
	Rules    []string          `json:"rules"`          // that it learns by, with the parts of the model
	Batch    int               `json:"batch"`
	Epochs   int               `json:"epochs"`
	Steps    int               `json:"steps,omitempty"` // in place of epochs
	Seed     uint64            `json:"seed"`
	Threads  int               `json:"threads"`
	Data     []DataFile        `json:"data"`
	Weights  *BeganWith        `json:"weights,omitempty"` // that it began with
	Final    *Final            `json:"final,omitempty"`   // once the run has ended
}

// DataFile is a file that was read.
type DataFile struct {
	Path   string `json:"path"`
	SHA256 string `json:"sha256"`
}

// BeganWith is the file of weights that a run began with, and what of it went where.
type BeganWith struct {
	DataFile
	Map []string `json:"map,omitempty"` // OLD=NEW; none: all of it
}

// Began is what a record says of the weights that a run began with.
func Began(first *weights.Stored) (*BeganWith, error) {
	if first == nil {
		return nil, nil
	}
	digest, err := first.Digest()
	return &BeganWith{DataFile{first.File, digest}, first.Maps()}, err
}

// DataFiles are the files of some splits, each once.
func DataFiles(all ...*data.Splits) []DataFile {
	files := []DataFile{}
	for _, s := range all {
		for _, f := range s.Files {
			if file := (DataFile{f.Path, f.SHA256}); !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

// HoldData holds that the files of another session of the run are the same: on
// others it cannot go on.
func (r *Record) HoldData(now *Record) error {
	for _, f := range now.Data {
		i := slices.IndexFunc(r.Data, func(old DataFile) bool { return old.SHA256 == f.SHA256 })
		if i < 0 {
			return fault.New(fault.BadData, f.Path, "is not as it was when the run began").
				Mend("begin a new run, or bring the file back whose SHA-256 run.json has")
		}
	}
	return nil
}
