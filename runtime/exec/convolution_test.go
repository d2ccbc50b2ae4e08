package exec

import (
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// convolutionBoxes is relu of a convolution over windows of 3 by 3 with a bias, and the
// convolution's transpose back to its input.
func convolutionBoxes() *diagram.Diagram {
	b, p, q, c, d, u, v := axis("b", 2), axis("p", 14), axis("q", 12), axis("c", 16), axis("d", 32), axis("u", 3), axis("v", 3)
	x, w, bias := wire("x", b, axis("p'", 16), axis("q'", 14), c), wire("w", u, v, c, d), wire("bias", d)
	at := diagram.At
	under := func(place, window int) diagram.Affine {
		one := shape.Int(1)
		return diagram.Affine{Terms: []diagram.AffineTerm{{Index: place, Stride: one}, {Index: window, Stride: one}}}
	}
	array := []diagram.Affine{at(0), under(1, 4), under(2, 5), at(6)}
	weights := []diagram.Affine{at(4), at(5), at(6), at(3)}
	result := []diagram.Affine{at(0), at(1), at(2), at(3)}
	box := func(in []*diagram.Wire, out *diagram.Wire, from [][]diagram.Affine, to []diagram.Affine) *diagram.Box {
		return &diagram.Box{Op: diagram.Contract{}, In: in, Out: wires(out),
			Weave: diagram.Weave{Degree: axes(b, p, q, d), Own: axes(u, v, c), In: from, Out: [][]diagram.Affine{to}}}
	}
	full := axes(b, p, q, d)
	sum, y := wire("sum", full...), wire("y", full...)
	d1 := &diagram.Diagram{Name: "convolution", In: wires(x, w, bias)}
	d1.Add(box(wires(x, w), sum, [][]diagram.Affine{array, weights}, result))
	biased := d1.Add(newBox(diagram.Apply(diagram.FnAdd), full, nil, wires(sum, bias), wires(wire("", full...))))
	d1.Add(newBox(diagram.Apply(diagram.FnRelu), full, nil, wires(biased), wires(y)))
	back := wire("back", x.Type.Axes...)
	d1.Add(box(wires(y, w), back, [][]diagram.Affine{result, weights}, array))
	d1.Out = wires(y, back)
	return d1
}

// A convolution and its transpose run as Winograd's, and give what the index equation
// says.
func TestConvolution(t *testing.T) {
	d := convolutionBoxes()
	found := 0
	for _, s := range machineOf(t, d, plan.Float32, 1).Plan().Steps {
		if _, ok := s.Kernel.(plan.Winograd); ok {
			found++
		}
	}
	if found != 2 {
		t.Errorf("%d of Winograd's convolutions, want 2", found)
	}
	compareNested(t, d, plan.Float32, 2, 0) // the plain way is held to the sum by its own tests
}
