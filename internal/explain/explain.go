// Package explain tells at length what each code of a diagnostic means: what is
// wrong, what to do about it, and a small program that yields it.
//
// The grammar and the learning rules explain their codes themselves; those of the
// checker, of the runtime and of the command are explained here. It knows how a
// program is called on the command's line, and runs none.
package explain

import (
	"cmp"
	"slices"

	"ncd/compiler/learn"
	"ncd/grammar"
	"ncd/grammar/source"
)

// Program is the name that the lines of an entry give to its example.
const Program = "program.ncd"

// Entry explains one code.
type Entry struct {
	source.Explanation
	// Lines are what is typed, with the example in the file Program, to be told the
	// code: the last one yields it. Without any no line does so surely.
	Lines []string
}

// checked is the line that yields what a program is told by itself.
const checked = "ncd check " + Program

// All lists the entries of all codes in the order of the alphabet.
func All() []Entry {
	all := slices.Concat(
		entriesOf(grammar.Codes(), checked),
		entriesOf(learn.Codes(), "ncd dump "+Program+" --stage learn"),
		entriesOf(names, checked), entriesOf(axes, checked), entriesOf(sizes, checked), entriesOf(equations, checked),
		entriesOf(boxes, checked), entriesOf(training, checked),
		unlikeOthers, files, runs, exports, usage,
	)
	slices.SortFunc(all, func(a, b Entry) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// entriesOf are explanations whose codes are all yielded by the same line.
func entriesOf(list []source.Explanation, line string) []Entry {
	entries := make([]Entry, len(list))
	for i, e := range list {
		entries[i] = Entry{e, []string{line}}
	}
	return entries
}

// Find is the entry of a code.
func Find(code string) (Entry, bool) {
	all := All()
	i := slices.IndexFunc(all, func(e Entry) bool { return string(e.Code) == code })
	if i < 0 {
		return Entry{}, false
	}
	return all[i], true
}

// Names lists all codes in the order of the alphabet.
func Names() []string {
	var names []string
	for _, e := range All() {
		names = append(names, string(e.Code))
	}
	return names
}
