package data

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// arrays are the arrays of an npz file by name, and where they are from.
type arrays struct {
	from   place
	limits Limits
	byName map[string]*tensor.Tensor
}

// arrays reads an npz file: npy arrays in a zip archive.
func (r *reader) arrays(from place) (*arrays, error) {
	packed, err := r.whole(from, r.limits.File)
	if err != nil {
		return nil, err
	}
	files, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, fault.New(fault.BadData, from.shown, "is no npz file: %v", err).Mend("write it with numpy.savez").Because(err)
	}
	a := &arrays{from, r.limits, map[string]*tensor.Tensor{}}
	left := uint64(r.limits.File)
	for _, f := range files.File {
		if f.UncompressedSize64 > left {
			return nil, fault.New(fault.BadData, from.shown, "grows to more than %d bytes, the limit", r.limits.File)
		}
		left -= f.UncompressedSize64
		if err := a.add(f, from); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *arrays) add(f *zip.File, from place) error {
	name := strings.TrimSuffix(f.Name, ".npy")
	if _, twice := a.byName[name]; twice {
		return fault.New(fault.BadData, from.shown, "holds two arrays named %q", name)
	}
	r, err := f.Open()
	if err != nil {
		return fault.New(fault.BadData, from.shown, "%q cannot be read: %v", f.Name, err).Because(err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err != nil {
		return fault.New(fault.BadData, from.shown, "%q cannot be read: %v", f.Name, err).Because(err)
	}
	t, problem := decodeNPY(data)
	if problem != "" {
		return fault.New(fault.BadData, from.shown, "array %q %s", name, problem).Mend("write it with numpy.savez, as numbers in row-major order")
	}
	a.byName[name] = t
	return nil
}

var npyHeader = regexp.MustCompile(`^\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\), \}\s*$`)

// decodeNPY reads an array in numpy's npy format, or tells what is wrong with it.
//
// Source: NumPy enhancement proposal 1, A simple file format for NumPy arrays.
func decodeNPY(data []byte) (t *tensor.Tensor, problem string) {
	header, elements, ok := npyParts(data)
	if !ok {
		return nil, "does not begin as an npy file does"
	}
	said := npyHeader.FindSubmatch(header)
	if said == nil {
		return nil, "has a header that does not say type, order and shape of numbers"
	}
	var dims []int
	for word := range strings.FieldsFuncSeq(string(said[3]), func(c rune) bool { return c == ',' || c == ' ' }) {
		d, err := strconv.Atoi(word)
		if err != nil {
			return nil, "has the impossible size " + word
		}
		dims = append(dims, d)
	}
	if string(said[2]) == "True" && len(dims) > 1 {
		return nil, "is in column-major order"
	}
	decode, known := npyElements[string(said[1])]
	if !known {
		return nil, "has elements of type " + string(said[1]) + "; known are " + enumerate(slices.Sorted(maps.Keys(npyElements)))
	}
	n, ok := tensor.Size(dims)
	if !ok || n*decode.bytes != len(elements) {
		return nil, "has the shape (" + string(said[3]) + ") and " + strconv.Itoa(len(elements)) + " bytes, which do not fit"
	}
	return decode.read(elements, dims), ""
}

// npyParts divides an npy file into its header and its elements.
func npyParts(data []byte) (header, elements []byte, ok bool) {
	if len(data) < 12 || string(data[:6]) != "\x93NUMPY" {
		return nil, nil, false
	}
	length, begin := int(binary.LittleEndian.Uint16(data[8:])), 10
	if data[6] > 1 { // the format's version
		length, begin = int(binary.LittleEndian.Uint32(data[8:])), 12
	}
	if length > len(data)-begin {
		return nil, nil, false
	}
	return data[begin : begin+length], data[begin+length:], true
}

// npyElement is how one type of numbers is read.
type npyElement struct {
	bytes int
	read  func(data []byte, dims []int) *tensor.Tensor
}

var npyElements = map[string]npyElement{
	"|u1": {1, readSame[uint8]}, "|b1": {1, readSame[uint8]}, "|i1": {1, readAs[int8, int32]},
	"<i2": {2, readAs[int16, int32]}, "<u2": {2, readAs[uint16, int32]},
	"<i4": {4, readSame[int32]}, "<u4": {4, readAs[uint32, int64]}, "<i8": {8, readSame[int64]},
	"<f4": {4, readSame[float32]}, "<f8": {8, readAs[float64, float32]},
}

func readSame[E tensor.Element](data []byte, dims []int) *tensor.Tensor {
	return readAs[E, E](data, dims)
}

// readAs reads numbers of one type as elements of another. The length has been
// held against dims, so that decoding cannot fail.
func readAs[From int8 | int16 | uint16 | uint32 | float64 | tensor.Element, To tensor.Element](data []byte, dims []int) *tensor.Tensor {
	n, _ := tensor.Size(dims)
	from := make([]From, n)
	if _, err := binary.Decode(data, binary.LittleEndian, from); err != nil {
		panic(err)
	}
	to := make([]To, n)
	for i, v := range from {
		to[i] = To(v)
	}
	return tensor.Of(to, nil, dims...)
}

// names are the arrays' names in order.
func (a *arrays) names() []string { return slices.Sorted(maps.Keys(a.byName)) }

// bad is a fault of the file.
func (a *arrays) bad(format string, args ...any) *fault.Fault {
	return fault.New(fault.BadData, a.from.shown, format, args...)
}

// array is the array of a name, with the given number of axes.
func (a *arrays) array(name string, axes int) (*tensor.Tensor, error) {
	t, found := a.byName[name]
	if !found {
		return nil, fault.New(fault.MissingData, a.from.shown, "has no array %q; it has %s", name, enumerate(a.names()))
	}
	if len(t.Dims) != axes {
		return nil, a.bad("array %q has the shape %v, wanted are %d axes", name, t.Dims, axes)
	}
	return t, nil
}

// integers are the values of an array of one axis, which are to be whole numbers
// from least to below most.
func (a *arrays) integers(name string, least, most int) ([]int32, error) {
	t, err := a.array(name, 1)
	if err != nil {
		return nil, err
	}
	p, err := a.wholeNumbers(name, t, least, most)
	if err != nil {
		return nil, err
	}
	return tensor.Elements[int32](p), nil
}

// wholeNumbers is an array as Int32, once its values are from least to below most.
func (a *arrays) wholeNumbers(name string, t *tensor.Tensor, least, most int) (*tensor.Tensor, error) {
	if t.DType() == tensor.Float32 {
		return nil, a.bad("array %q has fractions, wanted are whole numbers", name)
	}
	wide := tensor.Elements[int64](t.Convert(tensor.Int64))
	for i, v := range wide {
		if v < int64(least) || v >= int64(most) {
			return nil, a.bad("array %q has the value %d at place %d, wanted are whole numbers from %d to %d", name, v, i, least, most-1)
		}
	}
	return t.Convert(tensor.Int32), nil
}

// real is an array as Float32, whose values are to be finite.
func (a *arrays) real(name string, t *tensor.Tensor) (*tensor.Tensor, error) {
	converted := t.Convert(tensor.Float32)
	for i, v := range tensor.Elements[float32](converted) {
		if v-v != 0 {
			return nil, a.bad("array %q has the value %v at place %d", name, v, i)
		}
	}
	return converted, nil
}
