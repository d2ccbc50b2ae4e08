package npz

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"ncd/compiler/diagram"
	"ncd/internal/export"
	"ncd/runtime/data"
	"ncd/runtime/tensor"
	"ncd/runtime/weights"
)

// TestArrays holds the names of the arrays, and what they hold beside the examples.
func TestArrays(t *testing.T) {
	images := data.Column{Field: data.Field{Name: "image", Axes: []string{"row"}, Dims: []int{2}}, Values: tensor.Of([]uint8{0, 255, 1, 2}, nil, 2, 2), Unit: 255}
	text := data.Column{
		Field:  data.Field{Name: "tokens", Axes: []string{"s"}, Dims: []int{3}, IsPlaces: true, Places: 9},
		Values: tensor.Of([]int32{1, 2, 3, 4}, nil, 4), Unit: 1, Windows: &data.Windows{First: 0, Step: 1, Count: 2},
	}
	var got bytes.Buffer
	r := &export.Request{Training: &diagram.Training{}, Data: &data.Splits{Train: &data.Set{Columns: []data.Column{images, text}}}}
	if err := Format.Write(&got, r); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "data.npz")
	if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	arrays, err := weights.ReadArrays(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]float64{
		"train/count": {2}, "train/image": {0, 255, 1, 2}, "train/image/unit": {255}, "train/tokens": {1, 2, 3, 4}, "train/tokens/windows": {0, 1, 2},
	} {
		a := arrays[name]
		if a == nil {
			t.Errorf("there is no %s", name)
			continue
		}
		values := tensor.Elements[float64](a.Convert(tensor.Float64))
		for i, x := range want {
			if values[i] != x {
				t.Errorf("%s is %v, want %v", name, values, want)
				break
			}
		}
	}
	if len(arrays) != 5 {
		t.Errorf("there are %d arrays, want 5", len(arrays))
	}
}

func TestDiagramsAreRefused(t *testing.T) {
	if err := Format.Write(&bytes.Buffer{}, &export.Request{Diagram: &diagram.Diagram{Name: "D"}}); err == nil {
		t.Error("a diagram has no data, and is written")
	}
}
