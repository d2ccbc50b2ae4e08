package lsp

import "ncd/grammar"

type hint struct {
	Position position `json:"position"`
	Label    string   `json:"label"`
}

// hints are the axes and sizes of the wires that statements name, where the text does
// not say them.
func (d *document) hints(p ranged) ([]hint, error) {
	list := []hint{}
	from, to := d.lines.offset(p.Range.Start), d.lines.offset(p.Range.End)
	for _, decl := range d.analyse().tree.Decls {
		if span := decl.Span(); span.End < from || span.Start > to {
			continue
		}
		made := d.elaborated(decl)
		if made == nil {
			continue
		}
		grammar.Walk(decl, func(n grammar.Node) bool {
			assign, ok := n.(*grammar.Assign)
			if !ok {
				return true
			}
			for _, target := range assign.Targets {
				name, isBare := target.(*grammar.Name)
				if !isBare || name.Span().Start < from || name.Span().End > to {
					continue
				}
				if w := wireAt(made, mention{name.Text, name.Span(), decl}, assign.Span()); w != nil {
					list = append(list, hint{d.lines.position(name.Span().End), " : " + w.Type.String()})
				}
			}
			return false
		})
	}
	return list, nil
}
