package lsp

import "ncd/internal/lsp/resolve"

// referring is the parameters of a request for all places of a name.
type referring struct {
	placed
	Context struct {
		IncludeDeclaration bool `json:"includeDeclaration"`
	} `json:"context"`
}

// symbolAt is what the name under the cursor stands for.
func (d *document) symbolAt(at position) (resolve.Mention, bool) {
	return resolve.At(d.alone().Mentions(), d.lines.offset(at))
}

// references are all places of the name under the cursor, in all files that may share it.
func (d *document) references(p referring) ([]location, error) {
	list := []location{}
	w := d.server.around(d)
	m, found := resolve.At(w.open(d).Mentions(), d.lines.offset(p.Position))
	if !found {
		return list, nil
	}
	add := func(m resolve.Mention) {
		if at, ok := d.locate(m.Span); ok && (!m.Defines || p.Context.IncludeDeclaration) {
			list = append(list, at)
		}
	}
	all := w.mentions(m.Symbol)
	for _, key := range w.sorted() {
		for _, m := range all[key] {
			add(m)
		}
	}
	if isOfLibrary(m.Symbol) && p.Context.IncludeDeclaration {
		for _, m := range standard().places(m.Symbol) {
			if m.Defines {
				add(m)
			}
		}
	}
	return list, nil
}

type highlight struct {
	Range extent `json:"range"`
	Kind  int    `json:"kind"` // 2: it is read, 3: it is given its meaning
}

// highlights are the places of the name under the cursor in the document.
func (d *document) highlights(p placed) ([]highlight, error) {
	list := []highlight{}
	m, found := d.symbolAt(p.Position)
	if !found {
		return list, nil
	}
	for _, other := range d.alone().Mentions() {
		if other.Symbol == m.Symbol {
			kind := 2
			if other.Defines {
				kind = 3
			}
			list = append(list, highlight{d.extent(other.Span), kind})
		}
	}
	return list, nil
}
