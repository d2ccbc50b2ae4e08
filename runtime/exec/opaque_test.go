package exec

import (
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
	"ncd/runtime/opaque"
)

func init() {
	opaque.Register("test/weigh", func(batch int, in, out []float32) error {
		for i := range batch {
			out[2*i], out[2*i+1] = in[3*i]+in[3*i+1]+in[3*i+2], in[3*i]-in[3*i+2]
		}
		return nil
	})
}

// A registered function sees the numbers of each place together, however they lie.
func TestOpaqueFunction(t *testing.T) {
	axis := func(label string, n int) shape.Axis { return shape.Axis{Label: label, Size: shape.Int(n)} }
	b, m, n := axis("b", 2), axis("m", 3), axis("n", 2)
	x, y := diagram.NewWire("x", m, b), diagram.NewWire("y", n, b)
	d := &diagram.Diagram{Name: "d", In: []*diagram.Wire{x}, Out: []*diagram.Wire{y}}
	d.Add(diagram.NewBox(diagram.Opaque{Name: "test/weigh", From: 1}, shape.Shape{b}, shape.Shape{m, n}, d.In, d.Out))
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	p, err := lower.Lower(d, lower.Options{})
	if err != nil {
		t.Fatal(err)
	}
	machine, err := Bind(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer machine.Close()
	in, _ := machine.Array(plan.Input, "x")
	copy(in.Float32, []float32{1, 10, 2, 20, 3, 30})
	if err := machine.Run(); err != nil {
		t.Fatal(err)
	}
	out, _ := machine.Array(plan.Output, "y")
	if got, want := out.Float32, []float32{6, 60, -2, -20}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
