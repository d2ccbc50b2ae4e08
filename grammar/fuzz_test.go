package grammar

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"ncd/grammar/source"
)

// FuzzParse demands of any text: no panic, an end, all places in the file, a
// node's place around those of its parts, and a diagnostic that can be printed.
func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, text string) {
		file := &source.File{Name: "a.ncd", Text: text}
		program, said := Parse(file)
		for _, d := range said {
			checkSpan(t, file, d.Span)
			for _, note := range d.Notes {
				checkSpan(t, file, note.Span)
			}
			if d.Code == "" || d.Message == "" || d.Text(false) == "" {
				t.Errorf("empty diagnostic %+v", d)
			}
		}
		for _, decl := range program.Decls {
			checkNode(t, file, decl)
		}
	})
}

func checkNode(t *testing.T, file *source.File, n Node) {
	checkSpan(t, file, n.Span())
	n.eachChild(func(child Node) {
		if c, s := child.Span(), n.Span(); c.Start < s.Start || c.End > s.End {
			t.Errorf("%T at %d-%d is outside of %T at %d-%d", child, c.Start, c.End, n, s.Start, s.End)
		}
		checkNode(t, file, child)
	})
}

func checkSpan(t *testing.T, file *source.File, s source.Span) {
	if s.File != file || s.Start < 0 || s.End < s.Start || s.End > len(file.Text) {
		t.Errorf("the place %d-%d is not in the file of %d bytes", s.Start, s.End, len(file.Text))
	}
}

// addSeeds adds one text for each feature and each mistake.
func addSeeds(f *testing.F) {
	names, _ := filepath.Glob("testdata/*/*.txtar")
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	specimens, _ := filepath.Glob("testdata/specimens/*.ncd")
	for _, name := range specimens {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
}
