package check

import (
	"ncd/grammar"
)

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
			d.Help = append(d.Help, "take the port away, or end it on purpose beside another wire: `(…, "+b.name+" >> drop)`")
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
