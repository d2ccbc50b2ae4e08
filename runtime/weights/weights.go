// Package weights reads and writes arrays: safetensors for a model's weights and
// a run's state, npy and npz for everything that passes between NCD and NumPy.
//
// Files go in, tensors come out, and the other way round. What is read is
// distrusted: sizes are checked against the file's length before memory is taken,
// so that a damaged file costs no more than an intact one of its length. What is
// written depends on the arrays alone, byte for byte, and replaces a file whole or
// not at all. The package knows no model: Match compares with a list of paths.
//
// The formats are https://github.com/huggingface/safetensors (format) and NumPy's
// NEP 1. Both are small, and the npyio module writes no array of more than two
// axes and trusts the headers it reads, so they are spelled out here; npyio is the
// tests' witness.
package weights

import (
	"maps"
	"slices"

	"ncd/runtime/tensor"
)

// File is what a safetensors file holds: arrays by their paths, such as
// encoder.2.attention.q.weight, and remarks by their keys.
type File struct {
	Tensors  map[string]*tensor.Tensor
	Metadata map[string]string // without the axes, which are the tensors'
}

// Paths is the paths of all arrays, sorted.
func (f *File) Paths() []string { return slices.Sorted(maps.Keys(f.Tensors)) }
