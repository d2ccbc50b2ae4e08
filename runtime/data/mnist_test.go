package data

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"ncd/runtime/fault"
	"ncd/runtime/tensor"
)

// small is a data set of three images to train on and one to test.
func small(t *testing.T) map[string][]byte {
	return map[string][]byte{
		"set/train-images-idx3-ubyte.gz": gzipped(t, idx([]byte{0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6}, 3, 2, 2)),
		"set/train-labels-idx1-ubyte":    idx([]byte{2, 0, 1}, 3),
		"set/t10k-images.idx3-ubyte":     idx([]byte{9, 8, 7, 6}, 1, 2, 2),
		"set/t10k-labels-idx1-ubyte.gz":  gzipped(t, idx([]byte{1}, 1)),
	}
}

// digitFields is image[row col], label in class, of unknown sizes.
func digitFields() []Field {
	return []Field{{Name: "image", Axes: []string{"row", "col"}, Dims: []int{0, 0}}, {Name: "label", IsPlaces: true}}
}

func mnist(path string) Request {
	return Request{Fields: digitFields(), Source: "mnist", Args: []any{path}}
}

func TestMNIST(t *testing.T) {
	contents := small(t)
	folder := files(t, contents)
	got, err := Open(mnist("set"), Lookup{Under: folder})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "image[row:2 col:2], label in 3" {
		t.Errorf("fields are %s", text)
	}
	if got.Train.Len() != 3 || got.Test.Len() != 1 {
		t.Errorf("%d examples to train and %d to test, want 3 and 1", got.Train.Len(), got.Test.Len())
	}
	image, label := got.Train.Columns[0], got.Train.Columns[1]
	if image.Values.At(1, 0, 1) != 255 || image.Unit != 255 || label.Values.At(0) != 2 {
		t.Errorf("got pixel %v over %v, label %v", image.Values.At(1, 0, 1), image.Unit, label.Values.At(0))
	}
	digests := map[string]string{}
	for _, d := range got.Files {
		digests[d.Path] = d.SHA256
	}
	want := map[string]string{}
	for name, b := range contents {
		sum := sha256.Sum256(b)
		want[filepath.ToSlash(filepath.Join(folder, name))] = hex.EncodeToString(sum[:])
	}
	if !maps.Equal(digests, want) {
		t.Errorf("digests are %v, want %v", digests, want)
	}
}

func TestMNISTWithoutTest(t *testing.T) {
	contents := small(t)
	delete(contents, "set/t10k-images.idx3-ubyte")
	got, err := Open(mnist("set"), Lookup{Beside: files(t, contents)})
	if err != nil || got.Test != nil {
		t.Errorf("got %v, %v; want no test set", got, err)
	}
}

func TestFirstOfMNIST(t *testing.T) {
	for _, c := range []struct{ first, want int }{{2, 2}, {5, 3}} {
		r := mnist("set")
		r.Named = map[string]any{"first": float64(c.first)}
		got, err := Open(r, Lookup{Under: files(t, small(t))})
		if err != nil {
			t.Fatal(err)
		}
		if got.Train.Len() != c.want || got.Test.Len() != 1 || got.Train.Columns[1].Places != 3 {
			t.Errorf("first = %d: %d examples to train and %d to test among %d, want %d, 1 and 3",
				c.first, got.Train.Len(), got.Test.Len(), got.Train.Columns[1].Places, c.want)
		}
	}
}

func TestBadMNIST(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(map[string][]byte)
		code   fault.Code
		want   string
	}{
		{"labels are missing", func(m map[string][]byte) { delete(m, "set/train-labels-idx1-ubyte") }, fault.MissingData, "holds none of train-labels-idx1-ubyte, "},
		{"counts disagree", func(m map[string][]byte) { m["set/train-labels-idx1-ubyte"] = idx([]byte{2, 0}, 2) }, fault.BadData, "train-images has 3 examples, train-labels has 2"},
		{"images are labels", func(m map[string][]byte) { m["set/train-images-idx3-ubyte.gz"] = idx([]byte{2, 0}, 2) }, fault.BadData, "has the shape [2], wanted are 3 axes"},
		{"test images of another size", func(m map[string][]byte) { m["set/t10k-images.idx3-ubyte"] = idx([]byte{1, 2, 3}, 1, 1, 3) }, fault.BadData, "axis `row` is 2, in the data it is 1"},
		{"cut short", func(m map[string][]byte) {
			m["set/train-labels-idx1-ubyte"] = m["set/train-labels-idx1-ubyte"][:9]
		}, fault.BadData, "train-labels-idx1-ubyte: ends after 1 of the 3 bytes"},
		{"nothing to train on", func(m map[string][]byte) {
			m["set/train-images-idx3-ubyte.gz"] = idx(nil, 0, 2, 2)
			m["set/train-labels-idx1-ubyte"] = idx(nil, 0)
		}, fault.BadData, "holds no examples"},
	} {
		t.Run(c.name, func(t *testing.T) {
			contents := small(t)
			c.change(contents)
			_, err := Open(mnist("set"), Lookup{Under: files(t, contents)})
			wantFault(t, err, c.code, c.want)
		})
	}
}

func TestMNISTTakesAFolder(t *testing.T) {
	_, err := Open(mnist("set/t10k-images.idx3-ubyte"), Lookup{Under: files(t, small(t))})
	wantFault(t, err, fault.BadData, "mnist takes the folder")
}

// The whole of MNIST, where it is at hand.
func TestWholeMNIST(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the data sets are")
	}
	for _, name := range []string{"images/mnist", "images/fashion-mnist"} {
		got, err := Open(mnist(name), Lookup{Under: filepath.Join(shared, "data")})
		if err != nil {
			t.Fatal(err)
		}
		if text := list(got.Train.Fields()); text != "image[row:28 col:28], label in 10" {
			t.Errorf("%s: fields are %s", name, text)
		}
		if got.Train.Len() != 60000 || got.Test.Len() != 10000 {
			t.Errorf("%s: %d and %d examples", name, got.Train.Len(), got.Test.Len())
		}
	}
}

func TestBundledDigits(t *testing.T) {
	r := Request{Fields: digitFields(), Source: "digits", Args: []any{"digits8x8"}}
	got, err := Open(r, Lookup{Beside: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if text := list(got.Train.Fields()); text != "image[row:8 col:8], label in 10" {
		t.Errorf("fields are %s", text)
	}
	if got.Train.Len() != 1500 || got.Test.Len() != 297 {
		t.Errorf("%d and %d examples, want 1500 and 297", got.Train.Len(), got.Test.Len())
	}
	const digest = "46abec6b12486ad9e51943373abcf22bbea1b5a51a1619b361570d8893f1464a"
	if d := got.Files[0]; d.Path != "ncd:digits8x8/digits.csv.gz" || d.SHA256 != digest {
		t.Errorf("read %v", d)
	}
	l := NewLoader(got.Train, Dealing{Batch: 1})
	defer l.Close()
	b := l.Next()
	// The file begins with 0,0,5,13, and the first digit is 0.
	if b.Values[0].At(0, 0, 3) != 13./16 || tensor.Elements[int32](b.Values[1])[0] != 0 {
		t.Errorf("the first example is not the file's")
	}
}
