package weights

import (
	"encoding/binary"
	"io"

	"ncd/runtime/tensor"
)

// element is how one number lies in a file.
type element struct {
	bytes int
	read  func(r io.Reader, order binary.ByteOrder, dims []int) (*tensor.Tensor, error)
}

// The elements of both formats. Those that a tensor has no type for become the
// smallest that holds all their values.
var (
	float16Element  = element{2, readWidened(fromFloat16)}
	bfloat16Element = element{2, readWidened(fromBFloat16)}
	float32Element  = element{4, readSame[float32]}
	float64Element  = element{8, readSame[float64]}
	int8Element     = element{1, readWidened(func(v int8) int32 { return int32(v) })}
	int16Element    = element{2, readWidened(func(v int16) int32 { return int32(v) })}
	int32Element    = element{4, readSame[int32]}
	int64Element    = element{8, readSame[int64]}
	uint8Element    = element{1, readSame[uint8]}
	uint16Element   = element{2, readWidened(func(v uint16) int32 { return int32(v) })}
	uint32Element   = element{4, readWidened(func(v uint32) int64 { return int64(v) })}
)

func readSame[E tensor.Element](r io.Reader, order binary.ByteOrder, dims []int) (*tensor.Tensor, error) {
	data, err := readElements[E](r, order, dims)
	if err != nil {
		return nil, err
	}
	return tensor.Of(data, nil, dims...), nil
}

func readWidened[From any, To tensor.Element](widen func(From) To) func(io.Reader, binary.ByteOrder, []int) (*tensor.Tensor, error) {
	return func(r io.Reader, order binary.ByteOrder, dims []int) (*tensor.Tensor, error) {
		narrow, err := readElements[From](r, order, dims)
		if err != nil {
			return nil, err
		}
		data := make([]To, len(narrow))
		for i, v := range narrow {
			data[i] = widen(v)
		}
		return tensor.Of(data, nil, dims...), nil
	}
}

// chunk is how many elements pass through memory at a time.
const chunk = 8192

func readElements[E any](r io.Reader, order binary.ByteOrder, dims []int) ([]E, error) {
	n, _ := tensor.Size(dims)
	data := make([]E, n)
	var one E
	width := binary.Size(one)
	buffer := make([]byte, min(n, chunk)*width)
	for rest := data; len(rest) > 0; {
		k := min(len(rest), chunk)
		if _, err := io.ReadFull(r, buffer[:k*width]); err != nil {
			return nil, err
		}
		if _, err := binary.Decode(buffer[:k*width], order, rest[:k]); err != nil {
			return nil, err
		}
		rest = rest[k:]
	}
	return data, nil
}

// writeTensor writes the elements in order, the least byte first.
func writeTensor(w io.Writer, t *tensor.Tensor) error {
	switch t.DType() {
	case tensor.Float64:
		return writeElements(w, tensor.Elements[float64](t))
	case tensor.Int32:
		return writeElements(w, tensor.Elements[int32](t))
	case tensor.Int64:
		return writeElements(w, tensor.Elements[int64](t))
	case tensor.Uint8:
		return writeElements(w, tensor.Elements[uint8](t))
	default:
		return writeElements(w, tensor.Elements[float32](t))
	}
}

func writeElements[E tensor.Element](w io.Writer, data []E) error {
	var buffer []byte
	for len(data) > 0 {
		k := min(len(data), chunk)
		var err error
		if buffer, err = binary.Append(buffer[:0], binary.LittleEndian, data[:k]); err != nil {
			return err
		}
		if _, err := w.Write(buffer); err != nil {
			return err
		}
		data = data[k:]
	}
	return nil
}
