package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// idx is a file in the idx format.
func idx(data []byte, dims ...int) []byte {
	b := []byte{0, 0, idxBytes, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, data...)
}

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(b)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}

// readFile decodes idx through a reader, as a data clause does.
func readFile(b []byte) (*tensor.Tensor, error) {
	fsys := fstest.MapFS{"f": {Data: b}}
	var array *tensor.Tensor
	r := &reader{limits: DefaultLimits()}
	err := r.read(place{fsys: fsys, name: "f", shown: "f"}, func(c content) (err error) {
		array, err = decodeIDX(c)
		return err
	})
	return array, err
}

func wantFault(t *testing.T, err error, code fault.Code, message string) {
	t.Helper()
	f := fault.As(err)
	if f == nil {
		t.Fatalf("got %v, want a fault with %q", err, message)
	}
	if f.Code != code || !strings.Contains(f.Error(), message) {
		t.Errorf("got %s %q, want %s with %q", f.Code, f.Error(), code, message)
	}
}

func TestIDX(t *testing.T) {
	plain := idx([]byte{1, 2, 3, 4, 5, 6}, 2, 3)
	for name, file := range map[string][]byte{"plain": plain, "gzipped": gzipped(t, plain)} {
		got, err := readFile(file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.String() != "uint8[2 3]" || got.At(1, 2) != 6 {
			t.Errorf("%s: got %v ending with %v", name, got, got.At(1, 2))
		}
	}
}

func TestHostileIDX(t *testing.T) {
	damaged := gzipped(t, idx([]byte{1, 2}, 2))
	damaged[len(damaged)-5] ^= 1 // in the checksum
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "ends within its header"},
		{"text", []byte("hello, world"), "begins with 68 65 6c 6c"},
		{"another type", []byte{0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0}, "type 0x0d"},
		{"no axes", []byte{0, 0, idxBytes, 0}, "declares 0 axes"},
		{"many axes", []byte{0, 0, idxBytes, 200}, "declares 200 axes"},
		{"header cut short", idx(nil, 5, 6)[:9], "ends within its header"},
		{"more declared than there is", idx([]byte{1, 2, 3}, 2, 2), "ends after 3 of the 4"},
		{"far more declared", idx(nil, 1<<31, 1), "more than a file of its length can hold"},
		{"shape overflows", idx(nil, 1<<31, 1<<31, 1<<31), "more than a file of its length can hold"},
		{"far more declared, gzipped", gzipped(t, idx(nil, 1<<31, 1)), "more than a file of its length can hold"},
		{"goes on", idx([]byte{1, 2, 3}, 2), "goes on behind"},
		{"gzip cut short", gzipped(t, idx(make([]byte, 1000), 1000))[:20], "ends"},
		{"gzip checksum", damaged, "is damaged"},
		{"gzip header", []byte{0x1f, 0x8b, 9, 9, 9, 9, 9, 9, 9, 9, 9}, "is damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readFile(c.file)
			wantFault(t, err, fault.BadData, c.want)
		})
	}
}

// Whatever the bytes are, they are refused with a fault, or are the array they
// declare.
func FuzzIDX(f *testing.F) {
	plain := idx([]byte{1, 2, 3, 4}, 2, 2)
	f.Add(plain)
	f.Add(gzipped(f, plain))
	f.Add(plain[:10])
	f.Add(idx(nil, 1<<31, 1<<31))
	f.Fuzz(func(t *testing.T, b []byte) {
		array, err := readFile(b)
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("refused without a fault: %v", err)
			}
			return
		}
		again, err := readFile(idx(tensor.Elements[uint8](array), array.Dims...))
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if diff := cmp.Diff(array, again, cmp.AllowUnexported(tensor.Tensor{})); diff != "" {
			t.Error(diff)
		}
	})
}

// files writes files into a new folder.
func files(t *testing.T, contents map[string][]byte) string {
	t.Helper()
	folder := t.TempDir()
	for name, b := range contents {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
