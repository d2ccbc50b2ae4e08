package check

import (
	"io/fs"
	"sync"

	"ncd/grammar"
	"ncd/grammar/source"
)

// readLibrary reads the files of the standard library as one unit, those that are
// shelves apart.
func (p *Program) readLibrary() *unit {
	library := newUnit(nil)
	if p.options.Library == nil {
		return library
	}
	files, _ := fs.Glob(p.options.Library, "*.ncd")
	for _, name := range files {
		text, err := fs.ReadFile(p.options.Library, name)
		if err != nil {
			continue
		}
		part := parseLibrary("std/"+name, string(text))
		p.tell(part.said)
		if s, isShelf := shelfOf(name); isShelf {
			p.shelves[s.file] = newUnit(nil)
			p.shelves[s.file].library = library
			p.declareAll(p.shelves[s.file], part.tree)
			continue
		}
		p.declareAll(library, part.tree)
	}
	return library
}

// parsed is a file of the library, as grammar.Parse gives it.
type parsed struct {
	tree *grammar.Program
	said []source.Diagnostic
}

// libraryFiles are the files of the library that were parsed, by name and text: to parse
// them takes ten times as long as to check a small program, and trees never change.
var libraryFiles sync.Map

func parseLibrary(name, text string) parsed {
	key := [2]string{name, text}
	if known, isKnown := libraryFiles.Load(key); isKnown {
		return known.(parsed)
	}
	tree, said := grammar.Parse(&source.File{Name: name, Text: text})
	known, _ := libraryFiles.LoadOrStore(key, parsed{tree, said})
	return known.(parsed)
}
