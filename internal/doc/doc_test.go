package doc

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/stdlib"
)

const program = `# Boxes to test with.

const rate = 0.1

# Rows that sum to one (Bridle et al. 1990). Then gain.
# Twice.
diagram Norm as "Rows"[a.. -> b.., size = 3, p = 0.5, on = true, kind = "same",
    f: diagram, n](x[a..]) -> [b..] { x >> f }

diagram Twice = relu >> relu

# Does nothing.
rule idle[scale = 1.0] { send nothing }

train run {
    epochs 1
}
`

func documented(t *testing.T, name, text string) File {
	t.Helper()
	tree, said := grammar.Parse(&source.File{Name: name, Text: text})
	for _, d := range said {
		t.Fatal(d.Text(false))
	}
	return Of(name, tree)
}

func TestOf(t *testing.T) {
	want := File{Name: "norm.ncd", Doc: "Boxes to test with.", Entries: []Entry{
		{Kind: "const", Name: "rate", Signature: "const rate = 0.1", File: "norm.ncd"},
		{
			Kind: "diagram", Name: "Norm", Title: "Rows", File: "norm.ncd",
			Signature: `diagram Norm as "Rows"[a.. -> b.., size = 3, p = 0.5, on = true, kind = "same", f: diagram, n](x[a..]) -> [b..]`,
			Doc:       "Rows that sum to one (Bridle et al. 1990). Then gain.\nTwice.",
			Parameters: []Parameter{
				{"a.. -> b..", "axes", ""}, {"size", "size", "3"}, {"p", "number", "0.5"}, {"on", "true or false", "true"},
				{"kind", "string", `"same"`}, {"f", "diagram", ""}, {"n", "size", ""},
			},
		},
		{Kind: "diagram", Name: "Twice", Signature: "diagram Twice", File: "norm.ncd"},
		{Kind: "rule", Name: "idle", Signature: "rule idle[scale = 1.0]", Doc: "Does nothing.", File: "norm.ncd", Parameters: []Parameter{{"scale", "number", "1.0"}}},
		{Kind: "train", Name: "run", Signature: "train run", File: "norm.ncd"},
	}}
	if diff := cmp.Diff(want, documented(t, "norm.ncd", program)); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestFirstSentence(t *testing.T) {
	for text, want := range map[string]string{
		"One. Two.":                          "One",
		"One\nline":                          "One line",
		"By Bridle et al. in 1990. Then on.": "By Bridle et al. in 1990",
		"Convolution: a learned map.":        "Convolution",
		"":                                   "",
	} {
		if got := FirstSentence(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWriters(t *testing.T) {
	f := documented(t, "norm.ncd", program)
	entry, found := Find([]File{f}, "Norm")
	if !found {
		t.Fatal("Norm was not found")
	}
	figure := func(e Entry) []byte {
		if e.Name == "Norm" {
			return []byte("<svg/>")
		}
		return nil
	}
	for _, c := range []struct {
		name  string
		write func(*bytes.Buffer) error
		want  []string
	}{
		{"list", func(b *bytes.Buffer) error { return List(b, []File{f}) }, []string{"    Norm                       Rows that sum to one (Bridle et al. 1990)\n", "rule idle"}},
		{"text", func(b *bytes.Buffer) error { return Text(b, entry) }, []string{"    p                number         default 0.5\n", "must be given", "ncd render norm.ncd Norm"}},
		{"markdown", func(b *bytes.Buffer) error { return Markdown(b, []File{f}) }, []string{"## rule idle", "| `size` | size | `3` |"}},
		{"html", func(b *bytes.Buffer) error { return HTML(b, []File{f}, figure) }, []string{"<h2>Rows</h2>", "data:image/svg&#43;xml;base64,PHN2Zy8&#43;", "<code>0.5</code>"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := c.write(&b); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("%q is not in\n%s", want, b.String())
				}
			}
		})
	}
}

// TestLibraryIsDocumented holds that each box and rule of the standard library
// says what it is.
func TestLibraryIsDocumented(t *testing.T) {
	names, err := fs.Glob(stdlib.Files, "*.ncd")
	if err != nil || len(names) == 0 {
		t.Fatalf("there is no library: %v", err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(stdlib.Files, name)
		if err != nil {
			t.Fatal(err)
		}
		f := documented(t, name, string(text))
		if f.Doc == "" {
			t.Errorf("%s does not say what it holds", name)
		}
		for _, e := range f.Entries {
			if e.Doc == "" {
				t.Errorf("%s: %s has no comment above it", name, e.Name)
			}
		}
	}
}
