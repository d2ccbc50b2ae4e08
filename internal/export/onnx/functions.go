package onnx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"ncd/compiler/diagram"
	"ncd/internal/onnx"
)

// outline makes functions of the parts of a model that stand in it more than once: the
// nodes of one composite box that are, but for the names of values, those of another.
// It goes from the innermost boxes outward, so that functions call functions.
func outline(m *onnx.Model, scopes map[string][]string, names map[string]string) {
	o := &outliner{model: m, scopes: scopes, names: names}
	m.Graph.Nodes = onnx.Needed(m.Graph.Nodes, onnx.Names(m.Graph.Outputs)) // what a convolution has taken over
	deepest := 0
	for _, path := range scopes {
		deepest = max(deepest, len(path))
	}
	for depth := deepest; depth > 0; depth-- {
		o.level(depth)
	}
	o.model.Graph.Nodes = onnx.Needed(m.Graph.Nodes, onnx.Names(m.Graph.Outputs))
	if len(m.Functions) > 0 {
		m.Opsets = append(m.Opsets, onnx.Opset{Domain: ownDomain, Version: 1})
	}
}

type outliner struct {
	model  *onnx.Model
	scopes map[string][]string // by value
	names  map[string]string   // of the diagrams that boxes stand for, by path
}

// part is the nodes of one composite box.
type part struct {
	path            []string
	nodes           []*onnx.Node
	constants       []*onnx.Node // of the graph, that it reads
	inputs, outputs []string
	text            string // its nodes with the names of values taken out
}

// fewest is how many nodes are worth a function.
const fewest = 3

// level makes functions of the boxes that lie so deep.
func (o *outliner) level(depth int) {
	var parts []*part
	byPath := map[string]*part{}
	for _, n := range o.model.Graph.Nodes {
		path := o.scopes[n.Outputs[0]]
		if len(path) < depth || n.Op == "Constant" {
			continue
		}
		key := strings.Join(path[:depth], "/")
		if byPath[key] == nil {
			byPath[key] = &part{path: path[:depth]}
			parts = append(parts, byPath[key])
		}
		byPath[key].nodes = append(byPath[key].nodes, n)
	}
	alike := map[string][]*part{}
	var texts []string
	for _, p := range parts {
		if len(p.nodes) < fewest || !o.isWhole(p) {
			continue
		}
		o.bound(p)
		if len(alike[p.text]) == 0 {
			texts = append(texts, p.text)
		}
		alike[p.text] = append(alike[p.text], p)
	}
	for _, text := range texts {
		if parts := alike[text]; len(parts) > 1 {
			f := o.function(parts[0])
			for _, p := range parts {
				o.call(f, p)
			}
		}
	}
}

// isWhole reports whether nothing outside lies on a way from one node of a part to
// another, and no node holds a graph of its own.
func (o *outliner) isWhole(p *part) bool {
	isOwn, inside, beyond := map[*onnx.Node]bool{}, map[string]bool{}, map[string]bool{}
	for _, n := range p.nodes {
		isOwn[n] = true
	}
	for _, n := range o.model.Graph.Nodes {
		if slices.ContainsFunc(n.Attributes, func(a *onnx.Attribute) bool { return a.Graph != nil }) && isOwn[n] {
			return false
		}
		isBeyond := slices.ContainsFunc(n.Inputs, func(v string) bool { return beyond[v] })
		if isOwn[n] && isBeyond {
			return false
		}
		isBeyond = isBeyond || slices.ContainsFunc(n.Inputs, func(v string) bool { return inside[v] })
		for _, v := range n.Outputs {
			inside[v], beyond[v] = isOwn[n], !isOwn[n] && isBeyond
		}
	}
	return true
}

// bound finds what a part reads and what is read of it.
func (o *outliner) bound(p *part) {
	made, constants := map[string]bool{}, map[string]*onnx.Node{}
	for _, n := range o.model.Graph.Nodes {
		if n.Op == "Constant" {
			constants[n.Outputs[0]] = n
		}
	}
	for _, n := range p.nodes {
		for _, v := range n.Outputs {
			made[v] = true
		}
	}
	for _, n := range p.nodes {
		for _, v := range n.Inputs {
			switch {
			case made[v] || v == "":
			case constants[v] != nil:
				if !slices.Contains(p.constants, constants[v]) {
					p.constants = append(p.constants, constants[v])
				}
			case !slices.Contains(p.inputs, v):
				p.inputs = append(p.inputs, v)
			}
		}
	}
	read := o.readOutside(p)
	for _, n := range p.nodes {
		for _, v := range n.Outputs {
			if read[v] {
				p.outputs = append(p.outputs, v)
			}
		}
	}
	p.text = p.written()
}

// readOutside marks the values that nodes outside of a part, or the graph's outputs,
// read.
func (o *outliner) readOutside(p *part) map[string]bool {
	read := map[string]bool{}
	for _, n := range o.model.Graph.Nodes {
		if slices.Contains(p.nodes, n) {
			continue
		}
		for _, v := range n.Read() {
			read[v] = true
		}
	}
	for _, v := range o.model.Graph.Outputs {
		read[v.Name] = true
	}
	return read
}

// written is the part with numbers for the names of its values.
func (p *part) written() string {
	numbers := map[string]int{}
	number := func(v string) int {
		if _, ok := numbers[v]; !ok {
			numbers[v] = len(numbers)
		}
		return numbers[v]
	}
	var text strings.Builder
	for _, n := range slices.Concat(p.constants, p.nodes) {
		fmt.Fprint(&text, n.Domain, " ", n.Op)
		for _, v := range n.Inputs {
			fmt.Fprint(&text, " ", number(v))
		}
		fmt.Fprint(&text, " ->")
		for _, v := range n.Outputs {
			fmt.Fprint(&text, " ", number(v))
		}
		text.Write(onnx.Encode(&onnx.Model{Graph: &onnx.Graph{Nodes: []*onnx.Node{{Attributes: n.Attributes}}}}))
	}
	for _, v := range p.outputs {
		fmt.Fprint(&text, " ", number(v))
	}
	return text.String()
}

// function is a part as a function of the model.
func (o *outliner) function(p *part) *onnx.Function {
	f := &onnx.Function{
		Domain: ownDomain, Name: o.functionName(p.path), Inputs: p.inputs, Outputs: p.outputs,
		Nodes: slices.Concat(p.constants, p.nodes), Opsets: []onnx.Opset{{Version: opset}},
	}
	if slices.ContainsFunc(p.nodes, func(n *onnx.Node) bool { return n.Domain == ownDomain }) {
		f.Opsets = append(f.Opsets, onnx.Opset{Domain: ownDomain, Version: 1})
	}
	o.model.Functions = append(o.model.Functions, f)
	return f
}

// declared is the names of the diagrams that the composite boxes of a diagram stand
// for, by the path of the box.
func declared(d *diagram.Diagram) map[string]string {
	names := map[string]string{}
	var visit func(*diagram.Diagram, string)
	visit = func(d *diagram.Diagram, path string) {
		for _, b := range d.Boxes {
			inner := path
			if b.Name != "" {
				inner += b.Name + "/"
			}
			switch op := b.Op.(type) {
			case diagram.Composite:
				names[inner] = op.Body.Name
				visit(op.Body, inner)
			case diagram.Scan:
				visit(op.Body, inner)
			case diagram.Repeat:
				from, _ := op.From.Int()
				for turn, body := range op.Turns {
					if op.Down {
						turn = -turn
					}
					visit(body, inner+strconv.Itoa(from+turn)+"/")
				}
			}
		}
	}
	visit(d, "")
	return names
}

// functionName is the name of the diagram that a box stands for, or that of the box
// without its number.
func (o *outliner) functionName(path []string) string {
	name := o.names[strings.Join(path, "/")+"/"]
	if name == "" {
		name = boxName(path)
	}
	unique := name
	for n := 2; slices.ContainsFunc(o.model.Functions, func(f *onnx.Function) bool { return f.Name == unique }); n++ {
		unique = fmt.Sprint(name, "_", n)
	}
	return unique
}

func boxName(path []string) string {
	for _, segment := range slices.Backward(path) {
		word, _, _ := strings.Cut(segment, ".")
		if word != "" && !unicode.IsDigit(rune(word[0])) && !strings.Contains(word, "=") {
			return word
		}
	}
	return "part"
}

// call puts a call of a function in the place of a part.
func (o *outliner) call(f *onnx.Function, p *part) {
	use := &onnx.Node{Name: strings.Join(p.path, "/"), Op: f.Name, Domain: f.Domain, Inputs: p.inputs, Outputs: p.outputs}
	o.scopes[use.Outputs[0]] = p.path[:len(p.path)-1]
	last := p.nodes[len(p.nodes)-1]
	var nodes []*onnx.Node
	for _, n := range o.model.Graph.Nodes {
		if n == last {
			nodes = append(nodes, use)
		} else if !slices.Contains(p.nodes, n) {
			nodes = append(nodes, n)
		}
	}
	o.model.Graph.Nodes = inOrder(nodes)
}

// inOrder puts nodes behind those that they read, and otherwise leaves them as they
// stand.
func inOrder(nodes []*onnx.Node) []*onnx.Node {
	maker, done := map[string]*onnx.Node{}, map[*onnx.Node]bool{}
	for _, n := range nodes {
		for _, v := range n.Outputs {
			maker[v] = n
		}
	}
	var ordered []*onnx.Node
	var visit func(*onnx.Node)
	visit = func(n *onnx.Node) {
		if done[n] {
			return
		}
		done[n] = true
		for _, v := range n.Read() {
			if m := maker[v]; m != nil {
				visit(m)
			}
		}
		ordered = append(ordered, n)
	}
	for _, n := range nodes {
		visit(n)
	}
	return ordered
}
