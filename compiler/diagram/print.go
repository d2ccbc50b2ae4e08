package diagram

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Print writes the text form of a diagram: what tests compare and `ncd dump`
// shows. Wires are named by the author's names where there are any, made
// distinct by numbers.
//
//	diagram Attention(q [y k], K [x k], V [x k])
//	  1 = constant k^-0.5 : []
//	  scores = contract 1[] q[y k] K[x k] own [k] : [y x]
//	  …
//	  -> result
func Print(w io.Writer, d *Diagram) {
	(&printer{w: w, names: map[*Wire]string{}, taken: map[string]bool{}}).diagram(d, "")
}

// String is the text form.
func (d *Diagram) String() string {
	var b strings.Builder
	Print(&b, d)
	return b.String()
}

type printer struct {
	w       io.Writer
	names   map[*Wire]string
	taken   map[string]bool
	counter int
}

func (p *printer) name(w *Wire) string {
	if name, ok := p.names[w]; ok {
		return name
	}
	name := w.Name
	for n := 2; name != "" && p.taken[name]; n++ {
		name = w.Name + "." + strconv.Itoa(n)
	}
	if name == "" {
		p.counter++
		name = strconv.Itoa(p.counter)
	}
	p.names[w], p.taken[name] = name, true
	return name
}

func (p *printer) list(wires []*Wire, withType bool) string {
	words := make([]string, len(wires))
	for i, w := range wires {
		words[i] = p.name(w)
		if withType {
			words[i] += " " + w.Type.String()
		}
	}
	return strings.Join(words, ", ")
}

func (p *printer) diagram(d *Diagram, indent string) {
	fmt.Fprintf(p.w, "%sdiagram %s(%s)\n", indent, d.Name, p.list(d.In, true))
	for _, weight := range d.Weights {
		fmt.Fprintf(p.w, "%s  weight %s %s\n", indent, weight.Path, weight.Axes)
	}
	for _, s := range d.States {
		fmt.Fprintf(p.w, "%s  state %s %s from %v carries %s%s\n", indent, p.name(s.In), s.In.Type, s.Init, s.Path, s.words())
	}
	for _, b := range d.Boxes {
		p.box(b, indent+"  ")
	}
	for _, s := range d.States {
		fmt.Fprintf(p.w, "%s  state %s = %s\n", indent, p.name(s.In), p.name(s.Out))
		if s.Start != nil {
			fmt.Fprintf(p.w, "%s  state %s starts at %s\n", indent, p.name(s.In), p.name(s.Start))
		}
	}
	fmt.Fprintf(p.w, "%s  -> %s\n", indent, p.list(d.Out, false))
}

// words say what more there is to a state.
func (s *State) words() string {
	text := ""
	if s.Kept {
		text = ", kept"
	}
	if s.Shares != nil {
		text += ", going on from an earlier use"
	}
	return text
}

func (p *printer) box(b *Box, indent string) {
	words := []string{b.Op.Kind()}
	words = append(words, attributes(b.Op)...)
	for i, w := range b.In {
		words = append(words, p.name(w)+b.Weave.text(b.Weave.In[i]))
	}
	if len(b.Weave.Degree) > 0 {
		words = append(words, "over "+b.Weave.Degree.String())
	}
	if len(b.Weave.Own) > 0 {
		words = append(words, "own "+b.Weave.Own.String())
	}
	if scattered := b.scattered(); scattered != "" {
		words = append(words, "to "+scattered)
	}
	types := make([]string, len(b.Out))
	for i, w := range b.Out {
		types[i] = w.Type.String()
	}
	fmt.Fprintf(p.w, "%s%s = %s : %s\n", indent, p.list(b.Out, false), strings.Join(words, " "), strings.Join(types, ", "))
	for _, body := range Bodies(b.Op) {
		(&printer{w: p.w, names: map[*Wire]string{}, taken: map[string]bool{}}).diagram(body, indent+"  ")
	}
}

// scattered writes the maps of the outputs where they are not just the indices
// in the order of the degree.
func (b *Box) scattered() string {
	var words []string
	plain := true
	for _, port := range b.Weave.Out {
		words = append(words, b.Weave.text(port))
		for i, a := range port {
			index, ok := a.Sole()
			plain = plain && ok && index == i
		}
	}
	if plain {
		return ""
	}
	return strings.Join(words, " ")
}

// Bodies lists the diagrams inside an operation.
func Bodies(op Op) []*Diagram {
	switch op := op.(type) {
	case Composite:
		bodies := []*Diagram{op.Body}
		if op.Reverse != nil {
			bodies = append(bodies, op.Reverse)
		}
		if op.Inverse != nil {
			bodies = append(bodies, op.Inverse)
		}
		return bodies
	case Scan:
		return []*Diagram{op.Body}
	case Lens:
		return []*Diagram{op.Reverse}
	case Undo:
		return []*Diagram{op.Inverse}
	case Repeat:
		return op.Turns
	}
	return nil
}

func attributes(op Op) []string {
	switch op := op.(type) {
	case Map:
		return op.words()
	case Linear:
		return []string{op.Weight.Path}
	case Learned:
		return []string{op.Weight.Path}
	case Scale:
		return []string{op.Weight.Path}
	case Constant:
		return []string{op.Value.String()}
	case Opaque:
		return []string{strconv.Quote(op.Name)}
	case Scan:
		return op.Gradient.words()
	case Composite:
		if op.Again {
			return []string{"made again"}
		}
	}
	return nil
}

// words are the policy, where it is not the full derivative.
func (t Through) words() []string {
	switch t.Policy {
	case "", "full":
		return nil
	case "local", "checkpoint":
		return []string{t.Policy}
	}
	return []string{t.Policy + "[" + strconv.Itoa(t.Turns) + "]"}
}

func (m Map) words() []string {
	if fn := m.Sole(); fn != "" && fn != FnConstant && slices.Equal(m.Program[0].Args, Apply(fn).Program[0].Args) {
		return []string{string(fn)}
	}
	var words []string
	for _, in := range m.Program {
		word := string(in.Fn)
		if in.Fn == FnConstant {
			word = in.Value.String()
		}
		for _, a := range in.Args {
			word += " %" + strconv.Itoa(a)
		}
		words = append(words, word)
	}
	return []string{"{" + strings.Join(words, "; ") + "}"}
}
