package data

import (
	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// Limits bounds what a data clause may cost, whatever its files say.
type Limits struct {
	File    int64 // bytes of one file or archive, unpacked
	Text    int64 // bytes of text to be split into words, lines or characters
	Set     int64 // bytes that the examples of one array take in memory
	Picture int   // pixels of one picture
	Files   int   // files of one folder or archive
}

// DefaultLimits are those of Open.
func DefaultLimits() Limits {
	return Limits{File: 1 << 31, Text: 1 << 28, Set: 1 << 32, Picture: 1 << 26, Files: 1 << 21}
}

// afford holds that an array fits into the limits before it is made.
func (l Limits) afford(path string, dtype tensor.DType, dims ...int) error {
	n, ok := tensor.Size(dims)
	if !ok || int64(n) > l.Set/int64(dtype.Bytes()) {
		return fault.New(fault.BadData, path, "the examples would take an array %v of %s, more than the limit of %d bytes", dims, dtype, l.Set).
			Mend("take fewer or smaller examples")
	}
	return nil
}
