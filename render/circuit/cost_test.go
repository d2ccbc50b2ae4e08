package circuit

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// The dear one of two learned boxes has a warmer ground than the cheap one, and all
// grounds are in the legend.
func TestBoxesAreShadedByTheirShare(t *testing.T) {
	d := residual()
	cost := &Cost{Unit: "multiply-adds", Of: map[*diagram.Box]float64{d.Boxes[0]: 90, d.Boxes[2]: 10}}
	s := drawn(t, d, Options{Cost: cost, Theme: scene.Themes()[0]})
	for _, fault := range untidy(s) {
		t.Error(fault)
	}
	grounds := map[string]scene.Role{}
	legend := 0
	for _, m := range s.Marks {
		switch g, ok := m.(*scene.Glyph); {
		case ok && g.Kind == "learned":
			grounds[g.Box] = g.Fill
		case ok && g.Kind == "heat":
			legend++
		}
	}
	if grounds["affine1"] != scene.Heat5 || grounds["affine2"] != scene.Heat3 || legend != len(heats) {
		t.Errorf("got grounds %v and %d in the legend", grounds, legend)
	}
}

// A box in a loop costs what it costs in all turns.
func TestTurnsAreAddedUp(t *testing.T) {
	turns := []*diagram.Diagram{residual(), residual(), residual()}
	repeat := &diagram.Box{Op: diagram.Repeat{Turns: turns}}
	cost := &Cost{Of: map[*diagram.Box]float64{}}
	for i, turn := range turns {
		cost.Of[turn.Boxes[0]] = float64(i + 1)
	}
	f := &flattener{cost: cost, written: map[*diagram.Box][]*diagram.Box{}}
	f.standIn(repeat)
	if got := f.costOf(turns[0].Boxes[0]); got != 6 {
		t.Errorf("got %v, want 6", got)
	}
}
