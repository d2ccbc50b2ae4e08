package lsp

import (
	"fmt"
	"strings"

	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/lsp/resolve"
)

type hover struct {
	Contents markup `json:"contents"`
	Range    extent `json:"range"`
}

type markup struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
}

// hover tells of what is under the cursor: the wire of that name with its axes and
// sizes, or the box with what is said of it and what flows in and out.
func (d *document) hover(p placed) (any, error) {
	m, ok := d.mentionAt(p.Position)
	if !ok {
		return nil, nil
	}
	text := d.wireText(m)
	if text == "" {
		text = d.boxText(m)
	}
	if text == "" {
		return nil, nil
	}
	return hover{markup{"markdown", text}, d.extent(m.span)}, nil
}

// elaborated is the diagram that a declaration stands for, with letters for sizes that
// nothing says: of a train block what leads to its losses. It is nil where it has errors
// or is none.
func (d *document) elaborated(decl grammar.Decl) *diagram.Diagram {
	program := d.analyse().program
	switch x := decl.(type) {
	case *grammar.Diagram:
		made, _ := program.Diagram(x.Name.Text, nil)
		return made
	case *grammar.Train:
		name := ""
		if x.Name != nil {
			name = x.Name.Text
		}
		if t, _ := program.Training(name, nil, nil); t != nil {
			return t.Forward
		}
	case *grammar.Test:
		for _, t := range program.Tests() {
			if t.Name == x.Name.Value {
				return t.Diagram
			}
		}
	}
	return nil
}

// wireText is the wire that a name stands for where it is mentioned.
func (d *document) wireText(m mention) string {
	made := d.elaborated(m.decl)
	if made == nil || len(definitions(m.decl)[m.name]) == 0 {
		return ""
	}
	if w := wireAt(made, m, statementOf(m)); w != nil {
		return code(m.name + " : " + w.Type.String())
	}
	return ""
}

// wireAt is the last wire of a name that is made before its mention: where the name is
// being defined, the one that the statement makes. The bodies of loops are looked
// through; those of other declarations have other places.
func wireAt(made *diagram.Diagram, m mention, statement source.Span) *diagram.Wire {
	var found *diagram.Wire
	take := func(w *diagram.Wire) {
		isMade := w.Span.End <= m.span.End || statement.Start <= w.Span.Start && w.Span.End <= statement.End
		if w.Name == m.name && w.Span.File == m.span.File && isMade {
			found = w
		}
	}
	for _, w := range made.In {
		take(w)
	}
	for _, b := range made.Boxes {
		for _, w := range b.Out {
			take(w)
		}
	}
	for _, b := range made.Boxes {
		for _, body := range bodiesAround(b, m.span) {
			if w := wireAt(body, m, statement); w != nil {
				found = w
			}
		}
	}
	return found
}

// bodiesAround are the bodies of a box that is written around a place, as a loop is.
func bodiesAround(b *diagram.Box, at source.Span) []*diagram.Diagram {
	if b.Span.File != at.File || at.Start < b.Span.Start || b.Span.End < at.End {
		return nil
	}
	return diagram.Bodies(b.Op)
}

// statementOf is the statement that defines a name where it is mentioned left of `=`,
// and otherwise no place.
func statementOf(m mention) (span source.Span) {
	grammar.Walk(m.decl, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Assign:
			for _, target := range n.Targets {
				if name := resolve.Target(target); name != nil && name.Span().Start == m.span.Start {
					span = n.Span()
				}
			}
		case *grammar.Let:
			for _, name := range n.Names {
				if name.Span().Start == m.span.Start {
					span = n.Span()
				}
			}
		}
		return true
	})
	return span
}

// boxText is what is said of a declaration or a primitive box, and what flows through
// it here.
func (d *document) boxText(m mention) string {
	files := d.documented()
	entry, found := entryOf(files, m.name)
	if !found {
		return ""
	}
	text := code(entry.Signature) + d.flowText(m)
	if entry.Doc != "" {
		text += "\n" + strings.TrimSpace(entry.Doc) + "\n"
	}
	if entry.File != d.file.Name {
		text += "\n*" + entry.File + "*\n"
	}
	return text
}

// flowText is the types of what flows into and out of the box that is called here.
func (d *document) flowText(m mention) string {
	made := d.elaborated(m.decl)
	if made == nil {
		return ""
	}
	for _, b := range made.Boxes {
		if b.Span.File == m.span.File && b.Span.Start == m.span.Start && b.Op.Kind() != "constant" {
			return "\n" + code(typesOf(b.In)+" -> "+typesOf(b.Out))
		}
	}
	return ""
}

func typesOf(wires []*diagram.Wire) string {
	words := make([]string, len(wires))
	for i, w := range wires {
		words[i] = w.Type.String()
	}
	if len(words) == 1 {
		return words[0]
	}
	return "(" + strings.Join(words, ", ") + ")"
}

func code(text string) string { return fmt.Sprintf("```ncd\n%s\n```\n", text) }
