package format

import (
	"ncd/grammar"
	"ncd/grammar/source"
)

// regions are the places where the tree asks for spaces that the tokens alone
// do not tell.
type regions struct {
	tight  []source.Span // no spaces around any operator
	merges []source.Span // from an item's name to its merge: no spaces around `=`
	ports  map[int]bool  // where the parentheses of ports begin
	params map[int]bool  // where the kinds of parameters begin
	units  map[int]bool  // where numbers with a unit begin
	keys   map[int]bool  // where the keys of train blocks begin
	names  map[int]bool  // where the names of diagrams and rules begin
	expect []source.Span // claims: a space before `:` too
	ranges []source.Span // headers of loops: no spaces around `..`
}

func newRegions(program *grammar.Program) *regions {
	r := &regions{ports: map[int]bool{}, params: map[int]bool{}, units: map[int]bool{}, keys: map[int]bool{}, names: map[int]bool{}}
	for _, decl := range program.Decls {
		grammar.Walk(decl, r.note)
	}
	return r
}

func (r *regions) note(n grammar.Node) bool {
	span := n.Span()
	switch n := n.(type) {
	case *grammar.Item:
		r.noteItem(n)
	case *grammar.Power:
		r.tight = append(r.tight, n.Exponent.Span())
	case *grammar.Ports:
		r.ports[span.Start] = true
	case *grammar.Param:
		if n.Kind != nil {
			r.params[n.Kind.Span().Start] = true
		}
	case *grammar.Length:
		r.units[span.Start] = n.Unit != ""
	case *grammar.Data, *grammar.Model, *grammar.RuleUse, *grammar.Group, *grammar.Setting:
		r.keys[span.Start] = true
	case *grammar.Expect:
		r.expect = append(r.expect, span)
	case *grammar.For:
		r.ranges = append(r.ranges, source.Span{File: span.File, Start: span.Start, End: n.Body.Span().Start})
		r.tight = append(r.tight, n.From.Span(), n.To.Span())
	case *grammar.Diagram:
		r.names[n.Name.Span().Start] = true
	case *grammar.Rule:
		r.names[n.Name.Span().Start] = true
	}
	return true
}

func (r *regions) noteItem(item *grammar.Item) {
	if item.Size != nil {
		r.tight = append(r.tight, item.Size.Span())
	}
	switch item.Value.(type) {
	case *grammar.Merge, *grammar.Name:
		if item.Grouped {
			r.merges = append(r.merges, source.Span{Start: item.Expr.Span().End, End: item.Value.Span().Start})
		}
	}
}

func within(spans []source.Span, offset int) bool {
	for _, s := range spans {
		if s.Start <= offset && offset < s.End {
			return true
		}
	}
	return false
}
