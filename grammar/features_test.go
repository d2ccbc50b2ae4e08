package grammar

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

// TestFeatures compares the tree of each `input` of testdata/features/*.txtar
// with its `tree`. UPDATE=1 writes it anew.
func TestFeatures(t *testing.T) {
	for _, name := range features(t) {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			program, said := Parse(&source.File{Name: "a.ncd", Text: string(archive.Files[0].Data)})
			for _, d := range said {
				t.Error(d.Text(false))
			}
			golden(t, name, archive, "tree", DumpProgram(program))
		})
	}
}

func features(t testing.TB) []string {
	names, _ := filepath.Glob("testdata/features/*.txtar")
	if len(names) == 0 {
		t.Fatal("no features")
	}
	return names
}
