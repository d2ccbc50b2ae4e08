package lsp

import (
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
	"ncd/internal/lsp/resolve"
)

// The protocol's kinds of symbol.
const (
	kindNamespace = 3
	kindMethod    = 6
	kindField     = 8
	kindFunction  = 12
	kindVariable  = 13
	kindConstant  = 14
	kindEvent     = 24
	kindObject    = 19
)

type symbol struct {
	Name           string   `json:"name"`
	Detail         string   `json:"detail,omitempty"`
	Kind           int      `json:"kind"`
	Range          extent   `json:"range"`
	SelectionRange extent   `json:"selectionRange"`
	Children       []symbol `json:"children,omitempty"`
}

// symbols is the outline of the document.
func (d *document) symbols(identified) ([]symbol, error) {
	list := []symbol{}
	tree := d.analyse().tree
	signatures := map[string]string{}
	for _, e := range doc.Of(d.file.Name, tree).Entries {
		signatures[e.Name] = e.Signature
	}
	for _, decl := range tree.Decls {
		name, at, kind := headOf(decl)
		list = append(list, symbol{
			Name: name, Detail: signatures[name], Kind: kind,
			Range: d.extent(decl.Span()), SelectionRange: d.extent(at), Children: d.parts(decl),
		})
	}
	return list, nil
}

// headOf is what a declaration is called, where its name stands, and its kind. One
// without a name is called by its keyword.
func headOf(decl grammar.Decl) (name string, at source.Span, kind int) {
	switch x := decl.(type) {
	case *grammar.Import:
		return x.Path.Value, x.Path.Span(), kindNamespace
	case *grammar.Axis:
		return x.Name.Text, x.Name.Span(), kindConstant
	case *grammar.Const:
		return x.Name.Text, x.Name.Span(), kindConstant
	case *grammar.Diagram:
		return x.Name.Text, x.Name.Span(), kindFunction
	case *grammar.Rule:
		return x.Name.Text, x.Name.Span(), kindMethod
	case *grammar.Test:
		return x.Name.Value, x.Name.Span(), kindEvent
	case *grammar.Train:
		return named("train", x.Name, x.Span(), kindObject)
	case *grammar.Figure:
		return named("figure", x.Name, x.Span(), kindObject)
	}
	return "?", decl.Span(), kindVariable
}

func named(keyword string, name *grammar.Word, whole source.Span, kind int) (string, source.Span, int) {
	if name == nil {
		return keyword, source.Span{File: whole.File, Start: whole.Start, End: whole.Start + len(keyword)}, kind
	}
	return keyword + " " + name.Text, name.Span(), kind
}

// parts are the ports and the named wires of a diagram, and the models and stages of
// a train block.
func (d *document) parts(decl grammar.Decl) []symbol {
	var list []symbol
	add := func(name string, at, whole source.Span, kind int) {
		list = append(list, symbol{Name: name, Kind: kind, Range: d.extent(whole), SelectionRange: d.extent(at)})
	}
	grammar.Walk(decl, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Reverse, *grammar.Test:
			return n == decl
		case *grammar.Port:
			add(n.Name.Text, n.Name.Span(), n.Span(), kindField)
		case *grammar.Model:
			add(n.Def.Name.Text, n.Def.Name.Span(), n.Span(), kindVariable)
		case *grammar.Stage:
			add(n.Name.Text, n.Name.Span(), n.Span(), kindNamespace)
		case *grammar.Assign:
			for _, target := range n.Targets {
				if name := resolve.Target(target); name != nil {
					add(name.Text, name.Span(), n.Span(), kindVariable)
				}
			}
		}
		return true
	})
	return list
}
