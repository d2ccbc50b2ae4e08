package check

import (
	"slices"
	"strconv"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// checkDiagram elaborates a diagram by itself, with letters for the sizes that
// nothing says.
func (p *Program) checkDiagram(d *declared) {
	before := len(p.report.said)
	s := p.report.signatureOf(d.diagram)
	if p.report.hasErrors(before) {
		return
	}
	e := p.elaborator(&p.report, d.unit)
	e.settleKinds(s)
	d.signature = s
	if d.diagram.Reverse != nil {
		p.notYet(d.diagram.Reverse.Span(), "a `reverse` block")
		return
	}
	if d.diagram.Ports == nil {
		p.checkOpen(e, d)
		return
	}
	e.alone(d, alone{})
	e.finish()
	if !p.report.hasErrors(before) {
		e.unused()
		p.unusedParameters(d)
	}
}

// checkOpen looks at the boxes of a diagram without ports, whose axes nobody knows.
func (p *Program) checkOpen(e *elaborator, d *declared) {
	e.begin(d)
	if e.presets(d.signature, nil, d.span) {
		if d.diagram.Expr == nil {
			p.report.fault(ResultMissing, d.span, "diagram `%s` has a body but no ports: write `diagram %s(x[a..]) -> [a..] { … }`", d.name, d.name)
			return
		}
		e.step(d.diagram.Expr)
	}
	p.unusedParameters(d)
}

// settleKinds finds what parameters are whose default is a name.
func (e *elaborator) settleKinds(s *signature) {
	for _, p := range s.params {
		if p.kind != "" {
			continue
		}
		name := p.preset.(*grammar.Name).Text
		earlier := s.parameter(name)
		switch {
		case name == "true" || name == "false":
			p.kind = "bool"
		case earlier != nil && earlier != p:
			p.kind = earlier.kind
		case s.isPortAxis(name) || e.isStatic(name):
			p.kind = "size"
		case e.isBox(name):
			p.kind = "diagram"
		default:
			p.kind = "word"
		}
	}
}

func (e *elaborator) isStatic(name string) bool {
	d := e.unit.find(name)
	return d != nil && (d.kind == "const" || d.kind == "axis")
}

// alone says with what a diagram is elaborated that nobody calls.
type alone struct {
	set   map[string]grammar.Expr // values of parameters
	sizes map[string]int          // of letters of port axes
	ports map[string][]int        // sizes of whole ports
}

// alone elaborates a declared diagram as the whole of this one.
func (e *elaborator) alone(d *declared, with alone) {
	e.begin(d)
	e.mayRemember = true
	if !e.setParameters(d.signature, with) || !e.portLetters(d, with) || !e.presets(d.signature, nil, d.span) {
		return
	}
	for _, p := range d.signature.ports {
		axes, in, ok := e.typed(e.portSpecs(p, with), p.in)
		if !ok {
			return
		}
		e.enterPort(&diagram.Wire{Name: p.name, Type: shape.Type{Axes: axes, In: in}, Span: p.span})
		if !e.holdPort(p, axes, with) {
			return
		}
	}
	e.bodyResults(d)
}

// setParameters defines the parameters whose values are set from outside.
func (e *elaborator) setParameters(s *signature, with alone) bool {
	for _, p := range s.params {
		x, isSet := with.set[p.name]
		if !isSet || p.isAxes() {
			continue
		}
		v := e.reader().argument(p, x)
		if isPoisoned(v) {
			return false
		}
		e.defineParameter(p, v, x.Span())
	}
	return true
}

// portLetters settles the axes of the ports: at a letter of their own, where
// neither a parameter nor the file nor the caller says a size.
func (e *elaborator) portLetters(d *declared, with alone) bool {
	for _, p := range d.signature.params {
		e.letterGroups(p)
	}
	for _, p := range d.signature.ports {
		for i, spec := range p.axes {
			if spec.many {
				e.letterGroup(p, spec, i, with)
				continue
			}
			e.letter(d.signature, spec.name, spec.span, with)
		}
		if p.in != "" && e.groups[p.in] == nil {
			e.letter(d.signature, p.in, p.span, with)
		}
	}
	return true
}

// letterGroups gives lists of axes that no port brings one axis each.
func (e *elaborator) letterGroups(p *parameter) {
	for _, name := range slices.Concat(p.from, p.to) {
		if name.Many {
			e.groups[name.Text] = shape.Shape{{Label: name.Text, Size: shape.Letter(name.Text)}}
		} else if p.isAxes() {
			e.labels[name.Text] = labelled{shape.Letter(name.Text), place{p.span, ""}}
		}
	}
}

func (e *elaborator) letter(s *signature, name string, span source.Span, with alone) {
	if _, known := e.labels[name]; known {
		return
	}
	size := shape.Letter(name)
	if unprimed := strings.TrimRight(name, "'"); unprimed != name {
		e.letter(s, unprimed, span, with)
		size = e.labels[unprimed].size
	}
	if n, isSaid := with.sizes[name]; isSaid {
		size = shape.Int(n)
	} else if x, isSet := with.set[name]; isSet && s.parameter(name) == nil {
		if said, ok := e.sizeAt(x); ok {
			size = said
		}
	} else if b := e.scope.look(name); b != nil {
		if v, ok := b.value.(static); ok && v.isSize {
			size = v.size
		}
	} else if p := s.parameter(name); p != nil && p.preset != nil && p.kind == "size" {
		if said, ok := e.sizeAt(p.preset); ok {
			size = said
		}
	} else if axis, ok := e.declaredAxis(name); ok {
		size = axis.size
	}
	e.labels[name] = labelled{size, place{span, ""}}
}

// letterGroup settles `p..` of a port: one axis of that name, or as many as the
// arrays have that are handed in.
func (e *elaborator) letterGroup(p *port, spec *axisSpec, i int, with alone) {
	if sizes, ok := with.ports[p.name]; ok && e.groups[spec.name] == nil || ok && len(with.ports) > 0 {
		n := len(sizes) - len(p.axes) + 1
		group := shape.Shape{}
		for j := range max(n, 0) {
			label := spec.name
			if n > 1 {
				label += strconv.Itoa(j + 1)
			}
			group = append(group, shape.Axis{Label: label, Size: shape.Int(sizes[i+j])})
		}
		e.groups[spec.name] = group
	} else if e.groups[spec.name] == nil {
		e.groups[spec.name] = shape.Shape{{Label: spec.name, Size: shape.Letter(spec.name)}}
	}
	for _, a := range e.groups[spec.name] {
		e.labels[a.Label] = labelled{a.Size, place{spec.span, ""}}
	}
}

// portSpecs are a port's axes, at the size of its array where one is handed in.
func (e *elaborator) portSpecs(p *port, with alone) []*axisSpec {
	if len(with.ports) == 0 {
		return p.axes
	}
	return bare(p.axes)
}

// holdPort holds the sizes of an array that is handed in against the port's.
func (e *elaborator) holdPort(p *port, axes shape.Shape, with alone) bool {
	sizes, isHanded := with.ports[p.name]
	if !isHanded {
		return true
	}
	if len(sizes) != len(axes) {
		e.fault(IndexCount, p.span, "port `%s` has %s %s, and the array handed in has %s", p.name, counted(len(axes), "axis"), axes, counted(len(sizes), "axis"))
		return false
	}
	for i, n := range sizes {
		if !e.job.unifier.Unify(axes[i].Size, shape.Int(n)) {
			e.sizeFault(axes[i].Label, shape.Int(n), axes[i].Size, p.span, place{}, e.labels[axes[i].Label].origin)
			return false
		}
	}
	return true
}

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

// unused tells of wires and boxes that nothing uses.
func (e *elaborator) unused() {
	for _, b := range e.scope.order {
		if b.isUsed || isPoisoned(b.value) {
			continue
		}
		what := "wire"
		if _, isBox := b.value.(box); isBox {
			what = "box"
		}
		d := e.fault(UnusedWire, b.span, "%s `%s` is never used", what, b.name)
		if b.isPort {
			d.Help = append(d.Help, "take the port away, or end it on purpose: `"+b.name+" >> drop`")
		}
	}
}

// unusedParameters tells of parameters that a declaration does not mention again.
func (p *Program) unusedParameters(d *declared) {
	mentioned := map[string]int{}
	grammar.Walk(d.diagram, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Name:
			mentioned[n.Text]++
		case *grammar.Port:
			mentioned[wordText(n.In)]++
		case *grammar.Type:
			mentioned[wordText(n.In)]++
		}
		return true
	})
	for _, param := range d.signature.params {
		if !param.isAxes() && mentioned[param.name] < 2 {
			p.report.fault(UnusedParameter, param.span, "parameter `%s` is never used", param.name)
		}
	}
}
