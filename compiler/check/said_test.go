package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

// TestSaid compares all that is said of a program, word for word, with its places,
// notes and mends.
func TestSaid(t *testing.T) {
	files, _ := filepath.Glob("testdata/said/*.txtar")
	if len(files) == 0 {
		t.Fatal("no testdata")
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			input := archive.Files[0]
			_, said := Check(&source.File{Name: input.Name, Text: string(input.Data)}, options(string(archive.Comment)))
			var got strings.Builder
			if err := source.Print(&got, said, false); err != nil {
				t.Fatal(err)
			}
			if os.Getenv("UPDATE") != "" {
				archive.Files = []txtar.File{input, {Name: "said", Data: []byte(got.String())}}
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[len(archive.Files)-1].Data), got.String()); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}
