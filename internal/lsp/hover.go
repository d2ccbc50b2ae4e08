package lsp

import (
	"fmt"
	"strings"

	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
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
// nothing says; nil where it has errors or is none.
func (d *document) elaborated(decl grammar.Decl) *diagram.Diagram {
	x, isDiagram := decl.(*grammar.Diagram)
	if !isDiagram {
		return nil
	}
	made, _ := d.analyse().program.Diagram(x.Name.Text, nil)
	return made
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
// being defined, the one that the statement makes.
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
	return found
}

// statementOf is the statement that defines a name where it is mentioned left of `=`,
// and otherwise no place.
func statementOf(m mention) (span source.Span) {
	grammar.Walk(m.decl, func(n grammar.Node) bool {
		if assign, ok := n.(*grammar.Assign); ok {
			for _, target := range assign.Targets {
				if name := targetOf(target); name != nil && name.Span().Start == m.span.Start {
					span = assign.Span()
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
	files := []doc.File{doc.Of(d.file.Name, d.analyse().tree)}
	for _, tree := range d.imported() {
		files = append(files, doc.Of(tree.File.Name, tree))
	}
	entry, found := doc.Find(files, m.name)
	if !found {
		entry, found = standard().find(m.name)
	}
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
