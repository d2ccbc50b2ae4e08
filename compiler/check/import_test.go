package check

import (
	"testing"
	"testing/fstest"

	"ncd/grammar/source"
)

func TestImports(t *testing.T) {
	files := fstest.MapFS{
		"part.ncd":     {Data: []byte("axis n = 3\n\ndiagram Part(x[m]) -> [n] { x >> linear[m -> n] }\n")},
		"between.ncd":  {Data: []byte("import \"part.ncd\"\n")},
		"broken.ncd":   {Data: []byte("diagram Broken(x[m]) -> [m] { x >> softmax[k] }\n")},
		"unread.ncd":   {Data: []byte("diagram Unread(x[m]) -> [m] { x >> }\n")},
		"there.ncd":    {Data: []byte("import \"back.ncd\"\n")},
		"back.ncd":     {Data: []byte("import \"there.ncd\"\n")},
		"sub/main.ncd": {Data: []byte("import \"near.ncd\"\nimport \"../between.ncd\"\n\ndiagram Main(x[m]) -> [n:3] { x >> Near >> Part }\n")},
		"sub/near.ncd": {Data: []byte("import \"../part.ncd\"\n\ndiagram Near(x[m]) -> [n:3] { x >> Part }\n")},
	}
	for _, c := range []struct {
		name, text string
		want       []source.Code
	}{
		{"a file beside", "import \"part.ncd\"\n\ndiagram A(x[m]) -> [n] { x >> Part }\n", nil},
		{"a file that imports", "import \"between.ncd\"\n\ndiagram A(x[m]) -> [n] { x >> Part }\n", nil},
		{"by a name", "import \"part.ncd\" as p\n\ndiagram A(x[m]) -> [n:3] { x >> p.Part }\n", nil},
		{"by a name only", "import \"part.ncd\" as p\n\ndiagram A(x[m]) -> [n:3] { x >> Part }\n", []source.Code{UnknownBox}},
		{"a wrong name behind the point", "import \"part.ncd\" as p\n\ndiagram A(x[m]) -> [n:3] { x >> p.Pert }\n", []source.Code{UnknownBox}},
		{"of the library", "import \"std/boxes\"\n\ndiagram A(x[m]) -> [m] { x >> layernorm[m] }\n", nil},
		{"a file that is not there", "import \"prat.ncd\"\n", []source.Code{MissingImport}},
		{"of a folder below, of the same name", "import \"sub/main.ncd\"\n\ndiagram A(x[m]) -> [n:3] { x >> Near }\n", nil},
		{"itself", "import \"../check/main.ncd\"\n", []source.Code{MissingImport}},
		{"out of the folder", "import \"../part.ncd\"\n", []source.Code{MissingImport}},
		{"in a ring", "import \"there.ncd\"\n", []source.Code{CyclicImport}},
		{"a diagram with an error, once", "import \"broken.ncd\"\n\ndiagram A(x[m]) -> [m] { x >> Broken >> Broken }\n", []source.Code{UnknownAxis}},
		{"a diagram that does not parse", "import \"unread.ncd\"\n\ndiagram A(x[m]) -> [m] { x >> Unread }\n", []source.Code{"BadExpression"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, said := Check(&source.File{Name: "main.ncd", Text: c.text}, Options{Sources: files, Library: library()})
			if len(said) != len(c.want) {
				t.Errorf("got %d diagnostics, want %d", len(said), len(c.want))
			}
			for i, d := range said {
				if i < len(c.want) && d.Code != c.want[i] {
					t.Errorf("got %s, want %s", d.Text(false), c.want[i])
				}
			}
		})
	}
}

// TestImportsFromFolderBeside holds that a program which lies in a folder of the
// sources reaches the folders beside it, also where a file there has its own name.
func TestImportsFromFolderBeside(t *testing.T) {
	files := fstest.MapFS{
		"peers/gpt.ncd":      {Data: []byte("")},
		"specimens/gpt.ncd":  {Data: []byte("import \"part.ncd\"\n\ndiagram GPT(x[m]) -> [n:3] { x >> Part }\n")},
		"specimens/part.ncd": {Data: []byte("diagram Part(x[m]) -> [n:3] { x >> linear[m -> n:3] >> softmax[k] }\n")},
	}
	file := &source.File{Name: "home/peers/gpt.ncd", Text: "import \"../specimens/gpt.ncd\"\n\ndiagram A(x[m]) -> [n:3] { x >> GPT }\n"}
	_, said := Check(file, Options{Sources: files, Folder: "peers", Library: library()})
	if len(said) != 1 || said[0].Code != UnknownAxis || said[0].Span.File.Name != "home/specimens/part.ncd" {
		t.Errorf("got %v, want the error of specimens/part.ncd alone", said)
	}
}

// TestBareProgram holds that a program is checked without a library, and without
// a single declaration.
func TestBareProgram(t *testing.T) {
	for _, text := range []string{"", "# Nothing yet.\n", "# Nothing yet.\n\n# Nothing at all.", "diagram A(x[m]) -> [m] { x >> relu }\n"} {
		if p, said := Check(&source.File{Name: "main.ncd", Text: text}, Options{}); len(said) > 0 || p == nil {
			t.Errorf("%q: %v", text, said)
		}
	}
}
