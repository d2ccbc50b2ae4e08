package lsp

import (
	"encoding/json"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/lsp/resolve"
	"ncd/stdlib"
)

// document is a program that is open in the editor.
type document struct {
	server      *server
	uri         string
	version     int
	file        *source.File
	lines       *lines
	isPublished bool      // its diagnostics are those of its text
	known       *analysis // nil: not analysed since it was changed
}

// analysis is what the compiler says of a text.
type analysis struct {
	tree    *grammar.Program
	program *check.Program
	said    []source.Diagnostic
	names   *resolve.File // what its names stand for; nil: not asked yet
}

// about is parameters that name a document.
type about interface{ uri() string }

// identified is the parameters that all requests about a document begin with.
type identified struct {
	TextDocument struct {
		URI string `json:"uri"`
	} `json:"textDocument"`
}

func (i identified) uri() string { return i.TextDocument.URI }

func (s *server) didOpen(params json.RawMessage) {
	var p struct {
		TextDocument struct {
			URI     string `json:"uri"`
			Version int    `json:"version"`
			Text    string `json:"text"`
		} `json:"textDocument"`
	}
	if json.Unmarshal(params, &p) == nil {
		s.hold(p.TextDocument.URI, p.TextDocument.Version, p.TextDocument.Text)
	}
}

// didChange takes changes of a document, one after another: each of a part of the text
// as it is by then, or of all of it.
func (s *server) didChange(params json.RawMessage) {
	var p struct {
		TextDocument struct {
			URI     string `json:"uri"`
			Version int    `json:"version"`
		} `json:"textDocument"`
		ContentChanges []struct {
			Range *extent `json:"range"`
			Text  string  `json:"text"`
		} `json:"contentChanges"`
	}
	if json.Unmarshal(params, &p) != nil || s.documents[p.TextDocument.URI] == nil {
		return
	}
	text := s.documents[p.TextDocument.URI].file.Text
	for _, change := range p.ContentChanges {
		if change.Range == nil {
			text = change.Text
			continue
		}
		l := newLines(text)
		from, to := l.offset(change.Range.Start), l.offset(change.Range.End)
		text = text[:from] + change.Text + text[max(from, to):]
	}
	s.hold(p.TextDocument.URI, p.TextDocument.Version, text)
}

// hold takes the text of a document. Others may import it, and are checked again.
func (s *server) hold(uri string, version int, text string) {
	path := pathOf(uri)
	name := path
	if name == "" {
		name = uri
	}
	s.documents[uri] = &document{server: s, uri: uri, version: version, file: &source.File{Name: name, Text: text}, lines: newLines(text)}
	s.recheck()
}

// recheck forgets what is known of documents that import others, and of all together.
func (s *server) recheck() {
	s.looked = nil
	for _, d := range s.documents {
		if d.known != nil && slices.ContainsFunc(d.known.tree.Decls, isImport) {
			d.known, d.isPublished = nil, false
		}
	}
}

func isImport(d grammar.Decl) bool {
	_, is := d.(*grammar.Import)
	return is
}

func (s *server) didSave(json.RawMessage) { s.recheck() }

// didClose lets go of a document, and takes back what was said of it.
func (s *server) didClose(params json.RawMessage) {
	var p identified
	if json.Unmarshal(params, &p) != nil || s.documents[p.uri()] == nil {
		return
	}
	delete(s.documents, p.uri())
	s.recheck()
	s.send(notification{"2.0", "textDocument/publishDiagnostics", published{p.uri(), nil, []diagnostic{}}})
}

// analyse checks the document, once for each text.
func (d *document) analyse() *analysis {
	if d.known == nil {
		a := &analysis{}
		a.tree, _ = grammar.Parse(d.file)
		o := check.Options{Library: stdlib.Files}
		if path := pathOf(d.uri); path != "" {
			o.Sources, o.Folder = d.server.sources(path)
		}
		a.program, a.said = check.Check(d.file, o)
		d.known = a
	}
	return d.known
}

// sources is where the imports of a file are found: the whole disk, with what is open
// in the editor in place of what is saved.
func (s *server) sources(path string) (files fs.FS, folder string) {
	return s.sourcesWith(path, s.texts())
}

// texts are the open documents by their paths.
func (s *server) texts() map[string]string {
	all := map[string]string{}
	for _, d := range s.documents {
		if path := pathOf(d.uri); path != "" {
			all[path] = d.file.Text
		}
	}
	return all
}

// sourcesWith is the whole disk with some texts, by path, in place of what is saved.
func (s *server) sourcesWith(path string, texts map[string]string) (files fs.FS, folder string) {
	root := filepath.VolumeName(path) + string(filepath.Separator)
	return &overlay{newDisk(root), root, texts}, filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), root))
}
