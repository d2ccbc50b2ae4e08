package weights

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"ncd/runtime/tensor"
)

const (
	metadataKey = "__metadata__" // the format's own
	axesKey     = "axes"         // ours: {"path": "pixel hidden"} as JSON, in the metadata
)

// typeNames are the format's names of our element types.
var typeNames = map[tensor.DType]string{
	tensor.Float32: "F32", tensor.Float64: "F64", tensor.Int32: "I32", tensor.Int64: "I64", tensor.Uint8: "U8",
}

// Write puts f in place of the safetensors file path, whole or not at all.
func Write(path string, f *File) error {
	return Replace(path, func(w io.Writer) error { return Encode(w, f) })
}

// Encode writes f as safetensors. The same arrays and remarks give the same
// bytes. The labels of the axes go into the metadata under "axes".
func Encode(w io.Writer, f *File) error {
	paths := storageOrder(f.Tensors)
	header, err := encodeHeader(f, paths)
	if err != nil {
		return err
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(len(header))); err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	for _, path := range paths {
		if err := writeTensor(w, f.Tensors[path]); err != nil {
			return err
		}
	}
	return nil
}

// storageOrder puts wide elements first, so that every array is aligned for
// readers that map the file into memory, and sorts by path within.
func storageOrder(tensors map[string]*tensor.Tensor) []string {
	return slices.SortedFunc(maps.Keys(tensors), func(a, b string) int {
		wide := cmp.Compare(tensors[b].DType().Bytes(), tensors[a].DType().Bytes())
		return cmp.Or(wide, strings.Compare(a, b))
	})
}

// entry is what the header says of an array.
type entry struct {
	DType   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"` // of its first byte and behind its last, from the header's end
}

func encodeHeader(f *File, paths []string) ([]byte, error) {
	var header bytes.Buffer
	header.WriteByte('{')
	if metadata := encodeMetadata(f); len(metadata) > 0 {
		if err := encodeMember(&header, metadataKey, metadata); err != nil {
			return nil, err
		}
	}
	var offset int64
	for _, path := range paths {
		t := f.Tensors[path]
		end := offset + int64(t.Len()*t.DType().Bytes())
		shape := append([]int{}, t.Dims...) // an array without axes is [], never null
		if err := encodeMember(&header, path, entry{typeNames[t.DType()], shape, [2]int64{offset, end}}); err != nil {
			return nil, err
		}
		offset = end
	}
	header.WriteByte('}')
	for header.Len()%8 != 0 { // so that the arrays begin aligned
		header.WriteByte(' ')
	}
	return header.Bytes(), nil
}

// encodeMember adds a key with its value to the JSON object that is being
// written.
func encodeMember(object *bytes.Buffer, key string, value any) error {
	if object.Len() > 1 {
		object.WriteByte(',')
	}
	for i, part := range []any{key, value} {
		text, err := json.Marshal(part)
		if err != nil {
			return err
		}
		if i == 1 {
			object.WriteByte(':')
		}
		object.Write(text)
	}
	return nil
}

// encodeMetadata is the remarks with the labels of all axes among them.
func encodeMetadata(f *File) map[string]string {
	axes := map[string]string{}
	for path, t := range f.Tensors {
		if len(t.Axes) > 0 {
			axes[path] = strings.Join(t.Axes, " ")
		}
	}
	metadata := maps.Clone(f.Metadata)
	if len(axes) > 0 {
		if metadata == nil {
			metadata = map[string]string{}
		}
		text, _ := json.Marshal(axes) // cannot fail: strings only
		metadata[axesKey] = string(text)
	}
	return metadata
}
