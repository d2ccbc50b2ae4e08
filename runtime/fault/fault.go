// Package fault is what the runtime tells the author when a file, an array or an
// option is wrong: a lasting code, the file, what was found and what was wanted,
// and a mend.
//
// It is for mistakes outside the program's text, so it knows no spans; the
// command prints a Fault as it prints a diagnostic. Of ours it knows nothing but
// how near names are.
package fault

import (
	"errors"
	"fmt"

	"ncd/grammar/source"
)

// Code is the lasting name of a kind of fault. Wording may change, codes do not.
type Code string

const (
	// BadWeights: a weight file is damaged, or is not of this model.
	BadWeights Code = "BadWeights"
	// BadArray: an npy or npz file is damaged, or holds another array than wanted.
	BadArray Code = "BadArray"
	// BadData: a data file is damaged, or is not what the data clause says.
	BadData Code = "BadData"
	// MissingData: a data file or folder is nowhere it was looked for.
	MissingData Code = "MissingData"
	// UnknownSource: a data clause names a source that there is not.
	UnknownSource Code = "UnknownSource"
	// BadOption: an option of a data source is unknown or has an impossible value.
	BadOption Code = "BadOption"
	// UnreadableFile: the system refuses to read a file.
	UnreadableFile Code = "UnreadableFile"
	// UnwritableFile: the system refuses to write a file.
	UnwritableFile Code = "UnwritableFile"
	// BadProgram: the program of an opaque box may not be run, or answers what it should not.
	BadProgram Code = "BadProgram"
)

// Fault is one thing that is wrong. It is an error.
type Fault struct {
	Code    Code
	Path    string // the file, as the author named it; may be empty
	Message string // what was found and what was wanted; no full stop
	Help    string // a mend; may be empty
	Cause   error  // what the system said; may be nil
}

// New makes a fault about the file path.
func New(code Code, path, format string, args ...any) *Fault {
	return &Fault{Code: code, Path: path, Message: fmt.Sprintf(format, args...)}
}

// Mend says how the fault may be mended, and returns it.
func (f *Fault) Mend(format string, args ...any) *Fault {
	f.Help = fmt.Sprintf(format, args...)
	return f
}

// Because keeps what the system said, and returns the fault.
func (f *Fault) Because(cause error) *Fault {
	f.Cause = cause
	return f
}

// Error is the path and the message; code and help are the printer's to place.
func (f *Fault) Error() string {
	if f.Path == "" {
		return f.Message
	}
	return f.Path + ": " + f.Message
}

// Unwrap is what the system said.
func (f *Fault) Unwrap() error { return f.Cause }

// As finds the fault in an error, or nil.
func As(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// MendNearest says in the place of %s which of some names was likely meant, if one
// is near, and returns the fault.
func (f *Fault) MendNearest(format, name string, names []string) *Fault {
	if near := source.Nearest(name, names); near != "" {
		f.Mend(format, near)
	}
	return f
}
