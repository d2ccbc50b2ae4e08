package weights

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"slices"
)

// digestKey is that of a seal in the metadata: the SHA-256 of a file's contents.
const digestKey = "sha256"

// Seal is f with the digest of its contents among the remarks, against which Read
// holds what it finds. A tool that changes the arrays of such a file and keeps the
// remarks makes a file that is refused.
//
// The digest is that of a text of a line for each remark, its key and value as a JSON
// array, in the order of the keys; and then of one for each array, its path, type,
// shape and the SHA-256 of its bytes, in the order of the paths.
func Seal(f *File) *File {
	contents := digest{}
	for path, t := range f.Tensors {
		bytes := sha256.New()
		_ = writeTensor(bytes, t) // a hash takes everything
		contents.add(path, entry{DType: typeNames[t.DType()], Shape: t.Dims}, bytes)
	}
	sealed := &File{Tensors: f.Tensors, Metadata: maps.Clone(f.Metadata)}
	if sealed.Metadata == nil {
		sealed.Metadata = map[string]string{}
	}
	sealed.Metadata[digestKey] = contents.sum(encodeMetadata(f))
	return sealed
}

// digest is that of a file's contents while they are met; its values are lines.
type digest map[string]string

func (d digest) add(path string, e entry, bytes hash.Hash) {
	d[path] = line(path, e.DType, append([]int{}, e.Shape...), hex.EncodeToString(bytes.Sum(nil)))
}

// sum is the digest of all arrays that were added, and of the remarks.
func (d digest) sum(metadata map[string]string) string {
	text := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(metadata)) {
		if key != digestKey {
			fmt.Fprintln(text, line(key, metadata[key]))
		}
	}
	for _, path := range slices.Sorted(maps.Keys(d)) {
		fmt.Fprintln(text, d[path])
	}
	return hex.EncodeToString(text.Sum(nil))
}

func line(parts ...any) string {
	text, _ := json.Marshal(parts) // cannot fail: strings and numbers only
	return string(text)
}

// checkSeal holds the contents of a file against its seal, where it has one, and takes
// the seal out of the remarks.
func checkSeal(f *File, met digest) error {
	want, isSealed := f.Metadata[digestKey]
	if !isSealed {
		return nil
	}
	if got := met.sum(f.Metadata); got != want {
		return fmt.Errorf("is not as it was written: the SHA-256 of its contents is %s, and was %s", got, want)
	}
	delete(f.Metadata, digestKey)
	return nil
}
