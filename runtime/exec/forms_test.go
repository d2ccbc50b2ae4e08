package exec

import (
	"math"
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// TestFormsAreOfEachMatrix binds a weight of two matrices [row col, out]: each has
// columns of the scale's length at right angles, and no two are the same.
func TestFormsAreOfEachMatrix(t *testing.T) {
	e, row, col, out := shape.Axis{Label: "e", Size: shape.Int(2)}, shape.Axis{Label: "row", Size: shape.Int(3)}, shape.Axis{Label: "col", Size: shape.Int(2)}, shape.Axis{Label: "out", Size: shape.Int(4)}
	w := &diagram.Weight{
		Path: "w", Axes: shape.Shape{e, row, col, out},
		Init: diagram.Init{Kind: "orthogonal", Scale: 3, Apart: 1, From: 2},
	}
	var first []float64
	for _, threads := range []int{1, 4} {
		values := values(find(t, boundTo(t, w, threads), plan.Weight, "w"))
		if first == nil {
			first = values
		}
		if !slices.Equal(values, first) {
			t.Errorf("with %d threads %v, with 1 %v", threads, values, first)
		}
	}
	for matrix := range 2 {
		for i := range 4 {
			for j := range 4 {
				got, want := 0.0, 0.0
				for r := range 6 {
					got += first[matrix*24+r*4+i] * first[matrix*24+r*4+j]
				}
				if i == j {
					want = 9
				}
				if math.Abs(got-want) > 1e-12 {
					t.Errorf("matrix %d: columns %d and %d give %v, want %v", matrix, i, j, got, want)
				}
			}
		}
	}
	if slices.Equal(first[:24], first[24:]) {
		t.Error("both matrices are the same")
	}
}

// boundTo is a machine that holds just a weight.
func boundTo(t *testing.T, w *diagram.Weight, threads int) *Machine {
	t.Helper()
	out := diagram.NewWire("out", w.Axes...)
	d := &diagram.Diagram{Name: "held", Weights: []*diagram.Weight{w}, Out: []*diagram.Wire{out}}
	d.Add(diagram.NewBox(diagram.Learned{Weight: w}, nil, w.Axes, nil, []*diagram.Wire{out}))
	m := machineOf(t, d, plan.Float64, threads)
	t.Cleanup(m.Close)
	return m
}
