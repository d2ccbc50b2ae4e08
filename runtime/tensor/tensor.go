// Package tensor is the storage of a shape: numbers in row-major order, with the
// labels and sizes of their axes. It is how arrays pass between files, data sets
// and a running plan. It computes nothing, and its sizes are plain numbers.
package tensor

import (
	"fmt"
	"slices"
	"strings"
)

// DType is the type of a tensor's elements.
type DType int

// The types of elements. Places along an axis are Int32; Uint8 is how images are
// stored in files.
const (
	Float32 DType = iota
	Float64
	Int32
	Int64
	Uint8
)

// String is the type's name.
func (d DType) String() string {
	return [...]string{"float32", "float64", "int32", "int64", "uint8"}[d]
}

// Bytes is the size of an element.
func (d DType) Bytes() int { return [...]int{4, 8, 4, 8, 1}[d] }

// Element is a Go type that elements are kept in.
type Element interface {
	float32 | float64 | int32 | int64 | uint8
}

// Tensor is an array. Its elements lie in row-major order: the last axis is
// contiguous. A tensor without axes is one number.
type Tensor struct {
	Axes []string // a label for each of Dims, or nil where they have none
	Dims []int

	data any // a slice of an Element, as long as the product of Dims
}

// New is a tensor of zeros. It panics where Size does not count dims.
func New(dtype DType, axes []string, dims ...int) *Tensor {
	n, ok := Size(dims)
	if !ok {
		panic(fmt.Sprintf("tensor: no array has the sizes %v", dims))
	}
	var data any
	switch dtype {
	case Float32:
		data = make([]float32, n)
	case Float64:
		data = make([]float64, n)
	case Int32:
		data = make([]int32, n)
	case Int64:
		data = make([]int64, n)
	case Uint8:
		data = make([]uint8, n)
	}
	return &Tensor{Axes: axes, Dims: dims, data: data}
}

// Of is a tensor that keeps its elements in data, which it does not copy. It
// panics where their number is not the product of dims.
func Of[E Element](data []E, axes []string, dims ...int) *Tensor {
	if n, ok := Size(dims); !ok || n != len(data) {
		panic(fmt.Sprintf("tensor: %d elements do not fill %v", len(data), dims))
	}
	return &Tensor{Axes: axes, Dims: dims, data: data}
}

// Elements is where the tensor keeps its elements, not a copy. It panics where
// they are of another type.
func Elements[E Element](t *Tensor) []E {
	data, ok := t.data.([]E)
	if !ok {
		var e E
		panic(fmt.Sprintf("tensor: elements are %s, not %T", t.DType(), e))
	}
	return data
}

// DType is the type of the elements.
func (t *Tensor) DType() DType {
	switch t.data.(type) {
	case []float64:
		return Float64
	case []int32:
		return Int32
	case []int64:
		return Int64
	case []uint8:
		return Uint8
	}
	return Float32
}

// Len is the number of elements.
func (t *Tensor) Len() int {
	n, _ := Size(t.Dims)
	return n
}

// At is the element at a place along each axis, as a float64. It panics where
// there is no such place.
func (t *Tensor) At(places ...int) float64 {
	if len(places) != len(t.Dims) {
		panic(fmt.Sprintf("tensor: %d places for %d axes", len(places), len(t.Dims)))
	}
	offset := 0
	for i, p := range places {
		if p < 0 || p >= t.Dims[i] {
			panic(fmt.Sprintf("tensor: no place %v in %v", places, t.Dims))
		}
		offset = offset*t.Dims[i] + p
	}
	return t.float64At(offset)
}

func (t *Tensor) float64At(i int) float64 {
	switch data := t.data.(type) {
	case []float64:
		return data[i]
	case []int32:
		return float64(data[i])
	case []int64:
		return float64(data[i])
	case []uint8:
		return float64(data[i])
	default:
		return float64(data.([]float32)[i])
	}
}

// Rows is the part from place from up to place to of the outermost axis. It
// shares its elements with t.
func (t *Tensor) Rows(from, to int) *Tensor {
	row, _ := Size(t.Dims[1:])
	part := &Tensor{Axes: t.Axes, Dims: slices.Clone(t.Dims)}
	part.Dims[0] = to - from
	from, to = from*row, to*row
	switch data := t.data.(type) {
	case []float32:
		part.data = data[from:to:to]
	case []float64:
		part.data = data[from:to:to]
	case []int32:
		part.data = data[from:to:to]
	case []int64:
		part.data = data[from:to:to]
	case []uint8:
		part.data = data[from:to:to]
	}
	return part
}

// String is the type as the language writes it: float32[row:28 col:28].
func (t *Tensor) String() string { return t.DType().String() + Shape(t.Axes, t.Dims) }

// Shape writes axes as the language does: [row:28 col:28], or [28 28] where they
// have no labels.
func Shape(axes []string, dims []int) string {
	words := make([]string, len(dims))
	for i, d := range dims {
		words[i] = fmt.Sprint(d)
		if i < len(axes) {
			words[i] = axes[i] + ":" + words[i]
		}
	}
	return "[" + strings.Join(words, " ") + "]"
}
