package python

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/shape"
)

// Template is the text of a class or function before it is known which others are
// like it. Where a size stands is a hole; templates that differ in their holes alone
// become one text, which takes as parameters the sizes that differ.
type Template struct {
	Name     string // wanted
	Text     string
	Children []*Template

	class *class
}

// The marks of a template. A hole is \x00label=64\x00. \x01N\x01 is the name of what
// it becomes, \x01P\x01 its further parameters, \x01S\x01 the lines that keep them.
// Of child i, \x02iN\x02 is the name and \x02iA\x02 the arguments.
const (
	MarkName       = "\x01N\x01"
	MarkParameters = "\x01P\x01"
	MarkKept       = "\x01S\x01"
)

// Hole marks a size.
func Hole(label string, n int) string { return fmt.Sprintf("\x00%s=%d\x00", label, n) }

// Comment is a type as it stands behind a line: an axis whose size is a parameter has
// none.
func Comment(t shape.Type) string {
	words := make([]string, len(t.Axes))
	for i, a := range t.Axes {
		words[i] = comment(a)
	}
	text := "[" + strings.Join(words, " ") + "]"
	if t.In != nil {
		text += " in " + comment(*t.In)
	}
	return text
}

func comment(a shape.Axis) string { return fmt.Sprintf("\x03%s=%s\x03", a.Label, a.Size) }

// ChildName and ChildArguments mark a child.
func ChildName(i int) string      { return fmt.Sprintf("\x02%dN\x02", i) }
func ChildArguments(i int) string { return fmt.Sprintf("\x02%dA\x02", i) }

// class is templates of one structure.
type class struct {
	name      string
	members   []*Template
	holes     [][]hole   // by member, in order of the text
	comments  [][]string // sizes of the axes in comments, by member
	parameter []string   // of each hole; "": all members have the same
}

type hole struct {
	label, size string
}

// Style says how a language part writes parameters.
type Style struct {
	Reads string // format of a parameter where it is read: "self.%s" or "%s"
	Keeps string // format of the line that keeps one, or ""
	Comma bool   // arguments follow others
}

// Render writes the texts that templates become, those that others need first.
// Names are told by name, so that none is there twice.
func Render(root *Template, style Style, name func(string) string) []string {
	var order []*class
	byKey := map[string]*class{}
	var visit func(t *Template)
	visit = func(t *Template) {
		for _, child := range t.Children {
			visit(child)
		}
		key := t.key()
		c := byKey[key]
		if c == nil {
			c = &class{name: name(t.Name)}
			byKey[key] = c
			order = append(order, c)
		}
		t.class = c
		c.members = append(c.members, t)
	}
	visit(root)
	var texts []string
	for _, c := range order {
		c.settle()
	}
	for _, c := range order {
		texts = append(texts, c.text(style))
	}
	return texts
}

// key is what templates of one class have in common.
func (t *Template) key() string {
	var b strings.Builder
	b.WriteString(t.Name)
	for part, mark := range pieces(t.Text) {
		switch {
		case mark == '\x00' || mark == '\x03':
			label, _, _ := strings.Cut(part, "=")
			b.WriteString("\x00" + label + "\x00")
		case mark == '\x02':
			i, what := childOf(part)
			fmt.Fprintf(&b, "\x02%p%s", t.Children[i].class, what)
		default:
			b.WriteString(part)
		}
	}
	return b.String()
}

// childOf reads a mark of a child.
func childOf(part string) (child int, what string) {
	child, err := strconv.Atoi(part[:len(part)-1])
	if err != nil {
		panic("python: a broken mark " + strconv.Quote(part))
	}
	return child, part[len(part)-1:]
}

// pieces yields the text between marks, with 0xff, and what is marked, with the mark.
func pieces(text string) func(yield func(string, byte) bool) {
	return func(yield func(string, byte) bool) {
		for text != "" {
			i := strings.IndexAny(text, "\x00\x01\x02\x03")
			if i < 0 {
				yield(text, 0xff)
				return
			}
			if i > 0 && !yield(text[:i], 0xff) {
				return
			}
			mark := text[i]
			end := i + 1 + strings.IndexByte(text[i+1:], mark)
			if !yield(text[i+1:end], mark) {
				return
			}
			text = text[end+1:]
		}
	}
}

// settle finds out which holes become parameters. Classes of children are settled
// first.
func (c *class) settle() {
	c.holes, c.comments = make([][]hole, len(c.members)), make([][]string, len(c.members))
	for m, t := range c.members {
		for part, mark := range pieces(t.Text) {
			if mark == '\x00' {
				label, size, _ := strings.Cut(part, "=")
				c.holes[m] = append(c.holes[m], hole{label, size})
			}
			if mark == '\x03' {
				_, size, _ := strings.Cut(part, "=")
				c.comments[m] = append(c.comments[m], size)
			}
			if mark != '\x02' {
				continue
			}
			if i, what := childOf(part); what == "A" {
				c.holes[m] = append(c.holes[m], t.Children[i].arguments()...)
			}
		}
	}
	c.parameter = make([]string, len(c.holes[0]))
	columns := map[string]string{}
	used := map[string]bool{}
	for i, h := range c.holes[0] {
		column := h.label
		differs := false
		for _, row := range c.holes {
			column += "," + row[i].size
			differs = differs || row[i].size != h.size
		}
		if !differs {
			continue
		}
		if columns[column] == "" {
			columns[column] = free(Identifier(h.label), used)
		}
		c.parameter[i] = columns[column]
	}
}

func free(name string, used map[string]bool) string {
	wanted := name
	for n := 2; used[name]; n++ {
		name = fmt.Sprint(wanted, n)
	}
	used[name] = true
	return name
}

// arguments are the sizes that a template gives to the parameters of its class.
func (t *Template) arguments() []hole {
	row := t.class.holes[slices.Index(t.class.members, t)]
	var list []hole
	seen := map[string]bool{}
	for i, p := range t.class.parameter {
		if p != "" && !seen[p] {
			seen[p] = true
			list = append(list, hole{p, row[i].size})
		}
	}
	return list
}

// parameters are the names of a class's parameters.
func (c *class) parameters() []string {
	var names []string
	for _, h := range c.members[0].arguments() {
		names = append(names, h.label)
	}
	return names
}

// text is what the members of a class become.
func (c *class) text(style Style) string {
	var b strings.Builder
	at, comments := 0, 0
	filled := func(h hole) string {
		at++
		if p := c.parameter[at-1]; p != "" {
			return fmt.Sprintf(style.Reads, p)
		}
		return h.size
	}
	t := c.members[0]
	for part, mark := range pieces(t.Text) {
		switch mark {
		case 0xff:
			b.WriteString(part)
		case '\x00':
			_, size, _ := strings.Cut(part, "=")
			b.WriteString(filled(hole{"", size}))
		case '\x01':
			b.WriteString(c.marked(part, style))
		case '\x03':
			b.WriteString(c.axis(comments, part))
			comments++
		case '\x02':
			i, what := childOf(part)
			if what == "N" {
				b.WriteString(t.Children[i].class.name)
				continue
			}
			var words []string
			for _, h := range t.Children[i].arguments() {
				words = append(words, h.label+"="+filled(h))
			}
			b.WriteString(joined(words, style.Comma))
		}
	}
	return b.String()
}

// axis is an axis in a comment, with its size where all members have the same.
func (c *class) axis(number int, part string) string {
	label, size, _ := strings.Cut(part, "=")
	for _, sizes := range c.comments {
		if sizes[number] != size {
			return label
		}
	}
	return label + ":" + size
}

func (c *class) marked(mark string, style Style) string {
	switch mark {
	case "N":
		return c.name
	case "P":
		return joined(c.parameters(), true)
	}
	var lines string
	for _, p := range c.parameters() {
		lines += fmt.Sprintf(style.Keeps, p)
	}
	return lines
}

func joined(words []string, comma bool) string {
	text := strings.Join(words, ", ")
	if comma && text != "" {
		return ", " + text
	}
	return text
}

// ClassName is the name of what a template has become.
func (t *Template) ClassName() string { return t.class.name }
