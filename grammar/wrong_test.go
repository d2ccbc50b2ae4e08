package grammar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

// TestWrong parses each `input` of testdata/wrong/*.txtar and compares what is
// said, as it is printed, with `said`. UPDATE=1 writes it anew.
func TestWrong(t *testing.T) {
	names, _ := filepath.Glob("testdata/wrong/*.txtar")
	if len(names) == 0 {
		t.Fatal("no testdata")
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, said := Parse(&source.File{Name: "a.ncd", Text: string(archive.Files[0].Data)})
			var got strings.Builder
			if err := source.Print(&got, said, false); err != nil {
				t.Fatal(err)
			}
			golden(t, name, archive, "said", got.String())
		})
	}
}

// golden compares a text with the file of an archive that has this name, or
// writes it there under UPDATE=1.
func golden(t *testing.T, path string, archive *txtar.Archive, name, got string) {
	t.Helper()
	for i, file := range archive.Files {
		if file.Name != name {
			continue
		}
		if os.Getenv("UPDATE") != "" {
			archive.Files[i].Data = []byte(got)
			if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if diff := cmp.Diff(string(file.Data), got); diff != "" {
			t.Errorf("%s (want -, got +)\n%s", name, diff)
		}
		return
	}
	t.Fatalf("%s has no %s", path, name)
}
