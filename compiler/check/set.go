package check

import (
	"maps"
	"slices"
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
)

// readSet reads the values that are set from outside as the language reads them.
func (p *Program) readSet() {
	p.set = map[string]grammar.Expr{}
	for _, name := range slices.Sorted(maps.Keys(p.options.Set)) {
		if x := p.readValue("--set "+name+"=", p.options.Set[name]); x != nil {
			p.set[name] = x
		}
	}
}

// readValue parses an expression that came with an option of the command: "--rule ",
// "--set wide=". What is told of it shows the option as it was typed.
func (p *Program) readValue(option, text string) grammar.Expr {
	// A declaration as long as the option stands in its place while it is read.
	file := &source.File{Name: "command line", Text: "axis x" + strings.Repeat(" ", len(option)-len("axis x=")) + "=" + text + "\n"}
	tree, said := grammar.Parse(file)
	file.Text = option + text + "\n"
	for i := range said {
		said[i].Message = strings.ReplaceAll(said[i].Message, " in axis `x`", "")
	}
	p.tell(said)
	if len(tree.Decls) == 1 {
		if a, ok := tree.Decls[0].(*grammar.Axis); ok {
			return a.Size
		}
	}
	if len(said) == 0 {
		whole := source.Span{File: file, Start: len(option), End: len(option) + len(text)}
		p.report.fault(InvalidEntry, whole, "`%s` takes one value", strings.TrimRight(option, " ="))
	}
	return nil
}

// checkSet tells of names that are set from outside and that nothing in the file
// has.
func (p *Program) checkSet() {
	p.holdSet(&p.report, slices.Concat(p.allSettable(), trainSettings))
}

// holdSet holds that every name that is set is a const or one of those given.
func (p *Program) holdSet(r *report, known []string) {
	known = slices.Concat(known, p.main.known("const"))
	for _, name := range slices.Sorted(maps.Keys(p.set)) {
		if !slices.Contains(known, name) {
			r.fault(UnknownSetting, p.set[name].Span(), "there is no `%s` to set%s", name, meant(name, known))
		}
	}
}

// allSettable lists what may be set of any diagram of the file.
func (p *Program) allSettable() []string {
	var names []string
	for _, d := range p.main.ordered {
		if d.signature != nil {
			names = append(names, d.signature.settable()...)
		}
	}
	return names
}
