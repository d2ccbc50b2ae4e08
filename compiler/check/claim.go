package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
)

// Test is a `test` block: a diagram that nothing flows into, and what is expected
// of the wires that flow out.
type Test struct {
	Name    string
	Doc     string
	Diagram *diagram.Diagram // Out are the wires of the Claims; nil where the block has errors
	Claims  []Claim
	// Said are the errors of the block, and the claims that do not hold about types
	// and errors, which are decided without running anything (UnmetClaim).
	Said []source.Diagnostic
	Span source.Span
}

// Claim is `expect w ~ 1 within 1e-6`: every number of one wire is as near to that
// of another, at the same place. Both have the same axes in the same order.
type Claim struct {
	Got, Wanted int     // which of Diagram.Out
	Within      float64 // how far apart they may be
	Span        source.Span
}

// withinPreset is how near wires must be where nothing is said: a few roundings of
// numbers about 1 in float32.
const withinPreset = 1e-5

// Tests elaborates the tests of the file in the order of the text.
func (p *Program) Tests() []Test {
	var tests []Test
	for _, d := range p.main.ordered {
		if d.kind == "test" {
			tests = append(tests, p.test(d))
		}
	}
	return tests
}

// checkTest tells what is wrong with a test, but not which claims do not hold.
func (p *Program) checkTest(d *declared) {
	for _, said := range p.test(d).Said {
		if said.Code != UnmetClaim {
			p.report.said = append(p.report.said, &said)
		}
	}
}

func (p *Program) test(d *declared) Test {
	r := &report{}
	e := p.elaborator(r, d.unit)
	e.d.Name, e.d.Doc, e.d.Span = "test", d.test.Doc(), d.span
	e.claims = &claims{}
	if v := e.block(d.test.Body); v != nil && !isPoisoned(v) {
		e.fault(WireNeeded, d.test.Body.Stmts[len(d.test.Body.Stmts)-1].Span(), "nothing takes what a test hands out: say what is expected of it, `expect w ~ 1`")
	}
	e.unusedSlots()
	e.d.Out = e.claims.wires
	if !r.hasErrors(0) {
		e.finish()
	}
	if !r.hasErrors(0) {
		e.unused()
	}
	t := Test{Name: d.name, Doc: d.test.Doc(), Claims: e.claims.list, Said: r.inOrder(), Span: d.span}
	if !slices.ContainsFunc(r.said, func(d *source.Diagnostic) bool { return d.Severity == source.Error && d.Code != UnmetClaim }) {
		t.Diagram = e.d
	}
	return t
}

// claims are those of a test while it is elaborated.
type claims struct {
	wires []*diagram.Wire
	list  []Claim
}

// expect elaborates one claim.
func (e *elaborator) expect(s *grammar.Expect) {
	switch {
	case e.claims == nil:
		e.fault(InvalidEntry, s.Span(), "`expect` stands in a test, outside of loops")
	case s.Error != nil:
		e.expectError(s)
	case s.Type != nil:
		e.expectType(s)
	default:
		e.expectNear(s)
	}
}

// expectError elaborates a block that must have an error.
func (e *elaborator) expectError(s *grammar.Expect) {
	code := source.Code(s.Error.Text)
	if !slices.Contains(Codes, code) {
		var known []string
		for _, c := range Codes {
			known = append(known, string(c))
		}
		e.fault(UnknownName, s.Error.Span(), "no error is called `%s`%s", code, meant(string(code), known))
		return
	}
	inner := e.program.elaborator(&report{}, e.unit)
	inner.scope = newScope(e.scope)
	inner.block(s.Body)
	inner.unusedSlots()
	inner.finish()
	if !inner.hasErrors(0) {
		inner.unused()
	}
	first := inner.firstError(0)
	if first == nil {
		e.fault(UnmetClaim, s.Span(), "error `%s` is expected, and nothing is wrong here", code)
		return
	}
	for _, said := range inner.said {
		if said.Code == code {
			return
		}
	}
	d := e.fault(UnmetClaim, s.Span(), "error `%s` is expected, and what is told is `%s`: %s", code, first.Code, first.Message)
	d.Notes = append(d.Notes, source.Note{Span: first.Span, Message: "here"})
}

// expectType holds a wire against the type that is expected of it.
func (e *elaborator) expectType(s *grammar.Expect) {
	w, ok := e.oneWire(e.eval(s.Value), s.Value.Span())
	axes, _, okAxes := e.typed(e.axisSpecs(s.Type.Args), "")
	if !ok || !okAxes {
		return
	}
	isMet := sameLabels(axes.Labels(), w.Type.Axes.Labels())
	for _, a := range axes {
		isMet = isMet && e.job.unifier.Unify(a.Size, w.Type.Axes[w.Type.Axes.Index(a.Label)].Size)
	}
	if !isMet {
		e.fault(UnmetClaim, s.Span(), "`%s` is %s, and %s is expected", s.Value.Span().Text(), e.typeOf(w), s.Type.Span().Text())
	}
}

// expectNear lets out the wires that are to be compared.
func (e *elaborator) expectNear(s *grammar.Expect) {
	got, okGot := e.oneWire(e.eval(s.Value), s.Value.Span())
	wanted := e.eval(s.Near)
	within, okWithin := e.within(s)
	if !okGot || isPoisoned(wanted) || !okWithin {
		return
	}
	if got.Type.IsPlace() {
		e.fault(NumberNeeded, s.Value.Span(), "numbers are compared, and %s holds places along `%s`", e.wireName(got), got.Type.In.Label)
		return
	}
	// At every place of `got`: what is wanted there, which may have fewer axes.
	spread, ok := e.elementwise(diagram.FnAdd, e.elementwise(diagram.FnMul, wire{got}, numberOf(diagram.Literal(0)), s.Span()), wanted, s.Near.Span()).(wire)
	if !ok {
		return
	}
	if !sameLabels(spread.Type.Axes.Labels(), got.Type.Axes.Labels()) {
		e.fault(ResultMismatch, s.Near.Span(), "`%s` is %s, and what it is compared with has axes beside these: %s", s.Value.Span().Text(), e.typeOf(got), e.typeOf(spread.Wire))
		return
	}
	c := Claim{Got: len(e.claims.wires), Wanted: len(e.claims.wires) + 1, Within: within, Span: s.Span()}
	e.claims.list = append(e.claims.list, c)
	e.claims.wires = append(e.claims.wires,
		e.view("copy", got, got.Type.Axes, s.Value.Span()), e.arranged(spread.Wire, got.Type.Axes.Labels(), s.Near.Span()))
}

func (e *elaborator) within(s *grammar.Expect) (float64, bool) {
	if s.Within == nil {
		return withinPreset, true
	}
	n, ok := e.static(s.Within)
	if !ok {
		return 0, false
	}
	x, isNumber := n.number.Float()
	if !isNumber || x < 0 {
		e.fault(SizeNeeded, s.Within.Span(), "how near is a number, 0 or more")
		return 0, false
	}
	return x, true
}
