// Package export is what the writers of other formats have in common: what they are
// given, how they refuse, and how weights and states are named.
//
// In goes a diagram as the checker makes it, with its hierarchy, or a train block
// whose sizes are known; out go the bytes of one file. A Format is one way to write
// it; each has a package of its own below this one, and the command holds the table
// of them. The names are those of the project's own files everywhere: a weight is
// known by its path, a port by its name, so that weights.safetensors loads as it is.
//
// A writer never leaves out in silence what its format cannot say: it hands back a
// Refusal that lists the boxes. The package knows no format.
package export

import (
	"io"
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/runtime/data"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// Request is what is to be exported: a Diagram or a Training, never both.
type Request struct {
	File string // of the program, as the command was told it

	Diagram *diagram.Diagram // with its hierarchy; sizes that nothing says are letters
	Mode    string           // "eval" or "train": which the diagram was elaborated for

	Training *diagram.Training // a train block at the sizes of its data
	Data     *data.Splits      // of the train block

	Weights map[string]*tensor.Tensor // by path, to be put into the file; nil: none were given
	Beside  *Beside                   // where the weights stay; nil: they go into the file
	Mesh    *Mesh                     // of devices; nil: none is asked for
}

// Beside is a safetensors file in the folder of what is written, or below, that is to
// be read where the weights are needed.
type Beside struct {
	File    string // from that folder, with slashes
	Extents map[string]weights.Extent
}

// Format is a way to write a request down.
type Format struct {
	Name      string // as --to has it
	Extension string // of its files, with the dot
	Doc       string // a sentence for the help
	Trains    bool   // it can write a train block
	Shards    bool   // it can spread axes over a mesh
	Apart     bool   // weights stay in a file of their own
	Points    bool   // it can point to weights in a file beside
	// Write writes the whole file. Its error is a *Refusal where the format cannot say
	// what the program does.
	Write func(to io.Writer, r *Request) error
}

const (
	// NotExportable is the code of a box that a format has no words for.
	NotExportable source.Code = "NotExportable"
	// BadMesh is the code of a mesh that does not fit the program.
	BadMesh source.Code = "BadMesh"
	// SizeUnknown is the code of a size that is a letter still, where the format needs a
	// number.
	SizeUnknown source.Code = "SizeUnknown"
)

// Refusal is why a program is not written: one diagnostic a cause, at its box.
type Refusal struct {
	Said []source.Diagnostic
}

func (r *Refusal) Error() string { return r.Said[0].Message }

// Refused is a refusal without a place in the program.
func Refused(message string) []source.Diagnostic {
	return []source.Diagnostic{{Code: NotExportable, Message: message}}
}

// Refuse adds a box to what is refused; the same words for the same place are said
// once.
func (r *Refusal) Refuse(span source.Span, code source.Code, message string, help ...string) {
	isSame := func(d source.Diagnostic) bool { return d.Span == span && d.Message == message }
	if !slices.ContainsFunc(r.Said, isSame) {
		r.Said = append(r.Said, source.Diagnostic{Code: code, Span: span, Message: message, Help: help})
	}
}

// Err is the refusal if anything is in it.
func (r *Refusal) Err() error {
	if len(r.Said) == 0 {
		return nil
	}
	return r
}
