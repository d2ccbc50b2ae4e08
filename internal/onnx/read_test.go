package onnx

import (
	"slices"
	"testing"
)

// TestNeeded: what only a graph inside a node hands on is needed; what nobody reads is
// not.
func TestNeeded(t *testing.T) {
	of := func(inputs, output string) *Node {
		return &Node{Op: "Relu", Inputs: []string{inputs}, Outputs: []string{output}}
	}
	branch := &Node{Op: "If", Inputs: []string{"c"}, Outputs: []string{"y"}, Attributes: []*Attribute{
		{Name: "then_branch", Type: GraphAttribute, Graph: &Graph{Outputs: []*Value{{Name: "a"}}}},
		{Name: "else_branch", Type: GraphAttribute, Graph: &Graph{Nodes: []*Node{of("b", "o")}, Outputs: []*Value{{Name: "o"}}}},
	}}
	nodes := []*Node{of("x", "a"), of("x", "b"), of("x", "unread"), branch}
	if got, want := Needed(nodes, []string{"y"}), []*Node{nodes[0], nodes[1], branch}; !slices.Equal(got, want) {
		t.Errorf("%d nodes are kept, want %d", len(got), len(want))
	}
}
