package torch

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/internal/export/python"
)

// node is a module under a path: a part, or arrays, and modules below it.
type node struct {
	names    []string // of what is below, in order
	below    map[string]*node
	arrays   []string // arguments of Weights
	comments []string
	part     string // the expression that makes it
	frozen   []string
	buffers  []string // lines that register them, with the node's own expression as %s
}

func (n *node) at(path []string) *node {
	for _, segment := range path {
		if n.below == nil {
			n.below = map[string]*node{}
		}
		if n.below[segment] == nil {
			n.below[segment] = &node{}
			n.names = append(n.names, segment)
		}
		n = n.below[segment]
	}
	return n
}

// initials are the lines of __init__ that make a unit's own arrays and its parts.
func initials(u *python.Unit) string {
	root := &node{}
	for _, w := range u.Diagram.Weights {
		if u.Owns(w) {
			addWeight(root, w)
		}
	}
	for _, s := range u.Diagram.States {
		if s.Kept {
			addBuffer(root, s, true)
		}
	}
	if u.Reverse != nil {
		for _, k := range u.Reverse.Kept {
			addBuffer(root, k.State, false)
		}
	}
	for i, p := range u.Parts {
		root.at(strings.Split(p.Name, ".")).part = python.ChildName(i) + "(" + python.ChildArguments(i) + ")"
	}
	var b strings.Builder
	if u.IsStateful() && len(u.States) > 0 {
		b.WriteString("        self.remembered = {}\n")
	}
	root.rootArrays(&b)
	for _, name := range root.names {
		root.below[name].write(&b, u, name, "self", assignment(name))
	}
	return b.String()
}

func addWeight(root *node, w *diagram.Weight) {
	path := strings.Split(w.Path, ".")
	n := root.at(path[:len(path)-1])
	name := path[len(path)-1]
	n.arrays = append(n.arrays, fmt.Sprintf("%s=(%s)", name, sizes(w)))
	n.comments = append(n.comments, python.Comment(shape.Type{Axes: w.Axes}))
	if w.Frozen {
		n.frozen = append(n.frozen, name)
	}
}

func sizes(w *diagram.Weight) string {
	var b strings.Builder
	for i, a := range w.Axes {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(python.Hole(a.Label, a.Size.MustInt()))
	}
	if len(w.Axes) == 1 {
		b.WriteString(",")
	}
	return b.String()
}

// addBuffer adds what is kept; what only the way back keeps is not among the weights.
func addBuffer(root *node, s *diagram.State, isWeight bool) {
	path := strings.Split(s.Path, ".")
	n := root.at(path[:len(path)-1])
	var list strings.Builder
	for _, a := range s.In.Type.Axes {
		list.WriteString(python.Hole(a.Label, a.Size.MustInt()) + ",")
	}
	options := ""
	if !isWeight {
		options = ", persistent=False"
	}
	n.buffers = append(n.buffers, fmt.Sprintf("%%s.register_buffer(%q, torch.full((%s), %s)%s)  # %s", path[len(path)-1], list.String(), python.Literal(s.Init), options, python.Comment(s.In.Type)))
}

// rootArrays are arrays without a module of their own.
func (n *node) rootArrays(b *strings.Builder) {
	for i, text := range n.arrays {
		name, size, _ := strings.Cut(text, "=")
		fmt.Fprintf(b, "        self.%s = nn.Parameter(torch.zeros(%s), requires_grad=%s)  # %s\n", name, size, truth(!slices.Contains(n.frozen, name)), n.comments[i])
	}
	for _, line := range n.buffers {
		fmt.Fprintf(b, "        "+line+"\n", "self")
	}
}

func truth(holds bool) string {
	if holds {
		return "True"
	}
	return "False"
}

// write makes a module, under a line that takes its expression, and then what hangs
// on it.
func (n *node) write(b *strings.Builder, u *python.Unit, name, outer, line string) {
	here := outer + step(name)
	fmt.Fprintf(b, "        "+line+"%s\n", n.made(u, "        "), n.comment())
	n.added(b, u, here)
}

// made is the expression of a module, over several lines where it holds others.
func (n *node) made(u *python.Unit, indent string) string {
	switch {
	case n.part != "":
		return n.part
	case len(n.arrays) > 0 || len(n.buffers) > 0:
		return u.Use("Weights") + "(" + strings.Join(n.arrays, ", ") + ")"
	case slices.ContainsFunc(n.names, isWord):
		return u.Use("Numbered") + "({})"
	}
	if only := n.below[n.names[0]]; len(n.names) == 1 && only.comment() == "" {
		return u.Use("Numbered") + "({" + n.names[0] + ": " + only.made(u, indent) + "})"
	}
	var b strings.Builder
	b.WriteString(u.Use("Numbered") + "({\n")
	for _, name := range n.names {
		fmt.Fprintf(&b, "%s    %s: %s,%s\n", indent, name, n.below[name].made(u, indent+"    "), n.below[name].comment())
	}
	return b.String() + indent + "})"
}

// added writes what an expression cannot say: which arrays are frozen, what is kept,
// modules below one that is a part.
func (n *node) added(b *strings.Builder, u *python.Unit, here string) {
	for _, frozen := range n.frozen {
		fmt.Fprintf(b, "        %s.%s.requires_grad_(False)\n", here, frozen)
	}
	for _, buffer := range n.buffers {
		fmt.Fprintf(b, "        "+buffer+"\n", here)
	}
	isWithin := n.part == "" && len(n.arrays) == 0 && len(n.buffers) == 0 && !slices.ContainsFunc(n.names, isWord)
	for _, name := range n.names {
		if below := n.below[name]; isWithin {
			below.added(b, u, here+step(name))
		} else {
			below.write(b, u, name, here, fmt.Sprintf("%s.add_module(%q, %%s)", here, name))
		}
	}
}

func (n *node) comment() string {
	if len(n.comments) == 0 {
		return ""
	}
	return "  # " + strings.Join(n.comments, ", ")
}

// attribute finds what a path names, behind `self`.
func attribute(path string) string {
	text := ""
	for segment := range strings.SplitSeq(path, ".") {
		text += step(segment)
	}
	return text
}

// partOf finds a part of a unit, behind `self`. A part may have another below it: x and
// x.1.
func partOf(u *python.Unit, name string) string {
	text, path := "", ""
	for segment := range strings.SplitSeq(name, ".") {
		isOfPart := slices.ContainsFunc(u.Parts, func(p *python.Part) bool { return p.Name == path })
		if text += step(segment); isOfPart && !isWord(segment) {
			text = strings.TrimSuffix(text, step(segment)) + fmt.Sprintf("._modules[%q]", segment)
		}
		path = strings.TrimPrefix(path+"."+segment, ".")
	}
	return text
}

// assignment is the line that makes a module of self's.
func assignment(name string) string {
	if step(name) == "."+name {
		return "self." + name + " = %s"
	}
	return fmt.Sprintf("self._modules[%q] = %%s", name)
}

// taken are attributes of every module, behind which one of ours would hide.
var taken = strings.Fields(`T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda cut double dump_patches eval
	extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers
	named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook
	register_forward_pre_hook register_module register_parameter remembered requires_grad_ reset set_extra_state set_submodule share_memory
	state_dict to to_empty train training type xpu zero_grad`)

func isWord(name string) bool { return strings.Trim(name, "0123456789") != "" }

// step goes from one module to one below it.
func step(segment string) string {
	switch {
	case !isWord(segment):
		return "[" + segment + "]"
	case slices.Contains(taken, segment) || python.Identifier(segment) != segment && segment != "state" && segment != "w":
		return fmt.Sprintf("._modules[%q]", segment)
	}
	return "." + segment
}
