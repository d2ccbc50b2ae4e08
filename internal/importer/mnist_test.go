package importer

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"ncd/internal/onnx"
)

// TestDigits holds a model of the model zoo against its test vectors.
func TestDigits(t *testing.T) {
	folder := filepath.Join(sharedModels(t), "mnist-onnx")
	b, err := os.ReadFile(filepath.Join(folder, "mnist-7.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	for set := range 3 {
		t.Run(fmt.Sprint("vectors ", set), func(t *testing.T) {
			m, err := onnx.Decode(b)
			if err != nil {
				t.Fatal(err)
			}
			err = outcome(m, Options{}, func(kind string, i int) []byte {
				vector, _ := os.ReadFile(filepath.Join(folder, fmt.Sprintf("test_data_set_%d", set), fmt.Sprintf("%s_%d.pb", kind, i)))
				return vector
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
