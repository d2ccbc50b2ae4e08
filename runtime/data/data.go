// Package data reads data sets and deals them out in batches.
//
// A data clause goes in: the name of a source, a path, options, and the fields
// that the program wants with the axes it gives them. Sets come out, for training,
// validation and testing, with the sizes that the data decide, and the digest of
// every file that was read. A Loader turns a set into batches, shuffled from a
// seed.
//
// A source is a file of this package and a line of its table, which Sources
// shows: pictures (mnist, cifar, images, digits), tables and arrays (csv, npz),
// text (characters, words), sound (wav), series and spikes (ucr, spikes), graphs
// (graph), and sets drawn from a seed (spirals, gaussians, sines).
//
// Files are distrusted: sizes they declare are held against their length and the
// Limits before memory is taken. What is wrong is told as a fault that names the
// file, what was found and what was wanted. The package knows neither diagrams nor
// plans.
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
	// Values has the examples as its outermost axis and then the field's: Int32 or
	// Uint8 for places, for numbers Float32 or, as pictures are stored, Uint8. With
	// Windows it is one long axis.
	Values *tensor.Tensor
	// Unit is what stored numbers are divided by: 255 for the bytes of an image,
	// else 1.
	Unit float32
	// Names is what the data call the places, or nil: characters, names of folders.
	Names []string
	// Windows says where examples lie that overlap, as those of a text do; nil where
	// each has its own row of Values.
	Windows *Windows
}

// Windows are examples that are parts of one long axis: example i has the places
// from First + i*Step on, as many as its field has elements.
type Windows struct {
	First, Step, Count int
}

// numbers is a column of numbers; values has the examples outermost.
func numbers(name string, axes []string, values *tensor.Tensor, unit float32) Column {
	return Column{Field: Field{Name: name, Axes: axes, Dims: values.Dims[1:]}, Values: values, Unit: unit}
}

// places is a column of places among count; values has the examples outermost.
func places(name string, axes []string, values *tensor.Tensor, count int) Column {
	f := Field{Name: name, Axes: axes, Dims: values.Dims[1:], IsPlaces: true, Places: count}
	return Column{Field: f, Values: values, Unit: 1}
}

// named is a column of places that have names.
func named(name string, axes []string, values *tensor.Tensor, names []string) Column {
	c := places(name, axes, values, len(names))
	c.Names = names
	return c
}

// Len is the number of examples.
func (c Column) Len() int {
	if c.Windows != nil {
		return c.Windows.Count
	}
	return c.Values.Dims[0]
}

// size is how many elements an example has.
func (c Column) size() int {
	n := 1
	for _, d := range c.Dims {
		n *= d
	}
	return n
}

// rows is the examples from one up to another; they share their storage with c.
func (c Column) rows(from, to int) Column {
	if c.Windows == nil {
		c.Values = c.Values.Rows(from, to)
		return c
	}
	c.Windows = &Windows{c.Windows.First + from*c.Windows.Step, c.Windows.Step, to - from}
	return c
}

// Set is examples that belong together. Nobody changes it once it is open.
type Set struct {
	Columns []Column // in the order of the request
}

// Len is the number of examples.
func (s *Set) Len() int { return s.Columns[0].Len() }

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
		part.Columns[i] = part.Columns[i].rows(from, to)
	}
	return part
}

// Apart leaves out the examples that overlap with an earlier one, so that
// measuring on a text to train on meets each of its places once. Where none
// overlap it is s.
func (s *Set) Apart() *Set {
	part := &Set{Columns: slices.Clone(s.Columns)}
	for i, c := range part.Columns {
		if c.Windows == nil || c.Windows.Step >= c.size() {
			return s
		}
		w := *c.Windows
		kept := (c.size() + w.Step - 1) / w.Step // one window of so many
		part.Columns[i].Windows = &Windows{w.First, w.Step * kept, (w.Count + kept - 1) / kept}
	}
	return part
}

// Splits is what a data clause yields. All sets have the same fields.
type Splits struct {
	Train      *Set
	Validation *Set // nil where the source has none and the option asks for none
	Test       *Set // nil where the source has none
	// Files has the digest of the stored bytes of each file; of a folder of examples,
	// of the digests and names of its files, a line each as sha256sum writes them; of
	// a set drawn from a seed, of its values.
	Files []Digest
}

// sets are those that there are, with the one to train on first.
func (s *Splits) sets() []*Set {
	return slices.DeleteFunc([]*Set{s.Train, s.Validation, s.Test}, func(set *Set) bool { return set == nil })
}

// Digest identifies what was read.
type Digest struct {
	Path   string // as it was found; of a set drawn from a seed, its data clause
	SHA256 string // in hexadecimal
}
