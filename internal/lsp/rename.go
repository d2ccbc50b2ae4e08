package lsp

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
	"ncd/internal/lsp/resolve"
	"ncd/stdlib"
)

// renaming is the parameters of a request to give a name another.
type renaming struct {
	placed
	NewName string `json:"newName"`
}

type renamable struct {
	Range       extent `json:"range"`
	Placeholder string `json:"placeholder"`
}

// prepareRename tells which name would be changed, or why it cannot be.
func (d *document) prepareRename(p placed) (renamable, error) {
	m, found := d.symbolAt(p.Position)
	if !found {
		return renamable{}, refused("there is no name here that can be changed")
	}
	if err := mayRename(m.Symbol); err != nil {
		return renamable{}, err
	}
	return renamable{d.extent(m.Span), m.Name}, nil
}

func refused(format string, args ...any) error {
	return &failure{requestFailed, fmt.Sprintf(format, args...)}
}

// mayRename refuses names that the author did not give.
func mayRename(s resolve.Symbol) error {
	switch {
	case isOfLibrary(s):
		return refused("`%s` is of the standard library (%s), whose names cannot be changed", s.Name, s.Decl.Span().File.Name)
	case s.Space == resolve.Primitive:
		return refused("`%s` is a word of the language, and cannot be changed", s.Name)
	case s.Space == resolve.Given:
		return refused("`%s` is given to a learning rule by its layer or by the train block, and cannot be changed here", s.Name)
	case s.Space == resolve.Unknown, s.Space == resolve.Word:
		return refused("nothing that can be found is called `%s`", s.Name)
	}
	return nil
}

// isOfLibrary reports whether a name is given in the standard library.
func isOfLibrary(s resolve.Symbol) bool {
	return s.Decl != nil && strings.HasPrefix(s.Decl.Span().File.Name, "std/")
}

// rename gives a name another, at all its places. Where the program would come to say
// something else, it is refused with what would be wrong.
func (d *document) rename(p renaming) (workspaceEdit, error) {
	w := d.workspace()
	m, found := resolve.At(w.open(d).Mentions(), d.lines.offset(p.Position))
	if !found {
		return workspaceEdit{}, refused("there is no name here that can be changed")
	}
	if err := mayRename(m.Symbol); err != nil {
		return workspaceEdit{}, err
	}
	if err := mayBeCalled(m.Symbol, p.NewName); err != nil {
		return workspaceEdit{}, err
	}
	r := &renamer{d, w, m.Symbol, p.NewName, w.mentions(m.Symbol)}
	if m.Name == p.NewName {
		return workspaceEdit{map[string][]textEdit{}}, nil
	}
	if err := r.isFree(); err != nil {
		return workspaceEdit{}, err
	}
	edits := r.edits()
	wrong := r.try(edits)
	if wrong == nil {
		return r.asked(edits), nil
	}
	if bound := r.bindingCalls(edits); bound != nil && r.try(bound) == nil {
		return r.asked(bound), nil
	}
	return workspaceEdit{}, wrong
}

// mayBeCalled refuses what is no name, or not one for what is to be renamed.
func mayBeCalled(s resolve.Symbol, name string) error {
	switch {
	case !oneName.MatchString(name):
		return refused("`%s` is no name: a letter or `_`, then letters, digits, `_`, and `'` at the end", name)
	case slices.Contains(grammar.Keywords(), name):
		return refused("`%s` is a word of the language, and no name", name)
	case strings.HasSuffix(name, "'") && (s.Space == resolve.Axis || isAxis(s)):
		return refused("`%s` has a prime: an axis with one takes its size from the axis without", name)
	}
	return nil
}

func isAxis(s resolve.Symbol) bool {
	_, is := s.Decl.(*grammar.Axis)
	return is && s.Space == resolve.Declared
}

// renamer is one change of a name.
type renamer struct {
	document *document
	*workspace
	symbol resolve.Symbol
	name   string                       // the new one
	places map[string][]resolve.Mention // of the symbol, by file
}

// change replaces a part of a text.
type change struct {
	span source.Span
	text string
}

func (r *renamer) edits() map[string][]change {
	all := map[string][]change{}
	for key, places := range r.places {
		for _, m := range places {
			all[key] = append(all[key], change{m.Span, r.written(m)})
		}
	}
	return all
}

// written is the new name as it is written at a place: in the path of a model's part,
// the uses of a diagram are called by its name in small letters.
func (r *renamer) written(m resolve.Mention) string {
	if m.Span.Text() != m.Name {
		return check.Segment(r.name)
	}
	return r.name
}

// isFree refuses a name that has a meaning already where it would get another.
func (r *renamer) isFree() error {
	isWord := false
	for _, places := range r.places {
		isWord = isWord || slices.ContainsFunc(places, func(m resolve.Mention) bool { return m.IsWord })
	}
	for _, key := range r.sorted() {
		if len(r.places[key]) == 0 {
			continue
		}
		for _, m := range r.files[key].Mentions() {
			if m.Name == r.name && r.clashes(m, isWord) {
				line, column := m.Span.File.Position(m.Span.Start)
				return refused("`%s` has a meaning already: %s at %s:%d:%d", r.name, called(m), filepath.Base(m.Span.File.Name), line, column)
			}
		}
	}
	return nil
}

// clashes reports whether a place of the new name gets into the way of the old. isWord
// says that the old one is looked up among values somewhere.
func (r *renamer) clashes(m resolve.Mention, isWord bool) bool {
	if r.symbol.Space == resolve.Declared {
		return m.IsWord || m.Defines || m.Space == resolve.Axis && isAxis(r.symbol) || m.Space == resolve.Declared
	}
	if m.Within != r.symbol.Decl {
		return false
	}
	switch r.symbol.Space {
	case resolve.Wire:
		return m.Space == resolve.Wire || m.IsWord
	case resolve.Axis:
		isLabel := m.Space == resolve.Axis && m.Decl == m.Within || m.Space == resolve.Declared
		return isLabel || isWord && m.Space == resolve.Wire || m.IsWord && m.Space != resolve.Wire
	}
	return m.Space == r.symbol.Space
}

// called is what a name stands for, in words.
func called(m resolve.Mention) string {
	switch m.Space {
	case resolve.Wire:
		return "a wire"
	case resolve.Axis:
		return "an axis or parameter"
	case resolve.Primitive:
		return "a word of the language"
	case resolve.Declared:
		if isOfLibrary(m.Symbol) {
			return "a name of the library"
		}
		return "a declaration"
	}
	return "a name"
}

// try checks all that the edits have to do with, and tells what they would break.
func (r *renamer) try(edits map[string][]change) error {
	texts := map[string]string{}
	for key, changes := range edits {
		texts[key] = changed(r.files[key].Tree.File.Text, changes)
	}
	for _, key := range r.importing(slices.Sorted(maps.Keys(edits))) {
		before := r.said(key, nil)
		counts := map[source.Code]int{}
		for _, said := range before {
			counts[said.Code]++
		}
		for _, said := range r.said(key, texts) {
			if counts[said.Code]--; counts[said.Code] < 0 {
				line, _ := said.Span.File.Position(said.Span.Start)
				return refused("with `%s` called `%s` the program would say something else: %s:%d: %s", r.symbol.Name, r.name,
					filepath.Base(said.Span.File.Name), line, said.Message)
			}
		}
	}
	return nil
}

// said is what the checker says of a file, with some texts in place of what they are.
func (r *renamer) said(key string, texts map[string]string) []source.Diagnostic {
	text, isChanged := texts[key]
	if !isChanged {
		text = r.files[key].Tree.File.Text
	}
	o := check.Options{Library: stdlib.Files}
	if filepath.IsAbs(key) {
		all := r.server.texts()
		maps.Copy(all, texts)
		o.Sources, o.Folder = r.server.sourcesWith(key, all)
	}
	_, said := check.Check(&source.File{Name: key, Text: text}, o)
	return said
}

// changed is a text with parts of it replaced.
func changed(text string, changes []change) string {
	var b strings.Builder
	at := 0
	for _, c := range inOrder(changes) {
		b.WriteString(text[at:c.span.Start])
		b.WriteString(c.text)
		at = c.span.End
	}
	return b.String() + text[at:]
}

func inOrder(changes []change) []change {
	sorted := slices.Clone(changes)
	slices.SortFunc(sorted, func(a, b change) int { return a.span.Start - b.span.Start })
	return sorted
}

// bindingCalls adds to the edits that calls of the diagram say which of their axes the
// renamed one is, which they had by its name: `A[new = old]`. It is nil where no axis
// of a port is renamed.
func (r *renamer) bindingCalls(edits map[string][]change) map[string][]change {
	made, isDiagram := r.symbol.Decl.(*grammar.Diagram)
	if !isDiagram || r.symbol.Space != resolve.Axis {
		return nil
	}
	all := maps.Clone(edits)
	callee := resolve.Symbol{Space: resolve.Declared, Name: made.Name.Text, Decl: made}
	for key, places := range r.mentions(callee) {
		for _, m := range places {
			if c, isCall := r.boundCall(r.files[key], m); isCall {
				all[key] = append(slices.Clone(all[key]), c)
			}
		}
	}
	return all
}

// boundCall is the change that binds the axis in one call; false where it is none, or
// where the axis is bound already.
func (r *renamer) boundCall(f *resolve.File, m resolve.Mention) (c change, isCall bool) {
	words := r.name + " = " + r.symbol.Name
	grammar.Walk(m.Within, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Apply:
			if n.Fn.Span() != m.Span {
				return true
			}
			end := n.Span().End - len("]")
			isBound := slices.ContainsFunc(r.places[f.Tree.File.Name], func(p resolve.Mention) bool { return m.Span.End < p.Span.Start && p.Span.End < end })
			c, isCall = change{source.Span{File: m.Span.File, Start: end, End: end}, ", " + words}, !isBound
			return false
		case *grammar.Name:
			if n.Span() == m.Span {
				c, isCall = change{source.Span{File: m.Span.File, Start: m.Span.End, End: m.Span.End}, "[" + words + "]"}, true
			}
		}
		return true
	})
	return c, isCall
}

// asked is the edits as a client makes them.
func (r *renamer) asked(edits map[string][]change) workspaceEdit {
	all := workspaceEdit{map[string][]textEdit{}}
	for _, changes := range edits {
		for _, c := range inOrder(changes) {
			if at, ok := r.document.locate(c.span); ok {
				all.Changes[at.URI] = append(all.Changes[at.URI], textEdit{at.Range, c.text})
			}
		}
	}
	return all
}
