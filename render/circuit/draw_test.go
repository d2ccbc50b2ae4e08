package circuit

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/render/lanes"
	"ncd/render/scene"
)

var figures = map[string]func() *diagram.Diagram{"attention": attention, "multihead": multiHead, "digits": digits}

func TestFiguresAreTidy(t *testing.T) {
	for name, d := range figures {
		for solver, s := range map[string]lanes.Solver{"graphviz": lanes.Graphviz{}, "greedy": lanes.Greedy{}} {
			for depth := range 2 {
				figure := drawn(t, d(), Options{Depth: depth, Theme: scene.Themes()[0], Solver: s})
				for _, fault := range untidy(figure) {
					t.Errorf("%s, %s, depth %d: %s", name, solver, depth, fault)
				}
			}
		}
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
