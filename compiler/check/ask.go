package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar/source"
)

// Diagram elaborates a diagram of the file. Axes of its ports have the sizes
// given by their letters, and otherwise their letters; parameters have the values
// of Options.Set, and otherwise their defaults. It is nil where there are errors.
func (p *Program) Diagram(name string, sizes map[string]int) (*diagram.Diagram, []source.Diagnostic) {
	return p.diagramAlone(name, alone{set: p.set, sizes: sizes})
}

// DiagramFor is Diagram with the sizes of the arrays that are handed to its ports.
func (p *Program) DiagramFor(name string, ports map[string][]int) (*diagram.Diagram, []source.Diagnostic) {
	d := p.main.find(name)
	if d == nil || d.kind != "diagram" {
		return p.Diagram(name, nil)
	}
	p.ensure(d)
	with := alone{set: p.set, ports: ports, sizes: map[string]int{}}
	if d.signature != nil {
		for _, port := range d.signature.ports {
			with.read(port, ports[port.name])
		}
	}
	return p.diagramAlone(name, with)
}

// read takes the sizes of a port's letters from the array that is handed in.
func (a alone) read(p *port, sizes []int) {
	many := slices.IndexFunc(p.axes, func(s *axisSpec) bool { return s.many })
	for i, spec := range p.axes {
		at := i
		if many >= 0 && i > many {
			at = len(sizes) - len(p.axes) + i
		}
		if !spec.many && at >= 0 && at < len(sizes) {
			if _, isKnown := a.sizes[spec.name]; !isKnown {
				a.sizes[spec.name] = sizes[at]
			}
		}
	}
}

func (p *Program) diagramAlone(name string, with alone) (*diagram.Diagram, []source.Diagnostic) {
	d := p.main.find(name)
	r := &report{}
	if d == nil || d.kind != "diagram" {
		r.fault(UnknownDeclaration, source.Span{}, "there is no diagram `%s`%s", name, meant(name, p.main.known("diagram")))
		return nil, r.inOrder()
	}
	p.ensure(d)
	if d.signature == nil || d.broken {
		return nil, p.report.inOrder()
	}
	p.holdSet(r, d.signature.settable())
	if d.diagram.Ports == nil {
		r.fault(WireCount, d.span, "diagram `%s` has no ports, so its axes are not known before something flows in", name)
	}
	if r.hasErrors(0) {
		return nil, r.inOrder()
	}
	e := p.elaborator(r, d.unit)
	e.alone(d, with)
	e.finish()
	if !r.hasErrors(0) && e.job.failed {
		if p.report.hasErrors(0) {
			return nil, p.report.inOrder()
		}
		e.needs(d)
	}
	if r.hasErrors(0) {
		return nil, r.inOrder()
	}
	return e.d, r.inOrder()
}

// needs tells what a diagram cannot do without that is elaborated by itself: a box
// for a parameter, or a number for the bounds of a loop that changes sizes.
func (e *elaborator) needs(d *declared) {
	for _, p := range d.signature.params {
		if p.kind == "diagram" && p.preset == nil {
			e.fault(ParameterMissing, p.span, "parameter `%s` of `%s` is a diagram, and none is given: use `%s` in another diagram", p.name, d.name, d.name)
			return
		}
	}
	for _, p := range d.signature.params {
		if p.preset == nil && !p.isAxes() {
			e.fault(ParameterMissing, p.span, "`%s` cannot be elaborated before parameter `%s` is known", d.name, p.name)
			return
		}
	}
	e.fault(SizeUnknown, d.span, "`%s` cannot be elaborated before its sizes are known", d.name)
}

// settable lists what may be set of a diagram from outside.
func (s *signature) settable() []string { return s.names() }
