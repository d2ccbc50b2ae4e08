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

func TestReplaceKeepsLinks(t *testing.T) {
	folder := t.TempDir()
	file, link := filepath.Join(folder, "file"), filepath.Join(folder, "link")
	if err := os.WriteFile(file, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Skip("there are no links here: ", err)
	}
	err := Replace(link, func(w io.Writer) error {
		_, err := io.WriteString(w, "new")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is no link any more: %v, %v", info, err)
	}
	if got, _ := os.ReadFile(file); string(got) != "new" {
		t.Errorf("the linked file holds %q, want the new text", got)
	}
}

func TestReplaceRefusesAFolder(t *testing.T) {
	err := Replace(t.TempDir(), func(io.Writer) error { return nil })
	wantFault(t, err, fault.UnwritableFile, "cannot be written")
}

func TestReplaceTellsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "w")
	err := Replace(path, func(io.Writer) error { return nil })
	wantFault(t, err, fault.UnwritableFile, "cannot be written")
	if f := fault.As(err); f != nil && f.Path != path {
		t.Errorf("the fault is about %q, want %q", f.Path, path)
	}
}
