package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
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
	if d.diagram.Ports == nil {
		p.checkOpen(e, d)
		return
	}
	e.alone(d, alone{})
	e.finish()
	if !p.report.hasErrors(before) {
		e.unused()
		p.unusedParameters(d)
		d.noteCarried(e)
		p.checkAsSet(d)
	}
}

// checkAsSet elaborates a diagram once more with the values that are set from outside,
// where one of them is its.
func (p *Program) checkAsSet(d *declared) {
	isIts := func(name string) bool { return p.set[name] != nil }
	if d.unit != p.main || !slices.ContainsFunc(d.signature.settable(), isIts) {
		return
	}
	e := p.elaborator(&report{}, d.unit)
	e.alone(d, alone{set: p.set})
	e.finish()
	p.report.said = append(p.report.said, e.said...)
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
	if !e.setParameters(d.signature, with) {
		return
	}
	e.portLetters(d, with)
	if !e.presets(d.signature, nil, d.span) || !e.sizedLetters(d) {
		return
	}
	for _, p := range d.signature.ports {
		specs := e.portSpecs(p, with)
		axes, in, ok := e.typed(specs, p.in)
		if !ok {
			return
		}
		w := &diagram.Wire{Name: p.name, Type: shape.Type{Axes: axes, In: in}, Span: p.span}
		for _, spec := range specs {
			if spec.size != nil {
				e.setOrigin(w, spec.name, spec.span)
			}
		}
		e.enterPort(w)
		if !e.holdPort(p, axes, with) {
			return
		}
	}
	for _, p := range d.signature.states {
		if !e.enterState(p, nil) {
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
