package cli

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestPredictedPeakIsMeasured holds that the memory that ncd cost predicts for a
// step is what ncd train measures.
func TestPredictedPeakIsMeasured(t *testing.T) {
	program := filepath.Join(examples, "digits", "digits.ncd")
	var out, err bytes.Buffer
	if status := Main([]string{"cost", program, "--json"}, Streams{In: strings.NewReader(""), Out: &out, Err: &err}); status != done {
		t.Fatalf("exit status %d\n%s", status, err.Bytes())
	}
	var predicted struct{ Run struct{ Peak int } }
	if err := json.Unmarshal(out.Bytes(), &predicted); err != nil {
		t.Fatal(err)
	}
	measured := final(t, "train", program, "--epochs", "1", "-o", filepath.Join(t.TempDir(), "run"), "--json")
	if measured.PeakBytes != predicted.Run.Peak {
		t.Errorf("measured %d bytes, predicted %d", measured.PeakBytes, predicted.Run.Peak)
	}
	if measured.MemoryBytes <= measured.PeakBytes {
		t.Errorf("%d bytes in all, want more than those of a step, %d", measured.MemoryBytes, measured.PeakBytes)
	}
}
