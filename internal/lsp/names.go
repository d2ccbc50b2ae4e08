package lsp

import (
	"io/fs"
	"strings"
	"sync"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/doc"
	"ncd/internal/lsp/resolve"
	"ncd/stdlib"
)

// mention is a name in the text, and the declaration it stands in.
type mention struct {
	name string
	span source.Span
	decl grammar.Decl
}

// placed is the parameters of a request about a place in a document.
type placed struct {
	identified
	Position position `json:"position"`
}

// mentionAt is the name under the cursor, or just before it.
func (d *document) mentionAt(at position) (mention, bool) {
	offset, found := d.lines.offset(at), mention{}
	for _, decl := range d.analyse().tree.Decls {
		grammar.Walk(decl, func(n grammar.Node) bool {
			span := n.Span()
			if offset < span.Start || offset > span.End {
				return false
			}
			switch n := n.(type) {
			case *grammar.Name:
				span.End = span.Start + len(n.Text) // without `..`
				found = mention{n.Text, span, decl}
			case *grammar.Word:
				found = mention{n.Text, span, decl}
			}
			return true
		})
	}
	return found, found.name != "" && offset <= found.span.End
}

// definitions are where a declaration gives meaning to names of its own: ports,
// parameters, what stands left of `=`, letters of loops, slots.
func definitions(decl grammar.Decl) map[string][]source.Span {
	all := map[string][]source.Span{}
	word := func(w *grammar.Word) { all[w.Text] = append(all[w.Text], w.Span()) }
	grammar.Walk(decl, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Param:
			for _, name := range append(n.Names[:len(n.Names):len(n.Names)], n.To...) {
				all[name.Text] = append(all[name.Text], name.Span())
			}
		case *grammar.Port:
			word(n.Name)
		case *grammar.Assign:
			for _, target := range n.Targets {
				if name := resolve.Target(target); name != nil {
					all[name.Text] = append(all[name.Text], name.Span())
				}
			}
		case *grammar.For:
			word(n.Var)
		case *grammar.Save:
			word(n.Slot)
		case *grammar.State:
			word(n.Name)
		case *grammar.Fixed:
			word(n.Name)
		case *grammar.Def:
			word(n.Name)
		case *grammar.Let:
			for _, name := range n.Names {
				word(name)
			}
		}
		return true
	})
	return all
}

// library is the standard library's declarations, and what is said of them and of the
// primitive boxes.
type library struct {
	trees []*grammar.Program
	docs  []doc.File // the primitive boxes first
	names *resolve.Library
}

var standard = sync.OnceValue(func() library {
	var l library
	trees := map[string]*grammar.Program{}
	names, _ := fs.Glob(stdlib.Files, "*.ncd")
	for _, name := range names {
		text, err := fs.ReadFile(stdlib.Files, name)
		if err != nil {
			continue
		}
		tree, _ := grammar.Parse(&source.File{Name: "std/" + name, Text: string(text)})
		l.trees = append(l.trees, tree)
		trees[strings.TrimSuffix(name, ".ncd")] = tree
		l.docs = append(l.docs, doc.Of("std/"+strings.TrimSuffix(name, ".ncd"), tree))
	}
	l.names = resolve.NewLibrary(trees)
	l.docs = append([]doc.File{doc.Primitives()}, l.docs...)
	return l
})

// find is what is said of a name; a primitive box goes before a schedule of that name.
func (l library) find(name string) (doc.Entry, bool) {
	if entry, found := doc.Find(l.docs[:1], name); found {
		return entry, true
	}
	return doc.Find(l.docs[1:], name)
}

// imported parses the files that the document imports, those of the library aside,
// which are known without.
func (d *document) imported() []*grammar.Program {
	var trees []*grammar.Program
	path := pathOf(d.uri)
	if path == "" {
		return nil
	}
	sources, folder := d.server.sources(path)
	for _, decl := range d.analyse().tree.Decls {
		i, isImport := decl.(*grammar.Import)
		if !isImport {
			continue
		}
		text, err := fs.ReadFile(sources, joinPath(folder, i.Path.Value))
		if err == nil {
			tree, _ := grammar.Parse(&source.File{Name: importedPath(path, i.Path.Value), Text: string(text)})
			trees = append(trees, tree)
		}
	}
	return trees
}
