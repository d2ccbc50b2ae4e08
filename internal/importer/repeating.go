package importer

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ncd/internal/onnx"
)

const (
	// fewestNodes is how many nodes a layer has at least.
	fewestNodes = 4
	// longestLayer is how many it has at most.
	longestLayer = 1024
	// mostLayers is how many kinds of layers are looked for.
	mostLayers = 16
	// layers is the domain of the functions that are made of them.
	layers = "ncd.layers"
)

// repeating makes functions of the layers of a model: runs of nodes that stand behind
// themselves, each of which hands one value on to the next. The longest come first.
func repeating(m *onnx.Model) {
	m.Graph.Nodes = constantsFirst(m.Graph.Nodes)
	for range mostLayers {
		r := newRepetition(m)
		best, found := r.best()
		if !found {
			return
		}
		r.outline(best)
	}
}

// constantsFirst puts constants, which read nothing, in front, so that they stand in no
// layer.
func constantsFirst(nodes []*onnx.Node) []*onnx.Node {
	isConstant := func(n *onnx.Node) bool { return n.Op == "Constant" && isStandard(n.Domain) }
	made := slices.DeleteFunc(slices.Clone(nodes), func(n *onnx.Node) bool { return !isConstant(n) })
	return append(made, slices.DeleteFunc(slices.Clone(nodes), isConstant)...)
}

// repetition is the nodes of a graph behind its constants, while layers are looked for.
type repetition struct {
	model  *onnx.Model
	first  int // of the nodes that are no constants
	nodes  []*onnx.Node
	maker  map[string]int // the node that makes a value
	output map[string]int // which of its outputs it is
	last   map[string]int // the last node that reads a value
	kind   map[string]string
	same   []int // nodes that do the same have the same number
}

// run is a layer of so many nodes, from a node on, so many times.
type run struct {
	from, length, times int
}

func (r run) saved() int { return r.length * (r.times - 1) }

func newRepetition(m *onnx.Model) *repetition {
	r := &repetition{model: m, maker: map[string]int{}, output: map[string]int{}, last: map[string]int{}, kind: map[string]string{}}
	for r.first < len(m.Graph.Nodes) && m.Graph.Nodes[r.first].Op == "Constant" {
		r.first++
	}
	r.nodes = m.Graph.Nodes[r.first:]
	for _, x := range m.Graph.Initializers {
		r.kind[x.Name] = storedKind(x)
	}
	for _, n := range m.Graph.Nodes[:r.first] {
		if a := n.Attribute("value"); a != nil && a.Tensor != nil && len(n.Outputs) > 0 {
			r.kind[n.Outputs[0]] = storedKind(a.Tensor)
		}
	}
	for i, n := range r.nodes {
		for k, v := range n.Outputs {
			r.maker[v], r.output[v] = i, k
		}
		for _, v := range n.Read() {
			r.last[v] = i
		}
	}
	for _, v := range m.Graph.Outputs {
		r.last[v.Name] = len(r.nodes)
	}
	numbers := map[string]int{}
	for _, n := range r.nodes {
		text := r.written(n)
		if _, isKnown := numbers[text]; !isKnown {
			numbers[text] = len(numbers)
		}
		r.same = append(r.same, numbers[text])
	}
	return r
}

// storedKind tells arrays apart that layers may not have in each other's place: those of
// other sizes, and of numbers that say sizes and axes.
func storedKind(x *onnx.Tensor) string {
	kind := fmt.Sprint(x.Type, x.Dims)
	if a, err := decoded(x); err == nil && (a.isWhole || len(a.values) == 1) && len(a.values) <= 64 {
		kind += fmt.Sprint(a.values)
	}
	return kind
}

// written says what a node does, but for the names of values.
func (r *repetition) written(n *onnx.Node) string {
	var text strings.Builder
	fmt.Fprint(&text, n.Domain, " ", n.Op, " ", len(n.Outputs))
	for _, v := range n.Inputs {
		text.WriteString(" ")
		if v != "" {
			text.WriteString("v" + r.kind[v])
		}
	}
	text.Write(onnx.Encode(&onnx.Model{Graph: &onnx.Graph{Nodes: []*onnx.Node{{Attributes: n.Attributes}}}}))
	return text.String()
}

// best is the run that takes the most nodes together.
func (r *repetition) best() (best run, found bool) {
	for length := fewestNodes; length <= min(longestLayer, len(r.nodes)/2); length++ {
		alike := 0 // how many nodes up to here are as those so much later
		for i := 0; i+length < len(r.nodes); i++ {
			if alike++; r.same[i] != r.same[i+length] {
				alike = 0
			}
			isEnd := i+length+1 == len(r.nodes) || r.same[i+1] != r.same[i+1+length]
			if !isEnd || alike < length {
				continue
			}
			for from := i + 1 - alike; from < i+2-length && from < i+1-alike+length; from++ {
				candidate := run{from, length, (i+1-from)/length + 1}
				for ; candidate.times > 1 && (!found || candidate.saved() > best.saved()); candidate.times-- {
					if r.isChain(candidate) {
						best, found = candidate, true
						break
					}
				}
			}
		}
	}
	return best, found
}

// carried is the one value that nodes hand on to those behind them, or "".
func (r *repetition) carried(from, length int) string {
	only := ""
	for _, n := range r.nodes[from : from+length] {
		for _, v := range n.Outputs {
			if r.last[v] < from+length {
				continue
			}
			if only != "" {
				return ""
			}
			only = v
		}
	}
	return only
}

// entering is the value that the first layer of a run is handed: what stands where the
// second reads what the first has carried.
func (r *repetition) entering(c run) string {
	carried := r.carried(c.from, c.length)
	for k, n := range r.nodes[c.from+c.length : c.from+2*c.length] {
		if at := slices.Index(n.Inputs, carried); at >= 0 {
			return r.nodes[c.from+k].Inputs[at]
		}
	}
	return ""
}

// isChain reports whether the layers of a run are one function behind itself: nodes read
// what their own layer has made, what the layer before hands on, arrays of their own, and
// values that all layers read.
func (r *repetition) isChain(c run) bool {
	before := r.entering(c)
	if before == "" || r.kind[before] != "" {
		return false
	}
	hasWeights := false
	for turn := range c.times {
		from := c.from + turn*c.length
		carried := r.carried(from, c.length)
		if carried == "" {
			return false
		}
		for k, n := range r.nodes[from : from+c.length] {
			model := r.nodes[c.from+k]
			for i, v := range n.Inputs {
				if !r.correspond(c, turn, model.Inputs[i], v, before) {
					return false
				}
				hasWeights = hasWeights || r.kind[v] != "" && !strings.Contains(r.kind[v], "[]")
			}
		}
		before = carried
	}
	return hasWeights
}

// correspond reports whether a value in a turn of a run is what another is in the first.
func (r *repetition) correspond(c run, turn int, first, v, before string) bool {
	from := c.from + turn*c.length
	at, isMade := r.maker[v]
	switch {
	case v == before:
		return first == r.entering(c)
	case isMade && at >= from:
		model, isThere := r.maker[first]
		return isThere && at-from == model-c.from && r.output[v] == r.output[first]
	case r.kind[v] != "":
		return r.kind[first] == r.kind[v]
	}
	return v == first && first != r.entering(c)
}

// outline puts uses of a function in the place of a run.
func (r *repetition) outline(c run) {
	body := r.nodes[c.from : c.from+c.length]
	made := map[string]bool{}
	f := &onnx.Function{Domain: layers, Name: r.name(c), Nodes: body, Inputs: []string{r.entering(c)}, Outputs: []string{r.carried(c.from, c.length)}}
	for _, n := range body {
		for _, v := range n.Outputs {
			made[v] = true
		}
	}
	type place struct{ node, input int }
	var places []place
	for k, n := range body {
		for i, v := range n.Inputs {
			if v != "" && !made[v] && !slices.Contains(f.Inputs, v) {
				f.Inputs, places = append(f.Inputs, v), append(places, place{k, i})
			}
		}
	}
	uses := slices.Clone(r.nodes[:c.from])
	before := f.Inputs[0]
	for turn := range c.times {
		from := c.from + turn*c.length
		use := &onnx.Node{Name: f.Name, Op: f.Name, Domain: layers, Inputs: []string{before}, Outputs: []string{r.carried(from, c.length)}}
		for _, p := range places {
			use.Inputs = append(use.Inputs, r.nodes[from+p.node].Inputs[p.input])
		}
		uses, before = append(uses, use), use.Outputs[0]
	}
	graph := r.model.Graph
	graph.Nodes = slices.Concat(graph.Nodes[:r.first], uses, r.nodes[c.from+c.length*c.times:])
	r.model.Functions = append(r.model.Functions, f)
}

// counted is a part of a name that is followed by a number: `layers.3.norm.weight`.
var counted = regexp.MustCompile(`([A-Za-z_]+)[._/]?\d+[._/]`)

// name is what the model calls its layers, or Layer.
func (r *repetition) name(c run) string {
	wish := "Layer"
	for _, n := range r.nodes[c.from : c.from+c.length] {
		for _, v := range n.Inputs {
			found := counted.FindStringSubmatch(v)
			if found != nil && r.kind[v] != "" && wish == "Layer" && !strings.HasPrefix(v, "onnx") {
				if name := strings.TrimSuffix(strings.Trim(found[1], "_"), "s"); len(name) > 2 {
					wish = titled(name)
				}
			}
		}
	}
	unique := wish
	for n := 2; slices.ContainsFunc(r.model.Functions, func(f *onnx.Function) bool { return f.Domain == layers && f.Name == unique }); n++ {
		unique = fmt.Sprint(wish, "_", n)
	}
	return unique
}
