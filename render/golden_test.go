package render

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/render/scene"
	"ncd/render/svg"
	"ncd/stdlib"
)

// Every box of the library has a golden, as scene and as SVG, drawn on a page.
func TestLibraryFigures(t *testing.T) {
	files, err := fs.Glob(stdlib.Files, "*.ncd")
	if err != nil || len(files) == 0 {
		t.Fatal("the library has no files")
	}
	used := usedBodies(t)
	kept := map[string]bool{}
	for _, file := range files {
		for name, d := range diagramsIn(t, stdlib.Files, file) {
			if d == nil { // it wants a box, or a rank: as it is where a program gives one
				d = used[name]
			}
			if d == nil {
				t.Errorf("%s: `%s` is drawn nowhere", file, name)
				continue
			}
			holdGolden(t, kept, filepath.Join("testdata", "library", strings.TrimSuffix(file, ".ncd"), name), d)
		}
	}
	noOthers(t, filepath.Join("testdata", "library"), kept)
}

// NCD_SHARED names a folder with larger programs, in specimens/. Their figures are
// held to goldens as the library's are, and are read by the programs papers are made
// with.
func TestSpecimens(t *testing.T) {
	shared := os.Getenv("NCD_SHARED")
	if shared == "" {
		t.Skip("NCD_SHARED does not say where the specimens are")
	}
	folder := os.DirFS(filepath.Join(shared, "specimens"))
	files, err := fs.Glob(folder, "*.ncd")
	if err != nil || len(files) == 0 {
		t.Fatalf("no specimens in %s", shared)
	}
	kept, figures := map[string]bool{}, map[string]*scene.Scene{}
	for _, file := range files {
		for name, d := range diagramsIn(t, folder, file) {
			if d == nil {
				t.Errorf("%s: `%s` does not check", file, name)
				continue
			}
			name = filepath.Join(strings.TrimSuffix(file, ".ncd"), name)
			figures[name] = holdGolden(t, kept, filepath.Join("testdata", "specimens", name), d)
		}
	}
	noOthers(t, filepath.Join("testdata", "specimens"), kept)
	t.Run("TikZ", func(t *testing.T) { holdTikZ(t, figures) })
	t.Run("PDF", func(t *testing.T) { holdPDF(t, figures) })
}

// diagramsIn are the diagrams of a program by name; nil where one wants to be told
// more before it is whole.
func diagramsIn(t *testing.T, folder fs.FS, file string) map[string]*diagram.Diagram {
	t.Helper()
	text, err := fs.ReadFile(folder, file)
	if err != nil {
		t.Fatal(err)
	}
	p, said := check.Check(&source.File{Name: file, Text: string(text)}, check.Options{Sources: folder, Library: stdlib.Files})
	if len(said) > 0 {
		t.Fatal(said[0].Text(false))
	}
	diagrams := map[string]*diagram.Diagram{}
	for _, name := range p.Diagrams() {
		diagrams[name], _ = p.Diagram(name, nil)
	}
	return diagrams
}

// usedBodies are the bodies of the library's boxes in the programs that test it, each
// as the first program has it.
func usedBodies(t *testing.T) map[string]*diagram.Diagram {
	t.Helper()
	folder := os.DirFS("../stdlib/testdata")
	files, _ := fs.Glob(folder, "*.ncd")
	bodies := map[string]*diagram.Diagram{}
	for _, file := range files {
		diagrams := diagramsIn(t, folder, file)
		for _, name := range slices.Sorted(maps.Keys(diagrams)) {
			if d := diagrams[name]; d != nil {
				noteBodies(bodies, d)
			}
		}
	}
	return bodies
}

func noteBodies(bodies map[string]*diagram.Diagram, d *diagram.Diagram) {
	for _, b := range d.Boxes {
		for _, body := range diagram.Bodies(b.Op) {
			if bodies[body.Name] == nil {
				bodies[body.Name] = body
			}
			noteBodies(bodies, body)
		}
	}
}

// pageWidth is what goldens are drawn for, mm.
const pageWidth = 174.6

// holdGolden holds a diagram's figure, open to the author's last box, to the files
// kept of it, and returns it.
func holdGolden(t *testing.T, kept map[string]bool, file string, d *diagram.Diagram) *scene.Scene {
	t.Helper()
	s, _, err := Figure(d, Options{Depth: AllLevels, Width: pageWidth})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	var picture, text bytes.Buffer
	if err := errors.Join(svg.Write(&picture, s, svg.Options{}), Write(&text, s, "json")); err != nil {
		t.Fatal(err)
	}
	// A mark a line, so that a change is seen where it is.
	marks := bytes.ReplaceAll(text.Bytes(), []byte(`},{"kind"`), []byte("},\n{\"kind\""))
	kept[file+".svg"], kept[file+".json"] = true, true
	compare(t, file+".svg", picture.Bytes())
	compare(t, file+".json", marks)
	return s
}

// noOthers refuses goldens of figures that there are no more.
func noOthers(t *testing.T, folder string, kept map[string]bool) {
	t.Helper()
	err := filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || kept[file] {
			return err
		}
		if os.Getenv("UPDATE") != "" {
			return os.Remove(file)
		}
		t.Errorf("%s is of nothing that is drawn; UPDATE=1 takes it away", file)
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
