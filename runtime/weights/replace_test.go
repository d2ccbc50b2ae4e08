package weights

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"ncd/runtime/fault"
)

func TestReplaceIsWholeOrNotAtAll(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "w")
	put := func(text string, failure error) error {
		return Replace(path, func(w io.Writer) error {
			io.WriteString(w, text)
			return failure
		})
	}
	if err := put("old", nil); err != nil {
		t.Fatal(err)
	}
	wantFault(t, put("half of the n", errors.New("no more")), fault.UnwritableFile, "no more")
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("a failed write left %q, want the old file", got)
	}
	if err := put("new", nil); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "new" {
		t.Errorf("got %q, want the new file", got)
	}
	if left, _ := os.ReadDir(folder); len(left) != 1 {
		t.Errorf("%d files are left in the folder, want 1", len(left))
	}
}

func TestReplaceTellsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "w")
	err := Replace(path, func(io.Writer) error { return nil })
	wantFault(t, err, fault.UnwritableFile, "cannot be written")
	if f := fault.As(err); f != nil && f.Path != path {
		t.Errorf("the fault is about %q, want %q", f.Path, path)
	}
}
