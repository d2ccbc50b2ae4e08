package cost

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

// tree puts what is counted of a flat diagram's boxes back into the hierarchy that
// they were inlined out of.
type tree struct {
	root   *Line
	lines  map[string]*Line                // by key
	byPath map[string]*Line                // of boxes with a name, by the path that people write
	holds  map[*Line][]*diagram.Diagram    // the diagrams whose boxes a composite line's parts are
	maker  map[*diagram.Wire]*Line         // of wires that forward boxes make
	from   map[*diagram.Wire]*diagram.Wire // what a wire is another view of
	kept   map[*diagram.Wire]bool
}

// newTree is a tree of nothing for boxes of these diagrams and of those in them.
func newTree(name string, of ...*diagram.Diagram) *tree {
	t := &tree{
		root: &Line{Name: name}, lines: map[string]*Line{}, byPath: map[string]*Line{}, holds: map[*Line][]*diagram.Diagram{},
		maker: map[*diagram.Wire]*Line{}, from: map[*diagram.Wire]*diagram.Wire{}, kept: map[*diagram.Wire]bool{},
	}
	t.holds[t.root] = of
	return t
}

// key names a line: its path, and what tells boxes without a name apart.
func key(path []string, rest ...any) string {
	return strings.Join(path, "\x00") + "\x01" + fmt.Sprint(rest...)
}

// composite is the line of what a path leads to.
func (t *tree) composite(path []string) *Line {
	if len(path) == 0 {
		return t.root
	}
	if l := t.lines[key(path)]; l != nil {
		return l
	}
	parent, name := t.composite(path[:len(path)-1]), path[len(path)-1]
	l := &Line{Name: name}
	t.lines[key(path)], t.byPath[strings.Join(path, ".")] = l, l
	parent.Parts = append(parent.Parts, l)
	for _, d := range t.holds[parent] {
		if at := slices.IndexFunc(d.Boxes, func(b *diagram.Box) bool { return b.Name == name }); at >= 0 {
			b := d.Boxes[at]
			l.Kind, l.Span, t.holds[l] = kindOf(b), b.Span, turnsOf(b.Op)
			break
		}
	}
	if len(t.holds[l]) == 0 { // a turn of a repetition
		t.holds[l] = t.holds[parent]
	}
	return l
}

// turnsOf lists the diagrams that a box is made of.
func turnsOf(op diagram.Op) []*diagram.Diagram {
	if c, ok := op.(diagram.Composite); ok {
		return []*diagram.Diagram{c.Body}
	}
	return diagram.Bodies(op)
}

// kindOf is what a line says that a box does: of a map the scalar function, if it
// is just one.
func kindOf(b *diagram.Box) string {
	if b.Kind != "" {
		return b.Kind
	}
	if m, ok := b.Op.(diagram.Map); ok && m.Sole() != "" {
		return string(m.Sole())
	}
	return b.Op.Kind()
}

// box is the line of a box. What one box was opened into has one line.
func (t *tree) box(b *diagram.Box) *Line {
	if b.Name != "" {
		l := t.composite(append(pathIn(b), b.Name))
		l.Kind, l.Span = kindOf(b), b.Span
		return l
	}
	if l := t.lines[lineKey(b)]; l != nil {
		return l
	}
	l := &Line{Name: kindOf(b), Kind: kindOf(b), Span: b.Span}
	if len(b.Out) > 0 && b.Out[0].Name != "" {
		l.Name = b.Out[0].Name
	}
	t.lines[lineKey(b)] = l
	parent := t.composite(pathIn(b))
	parent.Parts = append(parent.Parts, l)
	return l
}

// lineKey is the key of a box's line: its name, or without one where it is written. A
// box that is written nowhere stands alone.
func lineKey(b *diagram.Box) string {
	switch {
	case b.Name != "":
		return key(append(pathIn(b), b.Name))
	case b.Span.IsZero():
		return key(pathIn(b), fmt.Sprintf("%p", b))
	}
	return key(pathIn(b), b.Span.File.Name, b.Span.Start, b.Span.End)
}

// pathIn is the path of a box in the tree. The places of a scan, which its path has as
// axis=place, are one there.
func pathIn(b *diagram.Box) []string {
	return slices.DeleteFunc(slices.Clone(b.Path), func(segment string) bool { return strings.Contains(segment, "=") })
}
