package cli

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"ncd/stdlib"
)

// TestTestsOfPrograms runs the test blocks of the standard library and of the
// examples.
func TestTestsOfPrograms(t *testing.T) {
	names, err := filepath.Glob(examples + "/*/*.ncd")
	if err != nil || len(names) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	library, err := fs.Glob(stdlib.Files, "*.ncd")
	if err != nil || len(library) == 0 {
		t.Fatalf("no library: %v", err)
	}
	for _, name := range library {
		names = append(names, "std/"+strings.TrimSuffix(name, ".ncd"))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			var out, err bytes.Buffer
			if status := Main([]string{"test", name}, Streams{In: strings.NewReader(""), Out: &out, Err: &err}); status != done {
				t.Errorf("exit status %d\n%s%s", status, out.Bytes(), err.Bytes())
			}
		})
	}
}
