package circuit

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/render/scene"
	"ncd/render/svg"
	"ncd/stdlib"
)

// diagramsOf checks a program and returns its diagrams by name, in the order of
// the text.
func diagramsOf(t *testing.T, dir, file string) (names []string, diagrams map[string]*diagram.Diagram) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	p, _ := check.Check(&source.File{Name: file, Text: string(text)}, check.Options{Sources: os.DirFS(dir), Library: stdlib.Files})
	diagrams = map[string]*diagram.Diagram{}
	for _, name := range p.Diagrams() {
		if d, _ := p.Diagram(name, nil); d != nil {
			names, diagrams[name] = append(names, name), d
		}
	}
	return names, diagrams
}

// askedFor are the ways figures are asked for: closed, open by a level on a page
// or in a column, and open to the last box.
var askedFor = []Options{{Depth: 0}, {Depth: 1, Width: 174.6}, {Depth: 1, Width: 82.6}, {Depth: -1}}

func checkFigures(t *testing.T, dir, file string) {
	names, diagrams := diagramsOf(t, dir, file)
	if len(names) == 0 {
		t.Skipf("%s has no diagram that checks yet", file)
	}
	for _, name := range names {
		for _, o := range askedFor {
			o.Theme = scene.Themes()[0]
			figure := drawn(t, diagrams[name], o)
			for _, fault := range untidy(figure) {
				t.Errorf("%s, depth %d, width %v: %s", name, o.Depth, o.Width, fault)
			}
		}
		o := Options{Depth: 1, Theme: scene.Themes()[0]}
		a, _ := json.Marshal(drawn(t, diagrams[name], o))
		if b, _ := json.Marshal(drawn(t, diagrams[name], o)); !bytes.Equal(a, b) {
			t.Errorf("%s: drawn twice, not alike", name)
		}
	}
}

// programs are those in testdata, and how many diagrams each has.
var programs = map[string]int{"attention.ncd": 3, "digits.ncd": 1, "views.ncd": 5, "recurrence.ncd": 6, "memory.ncd": 2, "sharing.ncd": 2, "factors.ncd": 2, "groups.ncd": 1}

func TestProgramsAreTidy(t *testing.T) {
	for file := range programs {
		checkFigures(t, "testdata", file)
	}
}

// Figures of programs are as they were last looked at.
func TestProgramGallery(t *testing.T) {
	for file := range programs {
		names, diagrams := diagramsOf(t, "testdata", file)
		if len(names) < programs[file] {
			t.Errorf("%s has %d diagrams that check, want %d", file, len(names), programs[file])
		}
		for _, name := range names {
			golden(t, "program_"+name, diagrams[name])
		}
	}
}

// NCD_SHARED names a folder with more programs, in specimens/.
func TestSpecimensAreTidy(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the specimens are")
	}
	dir := filepath.Join(shared, "specimens")
	files, err := filepath.Glob(filepath.Join(dir, "*.ncd"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no specimens in %s", dir)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { checkFigures(t, dir, filepath.Base(file)) })
	}
}

// The figures of the paper that these programs say again, at what they are to
// beat: four bends, 40 kB.
func TestPaperFigures(t *testing.T) {
	_, diagrams := diagramsOf(t, "testdata", "attention.ncd")
	for _, name := range []string{"Attention", "MultiHead", "SelfAttention"} {
		if diagrams[name] == nil {
			t.Fatalf("%s does not check", name)
		}
		figure, stats, err := Draw(diagrams[name], Options{Depth: -1, Theme: scene.Themes()[0]})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := svg.Write(&b, figure, svg.Options{Sources: true}); err != nil {
			t.Fatal(err)
		}
		if stats.Bends > 4 || b.Len() > 40_000 {
			t.Errorf("%s has %d bends in %d bytes, want at most 4 in 40000", name, stats.Bends, b.Len())
		}
	}
}

func BenchmarkMultiHead(b *testing.B) {
	d := multiHead()
	for b.Loop() {
		figure, _, err := Draw(d, Options{Depth: 1, Theme: scene.Themes()[0]})
		if err != nil {
			b.Fatal(err)
		}
		var out bytes.Buffer
		if err := svg.Write(&out, figure, svg.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
