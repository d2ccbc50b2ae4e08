package onnx

import "slices"

// Read lists the values that a node reads, and those that the graphs in it read.
func (n *Node) Read() []string {
	read := slices.Clone(n.Inputs)
	for _, a := range n.Attributes {
		if a.Graph == nil {
			continue
		}
		for _, inner := range a.Graph.Nodes {
			read = append(read, inner.Read()...)
		}
		for _, v := range a.Graph.Outputs {
			read = append(read, v.Name)
		}
	}
	return read
}

// Needed is the nodes, in their order, whose values some output hangs on.
func Needed(nodes []*Node, outputs []string) []*Node {
	read := map[string]bool{}
	for _, v := range outputs {
		read[v] = true
	}
	var kept []*Node
	for _, n := range slices.Backward(nodes) {
		if !slices.ContainsFunc(n.Outputs, func(v string) bool { return read[v] }) {
			continue
		}
		for _, v := range n.Read() {
			read[v] = true
		}
		kept = append(kept, n)
	}
	slices.Reverse(kept)
	return kept
}

// Names lists the names of values.
func Names(values []*Value) []string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = v.Name
	}
	return names
}
