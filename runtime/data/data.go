// Package data reads data sets and deals them out in batches.
//
// A data clause goes in: the name of a source, a path, options, and the fields
// that the program wants with the axes it gives them. Sets come out, for training
// and for testing, with the sizes that the data decide, and the digest of every
// file that was read. A Loader turns a set into batches, shuffled from a seed.
//
// Files are distrusted: sizes they declare are held against their length before
// memory is taken. What is wrong is told as a fault that names the file, what was
// found and what was wanted. The package knows neither diagrams nor plans.
package data

import (
	"fmt"
	"slices"

	"ncd/runtime/tensor"
)

// Field is one part of an example: numbers over axes, or the place of something
// along an axis (a label among 10 classes).
type Field struct {
	Name     string
	Axes     []string // labels, outermost first
	Dims     []int    // a size for each of Axes; in a Request 0 where the data decide
	IsPlaces bool
	Places   int // of places: how many there are; in a Request 0 where the data decide
}

// String writes the field as a data clause does: image[row:28 col:28], label in 10.
func (f Field) String() string {
	text := f.Name
	if len(f.Dims) > 0 || !f.IsPlaces {
		text += tensor.Shape(f.Axes, f.Dims)
	}
	if f.IsPlaces {
		text += fmt.Sprintf(" in %d", f.Places)
	}
	return text
}

// Column is a field of every example of a set.
type Column struct {
	Field
	// Values has the examples as its outermost axis and then the field's: Int32
	// for places, for numbers Float32 or, as images are stored, Uint8.
	Values *tensor.Tensor
	// Unit is what stored numbers are divided by: 255 for the bytes of an image,
	// else 1.
	Unit float32
}

// Set is examples that belong together. Nobody changes it once it is open.
type Set struct {
	Columns []Column // in the order of the request
}

// Len is the number of examples.
func (s *Set) Len() int { return s.Columns[0].Values.Dims[0] }

// Fields is what an example is made of.
func (s *Set) Fields() []Field {
	fields := make([]Field, len(s.Columns))
	for i, c := range s.Columns {
		fields[i] = c.Field
	}
	return fields
}

// Rows is the examples from one up to another; they share their storage with s.
func (s *Set) Rows(from, to int) *Set {
	part := &Set{Columns: slices.Clone(s.Columns)}
	for i := range part.Columns {
		part.Columns[i].Values = part.Columns[i].Values.Rows(from, to)
	}
	return part
}

// Splits is what a data clause yields. Both sets have the same fields.
type Splits struct {
	Train *Set
	Test  *Set // nil where the source has none
	Files []Digest
}

// Digest identifies a file that was read.
type Digest struct {
	Path   string // as it was found
	SHA256 string // of its bytes as stored, in hexadecimal
}
