package check

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
)

// library is the standard library as it lies in the tree.
func library() fs.FS { return os.DirFS("../../stdlib") }

func readFile(t *testing.T, name string) *source.File {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return &source.File{Name: filepath.Base(name), Text: string(text)}
}

var errorComment = regexp.MustCompile(`# ERROR ("(?:[^"\\]|\\.)*")`)

// TestErrors checks every file of testdata/errors, and the wrong specimens where
// NCD_SHARED says where they are, and compares the errors with the file's own
// ERROR comments, line by line.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.ncd")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata")
	}
	if shared := os.Getenv("NCD_SHARED"); shared != "" {
		wrong, _ := filepath.Glob(filepath.Join(shared, "specimens/wrong/*.ncd"))
		files = append(files, wrong...)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			f := readFile(t, name)
			_, said := Check(f, Options{Library: library(), Sources: os.DirFS(filepath.Dir(name))})
			compareErrors(t, f, said)
		})
	}
}

func compareErrors(t *testing.T, f *source.File, said []source.Diagnostic) {
	t.Helper()
	got := map[int][]string{}
	for _, d := range said {
		if d.Severity == source.Error {
			line, _ := f.Position(d.Span.Start)
			got[line] = append(got[line], d.Message)
		}
	}
	for i, line := range strings.Split(f.Text, "\n") {
		for _, m := range errorComment.FindAllStringSubmatch(line, -1) {
			want, err := strconv.Unquote(m[1])
			if err != nil {
				t.Fatalf("line %d: %v", i+1, err)
			}
			at := slices.IndexFunc(got[i+1], func(message string) bool { return strings.Contains(message, want) })
			if at < 0 {
				t.Errorf("line %d: got %q, want an error with %q", i+1, got[i+1], want)
				continue
			}
			got[i+1] = slices.Delete(got[i+1], at, at+1)
		}
		for _, message := range got[i+1] {
			t.Errorf("line %d: unexpected error: %s", i+1, message)
		}
	}
}

// TestDiagrams elaborates the program of every archive in testdata/diagrams and
// compares the text form of its diagrams, which are verified.
func TestDiagrams(t *testing.T) {
	files, _ := filepath.Glob("testdata/diagrams/*.txtar")
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
			got := printed(t, &source.File{Name: input.Name, Text: string(input.Data)}, options(string(archive.Comment)))
			if os.Getenv("UPDATE") != "" {
				archive.Files = []txtar.File{input, {Name: "diagrams", Data: []byte(got)}}
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want := ""
			if len(archive.Files) > 1 {
				want = string(archive.Files[1].Data)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
		})
	}
}

// options reads lines `set name = value`, `rule …` and `training`.
func options(text string) Options {
	o := Options{Library: library(), Set: map[string]string{}}
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(line, "#"))
		if set, ok := strings.CutPrefix(line, "set "); ok {
			name, value, _ := strings.Cut(set, "=")
			o.Set[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		if rule, ok := strings.CutPrefix(line, "rule "); ok {
			o.Rule = rule
		}
		o.Training = o.Training || line == "training"
	}
	return o
}

// printed is the text form of all diagrams of a program, with what is said of it.
func printed(t *testing.T, f *source.File, o Options) string {
	t.Helper()
	p, said := Check(f, o)
	var text strings.Builder
	for _, d := range said {
		text.WriteString(d.Text(false))
	}
	for _, name := range p.Diagrams() {
		d, said := p.Diagram(name, nil)
		if d == nil {
			for _, s := range said {
				text.WriteString(s.Text(false))
			}
			continue
		}
		if err := diagram.Verify(d); err != nil {
			t.Error(err)
		}
		diagram.Print(&text, d)
	}
	return text.String()
}

// TestSpecimens holds that nothing is said of the specimens.
func TestSpecimens(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the specimens are")
	}
	dir := filepath.Join(shared, "specimens")
	names, _ := filepath.Glob(filepath.Join(dir, "*.ncd"))
	if len(names) == 0 {
		t.Fatal("no specimens")
	}
	for _, name := range names {
		name = filepath.Base(name)
		t.Run(name, func(t *testing.T) {
			p, said := Check(readFile(t, filepath.Join(dir, name)), Options{Library: library(), Sources: os.DirFS(dir)})
			for _, d := range said {
				t.Error(d.Text(false))
			}
			for _, diagrams := range p.Diagrams() {
				if d, _ := p.Diagram(diagrams, nil); d != nil {
					if err := diagram.Verify(d); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

// TestLibrary holds that every file of the standard library is without errors by
// itself, and that all it declares is documented.
func TestLibrary(t *testing.T) {
	files, _ := filepath.Glob("../../stdlib/*.ncd")
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			p, said := Check(readFile(t, name), Options{Library: library()})
			for _, d := range said {
				t.Error(d.Text(false))
			}
			for _, d := range p.main.ordered {
				if d.diagram != nil && d.diagram.Doc() == "" || d.rule != nil && d.rule.Doc() == "" {
					t.Errorf("`%s` has no comment above it", d.name)
				}
			}
		})
	}
}
