package weights

import (
	"archive/zip"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// ReadArrays reads an npz file: npy arrays in a zip archive, as numpy.savez and
// numpy.savez_compressed write them. The error is a fault.BadArray, or
// fault.UnreadableFile.
func ReadArrays(path string) (map[string]*tensor.Tensor, error) {
	return withFile(fault.BadArray, path, func(f *os.File, size int64) (map[string]*tensor.Tensor, error) {
		return DecodeArrays(f, size, path)
	})
}

// DecodeArrays reads an npz archive of size bytes; path is its name in faults.
func DecodeArrays(r io.ReaderAt, size int64, path string) (map[string]*tensor.Tensor, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fault.New(fault.BadArray, path, "is no npz file: %v", err).Mend("write it with numpy.savez").Because(err)
	}
	if err := checkGrowth(archive, size); err != nil {
		return nil, fault.New(fault.BadArray, path, "%v", err)
	}
	arrays := map[string]*tensor.Tensor{}
	for _, member := range archive.File {
		name := strings.TrimSuffix(member.Name, ".npy")
		if _, twice := arrays[name]; twice {
			return nil, fault.New(fault.BadArray, path, "holds two arrays named %q", name)
		}
		t, err := decodeMember(member, path)
		if err != nil {
			return nil, err
		}
		arrays[name] = t
	}
	return arrays, nil
}

// checkGrowth holds the archive's word on the length of its members against what
// a file of size bytes can at most become, all members together: several may
// claim the same bytes.
func checkGrowth(archive *zip.Reader, size int64) error {
	const deflateRatio = 1032 // bytes at most from one compressed byte
	left := uint64(size) * deflateRatio
	for _, member := range archive.File {
		if member.UncompressedSize64 > left {
			return fmt.Errorf("says that its members grow to more than %d times its %d bytes", deflateRatio, size)
		}
		left -= member.UncompressedSize64
	}
	return nil
}

// decodeMember reads one array of an archive.
func decodeMember(member *zip.File, path string) (*tensor.Tensor, error) {
	r, err := member.Open()
	if err != nil {
		return nil, fault.New(fault.BadArray, path, "%q cannot be read: %v", member.Name, err).Because(err)
	}
	defer r.Close()
	t, err := DecodeArray(r, int64(member.UncompressedSize64), path+"/"+member.Name)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(io.Discard, r); err != nil { // reaches the checksum
		return nil, fault.New(fault.BadArray, path, "%q cannot be read: %v", member.Name, err).Because(err)
	}
	return t, nil
}

// WriteArrays puts arrays in place of the npz file path, whole or not at all.
func WriteArrays(path string, arrays map[string]*tensor.Tensor) error {
	return Replace(path, func(w io.Writer) error { return EncodeArrays(w, arrays) })
}

// EncodeArrays writes an npz archive, sorted by name, without times and without
// compression: the same arrays give the same bytes.
func EncodeArrays(w io.Writer, arrays map[string]*tensor.Tensor) error {
	archive := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		member, err := archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: zip.Store})
		if err != nil {
			return err
		}
		if err := EncodeArray(member, arrays[name]); err != nil {
			return err
		}
	}
	return archive.Close()
}
