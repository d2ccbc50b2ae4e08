package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// The files of a run folder.
const (
	WeightsFile = "weights.safetensors"
	StateFile   = "state.safetensors"
	MetricsFile = "metrics.jsonl"
	RecordFile  = "run.json"
	CurvesFile  = "curves.svg"
)

const (
	// FolderTaken: the folder that a run is to go to holds something.
	FolderTaken fault.Code = "FolderTaken"
	// BadRun: a run folder is damaged, or holds no run.
	BadRun fault.Code = "BadRun"
	// RunBusy: another process writes to a run folder.
	RunBusy fault.Code = "RunBusy"
)

// Folder is where a run is kept. One that is made or resumed is held against other
// processes, until it is closed.
type Folder struct {
	Path    string
	Record  *Record
	Damaged []*fault.Fault // what is wrong with checkpoints that are later than the one to go on from
	resumed *checkpoint    // nil at the beginning
	hold    io.Closer      // nil where it is only read

	isUnkept bool
	weights  map[string]*tensor.Tensor // of an unkept run
}

// Close lets other processes write to the folder.
func (f *Folder) Close() {
	if f.hold != nil {
		f.hold.Close()
	}
}

// take holds the folder against other processes.
func (f *Folder) take() error {
	hold, err := hold(f.Path)
	if errors.Is(err, errHeld) {
		return fault.New(RunBusy, f.Path, "another process writes to this run").
			Mend("wait until it has ended, or stop it with Ctrl-C: it saves first")
	}
	f.hold = hold
	return err
}

// errHeld is the error where another process holds a folder.
var errHeld = errors.New("held by another process")

// File is the path of one of the folder's files.
func (f *Folder) File(name string) string { return filepath.Join(f.Path, name) }

// Create makes the folder of a new run. One that is there already must be empty, but
// for what a run leaves that was killed before it was recorded.
func Create(path string, r *Record) (*Folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, unwritable(path, err)
	}
	f := &Folder{Path: path, Record: r}
	if err := f.take(); err != nil {
		return nil, err
	}
	if err := f.holdEmpty(); err != nil {
		f.Close()
		return nil, err
	}
	return f, f.begin()
}

// CreateNumbered makes the folder of a new run in one for all runs: NAME-1,
// NAME-2, the first that is free.
func CreateNumbered(runs, name string, r *Record) (*Folder, error) {
	if err := os.MkdirAll(runs, 0o755); err != nil {
		return nil, unwritable(runs, err)
	}
	for n := 1; ; n++ {
		path := filepath.Join(runs, fmt.Sprintf("%s-%d", name, n))
		err := os.Mkdir(path, 0o755)
		if err == nil {
			return created(path, r)
		}
		if !errors.Is(err, fs.ErrExist) {
			return nil, unwritable(path, err)
		}
	}
}

func created(path string, r *Record) (*Folder, error) {
	f := &Folder{Path: path, Record: r}
	if err := f.take(); err != nil {
		return nil, err
	}
	return f, f.begin()
}

// begin writes figures of which there are none yet, and then the record, with which
// the run is begun. Where it cannot, it lets the folder go.
func (f *Folder) begin() error {
	err := f.sweep()
	if err == nil {
		err = weights.Replace(f.File(MetricsFile), func(io.Writer) error { return nil })
	}
	if err == nil {
		err = f.writeRecord()
	}
	if err != nil {
		f.Close()
	}
	return err
}

// Open finds a run that was begun.
func Open(path string) (*Folder, error) {
	f := &Folder{Path: path, Record: &Record{}}
	text, err := os.ReadFile(f.File(RecordFile))
	if err != nil {
		return nil, fault.New(BadRun, path, "holds no run: there is no %s in it", RecordFile).
			Mend("a run that was killed before it was recorded begins anew with -o %s", path).Because(err)
	}
	if err := json.Unmarshal(text, f.Record); err != nil {
		return nil, fault.New(BadRun, f.File(RecordFile), "is damaged: %v", err).Because(err)
	}
	return f, nil
}

// Resume finds a run that was begun, to go on with it from where it was saved last. A
// state that is damaged is passed over, and told in Damaged.
func Resume(path string) (*Folder, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	if err := f.take(); err != nil {
		return nil, err
	}
	if err := f.sweep(); err != nil {
		f.Close()
		return nil, err
	}
	if err := f.findCheckpoint(); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Steps is how many steps of the run are done.
func (f *Folder) Steps() int {
	if f.resumed == nil {
		return 0
	}
	return f.resumed.done()
}

// save writes the state to go on from, unless the run was found at it, and then the
// weights for everyone else. So many states are kept.
func (f *Folder) save(c *checkpoint, kept int) error {
	if f.isUnkept {
		f.weights = c.weights()
		return nil
	}
	if !c.isAt(f.resumed) {
		if err := f.keep(c, kept); err != nil {
			return err
		}
	}
	return weights.Write(f.File(WeightsFile), weights.Seal(&weights.File{Tensors: c.weights()}))
}

// Rewrite puts another record in the place of the folder's.
func (f *Folder) Rewrite(r *Record) error {
	f.Record = r
	return f.writeRecord()
}

// Finish writes the figures of the end into the record.
func (f *Folder) Finish(final *Final) error {
	f.Record.Final = final
	return f.writeRecord()
}

func (f *Folder) writeRecord() error {
	return weights.Replace(f.File(RecordFile), func(w io.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(f.Record)
	})
}

func unwritable(path string, err error) error {
	var told *fs.PathError
	if errors.As(err, &told) {
		return fault.New(fault.UnwritableFile, path, "cannot be written: %v", told.Err).Because(err)
	}
	return fault.New(fault.UnwritableFile, path, "cannot be written: %v", err).Because(err)
}
