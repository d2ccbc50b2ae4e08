package lsp

import (
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
	"ncd/internal/lsp/resolve"
	"ncd/runtime/data"
)

// The protocol's kinds of completion.
const (
	completesFunction = 3
	completesVariable = 6
	completesModule   = 9
	completesProperty = 10
	completesKeyword  = 14
	completesMember   = 20
	completesConstant = 21
	completesAxis     = 25
)

type completion struct {
	Label         string  `json:"label"`
	Kind          int     `json:"kind"`
	Detail        string  `json:"detail,omitempty"`
	Documentation *markup `json:"documentation,omitempty"`
	InsertText    string  `json:"insertText,omitempty"`
	SortText      string  `json:"sortText"`
}

// completion lists what may stand at the cursor, what is likeliest first: data sources
// and learning rules in their lines of a train block; in brackets the options of the box
// and the axes; else the names of the declaration, of the file, of the library.
func (d *document) completion(p placed) ([]completion, error) {
	offset := d.lines.offset(p.Position)
	at := writingAt(d.file, offset)
	files := d.documented()
	var list []completion
	switch {
	case at.isSource():
		list = append(list, sources(at)...)
	case at.isInside && at.given == "":
		list = append(list, options(files, at.box)...)
	}
	list = append(list, d.locals(offset, at)...)
	list = append(list, declarations(files, at)...)
	for _, word := range slices.Concat(grammar.Keywords(), wordsOf(at)) {
		list = append(list, completion{Label: word, Kind: completesKeyword, SortText: "4" + word})
	}
	return firstOfEach(list), nil
}

// documented is what is said of the document's declarations, of those it imports, and
// of the library's.
func (d *document) documented() []doc.File {
	files := []doc.File{doc.Of(d.file.Name, d.analyse().tree)}
	for _, tree := range d.imported() {
		files = append(files, doc.Of(tree.File.Name, tree))
	}
	return append(files, standard().docs...)
}

// wordsOf are the words that lines of a declaration begin with.
func wordsOf(at writing) []string {
	switch {
	case at.declaration == "train" && at.line == "":
		return check.TrainKeys()
	case at.declaration == "rule" && at.line == "":
		return strings.Fields("signal send nothing objective change at phase settle fixed like trace aux optimizer")
	case at.declaration == "figure":
		return strings.Fields("diagram width depth theme sizes view title")
	}
	return nil
}

// sources are the sources of data, and in their brackets their options.
func sources(at writing) []completion {
	var list []completion
	for _, s := range data.Sources() {
		if !at.isInside {
			list = append(list, completion{Label: s.Name, Kind: completesModule, Detail: s.Fields, Documentation: &markup{"markdown", s.Doc + "\n\n" + code(s.Example)}, SortText: "0" + s.Name})
			continue
		}
		if s.Name != at.box {
			continue
		}
		for _, o := range s.Options {
			list = append(list, completion{Label: o.Name, Kind: completesProperty, Detail: o.Doc, InsertText: o.Name + " = ", SortText: "0" + o.Name})
		}
	}
	return list
}

// entryOf is what is said of a box, with its parameters: of a primitive those of the
// form that the checker reads its brackets by.
func entryOf(files []doc.File, box string) (doc.Entry, bool) {
	entry, found := doc.Find(files[:len(files)-len(standard().docs)], box)
	if !found {
		entry, found = standard().find(box)
	}
	form, isPrimitive := check.Form(box)
	if found && entry.Kind != "primitive" || !isPrimitive || form == "" {
		return entry, found
	}
	tree, _ := grammar.Parse(&source.File{Name: "primitive", Text: "diagram P[" + form + "](x[]) -> [] { x }\n"})
	entry.Parameters = doc.Of("primitive", tree).Entries[0].Parameters
	return entry, true
}

// options are the parameters of a box, and the axes of its ports.
func options(files []doc.File, box string) []completion {
	entry, _ := entryOf(files, box)
	var list []completion
	for _, p := range entry.Parameters {
		if p.Kind == "axes" {
			continue
		}
		detail := p.Kind
		if p.Default != "" {
			detail += ", default " + p.Default
		}
		list = append(list, completion{Label: p.Name, Kind: completesProperty, Detail: detail, InsertText: p.Name + " = ", SortText: "0" + p.Name})
	}
	return list
}

// locals are the names of the declaration that holds an offset. In brackets its axes
// stand before its wires. Where it does not parse, they are all of its words.
func (d *document) locals(offset int, at writing) []completion {
	var list []completion
	add := func(name, detail string, kind int, isFirst bool) {
		group := "2"
		if isFirst {
			group = "1"
		}
		list = append(list, completion{Label: name, Kind: kind, Detail: detail, SortText: group + name})
	}
	for _, m := range d.alone().Mentions() {
		isOurs := m.Within == m.Decl && m.Within.Span().Start <= offset && offset <= m.Within.Span().End
		switch _, isFileAxis := m.Decl.(*grammar.Axis); {
		case m.Space == resolve.Declared && isFileAxis:
			add(m.Name, "axis of the file", completesAxis, at.isInside)
		case isOurs && m.Space == resolve.Axis:
			add(m.Name, "axis or parameter", completesAxis, at.isInside)
		case isOurs && m.Space == resolve.Wire:
			add(m.Name, "wire", completesVariable, !at.isInside)
		case isOurs && m.Space == resolve.Slot:
			add(m.Name, "slot", completesMember, false)
		}
	}
	for _, word := range at.words {
		add(word, "", completesVariable, false)
	}
	return list
}

// declarations are the entries of files: of the document, of what it imports, and of the
// library. Where a rule stands, rules go before all.
func declarations(files []doc.File, at writing) []completion {
	var list []completion
	for i, f := range files {
		for _, e := range f.Entries {
			if e.Name == "" || e.Kind == "train" {
				continue
			}
			c := completion{Label: e.Name, Kind: completesFunction, Detail: e.Signature, SortText: "3" + e.Name}
			switch {
			case at.isRule() && e.Kind == "rule":
				c.SortText = "0" + e.Name
			case i == 0:
				c.SortText = "2" + e.Name
			}
			if e.Kind == "axis" || e.Kind == "const" {
				c.Kind = completesConstant
			}
			if e.Doc != "" {
				c.Documentation = &markup{"markdown", e.Doc}
			}
			list = append(list, c)
		}
	}
	return list
}

// firstOfEach drops what stands further up already, of the same name: an option may
// have the name of an axis beside it.
func firstOfEach(list []completion) []completion {
	type key struct {
		label string
		isKey bool
	}
	seen := map[key]bool{}
	slices.SortStableFunc(list, func(a, b completion) int { return strings.Compare(a.SortText[:1], b.SortText[:1]) })
	return slices.DeleteFunc(list, func(c completion) bool {
		k := key{c.Label, c.Kind == completesProperty}
		known := seen[k]
		seen[k] = true
		return known
	})
}
