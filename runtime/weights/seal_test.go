package weights

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/runtime/tensor"
)

func sealed(t *testing.T) []byte {
	t.Helper()
	f := Seal(&File{
		Tensors: map[string]*tensor.Tensor{
			"w": tensor.Of([]float32{1, 2, 3, 4, 5, 6}, []string{"a", "b"}, 2, 3),
			"n": tensor.Of([]int32{7}, nil),
		},
		Metadata: map[string]string{"position": "12"},
	})
	var text bytes.Buffer
	if err := Encode(&text, f); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func TestSealedIsRead(t *testing.T) {
	f, err := decoded(sealed(t))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"position": "12"}, f.Metadata); diff != "" {
		t.Errorf("the remarks are, want -, got +\n%s", diff)
	}
	if got := f.Tensors["w"].Axes; len(got) != 2 {
		t.Errorf("the axes are %v", got)
	}
}

// Whatever bit of a sealed file is flipped, the file is refused, or holds the same.
func TestSealFindsEachBit(t *testing.T) {
	text := sealed(t)
	whole, err := decoded(text)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := Encode(&want, whole); err != nil {
		t.Fatal(err)
	}
	for at := range text {
		for bit := range 8 {
			damaged := bytes.Clone(text)
			damaged[at] ^= 1 << bit
			f, err := decoded(damaged)
			if err != nil {
				continue
			}
			f.Metadata = map[string]string{"position": f.Metadata["position"]} // not the seal, whose key may be what was flipped
			var got bytes.Buffer
			if err := Encode(&got, f); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want.Bytes(), got.Bytes()) {
				t.Errorf("bit %d of byte %d of %d is flipped, and the file is taken for whole", bit, at, len(text))
			}
		}
	}
}
