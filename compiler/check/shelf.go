package check

import (
	"slices"

	"ncd/grammar"
	"ncd/grammar/source"
)

// shelf is a part of the library whose names are known in one place only, so that a
// `linear` there and the box `linear` do not get into each other's way. It is a file
// of the library; an author's own diagrams stand on it if they have its port.
type shelf struct {
	file string // without its ending
	port string // "": any diagram will do
	what string // what its diagrams are called in messages
}

// The shelves of the library.
var (
	schedules = shelf{"schedules", "step", "schedule"}
	filters   = shelf{"filters", "change", "filter"}
	programs  = shelf{"programs", "", "data program"}
	shelves   = []shelf{schedules, filters, programs}
)

// shelfOf is the shelf that a file of the library is.
func shelfOf(file string) (shelf, bool) {
	i := slices.IndexFunc(shelves, func(s shelf) bool { return s.file+".ncd" == file })
	if i < 0 {
		return shelf{}, false
	}
	return shelves[i], true
}

// shelved finds a diagram of a shelf by the name that stands in an expression, with
// brackets or without; nil where there is none.
func (e *elaborator) shelved(s shelf, x grammar.Expr) *declared {
	name := modelName(x)
	if d := e.unit.find(name); d != nil && d.diagram != nil && d.unit != e.program.library {
		e.program.ensure(d)
		if d.signature != nil && (s.port == "" || d.signature.port(s.port) != nil) {
			return d
		}
	}
	if on := e.program.shelves[s.file]; on != nil && on.names[name] != nil {
		e.program.ensure(on.names[name])
		return on.names[name]
	}
	return nil
}

// onShelf lists the names of a shelf.
func (p *Program) onShelf(s shelf) []string {
	if on := p.shelves[s.file]; on != nil {
		return on.list("diagram")
	}
	return nil
}

// shelfHelp says how what stands on a shelf is a box of a diagram too.
func (p *Program) shelfHelp(name string) (help string, isShelved bool) {
	for _, s := range shelves {
		if slices.Contains(p.onShelf(s), name) {
			return "the library's `" + name + "` is a " + s.what + "; as a box it is `" + s.file + "." + name + "`, with `import \"std/" + s.file + "\" as " + s.file + "` on top", true
		}
	}
	return "", false
}

// shelvedAs is the call of a diagram of a shelf, with the brackets that stand there.
func (e *elaborator) shelvedAs(d *declared, x grammar.Expr) *configured {
	c := &configured{made: d, site: e, scope: e.scope, span: x.Span(), plain: true}
	if apply, ok := x.(*grammar.Apply); ok {
		c.args, c.plain = apply.Args, false
	}
	return c
}

// noneShelved tells that a name is not on a shelf.
func (e *elaborator) noneShelved(s shelf, x grammar.Expr) *source.Diagnostic {
	name := modelName(x)
	if name == "" {
		return e.fault(InvalidEntry, x.Span(), "a %s is a diagram with its brackets here: `%s`", s.what, e.program.exampleOf(s))
	}
	span := x.Span()
	if apply, ok := x.(*grammar.Apply); ok {
		span = apply.Fn.Span()
	}
	d := e.fault(UnknownName, span, "no %s `%s`%s", s.what, name, meant(name, e.program.onShelf(s)))
	help := "there are " + quoted(e.program.onShelf(s))
	if s.port != "" {
		help += "; a diagram of your own with a port `" + s.port + "` is one too"
	}
	d.Help = append(d.Help, help)
	return d
}

// exampleOf shows how the first diagram of a shelf is written.
func (p *Program) exampleOf(s shelf) string {
	if names := p.onShelf(s); len(names) > 0 {
		return names[0] + "[…]"
	}
	return s.what + "[…]"
}
