package learn

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/grammar/source"
)

// refuse tells of opaque boxes that a rule asks for a derivative of.
func (s *step) refuse() {
	for _, b := range grad.Refused(s.d) {
		s.said = append(s.said, source.Diagnostic{
			Code: NoDerivative, Severity: source.Error, Span: b.Span,
			Message: "the learning rule needs the derivative of opaque box " + boxPath(b) + ", whose inside is not known",
			Help:    []string{"a rule fits that gives each layer a signal or an objective of its own; or cut the box off with `detach`"},
		})
	}
}

func boxPath(b *diagram.Box) string {
	return strings.Join(append(b.Path[:len(b.Path):len(b.Path)], b.Name), ".")
}
