package format

import (
	"testing"

	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

// FuzzFormat demands of every text that parses: its form means the same, keeps
// all comments, and is its own form.
func FuzzFormat(f *testing.F) {
	for _, name := range glob(f, "../testdata/features/*.txtar") {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		formatted, said := Format(&source.File{Name: "a.ncd", Text: text})
		if len(said) == 0 {
			holdsPromises(t, text, formatted)
		}
	})
}
