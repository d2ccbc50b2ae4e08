package grammar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ncd/grammar/source"
)

// BenchmarkParse reads all specimens as one text, and reports bytes a second.
func BenchmarkParse(b *testing.B) {
	file := &source.File{Name: "all.ncd", Text: allSpecimens(b)}
	b.SetBytes(int64(len(file.Text)))
	for b.Loop() {
		Parse(file)
	}
}

// BenchmarkBuild builds the parser, as the first use of Parse does.
func BenchmarkBuild(b *testing.B) {
	for b.Loop() {
		buildParser()
	}
}

func allSpecimens(t testing.TB) string {
	names, _ := filepath.Glob("testdata/specimens/*.ncd")
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
