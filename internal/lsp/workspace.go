package lsp

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/lsp/resolve"
)

// Limits on what is looked through for names beside what is open.
const (
	mostFiles     = 1000
	mostFileBytes = 1 << 20
)

// workspace is the programs that may share names with a document: what is open, what
// lies in its folder and in the folders that the client works in, and what these import.
type workspace struct {
	server *server
	files  map[string]*resolve.File // by path, or by URI where there is none
}

// parsed is a file as it was read last.
type parsed struct {
	text string
	tree *grammar.Program
}

func (d *document) workspace() *workspace {
	w := &workspace{d.server, map[string]*resolve.File{}}
	for _, open := range d.server.documents {
		w.open(open)
	}
	if path := pathOf(d.uri); path != "" {
		for _, near := range d.server.near(filepath.Dir(path)) {
			w.read(near)
		}
	}
	return w
}

// around is the workspace of a document, looked through once until some document is
// changed or saved.
func (s *server) around(d *document) *workspace {
	if s.looked == nil || s.lookedFrom != d {
		s.looked, s.lookedFrom = d.workspace(), d
	}
	return s.looked
}

// imports is a document with what it imports, which says what its own names stand for.
func (d *document) imports() *workspace {
	w := &workspace{d.server, map[string]*resolve.File{}}
	w.open(d)
	return w
}

// alone is what the names of a document stand for, found once for each text.
func (d *document) alone() *resolve.File {
	a := d.analyse()
	if a.names == nil {
		a.names = d.imports().open(d)
	}
	return a.names
}

func (w *workspace) open(d *document) *resolve.File {
	key := pathOf(d.uri)
	if key == "" {
		key = d.uri
	}
	if w.files[key] == nil {
		w.add(key, d.analyse().tree)
	}
	return w.files[key]
}

// read is the file at a path, nil where there is none.
func (w *workspace) read(path string) *resolve.File {
	if w.files[path] != nil {
		return w.files[path]
	}
	for _, d := range w.server.documents {
		if pathOf(d.uri) == path {
			return w.open(d)
		}
	}
	tree := w.server.parse(path)
	if tree == nil {
		return nil
	}
	w.add(path, tree)
	return w.files[path]
}

// add takes a file in, and what it imports.
func (w *workspace) add(key string, tree *grammar.Program) {
	f := resolve.NewFile(tree, standard().names)
	w.files[key] = f
	for _, decl := range tree.Decls {
		i, isImport := decl.(*grammar.Import)
		if !isImport || strings.HasPrefix(i.Path.Value, "std/") || !filepath.IsAbs(key) {
			continue
		}
		imported := w.read(importedPath(key, i.Path.Value))
		switch {
		case imported == nil:
		case i.As != nil:
			f.As[i.As.Text] = imported
		default:
			f.Imports = append(f.Imports, imported)
		}
	}
}

// parse reads a file of the disk, once for each of its texts.
func (s *server) parse(path string) *grammar.Program {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostFileBytes {
		return nil
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil
	}
	if known := s.parsed[path]; known.tree != nil && known.text == string(text) {
		return known.tree
	}
	tree, _ := grammar.Parse(&source.File{Name: path, Text: string(text)})
	s.parsed[path] = parsed{string(text), tree}
	return tree
}

// near lists the programs of a folder, and of the folders that the client works in with
// all that is in them.
func (s *server) near(folder string) []string {
	found, _ := filepath.Glob(filepath.Join(folder, "*.ncd"))
	for _, root := range s.roots {
		_ = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return fs.SkipDir
			case len(found) > mostFiles:
				return fs.SkipAll
			case entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules"):
				return fs.SkipDir
			case !entry.IsDir() && filepath.Ext(path) == ".ncd":
				found = append(found, path)
			}
			return nil
		})
	}
	return found
}

// sorted are the files in a lasting order.
func (w *workspace) sorted() []string { return slices.Sorted(maps.Keys(w.files)) }

// mentions are all places of a symbol, by file.
func (w *workspace) mentions(s resolve.Symbol) map[string][]resolve.Mention {
	all := map[string][]resolve.Mention{}
	for key, f := range w.files {
		for _, m := range f.Mentions() {
			if m.Symbol == s {
				all[key] = append(all[key], m)
			}
		}
	}
	return all
}

// importing lists the files that import one of some files, and so on, with these.
func (w *workspace) importing(keys []string) []string {
	affected := map[*resolve.File]bool{}
	for _, key := range keys {
		affected[w.files[key]] = true
	}
	for grew := true; grew; {
		grew = false
		for _, f := range w.files {
			if !affected[f] && (slices.ContainsFunc(f.Imports, func(i *resolve.File) bool { return affected[i] }) ||
				slices.ContainsFunc(slices.Collect(maps.Values(f.As)), func(i *resolve.File) bool { return affected[i] })) {
				affected[f], grew = true, true
			}
		}
	}
	return slices.DeleteFunc(w.sorted(), func(key string) bool { return !affected[w.files[key]] })
}
