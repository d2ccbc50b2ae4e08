// Package graph writes a diagram as a plain graph of boxes and arrows in
// Graphviz's language: one node a box, one arrow a wire with its type beside
// it, a cluster around each composite box that is shown open.
//
// It is the view for those who do not read the circuit notation, and for large
// models. Package lanes turns the text into a picture.
package graph

import (
	"bytes"
	"fmt"
	"strings"

	"ncd/compiler/diagram"
)

// DOT is the diagram in Graphviz's language. Composite boxes deeper than depth
// are single nodes; a negative depth opens all. Equal diagrams give equal text.
func DOT(d *diagram.Diagram, depth int) []byte {
	w := &writer{depth: depth}
	title := d.Title
	if title == "" {
		title = d.Name
	}
	fmt.Fprintf(&w.out, "digraph %s {\n", quoted(d.Name))
	fmt.Fprintf(&w.out, "graph [rankdir=LR labelloc=t label=%s fontname=%s fontsize=14 ranksep=0.5 nodesep=0.3];\n", quoted(title), quoted(fonts))
	fmt.Fprintf(&w.out, "node [shape=box style=filled fillcolor=white fontname=%s fontsize=11 height=0.35];\n", quoted(fonts))
	fmt.Fprintf(&w.out, "edge [fontname=%s fontsize=9 arrowsize=0.7];\n", quoted(fonts))
	made := map[*diagram.Wire]string{}
	for _, in := range d.In {
		made[in] = w.node(in.Name, bare)
	}
	for _, s := range d.States {
		if made[s.In] == "" {
			made[s.In] = w.node(s.Path, bare)
		}
	}
	w.boxes(d, made, 0)
	for _, out := range d.Out {
		w.edge(made[out], w.node(out.Name, bare), out)
	}
	for _, s := range d.States {
		w.edge(made[s.Out], w.node(s.Path, bare), s.Out)
	}
	w.out.Write(w.edges.Bytes())
	w.out.WriteString("}\n")
	return w.out.Bytes()
}

// bare is how the ends of a figure look: a name without a box.
const bare = `shape=plaintext style=""`

const fonts = "Latin Modern Sans,Helvetica,Arial,sans-serif"

// writer numbers nodes in the order in which it meets them. Arrows come last, so
// that none pulls a node into a cluster.
type writer struct {
	out, edges bytes.Buffer
	depth      int
	nodes      int
}

func (w *writer) node(label, attributes string) string {
	name := fmt.Sprintf("n%d", w.nodes)
	w.nodes++
	if label == "" {
		label = " " // Graphviz would write the node's own name
	}
	fmt.Fprintf(&w.out, "%s [label=%s %s];\n", name, quoted(label), attributes)
	return name
}

func (w *writer) edge(from, to string, wire *diagram.Wire) {
	fmt.Fprintf(&w.edges, "%s -> %s [label=%s];\n", from, to, quoted(wire.Type.String()))
}

// boxes writes the boxes of a body; made says which node makes each wire.
func (w *writer) boxes(d *diagram.Diagram, made map[*diagram.Wire]string, level int) {
	for _, b := range d.Boxes {
		if bodies := diagram.Bodies(b.Op); len(bodies) > 0 && (w.depth < 0 || level < w.depth) {
			w.cluster(b, bodies[0], made, level)
			continue
		}
		name := w.node(label(b), look(b))
		for _, in := range b.In {
			w.edge(made[in], name, in)
		}
		for _, out := range b.Out {
			made[out] = name
		}
	}
}

// cluster writes a composite box open. Its wires run straight to the boxes
// inside.
func (w *writer) cluster(b *diagram.Box, body *diagram.Diagram, made map[*diagram.Wire]string, level int) {
	fmt.Fprintf(&w.out, "subgraph cluster_%d {\nlabel=%s; style=filled; fillcolor=%s; color=gray60;\n",
		w.nodes, quoted(label(b)), quoted(grounds[level%len(grounds)]))
	inner := map[*diagram.Wire]string{}
	for i, in := range body.In {
		inner[in] = made[b.In[i]]
	}
	w.boxes(body, inner, level+1)
	w.out.WriteString("}\n")
	for i, out := range body.Out {
		made[b.Out[i]] = inner[out]
	}
}

// grounds are the fences' colours in the circuit view.
var grounds = []string{"#c5bedf", "#ffe2bb", "#c1e8f7", "#f1f4c1"}

// label is what a box is called, and what it is lifted over.
func label(b *diagram.Box) string {
	words := b.Op.Kind()
	switch op := b.Op.(type) {
	case diagram.Composite:
		if op.Body.Title != "" {
			words = op.Body.Title
		}
	case diagram.Map:
		if fn := op.Sole(); fn != "" {
			words = string(fn)
		}
	case diagram.Constant:
		words = op.Value.String()
	}
	if own := b.Weave.Own; len(own) > 0 && len(diagram.Bodies(b.Op)) == 0 {
		words += " " + strings.Join(own.Labels(), " ")
	}
	if isLearned(b.Op) && b.Name != "" {
		words = b.Name + "\n" + words
	}
	return words
}

func look(b *diagram.Box) string {
	if isLearned(b.Op) {
		return `fillcolor="#e8eeeb" penwidth=2`
	}
	return ""
}

// isLearned reports whether a box has weights.
func isLearned(op diagram.Op) bool {
	switch op.(type) {
	case diagram.Linear, diagram.Learned, diagram.Scale:
		return true
	}
	return false
}

// quoted is a string of Graphviz's language.
func quoted(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s)
	return `"` + s + `"`
}
