package importer

import (
	"fmt"
	"regexp"
	"slices"

	"ncd/internal/onnx"
)

// recognised is a model in which what runtimes write out is again the operator that it
// was: mean and variance taken out become MeanVarianceNormalization, and functions of a
// few nodes stand where they are used.
func recognised(m *onnx.Model) *onnx.Model {
	made, graph := *m, *m.Graph
	made.Graph, made.Functions = &graph, nil
	for _, f := range m.Functions {
		inner := *f
		inner.Nodes = normalisations(onnx.Needed(f.Nodes, f.Outputs), nil, f.Outputs)
		made.Functions = append(made.Functions, &inner)
	}
	for range made.Functions { // a function may turn small by what it calls
		inlineSmall(&made)
	}
	var outputs []string
	for _, v := range graph.Outputs {
		outputs = append(outputs, v.Name)
	}
	graph.Nodes = normalisations(onnx.Needed(graph.Nodes, outputs), graph.Initializers, outputs)
	for _, f := range made.Functions {
		f.Nodes = normalisations(f.Nodes, nil, f.Outputs)
	}
	repeating(&made)
	return &made
}

// mostInlined is how many nodes a function may have that is no diagram of its own.
const mostInlined = 3

// ofLibrary are names of functions that say what a box of the library says.
var ofLibrary = regexp.MustCompile(`^(layernorm|batchnorm|standardize|rmsnorm|conv|depthwise_conv|upconv|maxpool|meanpool)(_\d+)?$`)

// inlineSmall writes small functions out where they are used.
func inlineSmall(m *onnx.Model) {
	small := map[string]*onnx.Function{}
	own := map[string]bool{}
	for _, f := range m.Functions {
		own[f.Domain+"."+f.Name] = true
	}
	for _, f := range m.Functions {
		count, isFlat := 0, len(f.Attributes) == 0
		for _, n := range f.Nodes {
			isFlat = isFlat && !own[n.Domain+"."+n.Op] && !slices.ContainsFunc(n.Attributes, func(a *onnx.Attribute) bool { return a.Graph != nil })
			if n.Op != "Constant" {
				count++
			}
		}
		if isFlat && (count <= mostInlined || ofLibrary.MatchString(f.Name)) {
			small[f.Domain+"."+f.Name] = f
		}
	}
	m.Graph.Nodes = inlined(m.Graph.Nodes, small)
	for _, f := range m.Functions {
		f.Nodes = inlined(f.Nodes, small)
	}
}

// mostNodes is how many nodes a list may have after functions are written out in it.
const mostNodes = 1 << 17

func inlined(nodes []*onnx.Node, small map[string]*onnx.Function) []*onnx.Node {
	var made []*onnx.Node
	for i, n := range nodes {
		f := small[n.Domain+"."+n.Op]
		if f == nil || len(made) > mostNodes || len(n.Inputs) > len(f.Inputs) || len(n.Outputs) > len(f.Outputs) {
			made = append(made, n)
			continue
		}
		names := map[string]string{"": ""}
		for k, name := range f.Inputs {
			names[name] = ""
			if k < len(n.Inputs) {
				names[name] = n.Inputs[k]
			}
		}
		for k, name := range n.Outputs {
			names[f.Outputs[k]] = name
		}
		name := func(v string) string {
			if _, isKnown := names[v]; !isKnown {
				names[v] = fmt.Sprintf("\x00%d %s %s", i, n.Name, v)
			}
			return names[v]
		}
		for _, inner := range f.Nodes {
			use := *inner
			use.Inputs, use.Outputs = mappedNames(inner.Inputs, name), mappedNames(inner.Outputs, name)
			made = append(made, &use)
		}
	}
	return made
}

func mappedNames(list []string, name func(string) string) []string {
	made := make([]string, len(list))
	for i, v := range list {
		made[i] = name(v)
	}
	return made
}

// pattern looks for nodes that together do what one operator does.
type pattern struct {
	maker  map[string]*onnx.Node
	stored map[string]*onnx.Tensor
}

// normalisations puts MeanVarianceNormalization in the place of its arithmetic.
func normalisations(nodes []*onnx.Node, stored []*onnx.Tensor, outputs []string) []*onnx.Node {
	p := &pattern{map[string]*onnx.Node{}, map[string]*onnx.Tensor{}}
	for _, x := range stored {
		p.stored[x.Name] = x
	}
	for _, n := range nodes {
		for _, v := range n.Outputs {
			p.maker[v] = n
		}
		if a := n.Attribute("value"); n.Op == "Constant" && a != nil && a.Tensor != nil && len(n.Outputs) > 0 {
			p.stored[n.Outputs[0]] = a.Tensor
		}
	}
	made := slices.Clone(nodes)
	isFound := false
	for i, n := range nodes {
		if x, axes, epsilon, ok := p.standardized(n); ok {
			isFound = true
			made[i] = &onnx.Node{Name: n.Name, Op: "MeanVarianceNormalization", Inputs: []string{x}, Outputs: n.Outputs, Attributes: []*onnx.Attribute{
				{Name: "axes", Type: onnx.IntsAttribute, Ints: axes}, {Name: "epsilon", Type: onnx.FloatAttribute, Float: float32(epsilon)},
			}}
		}
	}
	if !isFound {
		return nodes
	}
	return onnx.Needed(made, outputs)
}

// standardized reads a node as (x - mean x) / √(mean (x - mean x)² + ε).
func (p *pattern) standardized(n *onnx.Node) (x string, axes []int64, epsilon float64, ok bool) {
	if !isNode(n, "Div", 2) {
		return
	}
	centred, root := p.made(n.Inputs[0]), p.made(n.Inputs[1])
	if !isNode(centred, "Sub", 2) || !isNode(root, "Sqrt", 1) {
		return
	}
	moved := p.made(root.Inputs[0])
	if !isNode(moved, "Add", 2) {
		return
	}
	x = centred.Inputs[0]
	first, okay := p.mean(p.made(centred.Inputs[1]), func(v string) bool { return v == x })
	if !okay {
		return
	}
	for i := range moved.Inputs {
		second, isMean := p.mean(p.made(moved.Inputs[i]), func(v string) bool { return p.isSquare(p.maker[v], n.Inputs[0]) })
		if epsilon, ok = p.number(moved.Inputs[1-i]); isMean && ok && slices.Equal(first, second) {
			return x, first, epsilon, true
		}
	}
	return "", nil, 0, false
}

func isNode(n *onnx.Node, op string, inputs int) bool {
	return n != nil && n.Op == op && isStandard(n.Domain) && len(n.Inputs) >= inputs
}

// made is the node that makes a value, but for axes of one place.
func (p *pattern) made(v string) *onnx.Node {
	n := p.maker[v]
	for depth := 0; n != nil && (n.Op == "Unsqueeze" || n.Op == "Identity") && len(n.Inputs) > 0 && depth < 8; depth++ {
		n = p.maker[n.Inputs[0]]
	}
	return n
}

// mean is the axes of a mean of what holds.
func (p *pattern) mean(n *onnx.Node, holds func(string) bool) ([]int64, bool) {
	if !isNode(n, "ReduceMean", 1) || !holds(n.Inputs[0]) {
		return nil, false
	}
	if a := n.Attribute("axes"); a != nil {
		return a.Ints, len(a.Ints) > 0
	}
	if len(n.Inputs) < 2 || p.stored[n.Inputs[1]] == nil {
		return nil, false
	}
	a, err := decoded(p.stored[n.Inputs[1]])
	if err != nil || len(a.values) == 0 {
		return nil, false
	}
	axes := make([]int64, len(a.values))
	for i, x := range a.values {
		axes[i] = int64(x)
	}
	return axes, true
}

func (p *pattern) isSquare(n *onnx.Node, of string) bool {
	switch {
	case isNode(n, "Mul", 2):
		return n.Inputs[0] == of && n.Inputs[1] == of
	case isNode(n, "Pow", 2):
		power, ok := p.number(n.Inputs[1])
		return ok && power == 2 && n.Inputs[0] == of
	}
	return false
}

// number is the one number of a constant.
func (p *pattern) number(v string) (float64, bool) {
	x := p.stored[v]
	if x == nil {
		return 0, false
	}
	a, err := decoded(x)
	if err != nil || len(a.values) != 1 {
		return 0, false
	}
	return a.values[0], true
}
