package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sbinet/npyio/npy"
	"github.com/sbinet/npyio/npz"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// The files are made by testdata/make.py with NumPy.
func TestReadsWhatNumPyWrites(t *testing.T) {
	inf := float32(math.Inf(1))
	negativeZero := float32(math.Copysign(0, -1))
	counted := make([]int32, 24)
	for i := range counted {
		counted[i] = int32(i)
	}
	for name, want := range map[string]*tensor.Tensor{
		"c":          tensor.Of([]float32{0, 0.25, 0.5, 0.75, 1, 1.25}, nil, 2, 3),
		"fortran":    tensor.Of(counted, nil, 2, 3, 4),
		"big_endian": tensor.Of([]float64{0, 0.25, 0.5, 0.75, 1, 1.25}, nil, 2, 3),
		"half":       tensor.Of([]float32{0, negativeZero, 1, -2, 65504, 0x1p-24, 0x1p-14, inf, -inf}, nil, 9),
		"scalar":     tensor.Of([]float64{2.5}, nil),
		"empty":      tensor.Of([]float32{}, nil, 3, 0),
		"truth":      tensor.Of([]uint8{1, 0}, nil, 2),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadArray("testdata/" + name + ".npy")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadsArchivesOfNumPy(t *testing.T) {
	want := map[string]*tensor.Tensor{
		"grid":  tensor.Of([]float32{0, 0.25, 0.5, 0.75, 1, 1.25}, nil, 2, 3),
		"label": tensor.Of([]int64{3, 1}, nil, 2),
	}
	for _, name := range []string{"stored", "compressed"} {
		got, err := ReadArrays("testdata/" + name + ".npz")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, same); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// NumPy's bytes are ours, for what it writes row-major and little-endian.
func TestWritesAsNumPyDoes(t *testing.T) {
	for _, name := range []string{"c", "scalar", "empty"} {
		want, err := os.ReadFile("testdata/" + name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		array, err := ReadArray("testdata/" + name + ".npy")
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := EncodeArray(&got, array); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: got\n%q\nwant\n%q", name, got.Bytes(), want)
		}
	}
}

// npyio is a witness: it reads what we write.
func TestNPYIOReadsOurArrays(t *testing.T) {
	var b bytes.Buffer
	if err := EncodeArray(&b, tensor.Of([]int64{1, -2, 3, 4, 5, 6}, nil, 1, 2, 3)); err != nil {
		t.Fatal(err)
	}
	r, err := npy.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	if err := r.Read(&got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 2, 3}, r.Header.Descr.Shape); diff != "" {
		t.Errorf("shape (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int64{1, -2, 3, 4, 5, 6}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNPYIOReadsOurArchives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.npz")
	arrays := map[string]*tensor.Tensor{"grad/x": tensor.Of([]float32{1, 2}, nil, 2), "out": tensor.Of([]float64{3}, nil)}
	if err := WriteArrays(path, arrays); err != nil {
		t.Fatal(err)
	}
	r, err := npz.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var got []float32
	if err := r.Read("grad/x.npy", &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1, 2}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	ours, err := ReadArrays(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(arrays, ours, same); diff != "" {
		t.Errorf("read back otherwise than written (-want +got):\n%s", diff)
	}
}

func TestArchiveBytesDependOnArraysAlone(t *testing.T) {
	archive := func() []byte {
		arrays := map[string]*tensor.Tensor{}
		for i := range 10 {
			arrays[fmt.Sprint("a", i)] = tensor.Of([]float32{float32(i)}, nil, 1)
		}
		var b bytes.Buffer
		if err := EncodeArrays(&b, arrays); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	if !bytes.Equal(archive(), archive()) {
		t.Error("the same arrays gave other bytes")
	}
}

// npyFile is an npy file of version 1 with the header and some zero bytes.
func npyFile(header string, data int) []byte {
	b := append([]byte(npyMagic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

var hostileArrays = []struct {
	name string
	file []byte
	want string
}{
	{"empty", nil, "does not begin as an npy file"},
	{"another file", []byte("PK\x03\x04 and so on"), "does not begin as an npy file"},
	{"version 9", append([]byte(npyMagic), 9, 0, 0, 0), "version 9"},
	{"no length", append([]byte(npyMagic), 1, 0, 1), "ends within its header"},
	{"header cut short", append([]byte(npyMagic), 1, 0, 9, 0, '{'), "ends within its header"},
	{"header of 4 GB", append([]byte(npyMagic), 2, 0, 255, 255, 255, 255), "header has 4294967295 bytes"},
	{"no dictionary", npyFile("hello\n", 0), "does not say descr"},
	{"a record", npyFile("{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", 4), "does not say descr"},
	{"objects", npyFile("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n", 8), `type "|O"`},
	{"no type", npyFile("{'descr': '', 'fortran_order': False, 'shape': (1,), }\n", 8), `type ""`},
	{"negative size", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n", 4), "does not say descr"},
	{"size overflows", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }\n", 4), "impossible size"},
	{"shape overflows", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }\n", 4), "impossible shape"},
	{"cut short", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000,), }\n", 4), "needs 4000000 bytes, the file has 4"},
	{"too long", npyFile("{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n", 5), "needs 4 bytes, the file has 5"},
}

func TestHostileArrays(t *testing.T) {
	for _, c := range hostileArrays {
		t.Run(c.name, func(t *testing.T) {
			_, err := DecodeArray(bytes.NewReader(c.file), int64(len(c.file)), "x.npy")
			wantFault(t, err, fault.BadArray, c.want)
		})
	}
	_, err := ReadArray("testdata/text.npy")
	wantFault(t, err, fault.BadArray, `type "<U6"`)
}

// A zip file may say that a few bytes grow to terabytes.
func TestHostileArchives(t *testing.T) {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "a.npy", Method: zip.Deflate, CompressedSize64: 2, UncompressedSize64: 1 << 40}
	w, err := archive.CreateRaw(header)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte{3, 0})
	archive.Close()
	_, err = DecodeArrays(bytes.NewReader(b.Bytes()), int64(b.Len()), "x.npz")
	wantFault(t, err, fault.BadArray, "grow to more than")

	_, err = DecodeArrays(bytes.NewReader([]byte("no")), 2, "x.npz")
	wantFault(t, err, fault.BadArray, "is no npz file")
}

func TestTruncatedArchive(t *testing.T) {
	whole, err := os.ReadFile("testdata/compressed.npz")
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := DecodeArrays(bytes.NewReader(whole[:n]), int64(n), "x.npz"); fault.As(err) == nil {
			t.Fatalf("the first %d of %d bytes were taken for a whole file", n, len(whole))
		}
	}
}

// Whatever the bytes are, they are refused with a fault, or what they say can be
// written and read again.
func FuzzArray(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.npy")
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	for _, c := range hostileArrays {
		f.Add(c.file)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		array, err := DecodeArray(bytes.NewReader(b), int64(len(b)), "x.npy")
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("refused without a fault: %v", err)
			}
			return
		}
		var written bytes.Buffer
		if err := EncodeArray(&written, array); err != nil {
			t.Fatal(err)
		}
		again, err := DecodeArray(&written, int64(written.Len()), "y.npy")
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if array.String() != again.String() {
			t.Errorf("got %v, wrote %v", again, array)
		}
	})
}
