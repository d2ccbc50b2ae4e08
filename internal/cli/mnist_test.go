package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ncd/runtime/train"
)

// TestMNIST trains the specimen digits.ncd on all of MNIST, by both rules, and
// measures the saved runs again. NCD_SHARED names the folder with both.
func TestMNIST(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where specimens and data sets are")
	}
	program := filepath.Join(shared, "specimens", "digits.ncd")
	data := filepath.Join(shared, "data")
	for _, c := range []struct {
		rule, epochs string
		least        train.Figure
	}{
		{"backprop", "1", 0.955},
		{"backprop", "3", 0.975},
		{"dfa", "2", 0.94},
	} {
		t.Run(c.rule+" "+c.epochs, func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "run")
			trained := final(t, "train", program, "--data", data, "--rule", c.rule, "--epochs", c.epochs, "--seed", "1", "-o", run, "--json")
			if got := trained.Test["accuracy"]; got < c.least {
				t.Errorf("the test accuracy is %v, want at least %v", got, c.least)
			}
			measured := final(t, "eval", program, "--data", data, "--run", run, "--json")
			if got, want := measured.Test["accuracy"], trained.Test["accuracy"]; got != want {
				t.Errorf("eval says %v, train said %v", got, want)
			}
		})
	}
}

// final runs the command and reads the last line that it prints.
func final(t *testing.T, words ...string) *train.Final {
	t.Helper()
	var out, err bytes.Buffer
	if status := Main(words, Streams{In: strings.NewReader(""), Out: &out, Err: &err}); status != done {
		t.Fatalf("%v: exit status %d\n%s", words, status, err.Bytes())
	}
	lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
	f := &train.Final{}
	if err := json.Unmarshal(lines[len(lines)-1], f); err != nil || !f.IsFinal {
		t.Fatalf("the last line is not the final one (%v): %s", err, out.Bytes())
	}
	return f
}
