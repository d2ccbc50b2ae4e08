// Package doc documents programs: each diagram and learning rule with its
// signature, its parameters with their defaults, and the comment above it.
//
// In goes a syntax tree, out come text, Markdown and HTML. Figures are the
// caller's to draw. It takes what the author wrote and checks nothing.
package doc

import (
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
)

// File is what is to be said of a program.
type File struct {
	Name    string // as it is given to the command
	Doc     string // the comment that it begins with
	Entries []Entry
}

// Entry is what is to be said of one declaration.
type Entry struct {
	Kind       string // "primitive", "diagram", "rule", "train", "axis", "const"
	Name       string
	Title      string // shown above its figure, where it has one of its own
	Signature  string // its head as it is written
	Doc        string // the comment above it
	Parameters []Parameter
	File       string // that it is in
}

// Parameter is a static parameter.
type Parameter struct {
	Name    string
	Kind    string // what it takes: "size", "number", "diagram", …
	Default string // as it is written; "": it must be given
}

// Of documents a program. name is what the command finds it by.
func Of(name string, tree *grammar.Program) File {
	f := File{Name: name, Doc: tree.Doc}
	for _, d := range tree.Decls {
		if e, ok := entryOf(d); ok {
			e.Doc, e.File = d.Doc(), name
			f.Entries = append(f.Entries, e)
		}
	}
	return f
}

func entryOf(d grammar.Decl) (Entry, bool) {
	switch d := d.(type) {
	case *grammar.Diagram:
		e := Entry{Kind: "diagram", Name: d.Name.Text, Signature: head(d.Span(), bodyOf(d)), Parameters: parametersOf(d.Params)}
		if d.Title != nil {
			e.Title = d.Title.Value
		}
		return e, true
	case *grammar.Rule:
		return Entry{Kind: "rule", Name: d.Name.Text, Signature: head(d.Span(), d.Body.Span()), Parameters: parametersOf(d.Params)}, true
	case *grammar.Train:
		e := Entry{Kind: "train", Signature: "train"}
		if d.Name != nil {
			e.Name, e.Signature = d.Name.Text, "train "+d.Name.Text
		}
		return e, true
	case *grammar.Axis:
		return Entry{Kind: "axis", Name: d.Name.Text, Signature: d.Span().Text()}, true
	case *grammar.Const:
		return Entry{Kind: "const", Name: d.Name.Text, Signature: d.Span().Text()}, true
	}
	return Entry{}, false
}

// bodyOf is where the body of a diagram stands.
func bodyOf(d *grammar.Diagram) source.Span {
	if d.Body != nil {
		return d.Body.Span()
	}
	return d.Expr.Span()
}

// head is a declaration up to its body, on one line.
func head(whole, body source.Span) string {
	text := whole.File.Text[whole.Start:body.Start]
	return strings.TrimSuffix(strings.Join(strings.Fields(text), " "), " =")
}

func parametersOf(params []*grammar.Param) []Parameter {
	var list []Parameter
	for _, p := range params {
		if p.Arrow || len(p.Names) != 1 || strings.HasSuffix(p.Names[0].Span().Text(), "..") {
			list = append(list, Parameter{Name: p.Span().Text(), Kind: "axes"})
			continue
		}
		x := Parameter{Name: p.Names[0].Span().Text(), Kind: kindOf(p)}
		if p.Default != nil {
			x.Default = p.Default.Span().Text()
		}
		list = append(list, x)
	}
	return list
}

// kindOf is what a parameter takes: what is said, or else what its default is.
func kindOf(p *grammar.Param) string {
	if p.Kind != nil {
		return p.Kind.Text
	}
	switch d := p.Default.(type) {
	case *grammar.Number:
		if strings.ContainsAny(d.Span().Text(), ".eE") {
			return "number"
		}
		return "size"
	case *grammar.Text:
		return "string"
	case *grammar.Name:
		if text := d.Span().Text(); text == "true" || text == "false" {
			return "true or false"
		}
		return "diagram"
	case *grammar.Binary, *grammar.Power, nil:
		return "size"
	}
	return ""
}

// Find is the entry of a name, diagrams and rules before all others.
func Find(files []File, name string) (Entry, bool) {
	for _, isMeant := range []func(Entry) bool{
		func(e Entry) bool { return e.Name == name && (e.Kind == "diagram" || e.Kind == "rule") },
		func(e Entry) bool { return e.Name == name },
	} {
		for _, f := range files {
			if i := slices.IndexFunc(f.Entries, isMeant); i >= 0 {
				return f.Entries[i], true
			}
		}
	}
	return Entry{}, false
}

// All are the entries of a name: more than one where a box, a schedule and a metric are
// called alike, which stand in different places of a program.
func All(files []File, name string) []Entry {
	var list []Entry
	for _, f := range files {
		for _, e := range f.Entries {
			if e.Name == name {
				list = append(list, e)
			}
		}
	}
	return list
}

// Names lists the names of all entries.
func Names(files []File) []string {
	var names []string
	for _, f := range files {
		for _, e := range f.Entries {
			if e.Name != "" {
				names = append(names, e.Name)
			}
		}
	}
	return names
}

// FirstSentence is a comment up to its first full stop or colon.
func FirstSentence(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	text, _, _ = strings.Cut(text, ": ")
	for from := 0; ; {
		stop := strings.Index(text[from:], ". ")
		if stop < 0 {
			return strings.TrimSuffix(text, ".")
		}
		if from += stop + 2; !strings.HasSuffix(text[:from], "et al. ") {
			return text[:from-2]
		}
	}
}
