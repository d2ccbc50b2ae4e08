package circuit

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/render/lanes"
	"ncd/render/scene"
	"ncd/render/svg"
)

func TestFiguresAreTidy(t *testing.T) {
	for name, d := range gallery {
		for solver, s := range map[string]lanes.Solver{"graphviz": lanes.Graphviz{}, "greedy": lanes.Greedy{}} {
			for depth := range 3 {
				figure := drawn(t, d(), Options{Depth: depth, Theme: scene.Themes()[0], Solver: s})
				for _, fault := range untidy(figure) {
					t.Errorf("%s, %s, depth %d: %s", name, solver, depth, fault)
				}
			}
		}
	}
}

// Each figure of the gallery is as it was last looked at.
func TestGallery(t *testing.T) {
	for name, d := range gallery {
		golden(t, name, d())
	}
}

// golden compares a figure, open to the last box, with the one kept.
func golden(t *testing.T, name string, d *diagram.Diagram) {
	t.Helper()
	figure := drawn(t, d, Options{Depth: -1, Theme: scene.Themes()[0]})
	var got bytes.Buffer
	if err := svg.Write(&got, figure, svg.Options{}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".svg")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%s is not as in %s; see it with UPDATE=1", name, file)
	}
	if got.Len() > 40_000 {
		t.Errorf("%s takes %d bytes, want at most 40000", name, got.Len())
	}
}

// The paper's own figure of multi-head attention has four bends.
func TestMultiHeadHasFewBends(t *testing.T) {
	_, stats, err := Draw(multiHead(), Options{Depth: 1, Theme: scene.Themes()[0]})
	if err != nil {
		t.Fatal(err)
	}
	if stats.Bends > 4 {
		t.Errorf("got %d bends, want 4 or fewer", stats.Bends)
	}
}

// An input keeps its name where it enters an open box, in which it has another.
func TestInputIsCalledAsOutside(t *testing.T) {
	dir := t.TempDir()
	text := "diagram Inner(x[m]) -> [m] { x >> relu }\n\ndiagram Outer(image[m]) -> [m] { image >> Inner }\n"
	if err := os.WriteFile(filepath.Join(dir, "names.ncd"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	_, diagrams := diagramsOf(t, dir, "names.ncd")
	figure := drawn(t, diagrams["Outer"], Options{Depth: -1, Theme: scene.Themes()[0]})
	var labels []string
	for _, m := range figure.Marks {
		if l, ok := m.(*scene.Label); ok {
			labels = append(labels, l.Text)
		}
	}
	if !slices.Contains(labels, `\mathit{image}`) || slices.Contains(labels, "x") {
		t.Errorf("the labels are %q, want image and no x", labels)
	}
}
