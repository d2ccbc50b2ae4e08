package circuit

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// Two axes that are split at once are split one behind the other, by a bar each.
func TestSplitsAreTakenApart(t *testing.T) {
	by := func(outer, inner int) diagram.Affine {
		return diagram.Affine{Terms: []diagram.AffineTerm{{Index: outer, Stride: shape.Letter("w")}, {Index: inner, Stride: shape.Int(1)}}}
	}
	in := wire("image", "row", "col", "c")
	w := shape.Letter("w")
	space := shape.Shape{{Label: "a", Size: shape.Letter("a")}, {Label: "u", Size: w}, {Label: "b", Size: shape.Letter("b")}, {Label: "v", Size: w}, {Label: "c", Size: shape.Letter("c")}}
	out := diagram.NewWire("", space[0], space[2], space[1], space[3], space[4])
	b := &diagram.Box{Op: diagram.View{Name: "split"}, In: []*diagram.Wire{in}, Out: []*diagram.Wire{out}, Weave: diagram.Weave{Degree: space,
		In:  [][]diagram.Affine{{by(0, 1), by(2, 3), diagram.At(4)}},
		Out: [][]diagram.Affine{{diagram.At(0), diagram.At(2), diagram.At(1), diagram.At(3), diagram.At(4)}}}}
	boxes := splitApart(b)
	if len(boxes) != 2 {
		t.Fatalf("%d boxes, want 2", len(boxes))
	}
	var between string
	for _, a := range boxes[0].Out[0].Type.Axes {
		between += a.Label + " "
	}
	if between != "a u col c " {
		t.Errorf("got %s between them, want a u col c", between)
	}
	if boxes[1].In[0] != boxes[0].Out[0] || boxes[1].Out[0] != out {
		t.Error("they do not stand behind one another")
	}
}
