package weights

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// same compares tensors by axes, sizes, types and elements.
var same = cmp.Options{cmp.AllowUnexported(tensor.Tensor{}), cmpopts.EquateEmpty()}

func model() *File {
	return &File{
		Tensors: map[string]*tensor.Tensor{
			"net.hidden.weight": tensor.Of([]float32{1, 2, 3, 4, 5, 6}, []string{"pixel", "hidden"}, 2, 3),
			"net.hidden.bias":   tensor.Of([]float32{-1, 0, float32(math.Inf(1))}, []string{"hidden"}, 3),
			"step":              tensor.Of([]int64{1 << 40}, nil),
			"net.mean":          tensor.Of([]float64{0.1, 0.2}, nil, 2),
			"order":             tensor.Of([]int32{}, []string{"example"}, 0),
			"pixels":            tensor.Of([]uint8{7}, nil, 1, 1),
		},
		Metadata: map[string]string{"program": "a <b> & \"c\""},
	}
}

func encoded(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decoded(b []byte) (*File, error) {
	return Decode(bytes.NewReader(b), int64(len(b)), "w.safetensors")
}

func TestSafetensorsRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := Write(path, model()); err != nil {
		t.Fatal(err)
	}
	got, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(model(), got, same); diff != "" {
		t.Errorf("read back otherwise than written (-want +got):\n%s", diff)
	}
}

func TestSafetensorsBytesDependOnArraysAlone(t *testing.T) {
	first := encoded(t, model())
	for range 20 {
		if !bytes.Equal(encoded(t, model()), first) {
			t.Fatal("the same arrays gave other bytes")
		}
	}
	start := 8 + binary.LittleEndian.Uint64(first)
	if start%8 != 0 {
		t.Errorf("arrays begin at byte %d, want a multiple of 8", start)
	}
}

func TestSafetensorsRoundTripOfAnyArrays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := &File{Tensors: map[string]*tensor.Tensor{}}
		for _, path := range rapid.SliceOfDistinct(rapid.String(), rapid.ID).Draw(t, "paths") {
			if path = strings.ToValidUTF8(path, "?"); path == metadataKey {
				continue
			}
			dims := rapid.SliceOfN(rapid.IntRange(0, 4), 0, 3).Draw(t, "dims")
			n, _ := tensor.Size(dims)
			data := rapid.SliceOfN(rapid.Float32(), n, n).Draw(t, "data")
			f.Tensors[path] = tensor.Of(data, nil, dims...)
		}
		var b bytes.Buffer
		if err := Encode(&b, f); err != nil {
			t.Fatal(err)
		}
		got, err := decoded(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range f.Paths() {
			if got.Tensors[path] == nil {
				t.Fatalf("%q is lost", path)
			}
			want, have := tensor.Elements[float32](f.Tensors[path]), tensor.Elements[float32](got.Tensors[path])
			for i := range want {
				if math.Float32bits(want[i]) != math.Float32bits(have[i]) {
					t.Fatalf("%q at %d: got %v, want %v", path, i, have[i], want[i])
				}
			}
		}
	})
}

// The file is made by testdata/make.py with the safetensors package.
func TestReadsWhatPythonWrites(t *testing.T) {
	got, err := Read("testdata/python.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	inf := float32(math.Inf(1))
	negativeZero := float32(math.Copysign(0, -1))
	want := &File{
		Tensors: map[string]*tensor.Tensor{
			"layer.weight": tensor.Of([]float32{0, 0.25, 0.5, 0.75, 1, 1.25}, nil, 2, 3),
			"layer.bias":   tensor.Of([]float64{1.5, -2}, nil, 2),
			"half":         tensor.Of([]float32{0, negativeZero, 1, -2, 65504, 0x1p-24, 0x1p-14, inf, -inf}, nil, 9),
			"count":        tensor.Of([]int64{1 << 40}, nil),
			"index":        tensor.Of([]int32{-1, 7}, nil, 1, 2),
			"byte":         tensor.Of([]uint8{0, 255}, nil, 2),
			"small":        tensor.Of([]int32{-3, 3}, nil, 2),
			"empty":        tensor.Of([]float32{}, nil, 0, 4),
		},
		Metadata: map[string]string{"format": "np", "maker": "make.py"},
	}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	brain, err := Read("testdata/bfloat16.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{1, -2.5, inf}, tensor.Elements[float32](brain.Tensors["brain"])); diff != "" {
		t.Errorf("bfloat16 (-want +got):\n%s", diff)
	}
}

// withHeader is a file with a header and as many zero bytes behind it.
func withHeader(header string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, data)...)
}

// hostile are files that must be refused, with what must be said.
var hostile = []struct {
	name string
	file []byte
	want string
}{
	{"empty", nil, "has 0 bytes"},
	{"shorter than the length", []byte{1, 2, 3}, "has 3 bytes"},
	{"header of 8 GB", append(binary.LittleEndian.AppendUint64(nil, 8<<30), "{}"...), "header has 8589934592 bytes, the file has 2"},
	{"header length beyond int64", append(binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "{}"...), "header has 18446744073709551615 bytes"},
	{"no JSON", withHeader("hello", 0), "no JSON object"},
	{"another JSON", withHeader("[1]", 0), "no JSON object"},
	{"JSON cut short", withHeader(`{"w":{"dtype":"F32"`, 0), "not as it should be"},
	{"JSON of the wrong kind", withHeader(`{"w":7}`, 0), `entry "w" is not as it should be`},
	{"text behind the object", withHeader(`{} {}`, 0), "goes on behind"},
	{"the same name twice", withHeader(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), `names "w" twice`},
	{"unknown type", withHeader(`{"w":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}`, 4), `type "F4"`},
	{"null entry", withHeader(`{"w":null}`, 0), `type ""`},
	{"negative size", withHeader(`{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4), "impossible shape [-1]"},
	{"size of fractions", withHeader(`{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}`, 4), "not as it should be"},
	{"shape overflows", withHeader(`{"w":{"dtype":"F32","shape":[4294967296,4294967296,2],"data_offsets":[0,4]}}`, 4), "impossible shape"},
	{"shape overflows to its bytes", withHeader(`{"w":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}`, 4), "impossible shape"},
	{"shape needs more bytes", withHeader(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4), "needs 8 bytes, the header gives it 4"},
	{"offset beyond the end", withHeader(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 4), "lies at bytes 0 to 8 of 4"},
	{"negative offset", withHeader(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}`, 4), "lies at bytes -8 to 0"},
	{"offsets backward", withHeader(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), "lies at bytes 4 to 0"},
	{"overlap", withHeader(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), `"b" begins at byte 4, the one before it ends at 8`},
	{"gap", withHeader(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`, 12), `"b" begins at byte 8, the one before it ends at 4`},
	{"bytes left over", withHeader(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 12), "take 4 bytes, the file has 12"},
	{"metadata of numbers", withHeader(`{"__metadata__":{"a":1}}`, 0), `"__metadata__" is not as it should be`},
	{"axes that are no JSON", withHeader(`{"__metadata__":{"axes":"rows"}}`, 0), `metadata's "axes"`},
	{"axes of another number", withHeader(`{"__metadata__":{"axes":"{\"a\":\"x y\"}"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `gives "a" the axes [x y], its shape is [1]`},
}

func TestHostileSafetensors(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			_, err := decoded(c.file)
			wantFault(t, err, fault.BadWeights, c.want)
			if f := fault.As(err); f != nil && f.Path != "w.safetensors" {
				t.Errorf("the fault is about %q", f.Path)
			}
		})
	}
}

func wantFault(t *testing.T, err error, code fault.Code, message string) {
	t.Helper()
	f := fault.As(err)
	if f == nil {
		t.Fatalf("got %v, want a fault with %q", err, message)
	}
	if f.Code != code || !strings.Contains(f.Message, message) {
		t.Errorf("got %s %q, want %s with %q", f.Code, f.Message, code, message)
	}
}

func TestTruncatedSafetensors(t *testing.T) {
	whole := encoded(t, model())
	for n := range whole {
		if _, err := decoded(whole[:n]); fault.As(err) == nil {
			t.Fatalf("the first %d of %d bytes were taken for a whole file", n, len(whole))
		}
	}
}

func TestMissingWeights(t *testing.T) {
	folder := t.TempDir()
	_, err := Read(filepath.Join(folder, "none.safetensors"))
	wantFault(t, err, fault.BadWeights, "there is no such file")
	_, err = Read(folder)
	wantFault(t, err, fault.BadWeights, "is not a file")
}

// Whatever the bytes are, they are refused, or what they say can be written and
// read again.
func FuzzSafetensors(f *testing.F) {
	f.Add(encoded(f, model()))
	for _, c := range hostile {
		f.Add(c.file)
	}
	python, err := os.ReadFile("testdata/python.safetensors")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(python)
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := decoded(b)
		if err != nil {
			if fault.As(err) == nil {
				t.Fatalf("refused without a fault: %v", err)
			}
			return
		}
		again, err := decoded(encoded(t, file))
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if !bytes.Equal(encoded(t, again), encoded(t, file)) {
			t.Error("read back otherwise than written")
		}
	})
}
