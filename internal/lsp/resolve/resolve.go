// Package resolve says of each name in a program what it stands for, so that an
// editor finds all places of one meaning.
//
// In go syntax trees with what they import, out come mentions: the places of names,
// each with its symbol. It decides by syntax alone, in the order in which the checker
// looks names up, and so works on what is left of a broken program; whether a program
// is right, and how large its axes are, it does not know.
package resolve

import (
	"slices"

	"ncd/grammar"
	"ncd/grammar/source"
)

// Space is what kind of thing a name is the name of. Names of different spaces do not
// get into each other's way.
type Space int

const (
	Unknown   Space = iota // nothing that could be found
	Declared               // a declaration of a file: a diagram, rule, axis, const, train block or figure, or a name of an import
	Primitive              // a box that the compiler knows, or one of its options
	Given                  // what a learning rule is given by its layer and by the train block
	Wire                   // a port, or what stands left of `=` in a declaration
	Axis                   // an axis of a declaration, or one of its static parameters: the two share names
	Slot                   // where `save` puts a wire
	Phase                  // of a learning rule
	Stage                  // of a train block
	Word                   // where a number or a word stands: one of a closed list, or nothing that is known
)

// Symbol is what a name stands for. Two are the same where they are equal.
//
// A wire whose name is given again is one symbol with the one before: loops and states
// carry on by name. Of an axis, the name is without primes.
type Symbol struct {
	Space Space
	Name  string
	Decl  grammar.Decl // whose own it is, or, where it is Declared, the declaration; else nil
}

// Mention is a name in the text. Its span leaves out the primes of an axis.
type Mention struct {
	Symbol
	Span    source.Span
	Within  grammar.Decl // it stands in
	Defines bool         // it gives the name its meaning
	IsWord  bool         // it is looked up among values, where a wire goes before an axis
}

// At is the mention that holds an offset, or ends there.
func At(list []Mention, offset int) (Mention, bool) {
	found := -1
	for i, m := range list {
		if m.Span.Start <= offset && offset <= m.Span.End && (found < 0 || m.Span.Start == offset || offset < m.Span.End) {
			found = i
		}
	}
	if found < 0 {
		return Mention{}, false
	}
	return list[found], true
}

// Mentions are the names of a file in the order of the text.
func (f *File) Mentions() []Mention {
	if f.mentions != nil {
		return f.mentions
	}
	list := []Mention{}
	for _, decl := range f.Tree.Decls {
		list = append(list, f.within(decl)...)
	}
	slices.SortStableFunc(list, func(a, b Mention) int { return a.Span.Start - b.Span.Start })
	f.mentions = slices.CompactFunc(list, func(a, b Mention) bool { return a.Span == b.Span })
	return f.mentions
}

// within resolves a declaration twice: which names are its own is known only once all
// of it has been read.
func (f *File) within(decl grammar.Decl) []Mention {
	w := &walker{file: f, decl: decl, wires: map[string]bool{}, boxes: map[string]bool{}, statics: map[string]bool{}, params: map[string]bool{}, models: map[string]grammar.Decl{}}
	w.declaration(decl)
	w.mentions = nil
	w.declaration(decl)
	return w.mentions
}
