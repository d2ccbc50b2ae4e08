package check

import (
	"slices"

	"ncd/grammar"
	"ncd/grammar/source"
)

// unit is one file's declarations by name, and those it imports.
type unit struct {
	file      *source.File
	place     place // nowhere, for the library
	names     map[string]*declared
	ordered   []*declared
	imports   []*unit
	qualified map[string]*unit // imported `as` a name
	broken    map[string]bool  // names of declarations that do not parse
	library   *unit
}

// declared is one declaration.
type declared struct {
	name    string
	kind    string // "axis", "const", "diagram", "rule", "train", "test", "figure"
	span    source.Span
	unit    *unit
	diagram *grammar.Diagram
	rule    *grammar.Rule
	train   *grammar.Train
	test    *grammar.Test
	figure  *grammar.Figure
	value   grammar.Expr // of an axis or const

	checked, broken bool
	isBusy          bool   // its value is being evaluated
	batch           answer // whether it names the batch, once asked for
	signature       *signature
	ownLabels       map[string]bool // axes the declaration names itself, once asked for
	carries         source.Span     // where it leaves a state to a scan around it; nowhere: it leaves none
	isApplied       bool            // by another declaration that is checked
}

func newUnit(file *source.File) *unit {
	return &unit{file: file, names: map[string]*declared{}, qualified: map[string]*unit{}, broken: map[string]bool{}}
}

func (p *Program) tell(said []source.Diagnostic) {
	for i := range said {
		p.report.said = append(p.report.said, &said[i])
	}
}

func (p *Program) declareAll(u *unit, tree *grammar.Program) {
	for _, d := range tree.Decls {
		if made := declare(d); made != nil {
			made.unit = u
			p.add(u, made)
		}
	}
}

func declare(decl grammar.Decl) *declared {
	switch d := decl.(type) {
	case *grammar.Axis:
		return &declared{name: d.Name.Text, kind: "axis", span: d.Name.Span(), value: d.Size}
	case *grammar.Const:
		return &declared{name: d.Name.Text, kind: "const", span: d.Name.Span(), value: d.Value}
	case *grammar.Diagram:
		return &declared{name: d.Name.Text, kind: "diagram", span: d.Name.Span(), diagram: d}
	case *grammar.Rule:
		return &declared{name: d.Name.Text, kind: "rule", span: d.Name.Span(), rule: d}
	case *grammar.Train:
		return &declared{name: wordText(d.Name), kind: "train", span: d.Span(), train: d}
	case *grammar.Test:
		return &declared{name: d.Name.Value, kind: "test", span: d.Name.Span(), test: d}
	case *grammar.Figure:
		return &declared{name: wordText(d.Name), kind: "figure", span: figureSpan(d), figure: d}
	}
	return nil
}

// figureSpan is the name of a figure, or else its first word.
func figureSpan(d *grammar.Figure) source.Span {
	if d.Name != nil {
		return d.Name.Span()
	}
	span := d.Span()
	span.End = min(span.End, span.Start+len("figure"))
	return span
}

func wordText(w *grammar.Word) string {
	if w == nil {
		return ""
	}
	return w.Text
}

// add declares a name; train blocks, tests and figures have names of their own kind,
// and figures need none.
func (p *Program) add(u *unit, d *declared) {
	key := d.name
	if d.kind == "train" || d.kind == "test" || d.kind == "figure" {
		key = d.kind + " " + d.name
	}
	if first := u.names[key]; first != nil && key != "figure " {
		f := p.report.fault(DeclaredTwice, d.span, "%s `%s` is declared twice", d.kind, d.name)
		f.Notes = []source.Note{{Span: first.span, Message: "first declared here"}}
		return
	}
	u.names[key] = d
	u.ordered = append(u.ordered, d)
}

// find looks a name up: in the file, in what it imports, in the library.
func (u *unit) find(name string) *declared {
	if d := u.names[name]; d != nil {
		return d
	}
	for _, i := range u.imports {
		if d := i.find(name); d != nil {
			return d
		}
	}
	if u.library != nil {
		return u.library.names[name]
	}
	return nil
}

// isBroken reports whether a name's declaration does not parse, here or in what
// is imported.
func (u *unit) isBroken(name string) bool {
	return u.broken[name] && u.names[name] == nil ||
		slices.ContainsFunc(u.imports, func(i *unit) bool { return i.isBroken(name) })
}

// known lists the names of a kind that can be seen from the file.
func (u *unit) known(kind string) []string {
	names := u.list(kind)
	for _, i := range u.imports {
		names = append(names, i.known(kind)...)
	}
	if u.library != nil {
		names = append(names, u.library.list(kind)...)
	}
	return names
}

// list lists the file's own names of a kind.
func (u *unit) list(kind string) []string {
	var names []string
	for _, d := range u.ordered {
		if d.kind == kind {
			names = append(names, d.name)
		}
	}
	return names
}
