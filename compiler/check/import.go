package check

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
)

// place is where a file lies: in the library, or among the sources. Two names of one
// place are one file.
type place struct {
	isLibrary bool
	path      string // from the root, without `..`
}

// read parses a file and all it imports. The way is the files that lead to it.
func (p *Program) read(file *source.File, at place, way []*unit) *unit {
	u := newUnit(file)
	u.library, u.place = p.library, at
	tree, said := grammar.Parse(file)
	p.tell(said)
	u.broken = tree.Broken
	for _, d := range tree.Decls {
		if i, ok := d.(*grammar.Import); ok {
			p.importFile(u, i, append(way, u))
		}
	}
	p.declareAll(u, tree)
	p.files[at] = u
	return u
}

// importFile makes the declarations of another file known, which is read once for
// all that import it.
func (p *Program) importFile(u *unit, i *grammar.Import, way []*unit) {
	at, shown := p.placeOf(u, i.Path.Value)
	if slices.ContainsFunc(way, func(w *unit) bool { return w.place == at }) {
		p.cyclic(i, shown, way)
		return
	}
	imported := p.files[at]
	if imported == nil {
		text, ok := p.textAt(at)
		if !ok {
			p.missingImport(u, i)
			return
		}
		imported = p.read(&source.File{Name: shown, Text: text}, at, way)
	}
	if i.As != nil {
		u.qualified[i.As.Text] = imported
		return
	}
	u.imports = append(u.imports, imported)
}

func (p *Program) cyclic(i *grammar.Import, shown string, way []*unit) {
	d := p.report.fault(CyclicImport, i.Span(), "`%s` is imported on the way to itself", i.Path.Value)
	var names []string
	for _, w := range way {
		names = append(names, w.file.Name)
	}
	d.Help = append(d.Help, strings.Join(append(names, shown), " imports "))
}

// placeOf is where an imported file lies, from the folder of the file that imports it
// or in the library, and what messages call it.
func (p *Program) placeOf(u *unit, name string) (at place, shown string) {
	if standard, ok := strings.CutPrefix(name, "std/"); ok {
		return place{true, strings.TrimSuffix(standard, ".ncd") + ".ncd"}, name
	}
	at = place{u.place.isLibrary, path.Join(path.Dir(u.place.path), name)}
	return at, path.Join(path.Dir(u.file.Name), name)
}

// sources are where the files of a place lie; nil: there are none.
func (p *Program) sources(at place) fs.FS {
	if at.isLibrary {
		return p.options.Library
	}
	return p.options.Sources
}

func (p *Program) textAt(at place) (string, bool) {
	in := p.sources(at)
	if in == nil || !fs.ValidPath(at.path) {
		return "", false
	}
	info, err := fs.Stat(in, at.path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > p.options.Limits.Bytes {
		return "", false
	}
	text, err := fs.ReadFile(in, at.path)
	return string(text), err == nil
}

func (p *Program) missingImport(u *unit, i *grammar.Import) {
	d := p.report.fault(MissingImport, i.Path.Span(), "there is no file `%s` to import", i.Path.Value)
	in := p.sources(u.place)
	if in == nil {
		return
	}
	at, _ := p.placeOf(u, i.Path.Value)
	if info, err := fs.Stat(in, at.path); err == nil {
		d.Message = fmt.Sprintf("`%s` is no file of a program, or has more than %d bytes", i.Path.Value, p.options.Limits.Bytes)
		if info.Mode().IsRegular() {
			d.Help = append(d.Help, "`ncd help limits` lists what is refused as too large")
		}
		return
	}
	near, _ := fs.Glob(in, path.Join(path.Dir(u.place.path), "*.ncd"))
	for i, name := range near {
		near[i] = path.Base(name)
	}
	if name := source.Nearest(i.Path.Value, near); name != "" {
		d.Help = append(d.Help, "did you mean \""+name+"\"?")
	}
}
