package data

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// npy is an array in numpy's format.
func npy(descr string, dims []int, values any) []byte {
	shape := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(dims), "[]")), ", ")
	if len(dims) == 1 {
		shape += ","
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	file := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	var elements bytes.Buffer
	binary.Write(&elements, binary.LittleEndian, values)
	return append(append(file, header...), elements.Bytes()...)
}

// npz is a file of arrays.
func npz(t testing.TB, arrays map[string][]byte) []byte {
	members := map[string][]byte{}
	for name, array := range arrays {
		members[name+".npy"] = array
	}
	return zipped(t, members)
}

func openNPZ(t *testing.T, arrays map[string][]byte, fields string, named map[string]any) (*Splits, error) {
	t.Helper()
	at := Lookup{Under: files(t, map[string][]byte{"a.npz": npz(t, arrays)})}
	return Open(request(fields, "npz", "a.npz", named), at)
}

// numpy's own files: each type of number holds the same.
func TestTypesOfArrays(t *testing.T) {
	for _, name := range []string{"uint8", "bool", "int8", "int16", "uint16", "int32", "uint32", "int64", "float32", "float64"} {
		t.Run(name, func(t *testing.T) {
			got, err := Open(request(name+"[two]", "npz", "testdata/types.npz", map[string]any{"test": 0.0}), Lookup{})
			if err != nil {
				t.Fatal(err)
			}
			if text := list(got.Train.Fields()); text != name+"[two:2]" || got.Train.Len() != 3 {
				t.Errorf("fields are %s", text)
			}
			l := NewLoader(got.Train, Dealing{Batch: 3})
			defer l.Close()
			values := slices.Clone(tensor.Elements[float32](l.Next().Values[0]))
			slices.Sort(values)
			if !slices.Equal(values, []float32{0, 0, 1, 1, 1, 1}) {
				t.Errorf("values are %v", values)
			}
		})
	}
}

func TestNPZ(t *testing.T) {
	arrays := map[string][]byte{
		"x": npy("<f4", []int{5, 1}, []float32{0, 1, 2, 3, 4}), "y": npy("<i8", []int{5}, []int64{0, 1, 2, 3, 4}), "unused": npy("<f8", []int{1}, 1.5),
	}
	got, err := openNPZ(t, arrays, "y in, x[one]", map[string]any{"test": 0.4, "unit": 2.0})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "y in 5, x[one:1]" || lengths(got) != [3]int{3, 0, 2} {
		t.Errorf("fields are %s, there are %v examples", text, lengths(got))
	}
	for _, set := range got.sets() {
		l := NewLoader(set, Dealing{Batch: 1})
		defer l.Close()
		for b := l.Next(); b != nil; b = l.Next() {
			if b.Values[0].At(0) != 2*b.Values[1].At(0, 0) {
				t.Errorf("y is %v where x/2 is %v", b.Values[0].At(0), b.Values[1].At(0, 0))
			}
		}
	}
}

func TestNPZWithTestArrays(t *testing.T) {
	arrays := map[string][]byte{
		"x_train": npy("|u1", []int{3}, []uint8{1, 2, 3}), "x_test": npy("|u1", []int{1}, []uint8{4}),
		"y_train": npy("|u1", []int{3}, []uint8{1, 0, 1}), "y_test": npy("|u1", []int{1}, []uint8{5}),
	}
	got, err := openNPZ(t, arrays, "x[], y in", nil)
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "x[], y in 6" || lengths(got) != [3]int{3, 0, 1} {
		t.Errorf("fields are %s, there are %v examples", text, lengths(got))
	}
	at := Lookup{Under: files(t, map[string][]byte{"a.npz": npz(t, arrays), "b.npz": npz(t, map[string][]byte{"x": arrays["x_test"]})})}
	if got, err = Open(request("x[]", "npz", "a.npz", map[string]any{"test_file": "b.npz"}), at); err != nil {
		t.Fatal(err)
	}
	if lengths(got) != [3]int{3, 0, 1} || len(got.Files) != 2 {
		t.Errorf("there are %v examples of %d files", lengths(got), len(got.Files))
	}
}

func TestBadNPZ(t *testing.T) {
	good := npy("<f4", []int{2}, []float32{1, 2})
	for _, c := range []struct {
		name   string
		x      []byte
		fields string
		code   fault.Code
		want   string
	}{
		{"another name", good, "z[]", fault.MissingData, `has no array "z"; it has x, y`},
		{"fractions for places", good, "x in", fault.BadData, `array "x" has fractions, wanted are whole numbers`},
		{"a place below 0", npy("<i4", []int{2}, []int32{0, -1}), "x in", fault.BadData, `array "x" has the value -1 at place 1`},
		{"a place beyond all", npy("<i8", []int{2}, []int64{0, 1 << 40}), "x in", fault.BadData, `has the value 1099511627776 at place 1`},
		{"not a number", npy("<f8", []int{2}, []float64{1, nan()}), "x[]", fault.BadData, `array "x" has the value NaN at place 1`},
		{"counts disagree", npy("<f4", []int{3}, []float32{1, 2, 3}), "x[], y[]", fault.BadData, `array "y" has 2 examples, "x" has 3`},
		{"one number", npy("<f4", nil, float32(1)), "x[]", fault.BadData, `array "x" is one number`},
		{"no array", []byte("hello"), "x[]", fault.BadData, `array "x" does not begin as an npy file does`},
		{"a header too long", []byte("\x93NUMPY\x02\x00\xff\xff\xff\xff{"), "x[]", fault.BadData, `does not begin as an npy file does`},
		{"a shape too large", npy("<f4", []int{1 << 40, 1 << 40}, float32(1)), "x[]", fault.BadData, "which do not fit"},
		{"a shape too small", npy("<f4", []int{1}, []float32{1, 2}), "x[]", fault.BadData, "has the shape (1,) and 8 bytes, which do not fit"},
		{"objects", npy("|O", []int{1}, float32(1)), "x[]", fault.BadData, "has elements of type |O; known are <f4, <f8"},
		{"column-major", bytes.Replace(npy("<f4", []int{1, 1}, float32(1)), []byte("False, 'shape': (1, 1), }"), []byte("True, 'shape': (1, 1), } "), 1), "x[a]", fault.BadData, "is in column-major order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := openNPZ(t, map[string][]byte{"x": c.x, "y": good}, c.fields, nil)
			wantFault(t, err, c.code, c.want)
		})
	}
	_, err := Open(request("x[]", "npz", "a.npz", nil), Lookup{Under: files(t, map[string][]byte{"a.npz": []byte("hello")})})
	wantFault(t, err, fault.BadData, "is no npz file")
}

func nan() float64 {
	zero := 0.0
	return zero / zero
}

// A small file may not grow beyond the limit.
func TestNPZBomb(t *testing.T) {
	file := npz(t, map[string][]byte{"x": npy("|u1", []int{1 << 20}, make([]byte, 1<<20))})
	at := Lookup{Under: files(t, map[string][]byte{"a.npz": file})}
	limits := DefaultLimits()
	limits.File = 1 << 19
	_, err := OpenWithin(limits, request("x[]", "npz", "a.npz", nil), at)
	wantFault(t, err, fault.BadData, "grows to more than 524288 bytes, the limit")
}

func TestFixturesAreThere(t *testing.T) {
	for _, name := range []string{"types.npz", "square.npz", "5_anna_0.wav", "5_anna_0.mel.txt"} {
		if _, err := os.Stat("testdata/" + name); err != nil {
			t.Error(err)
		}
	}
}
