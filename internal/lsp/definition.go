package lsp

import (
	"io/fs"
	"path"
	"path/filepath"
	"slices"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/lsp/resolve"
)

// definition is where the name under the cursor is given its meaning, and of an import
// the file; null where that is nowhere in a text, as of a primitive box.
func (d *document) definition(p placed) (any, error) {
	if at, ok := d.importAt(d.lines.offset(p.Position)); ok {
		return at, nil
	}
	w := d.imports()
	m, found := resolve.At(w.open(d).Mentions(), d.lines.offset(p.Position))
	if !found || m.Decl == nil {
		return nil, nil
	}
	span, found := w.meaningOf(m)
	if !found {
		return nil, nil
	}
	at, ok := d.locate(span)
	if !ok {
		return nil, nil
	}
	return at, nil
}

// importAt is the file that an import at an offset names.
func (d *document) importAt(offset int) (location, bool) {
	for _, decl := range d.analyse().tree.Decls {
		i, isImport := decl.(*grammar.Import)
		if !isImport || offset < i.Path.Span().Start || offset > i.Path.Span().End {
			continue
		}
		from := pathOf(d.uri)
		if from == "" {
			return location{}, false
		}
		sources, folder := d.server.sources(from)
		if _, err := fs.Stat(sources, joinPath(folder, i.Path.Value)); err != nil {
			return location{}, false
		}
		return location{URI: d.server.uriOf(importedPath(from, i.Path.Value))}, true
	}
	return location{}, false
}

// meaningOf is where a symbol gets its meaning: of a wire that is named again the last
// place before its mention, of an axis that only ports name the first of all.
func (w *workspace) meaningOf(m resolve.Mention) (source.Span, bool) {
	var places, defines []resolve.Mention
	for _, key := range w.sorted() {
		for _, other := range w.files[key].Mentions() {
			if other.Symbol == m.Symbol && (other.Defines || other.Within == m.Decl) {
				places = append(places, other)
			}
		}
	}
	if isOfLibrary(m.Symbol) {
		places = append(places, standard().places(m.Symbol)...)
	}
	for _, p := range places {
		if p.Defines {
			defines = append(defines, p)
		}
	}
	if len(defines) == 0 {
		defines = places[:min(len(places), 1)]
	}
	return nearestBefore(defines, m)
}

// nearestBefore is the last definition that does not stand behind a mention, or else
// the first of all.
func nearestBefore(places []resolve.Mention, m resolve.Mention) (source.Span, bool) {
	if len(places) == 0 {
		return source.Span{}, false
	}
	best := places[0].Span
	for _, p := range places {
		if p.Span.File == m.Span.File && p.Span.Start <= m.Span.Start && p.Span.Start > best.Start {
			best = p.Span
		}
	}
	return best, true
}

// places are those of a symbol of the library within its own declaration.
func (l library) places(s resolve.Symbol) []resolve.Mention {
	for _, tree := range l.trees {
		if tree.File == s.Decl.Span().File {
			all := resolve.NewFile(tree, l.names).Mentions()
			return slices.DeleteFunc(slices.Clone(all), func(m resolve.Mention) bool { return m.Symbol != s || m.Within != s.Decl })
		}
	}
	return nil
}

// joinPath is an import's path from the root of the sources.
func joinPath(folder, name string) string { return path.Join(folder, name) }

// importedPath is the file that an import names.
func importedPath(importer, name string) string {
	return filepath.Join(filepath.Dir(importer), filepath.FromSlash(name))
}
