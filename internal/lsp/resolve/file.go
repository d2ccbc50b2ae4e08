package resolve

import (
	"ncd/compiler/check"
	"ncd/grammar"
	"ncd/grammar/source"
)

// File is one file's declarations, and those it can see.
type File struct {
	Tree    *grammar.Program
	Imports []*File          // whose declarations are known by their own names
	As      map[string]*File // imported `as` a name
	Library *Library

	names    map[string]grammar.Decl
	aliases  map[string]*grammar.Import
	mentions []Mention // nil: not resolved yet
}

// NewFile is a file that imports nothing yet.
func NewFile(tree *grammar.Program, library *Library) *File {
	f := &File{Tree: tree, As: map[string]*File{}, Library: library, names: map[string]grammar.Decl{}, aliases: map[string]*grammar.Import{}}
	for _, decl := range tree.Decls {
		if i, isImport := decl.(*grammar.Import); isImport && i.As != nil {
			f.aliases[i.As.Text] = i
		}
		if name, isFound := foundBy(decl); isFound && f.names[name] == nil {
			f.names[name] = decl
		}
	}
	return f
}

// foundBy is the name that others find a declaration by; train blocks, tests and
// figures are found by nobody.
func foundBy(decl grammar.Decl) (string, bool) {
	switch d := decl.(type) {
	case *grammar.Axis:
		return d.Name.Text, true
	case *grammar.Const:
		return d.Name.Text, true
	case *grammar.Diagram:
		return d.Name.Text, true
	case *grammar.Rule:
		return d.Name.Text, true
	}
	return "", false
}

// Find looks a name up: in the file, in what it imports, in the library.
func (f *File) Find(name string) grammar.Decl {
	if d := f.own(name, map[*File]bool{}); d != nil {
		return d
	}
	if f.Library != nil {
		return f.Library.names[name]
	}
	return nil
}

// own looks in the file and in what it imports; broken programs may import themselves.
func (f *File) own(name string, seen map[*File]bool) grammar.Decl {
	if seen[f] {
		return nil
	}
	seen[f] = true
	if d := f.names[name]; d != nil {
		return d
	}
	for _, i := range f.Imports {
		if d := i.own(name, seen); d != nil {
			return d
		}
	}
	return nil
}

// Library is the standard library's declarations.
type Library struct {
	names   map[string]grammar.Decl
	shelves map[string]map[string]grammar.Decl // parts whose names are known in one place only
	home    *File                              // as if all were one file
}

// The parts of the library whose names are known in one place only.
const (
	schedules = "schedules"
	filters   = "filters"
	programs  = "programs"
)

// NewLibrary takes the library's trees by the names of their files, without endings.
func NewLibrary(trees map[string]*grammar.Program) *Library {
	l := &Library{names: map[string]grammar.Decl{}, shelves: map[string]map[string]grammar.Decl{}}
	for name, tree := range trees {
		into := l.names
		if name == schedules || name == filters || name == programs {
			into = map[string]grammar.Decl{}
			l.shelves[name] = into
		}
		for _, decl := range tree.Decls {
			if called, isFound := foundBy(decl); isFound {
				into[called] = decl
			}
		}
	}
	l.home = NewFile(&grammar.Program{}, l)
	return l
}

// parameter is what brackets may say of a box.
type parameter struct {
	name string
	kind string // "axes", "arrow", or as a diagram says it
}

// callee is a box that brackets configure.
type callee struct {
	decl       grammar.Decl // nil: a primitive box, or none that is known
	isKnown    bool
	parameters []parameter
	axes       map[string]bool // of its ports, without primes
}

func calleeOf(decl grammar.Decl) callee {
	c := callee{decl: decl, isKnown: true, axes: map[string]bool{}}
	switch d := decl.(type) {
	case *grammar.Diagram:
		c.parameters = parametersOf(d.Params)
		for name := range portAxes(d.Ports) {
			c.axes[name] = true
		}
	case *grammar.Rule:
		c.parameters = parametersOf(d.Params)
	default:
		c.isKnown = false
	}
	return c
}

// primitiveCallee reads the form of a primitive box with the parser, as the checker does.
func primitiveCallee(name string) (callee, bool) {
	form, isKnown := check.Form(name)
	if !isKnown {
		return callee{}, false
	}
	c := callee{isKnown: true}
	if form != "" {
		tree, _ := grammar.Parse(&source.File{Name: "primitive", Text: "diagram P[" + form + "](x[]) -> [] { x }\n"})
		c.parameters = parametersOf(tree.Decls[0].(*grammar.Diagram).Params)
	}
	return c, true
}

func parametersOf(params []*grammar.Param) []parameter {
	var list []parameter
	for _, p := range params {
		switch {
		case p.Arrow:
			list = append(list, parameter{kind: "arrow"})
		case isAxes(p):
			list = append(list, parameter{kind: "axes"})
		default:
			for _, name := range p.Names {
				list = append(list, parameter{name.Text, kindOf(p)})
			}
		}
	}
	return list
}

// isAxes reports whether a parameter is a list of axes without an arrow.
func isAxes(p *grammar.Param) bool {
	if p.Kind != nil {
		return p.Kind.Text == "axis"
	}
	return len(p.Names) > 1 && p.Default == nil || len(p.Names) > 0 && p.Names[0].Many
}

// kindOf is the kind that a parameter says it has or that its default has; "" where a
// name stands, which may be of anything.
func kindOf(p *grammar.Param) string {
	if p.Kind != nil {
		return p.Kind.Text
	}
	switch p.Default.(type) {
	case *grammar.Flow, *grammar.Tuple, *grammar.Box:
		return "diagram"
	case *grammar.Name:
		return ""
	}
	return "size"
}

// portAxes are the axes that ports name, without primes.
func portAxes(ports *grammar.Ports) map[string]bool {
	axes := map[string]bool{}
	if ports == nil {
		return axes
	}
	for _, port := range ports.List {
		if port.In != nil {
			axes[unprimed(port.In.Text)] = true
		}
		if port.Axes == nil {
			continue
		}
		for _, arg := range port.Axes.List {
			for _, item := range arg.Items {
				if name := item.Name(); name != nil {
					axes[unprimed(name.Text)] = true
				}
			}
		}
	}
	return axes
}
