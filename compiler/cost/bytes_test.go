package cost

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// A learned map of 3 to 5 over 2 places makes 10 numbers and has 15 weights; a view of
// its result makes nothing.
func TestBytesByHand(t *testing.T) {
	n, i, o := shape.Axis{Label: "n", Size: shape.Int(2)}, shape.Axis{Label: "i", Size: shape.Int(3)}, shape.Axis{Label: "o", Size: shape.Int(5)}
	x, y, z := diagram.NewWire("x", n, i), diagram.NewWire("y", n, o), diagram.NewWire("z", n, o)
	w := &diagram.Weight{Path: "weight", Axes: shape.Shape{i, o}}
	linear := diagram.NewBox(diagram.Linear{From: 1, To: 1, Weight: w}, shape.Shape{n}, shape.Shape{i, o}, []*diagram.Wire{x}, []*diagram.Wire{y})
	view := diagram.NewBox(diagram.View{Name: "rename"}, nil, shape.Shape{n, o}, []*diagram.Wire{y}, []*diagram.Wire{z})
	d := &diagram.Diagram{In: []*diagram.Wire{x}, Out: []*diagram.Wire{z}, Boxes: []*diagram.Box{linear, view}}
	got := EachBytes(d)
	for name, test := range map[string]struct {
		box  *diagram.Box
		want int
	}{"learned": {linear, 4 * (10 + 15)}, "view": {view, 0}} {
		if n, _ := got[test.box].Int(); n != test.want {
			t.Errorf("%s: got %d bytes, want %d", name, n, test.want)
		}
	}
}
