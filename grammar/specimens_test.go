package grammar

import (
	"os"
	"path/filepath"
	"testing"

	"ncd/grammar/source"
)

// readSpecimens gives every specimen to a subtest of its own.
func readSpecimens(t *testing.T, pattern string, each func(*testing.T, *source.File)) {
	names, _ := filepath.Glob(pattern)
	if len(names) == 0 {
		t.Fatal("no specimens")
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			each(t, &source.File{Name: filepath.Base(name), Text: string(text)})
		})
	}
}

func TestSpecimensParse(t *testing.T) {
	for _, pattern := range []string{"testdata/specimens/*.ncd", "testdata/specimens/wrong/*.ncd"} {
		readSpecimens(t, pattern, func(t *testing.T, file *source.File) {
			_, said := Parse(file)
			for _, d := range said {
				t.Errorf("%s: %s: %s", d.Code, d.Span.Text(), d.Message)
			}
		})
	}
}
