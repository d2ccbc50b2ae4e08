package kernel

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The committed assembly is what the generator writes.
func TestGeneratedFilesAreUpToDate(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the generator")
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go command to build the generator with")
	}
	dir := t.TempDir()
	generator := filepath.Join(dir, "generator")
	if out, err := exec.Command(tool, "build", "-o", generator, "./internal/gen").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.Command(generator)
	run.Dir = dir
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	fresh, _ := filepath.Glob(filepath.Join(dir, "z*"))
	committed, _ := filepath.Glob("z*")
	if len(fresh) != len(committed) || len(fresh) == 0 {
		t.Fatalf("the generator writes %d files, %d are here", len(fresh), len(committed))
	}
	for _, path := range fresh {
		want, _ := os.ReadFile(path)
		got, _ := os.ReadFile(filepath.Base(path))
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator writes: run go generate", filepath.Base(path))
		}
	}
}
