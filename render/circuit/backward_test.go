package circuit

import (
	"errors"
	"testing"

	"ncd/compiler/diagram"
	"ncd/render/scene"
)

// scaled is y = w·x, with the boxes that take what comes back to y to what goes back
// to x and w.
func scaled() *diagram.Diagram {
	x, w, g := wire("x", "n"), wire("w", "n"), wire("g", "n")
	d := &diagram.Diagram{Name: "Scaled", In: []*diagram.Wire{x, w, g}}
	times := func(a, b *diagram.Wire, name string, pass diagram.Pass) *diagram.Wire {
		out := wire(name, "n")
		box := diagram.NewBox(diagram.Apply(diagram.FnMul), axes("n"), nil, []*diagram.Wire{a, b}, []*diagram.Wire{out})
		box.Pass = pass
		return d.Add(box)
	}
	y := times(w, x, "y", diagram.Forward)
	d.Out = []*diagram.Wire{y, times(g, w, "grad/x", diagram.Backward), times(g, x, "grad/w", diagram.Backward)}
	return d
}

func TestBackwardLiesBeneath(t *testing.T) {
	s, _, err := DrawBackward(scaled(), Options{Depth: -1, Theme: scene.Themes()[0]})
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range untidy(s) {
		t.Error(fault)
	}
	places := map[string][]scene.Point{}
	for _, m := range s.Marks {
		if l, ok := m.(*scene.Label); ok {
			places[l.Text] = append(places[l.Text], l.At)
		}
	}
	for _, tape := range []string{"0", "1"} {
		put, taken := places[`\to s_{`+tape+"}"], places["s_{"+tape+`}\to `]
		if len(put) != 1 || len(taken) != 1 || put[0].Y >= taken[0].Y {
			t.Errorf("tape %s is put at %v and taken at %v, want once above and once below", tape, put, taken)
		}
	}
	came, went := places["g"], places[`\partial x`]
	if len(came) != 1 || len(went) != 1 || came[0].X <= went[0].X {
		t.Errorf("what comes back stands at %v and what goes back at %v, want right and left", came, went)
	}
}

func TestNoBackwardHalf(t *testing.T) {
	if _, _, err := DrawBackward(residual(), Options{}); !errors.Is(err, ErrOneWay) {
		t.Errorf("got %v, want %v", err, ErrOneWay)
	}
}

// What makes two arrays at once, of several functions, is shown function by function.
func TestMapsAreTakenApart(t *testing.T) {
	g, x := wire("g", "n"), wire("x")
	p := diagram.NewProgram()
	twice := p.Apply(diagram.FnMul, p.Constant(diagram.Literal(2)), p.Input(1))
	m, _ := p.Assemble([]int{p.Apply(diagram.FnMul, p.Input(0), twice), p.Apply(diagram.FnNeg, p.Input(0))})
	b := diagram.NewBox(m, axes("n"), nil, []*diagram.Wire{g, x}, []*diagram.Wire{wire("a", "n"), wire("b", "n")})
	d := &diagram.Diagram{In: b.In, Out: b.Out, Boxes: exploded(b)}
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, b := range d.Boxes {
		kinds = append(kinds, b.Op.Kind())
		if op, ok := b.Op.(diagram.Map); ok && op.Sole() == "" {
			t.Errorf("%v is not one function", op)
		}
	}
	if len(kinds) != 4 || len(d.Boxes[1].Out[0].Type.Axes) != 0 {
		t.Errorf("got %v, want a number, what it makes of a number, and two results", kinds)
	}
}
