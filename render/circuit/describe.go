package circuit

import (
	"fmt"
	"strings"

	"ncd/compiler/diagram"
)

// describe says in words what the figure shows, for those who do not see it.
func describe(d *diagram.Diagram) string {
	var b strings.Builder
	if d.Doc != "" {
		b.WriteString(strings.Join(strings.Fields(d.Doc), " ") + " ")
	}
	fmt.Fprintf(&b, "A neural circuit diagram. %s takes %s and gives %s.", title(d), wiresInWords(d.In), wiresInWords(d.Out))
	var steps []string
	for _, box := range d.Boxes {
		if !isNumber(box) {
			steps = append(steps, boxInWords(box))
		}
	}
	if len(steps) > 0 {
		b.WriteString(" From left to right: " + strings.Join(steps, "; ") + ".")
	}
	return b.String()
}

func wiresInWords(wires []*diagram.Wire) string {
	words := make([]string, len(wires))
	for i, w := range wires {
		words[i] = strings.TrimSpace(w.Name + " " + w.Type.String())
	}
	switch n := len(words); n {
	case 0:
		return "nothing"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

func boxInWords(b *diagram.Box) string {
	words := b.Op.Kind()
	if fn, ok := b.Op.(diagram.Map); ok && fn.Sole() != "" {
		words = string(fn.Sole())
	}
	if own := b.Weave.Own; len(own) > 0 {
		words += " on " + strings.Join(own.Labels(), " ")
	}
	if over := b.Weave.Degree; len(over) > 0 {
		words += " at each " + strings.Join(over.Labels(), " ")
	}
	return words
}
