package resolve

import (
	"strings"

	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
)

// walker resolves one declaration.
type walker struct {
	file     *File
	decl     grammar.Decl
	mentions []Mention

	wires   map[string]bool         // that it names
	boxes   map[string]bool         // of them those that are boxes
	statics map[string]bool         // its axes, static parameters and letters of loops
	params  map[string]bool         // of them the static parameters
	models  map[string]grammar.Decl // of a train block: what each is
	tuned   []callee                // of a train block: optimisers and filters
	shelf   string                  // where names are looked for before the library; "": on none

	inEquation, inPhase bool
}

func unprimed(name string) string { return strings.TrimRight(name, "'") }

func (w *walker) mention(span source.Span, s Symbol) *Mention {
	w.mentions = append(w.mentions, Mention{Symbol: s, Span: span, Within: w.decl})
	return &w.mentions[len(w.mentions)-1]
}

func (w *walker) own(space Space, name string) Symbol { return Symbol{space, name, w.decl} }

// bare is the span of a name without its `..`.
func bare(n *grammar.Name) source.Span {
	span := n.Span()
	span.End = min(span.End, span.Start+len(n.Text))
	return span
}

// wire is a place where a wire gets its name.
func (w *walker) wire(name string, span source.Span, isBox bool) {
	w.wires[name] = true
	if isBox {
		w.boxes[name] = true
	}
	w.mention(span, w.own(Wire, name)).Defines = true
}

func (w *walker) wireWord(word *grammar.Word) {
	if word != nil {
		w.wire(word.Text, word.Span(), false)
	}
}

// static is a place where a static parameter or a letter of a loop gets its name.
func (w *walker) static(name string, span source.Span) {
	w.statics[name] = true
	w.mention(span, w.own(Axis, name)).Defines = true
}

// axisOf is the axis that a label means in a declaration: one that the file declares,
// unless a parameter has its name, or else the declaration's own.
func axisOf(f *File, decl grammar.Decl, params map[string]bool, name string) Symbol {
	base := unprimed(name)
	if params[name] {
		return Symbol{Axis, name, decl}
	}
	if !params[base] {
		if axis, isAxis := f.Find(base).(*grammar.Axis); isAxis {
			return Symbol{Declared, base, axis}
		}
	}
	return Symbol{Axis, base, decl}
}

// label is a name where only an axis can stand.
func (w *walker) label(name string, span source.Span) {
	s := axisOf(w.file, w.decl, w.params, name)
	if s.Space == Axis {
		w.statics[s.Name] = true
	}
	span.End = span.Start + len(s.Name)
	w.mention(span, s)
}

func (w *walker) labelName(n *grammar.Name) { w.label(n.Text, bare(n)) }

func (w *walker) labelWord(word *grammar.Word) {
	if word != nil {
		w.label(word.Text, word.Span())
	}
}

// knownStatic is the axis or parameter that a name is known as.
func (w *walker) knownStatic(name string) (Symbol, bool) {
	switch base := unprimed(name); {
	case w.statics[name]:
		return w.own(Axis, name), true
	case w.statics[base]:
		return w.own(Axis, base), true
	}
	s := axisOf(w.file, w.decl, w.params, name)
	return s, s.Space == Declared
}

// word is a name among values. As a step of a flow, a box goes before a wire or a
// number of its name.
func (w *walker) word(n *grammar.Name, isStep bool) Symbol {
	isBox := isStep && w.isBox(n.Text)
	if w.wires[n.Text] && (!isBox || w.boxes[n.Text]) {
		return w.valued(n, w.own(Wire, n.Text))
	}
	if s, isKnown := w.knownStatic(n.Text); isKnown && (!isBox || w.boxes[n.Text]) {
		return w.valued(n, s)
	}
	return w.valued(n, w.beyond(n.Text))
}

// sized is a name where a size, a number or a box handed over stands: there an axis
// goes before a wire.
func (w *walker) sized(n *grammar.Name) Symbol {
	if s, isKnown := w.knownStatic(n.Text); isKnown {
		return w.valued(n, s)
	}
	if w.wires[n.Text] {
		if _, isConst := w.file.Find(n.Text).(*grammar.Const); !isConst || w.boxes[n.Text] {
			return w.valued(n, w.own(Wire, n.Text))
		}
	}
	s := w.beyond(n.Text)
	if s.Space == Unknown {
		s.Space = Word
	}
	return w.valued(n, s)
}

func (w *walker) valued(n *grammar.Name, s Symbol) Symbol {
	span := bare(n)
	if s.Space == Axis || s.Space == Declared {
		span.End = min(span.End, span.Start+len(s.Name))
	}
	if (s.Space == Unknown || s.Space == Word) && (n.Text == "true" || n.Text == "false") {
		return s
	}
	w.mention(span, s).IsWord = true
	return s
}

// beyond is what a name means that is none of the declaration's own.
func (w *walker) beyond(name string) Symbol {
	_, isRule := w.decl.(*grammar.Rule)
	if s, isFound := w.onShelf(name); isFound {
		return s
	}
	if d := w.file.Find(name); d != nil && !w.isOwnPrimitive(d, name) {
		return Symbol{Declared, name, d}
	}
	if _, isPrimitive := check.Form(name); isPrimitive {
		return Symbol{Space: Primitive, Name: name}
	}
	if s, isFound := w.library(programs, name); isRule && isFound {
		return s
	}
	if isRule {
		return Symbol{Space: Given, Name: name}
	}
	return Symbol{Space: Unknown, Name: name}
}

// isOwnPrimitive reports whether the name is that of the declaration itself and of a
// primitive box, which is meant then.
func (w *walker) isOwnPrimitive(d grammar.Decl, name string) bool {
	_, isPrimitive := check.Form(name)
	return isPrimitive && d == w.decl
}

// onShelf finds a name where schedules, filters or programs of data are meant: the
// author's own go first.
func (w *walker) onShelf(name string) (Symbol, bool) {
	if w.shelf == "" || w.file.Library == nil {
		return Symbol{}, false
	}
	if d, isDiagram := w.file.own(name, map[*File]bool{}).(*grammar.Diagram); isDiagram {
		return Symbol{Declared, name, d}, true
	}
	return w.library(w.shelf, name)
}

func (w *walker) library(shelf, name string) (Symbol, bool) {
	if w.file.Library == nil || w.file.Library.shelves[shelf][name] == nil {
		return Symbol{}, false
	}
	return Symbol{Declared, name, w.file.Library.shelves[shelf][name]}, true
}

// isBox reports whether a name is a declared diagram or a primitive box.
func (w *walker) isBox(name string) bool {
	if _, isDiagram := w.file.Find(name).(*grammar.Diagram); isDiagram {
		return true
	}
	_, isPrimitive := check.Form(name)
	return isPrimitive
}
