package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

const (
	npyMagic = "\x93NUMPY"
	// longestNPYHeader is numpy's own limit (max_header_size of numpy.load), in
	// bytes.
	longestNPYHeader = 10_000
)

// ReadArray reads an npy file. Numbers of 16 bits become float32, whole numbers
// and truth values the smallest type of tensor that holds them. The error is a
// fault.BadArray, or fault.UnreadableFile.
func ReadArray(path string) (*tensor.Tensor, error) {
	return withFile(fault.BadArray, path, func(f *os.File, size int64) (*tensor.Tensor, error) {
		return DecodeArray(f, size, path)
	})
}

// WriteArray puts t in place of the npy file path, whole or not at all.
func WriteArray(path string, t *tensor.Tensor) error {
	return Replace(path, func(w io.Writer) error { return EncodeArray(w, t) })
}

// DecodeArray reads an npy array from size bytes; path is its name in faults.
func DecodeArray(r io.Reader, size int64, path string) (*tensor.Tensor, error) {
	t, err := decodeArray(r, size)
	if err != nil {
		return nil, fault.New(fault.BadArray, path, "%v", err).Mend("write it with numpy.save, as numbers (no objects, no text)")
	}
	return t, nil
}

func decodeArray(r io.Reader, size int64) (*tensor.Tensor, error) {
	header, length, err := readNPYHeader(r)
	if err != nil {
		return nil, err
	}
	said, err := parseNPYHeader(header)
	if err != nil {
		return nil, err
	}
	n, ok := tensor.Size(said.dims)
	if !ok {
		return nil, fmt.Errorf("has the impossible shape %v", said.dims)
	}
	need, have := int64(n)*int64(said.element.bytes), size-length
	if need != have {
		return nil, fmt.Errorf("shape %v of %s needs %d bytes, the file has %d for it", said.dims, said.descr, need, have)
	}
	if !said.columnMajor {
		return said.element.read(r, said.order, said.dims)
	}
	turned, err := said.element.read(r, said.order, reversed(said.dims))
	if err != nil {
		return nil, err
	}
	return transposed(turned), nil
}

// readNPYHeader returns the text that describes the array, and how many bytes lie
// before the array. Versions 1 to 3 differ in the width of one number and in the
// encoding of names, of which we read none.
func readNPYHeader(r io.Reader) (header string, length int64, err error) {
	var prefix [8]byte
	if _, err := io.ReadFull(r, prefix[:]); err != nil || string(prefix[:6]) != npyMagic {
		return "", 0, fmt.Errorf("does not begin as an npy file does")
	}
	width := 4
	if prefix[6] == 1 {
		width = 2
	} else if prefix[6] > 3 || prefix[6] == 0 {
		return "", 0, fmt.Errorf("is of version %d of the npy format; known are 1 to 3", prefix[6])
	}
	var number [4]byte
	if _, err := io.ReadFull(r, number[:width]); err != nil {
		return "", 0, fmt.Errorf("ends within its header")
	}
	n := binary.LittleEndian.Uint32(number[:])
	if n > longestNPYHeader {
		return "", 0, fmt.Errorf("says its header has %d bytes, more than %d", n, longestNPYHeader)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", 0, fmt.Errorf("ends within its header")
	}
	return string(text), int64(len(prefix)+width) + int64(n), nil
}

// npyHeader is what the header says of the array.
type npyHeader struct {
	descr       string
	element     element
	order       binary.ByteOrder
	columnMajor bool // the first axis is contiguous
	dims        []int
}

var (
	npyDescr = regexp.MustCompile(`'descr':\s*'([^']*)'`)
	npyOrder = regexp.MustCompile(`'fortran_order':\s*(True|False)`)
	npyShape = regexp.MustCompile(`'shape':\s*\(([0-9,\sL]*)\)`)
)

func parseNPYHeader(header string) (npyHeader, error) {
	var said npyHeader
	descr, order, shape := npyDescr.FindStringSubmatch(header), npyOrder.FindStringSubmatch(header), npyShape.FindStringSubmatch(header)
	if descr == nil || order == nil || shape == nil {
		return said, fmt.Errorf("its header %.100q does not say descr, fortran_order and shape of one array of numbers", header)
	}
	said.descr, said.columnMajor = descr[1], order[1] == "True"
	var known bool
	if said.element, said.order, known = npyElement(said.descr); !known {
		return said, fmt.Errorf("has elements of type %q; known are f2 f4 f8, i1 i2 i4 i8, u1 u2 u4 and b1", said.descr)
	}
	for word := range strings.SplitSeq(shape[1], ",") {
		word = strings.TrimSuffix(strings.TrimSpace(word), "L") // Python 2 wrote long numbers so
		if word == "" {
			continue
		}
		d, err := strconv.Atoi(word)
		if err != nil {
			return said, fmt.Errorf("has the impossible size %q in its shape", word)
		}
		said.dims = append(said.dims, d)
	}
	return said, nil
}

// npyElement reads a type like <f4: the order of bytes, the kind, and the number
// of bytes.
func npyElement(descr string) (element, binary.ByteOrder, bool) {
	kinds := map[string]element{
		"f2": float16Element, "f4": float32Element, "f8": float64Element,
		"i1": int8Element, "i2": int16Element, "i4": int32Element, "i8": int64Element,
		"u1": uint8Element, "u2": uint16Element, "u4": uint32Element, "b1": uint8Element,
	}
	if descr == "" {
		return element{}, nil, false
	}
	var order binary.ByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	e, known := kinds[strings.TrimLeft(descr[:1], "<>|=")+descr[1:]]
	return e, order, known
}

// EncodeArray writes t as an npy array, row-major, the least byte first. Labels
// of axes are lost: the format has no place for them.
func EncodeArray(w io.Writer, t *tensor.Tensor) error {
	if _, err := w.Write(encodeNPYHeader(t)); err != nil {
		return err
	}
	return writeTensor(w, t)
}

// encodeNPYHeader is everything before the array, padded as numpy does so that
// the array begins at a multiple of 64 bytes.
func encodeNPYHeader(t *tensor.Tensor) []byte {
	descr := map[tensor.DType]string{
		tensor.Float32: "<f4", tensor.Float64: "<f8", tensor.Int32: "<i4", tensor.Int64: "<i8", tensor.Uint8: "|u1",
	}[t.DType()]
	var shape strings.Builder
	for i, d := range t.Dims {
		if i > 0 {
			shape.WriteByte(' ')
		}
		fmt.Fprintf(&shape, "%d,", d)
	}
	sizes := shape.String()
	if len(t.Dims) > 1 {
		sizes = strings.TrimSuffix(sizes, ",")
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, sizes)
	const before = len(npyMagic) + 2 + 2 // magic, version, length
	padding := 63 - (before+len(text))%64

	var header bytes.Buffer
	header.WriteString(npyMagic + "\x01\x00")
	binary.Write(&header, binary.LittleEndian, uint16(len(text)+padding+1))
	header.WriteString(text + strings.Repeat(" ", padding) + "\n")
	return header.Bytes()
}
