package lsp

import (
	"maps"
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
)

// The protocol's kinds of completion.
const (
	completesFunction = 3
	completesVariable = 6
	completesProperty = 10
	completesKeyword  = 14
	completesConstant = 21
)

type completion struct {
	Label         string  `json:"label"`
	Kind          int     `json:"kind"`
	Detail        string  `json:"detail,omitempty"`
	Documentation *markup `json:"documentation,omitempty"`
	InsertText    string  `json:"insertText,omitempty"`
	SortText      string  `json:"sortText"`
}

// trainKeys are the words that lines of a train block begin with.
var trainKeys = strings.Fields("data model rule loss report optimizer batch epochs steps seed group stage")

// completion lists what may stand at the cursor: in brackets the options of the box
// first, then the names of the declaration, of the file, of the library, and keywords.
func (d *document) completion(p placed) ([]completion, error) {
	offset := d.lines.offset(p.Position)
	files := append([]doc.File{doc.Of(d.file.Name, d.analyse().tree)}, standard().docs...)
	for _, tree := range d.imported() {
		files = append(files, doc.Of(tree.File.Name, tree))
	}
	list := []completion{}
	if box := calledAround(d.file, offset); box != "" {
		list = append(list, options(files, box)...)
	}
	list = append(list, d.locals(offset)...)
	list = append(list, boxes(files)...)
	for _, word := range slices.Concat(grammar.Keywords(), trainKeys) {
		list = append(list, completion{Label: word, Kind: completesKeyword, SortText: "4" + word})
	}
	return firstOfEach(list), nil
}

// calledAround is the name before the innermost `[` that is open at an offset.
func calledAround(file *source.File, offset int) string {
	var open []string
	before := ""
	for _, token := range grammar.Scan(file) {
		if token.Pos.Offset >= offset || token.EOF() {
			break
		}
		switch {
		case token.Type == grammar.TouchToken:
			open = append(open, before)
		case token.Type == grammar.MarkToken && token.Value == "[":
			open = append(open, "")
		case token.Type == grammar.MarkToken && token.Value == "]" && len(open) > 0:
			open = open[:len(open)-1]
		}
		before = token.Value
	}
	if len(open) == 0 {
		return ""
	}
	return open[len(open)-1]
}

// options are the parameters of a box.
func options(files []doc.File, box string) []completion {
	entry, _ := doc.Find(files, box)
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

// locals are the names of the declaration that holds an offset, and the axes of its
// ports.
func (d *document) locals(offset int) []completion {
	names := map[string]bool{}
	for _, decl := range d.analyse().tree.Decls {
		if span := decl.Span(); span.Start <= offset && offset <= span.End {
			for name := range definitions(decl) {
				names[name] = true
			}
			for name := range portAxes(decl) {
				names[name] = true
			}
		}
	}
	var list []completion
	for _, name := range slices.Sorted(maps.Keys(names)) {
		list = append(list, completion{Label: name, Kind: completesVariable, SortText: "1" + name})
	}
	return list
}

// boxes are the entries of files: the first is the document.
func boxes(files []doc.File) []completion {
	var list []completion
	for i, f := range files {
		group := "3"
		if i == 0 {
			group = "2"
		}
		for _, e := range f.Entries {
			if e.Name == "" || e.Kind == "train" {
				continue
			}
			c := completion{Label: e.Name, Kind: completesFunction, Detail: e.Signature, SortText: group + e.Name}
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

// firstOfEach drops what stands further up already, of the same name and kind.
func firstOfEach(list []completion) []completion {
	type key struct {
		label string
		isKey bool
	}
	seen := map[key]bool{}
	return slices.DeleteFunc(list, func(c completion) bool {
		k := key{c.Label, c.Kind == completesProperty}
		known := seen[k]
		seen[k] = true
		return known
	})
}
