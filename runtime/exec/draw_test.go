package exec

import (
	"slices"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
	"ncd/compiler/shape"
)

// TestFirstValuesMayBeAnothers draws weights, of which one is like another and one
// follows it: these have its first values, whatever their own would be.
func TestFirstValuesMayBeAnothers(t *testing.T) {
	a := shape.Axis{Label: "a", Size: shape.Int(5)}
	init := diagram.Init{Kind: "normal", Scale: 1}
	leader, other := &diagram.Weight{Path: "net.w", Axes: shape.Shape{a}, Init: init}, &diagram.Weight{Path: "other.w", Axes: shape.Shape{a}, Init: init}
	clone := &diagram.Weight{Path: "clone.w", Axes: shape.Shape{a}, Like: leader}
	follower := &diagram.Weight{Path: "teacher.w", Axes: shape.Shape{a}, Init: init, Follows: clone, Keep: 0.5}
	d := &diagram.Diagram{Name: "first"}
	for _, w := range []*diagram.Weight{follower, leader, other, clone} {
		out := diagram.NewWire(w.Path, a)
		d.Weights, d.Out = append(d.Weights, w), append(d.Out, out)
		d.Add(diagram.NewBox(diagram.Learned{Weight: w}, nil, w.Axes, nil, []*diagram.Wire{out}))
	}
	m := machineOf(t, d, plan.Float64, 1)
	defer m.Close()
	first := func(path string) []float64 { return values(find(t, m, plan.Weight, path)) }
	if !slices.Equal(first("teacher.w"), first("net.w")) || !slices.Equal(first("clone.w"), first("net.w")) {
		t.Errorf("got %v and %v, want %v", first("teacher.w"), first("clone.w"), first("net.w"))
	}
	if slices.Equal(first("other.w"), first("net.w")) {
		t.Error("weights of other paths have the same first values")
	}
}
