package weights

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// longestHeader is the format's own limit on the header, in bytes.
const longestHeader = 100_000_000

// storedTypes are the format's element types that we read.
var storedTypes = map[string]element{
	"F64": float64Element, "F32": float32Element, "F16": float16Element, "BF16": bfloat16Element,
	"I64": int64Element, "I32": int32Element, "I16": int16Element, "I8": int8Element,
	"U32": uint32Element, "U16": uint16Element, "U8": uint8Element, "BOOL": uint8Element,
}

// Read reads a safetensors file. Numbers of 16 bits become float32, the others
// keep their type: see tensor.Convert. The error is a fault.BadWeights, or
// fault.UnreadableFile.
func Read(path string) (*File, error) {
	return withFile(fault.BadWeights, path, func(f *os.File, size int64) (*File, error) {
		return Decode(f, size, path)
	})
}

// Decode reads safetensors of size bytes; path is its name in faults.
func Decode(r io.ReaderAt, size int64, path string) (*File, error) {
	bad := func(format string, args ...any) error {
		return fault.New(fault.BadWeights, path, format, args...).Mend("the file is damaged or is no safetensors file; save or copy it again")
	}
	header, err := readHeader(r, size)
	if err != nil {
		return nil, bad("%v", err)
	}
	entries, metadata, err := decodeHeader(header)
	if err != nil {
		return nil, bad("%v", err)
	}
	start := int64(8 + len(header))
	if err := checkLayout(entries, size-start); err != nil {
		return nil, bad("%v", err)
	}
	f := &File{Tensors: map[string]*tensor.Tensor{}, Metadata: metadata}
	if err := f.readArrays(r, start, entries); err != nil {
		return nil, bad("%v", err)
	}
	if err := labelAxes(f); err != nil {
		return nil, bad("%v", err)
	}
	return f, nil
}

// readArrays reads the arrays, which begin at a byte of the file, and holds them
// against the file's seal.
func (f *File) readArrays(r io.ReaderAt, start int64, entries map[string]entry) error {
	_, isSealed := f.Metadata[digestKey]
	met := digest{}
	for path, e := range entries {
		var section io.Reader = io.NewSectionReader(r, start+e.Offsets[0], e.Offsets[1]-e.Offsets[0])
		bytes := sha256.New()
		if isSealed {
			section = io.TeeReader(section, bytes)
		}
		t, err := storedTypes[e.DType].read(section, binary.LittleEndian, e.Shape)
		if err != nil {
			return fmt.Errorf("array %q cannot be read: %w", path, err)
		}
		f.Tensors[path] = t
		met.add(path, e, bytes)
	}
	return checkSeal(f, met)
}

// Extent is where a file has the elements of an array.
type Extent struct {
	Offset, Length int64  // in bytes, from the beginning of the file
	Stored         string // their type as the format names it: "F32"
}

// Extents tells where a safetensors file has each of its arrays. Errors are those of
// Read.
func Extents(path string) (map[string]Extent, error) {
	return withFile(fault.BadWeights, path, func(f *os.File, size int64) (map[string]Extent, error) {
		if _, err := Decode(f, size, path); err != nil {
			return nil, err
		}
		header, err := readHeader(f, size)
		if err != nil {
			return nil, err
		}
		entries, _, err := decodeHeader(header)
		extents := map[string]Extent{}
		for path, e := range entries {
			extents[path] = Extent{int64(8+len(header)) + e.Offsets[0], e.Offsets[1] - e.Offsets[0], e.DType}
		}
		return extents, err
	})
}

// readHeader reads the JSON text at the beginning, behind its length in 8 bytes.
func readHeader(r io.ReaderAt, size int64) ([]byte, error) {
	if size < 8 {
		return nil, fmt.Errorf("has %d bytes, a safetensors file has at least 8", size)
	}
	var length [8]byte
	if _, err := r.ReadAt(length[:], 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	if n > longestHeader || n > uint64(size-8) {
		return nil, fmt.Errorf("says its header has %d bytes, the file has %d behind the length", n, size-8)
	}
	header := make([]byte, n)
	if _, err := r.ReadAt(header, 8); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return header, nil
}

// decodeHeader reads the header's object a member at a time, for a JSON map would
// hide names that occur twice.
func decodeHeader(header []byte) (entries map[string]entry, metadata map[string]string, err error) {
	d := json.NewDecoder(bytes.NewReader(header))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return nil, nil, errors.New("the header is no JSON object")
	}
	entries = map[string]entry{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("the header is no JSON: %w", err)
		}
		key := token.(string) // the decoder lets nothing else be a key
		if _, twice := entries[key]; twice || key == metadataKey && metadata != nil {
			return nil, nil, fmt.Errorf("the header names %q twice", key)
		}
		var e entry
		if key == metadataKey {
			err = d.Decode(&metadata)
		} else if err = d.Decode(&e); err == nil {
			entries[key] = e
		}
		if err != nil {
			return nil, nil, fmt.Errorf("the header's entry %q is not as it should be: %w", key, err)
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, nil, fmt.Errorf("the header is no JSON: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, nil, errors.New("the header goes on behind its JSON object")
	}
	return entries, metadata, nil
}

// checkLayout holds that every entry fits its array, and that the arrays fill the
// length bytes behind the header without gap or overlap, as the format demands.
func checkLayout(entries map[string]entry, length int64) error {
	order := slices.SortedFunc(maps.Keys(entries), func(a, b string) int {
		p, q := entries[a].Offsets, entries[b].Offsets
		return cmp.Or(slices.Compare(p[:], q[:]), strings.Compare(a, b))
	})
	var end int64
	for _, path := range order {
		e := entries[path]
		if err := checkEntry(path, e, length); err != nil {
			return err
		}
		if e.Offsets[0] != end {
			return fmt.Errorf("array %q begins at byte %d, the one before it ends at %d", path, e.Offsets[0], end)
		}
		end = e.Offsets[1]
	}
	if end != length {
		return fmt.Errorf("the arrays take %d bytes, the file has %d for them", end, length)
	}
	return nil
}

func checkEntry(path string, e entry, length int64) error {
	stored, known := storedTypes[e.DType]
	if !known {
		return fmt.Errorf("array %q has elements of type %q, which are not read; known are %s",
			path, e.DType, strings.Join(slices.Sorted(maps.Keys(storedTypes)), ", "))
	}
	n, ok := tensor.Size(e.Shape)
	if !ok {
		return fmt.Errorf("array %q has the impossible shape %v", path, e.Shape)
	}
	begin, end := e.Offsets[0], e.Offsets[1]
	if begin < 0 || end < begin || end > length {
		return fmt.Errorf("array %q lies at bytes %d to %d of %d", path, begin, end, length)
	}
	if want := int64(n) * int64(stored.bytes); end-begin != want {
		return fmt.Errorf("array %q of type %s and shape %v needs %d bytes, the header gives it %d",
			path, e.DType, e.Shape, want, end-begin)
	}
	return nil
}

// labelAxes takes the labels of the axes out of the metadata. Files of others
// have none.
func labelAxes(f *File) error {
	text, found := f.Metadata[axesKey]
	if !found {
		return nil
	}
	var axes map[string]string
	if err := json.Unmarshal([]byte(text), &axes); err != nil {
		return fmt.Errorf("the metadata's %q is not as it should be: %w", axesKey, err)
	}
	for path, labels := range axes {
		t, found := f.Tensors[path]
		if !found { // a tool that took arrays out leaves the metadata as it was
			continue
		}
		words := strings.Fields(labels)
		if len(words) != len(t.Dims) {
			return fmt.Errorf("the metadata gives %q the axes [%s], its shape is %v", path, labels, t.Dims)
		}
		t.Axes = words
	}
	delete(f.Metadata, axesKey)
	return nil
}
