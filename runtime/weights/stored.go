package weights

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// Stored is arrays of a file under the paths of a model.
type Stored struct {
	File   string // where they are from, for faults
	Arrays map[string]*tensor.Tensor

	names    map[string]string // in the file, by path in the model; nil: the same
	mappings []Mapping
}

// ReadStored reads the arrays of a file of weights, a safetensors file or, by its
// extension, an npz file. With mappings it takes those arrays that one of them is
// about, without any all of them. The error is a fault.BadWeights, a fault.BadArray or
// a fault.UnreadableFile.
func ReadStored(path string, mappings ...Mapping) (*Stored, error) {
	arrays, err := readNamed(path)
	if err != nil {
		return nil, err
	}
	s := &Stored{File: path, Arrays: arrays, mappings: mappings}
	if len(mappings) > 0 {
		paths := (&File{Tensors: arrays}).Paths()
		s.Arrays, s.names, err = mapAll(path, arrays, paths, mappings)
	}
	return s, err
}

func readNamed(path string) (map[string]*tensor.Tensor, error) {
	if strings.EqualFold(filepath.Ext(path), ".npz") {
		return ReadArrays(path)
	}
	f, err := Read(path)
	if err != nil {
		return nil, err
	}
	return f.Tensors, nil
}

// Hold holds the arrays against all that a model needs.
func (s *Stored) Hold(all []Want) error { return s.hold(all, all) }

// HoldParts holds the arrays against those parts of a model that the mappings lead to,
// against all of it where there are none.
func (s *Stored) HoldParts(all []Want) error {
	if len(s.mappings) == 0 {
		return s.Hold(all)
	}
	var wanted []Want
	for _, w := range all {
		if slices.ContainsFunc(s.mappings, func(m Mapping) bool { return m.isAbout(w.Path) }) {
			wanted = append(wanted, w)
		}
	}
	return s.hold(wanted, all)
}

// HoldNames holds that a model has an array of each path, of whatever sizes, where
// mappings say which is which; a file may have more than the model where they do not.
func (s *Stored) HoldNames(paths []string) error {
	if len(s.mappings) == 0 {
		return nil
	}
	var wanted []Want
	for _, path := range paths {
		w := Want{Path: path}
		if t := s.Arrays[path]; t != nil {
			w.Axes, w.Dims = t.Axes, t.Dims
		}
		wanted = append(wanted, w)
	}
	isAbsent := func(w Want) bool { return s.Arrays[w.Path] == nil }
	return s.hold(slices.DeleteFunc(slices.Clone(wanted), isAbsent), wanted)
}

// hold holds the arrays against what is wanted of a model, and the mappings against all
// of it.
func (s *Stored) hold(wanted, all []Want) error {
	for _, m := range s.mappings {
		if err := holdMapping(s.File, m, all); err != nil {
			return err
		}
	}
	differences := Match(wanted, s.Arrays)
	for i, d := range differences {
		differences[i].Stored = s.names[d.Path]
	}
	return Mismatch(s.File, differences)
}

// PathInFile is the path that the file has for one of the arrays.
func (s *Stored) PathInFile(path string) string {
	if name, isRenamed := s.names[path]; isRenamed {
		return name
	}
	return path
}

// Maps are the mappings as they were written.
func (s *Stored) Maps() []string {
	var texts []string
	for _, m := range s.mappings {
		texts = append(texts, m.String())
	}
	return texts
}

// Digest is the SHA-256 of the file.
func (s *Stored) Digest() (string, error) {
	return withFile(fault.BadWeights, s.File, func(f *os.File, _ int64) (string, error) {
		sum := sha256.New()
		if _, err := io.Copy(sum, f); err != nil {
			return "", unreadable(fault.BadWeights, s.File, err)
		}
		return hex.EncodeToString(sum.Sum(nil)), nil
	})
}
