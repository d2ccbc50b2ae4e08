package lsp

import (
	"path"
	"path/filepath"

	"ncd/grammar"
	"ncd/grammar/source"
)

// definition is where the name under the cursor is given its meaning; null where that
// is nowhere in a text, as of a primitive box.
func (d *document) definition(p placed) (any, error) {
	m, ok := d.mentionAt(p.Position)
	if !ok {
		return nil, nil
	}
	span, ok := d.meaningOf(m)
	if !ok {
		return nil, nil
	}
	at, ok := d.locate(span)
	if !ok {
		return nil, nil
	}
	return at, nil
}

// meaningOf looks for a name as the checker does: in its declaration, in the file, in
// what it imports, in the library; the axes of ports come last of the declaration's own.
func (d *document) meaningOf(m mention) (source.Span, bool) {
	if span, ok := nearestBefore(definitions(m.decl)[m.name], m.span); ok {
		return span, true
	}
	if span, ok := declared([]*grammar.Program{d.analyse().tree}, m.name); ok {
		return span, true
	}
	if span, ok := portAxes(m.decl)[m.name]; ok {
		return span, true
	}
	if span, ok := declared(d.imported(), m.name); ok {
		return span, true
	}
	if entry, _ := standard().find(m.name); entry.Kind == "primitive" {
		return source.Span{}, false
	}
	return declared(standard().trees, m.name)
}

// nearestBefore is the last definition that does not stand behind a mention, or else
// the first of all.
func nearestBefore(spans []source.Span, at source.Span) (source.Span, bool) {
	if len(spans) == 0 {
		return source.Span{}, false
	}
	best := spans[0]
	for _, s := range spans {
		if s.Start <= at.Start && s.Start > best.Start {
			best = s
		}
	}
	return best, true
}

// declared is where a name is declared in some files: the name itself.
func declared(trees []*grammar.Program, name string) (source.Span, bool) {
	for _, tree := range trees {
		for _, decl := range tree.Decls {
			switch x := decl.(type) {
			case *grammar.Import:
				if x.As != nil && x.As.Text == name {
					return x.As.Span(), true
				}
			case *grammar.Test, *grammar.Figure:
			case *grammar.Train:
				if x.Name != nil && x.Name.Text == name {
					return x.Name.Span(), true
				}
			default:
				if called, at, _ := headOf(decl); called == name {
					return at, true
				}
			}
		}
	}
	return source.Span{}, false
}

// joinPath is an import's path from the root of the sources.
func joinPath(folder, name string) string { return path.Join(folder, name) }

// importedPath is the file that an import names.
func importedPath(importer, name string) string {
	return filepath.Join(filepath.Dir(importer), filepath.FromSlash(name))
}
