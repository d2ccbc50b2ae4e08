package cost

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// TestRepeatInLetters holds that a loop of n turns, whose n is not known, costs what it
// does when it is.
func TestRepeatInLetters(t *testing.T) {
	d := declared(t, "network.ncd", "Tower", nil)
	total := Of(d).Total
	for name, c := range map[string][2]string{
		"multiply-adds": {total.Forward.MultiplyAdds.String(), "8*m^2*n*s"},
		"operations":    {total.Forward.Scalar.String(), "5*m*n*s"},
		"weights":       {total.Weights.String(), "8*m^2*n"},
		"kept":          {total.Kept.String(), "5*m*n*s"}, // what each turn gets, and what relu lets through
	} {
		if c[0] != c[1] {
			t.Errorf("%s: got %s, want %s", name, c[0], c[1])
		}
	}
}

// TestScan holds that the places of a scanned axis share their weights.
func TestScan(t *testing.T) {
	letter := func(label string) shape.Axis { return shape.Axis{Label: label, Size: shape.Letter(label)} }
	s, m := letter("s"), letter("m")
	x, out, carried := diagram.NewWire("x", m), diagram.NewWire("", m), diagram.NewWire("carried", m)
	w := &diagram.Weight{Path: "w.weight", Axes: shape.Shape{m, m}}
	body := &diagram.Diagram{Name: "turn", In: []*diagram.Wire{x}, Weights: []*diagram.Weight{w}}
	sum := body.Add(diagram.NewBox(diagram.Apply(diagram.FnAdd), shape.Shape{m}, nil, []*diagram.Wire{x, carried}, []*diagram.Wire{diagram.NewWire("", m)}))
	linear := &diagram.Box{
		Op: diagram.Linear{From: 1, To: 1, Weight: w}, In: []*diagram.Wire{sum}, Out: []*diagram.Wire{out}, Name: "w",
		Weave: diagram.Weave{Own: shape.Shape{m, m}, In: [][]diagram.Affine{{diagram.At(0)}}, Out: [][]diagram.Affine{{diagram.At(1)}}},
	}
	body.Out = []*diagram.Wire{body.Add(linear)}
	body.States = []*diagram.State{{Path: "h", In: carried, Out: out}}
	given := diagram.NewWire("x", s, m)
	d := &diagram.Diagram{Name: "Recurrent", In: []*diagram.Wire{given}}
	d.Out = []*diagram.Wire{d.Add(diagram.NewBox(diagram.Scan{Body: body}, nil, shape.Shape{s, m}, d.In, []*diagram.Wire{diagram.NewWire("", s, m)}))}
	for name, scanned := range map[string]*diagram.Diagram{"in letters": d} {
		total := Of(scanned).Total
		if got := total.Forward.MultiplyAdds.String(); got != "m^2*s" {
			t.Errorf("%s: got %s multiply-adds", name, got)
		}
		if got := total.Weights.String(); got != "m^2" {
			t.Errorf("%s: got %s weights", name, got)
		}
		if got := total.Kept.String(); got != "m*s" {
			t.Errorf("%s: got %s kept", name, got)
		}
	}
}
