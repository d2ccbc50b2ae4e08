package lsp

import (
	"slices"
	"strings"

	"ncd/internal/doc"
)

type signatureHelp struct {
	Signatures      []signature `json:"signatures"`
	ActiveSignature int         `json:"activeSignature"`
	ActiveParameter int         `json:"activeParameter"`
}

type signature struct {
	Label         string      `json:"label"`
	Documentation *markup     `json:"documentation,omitempty"`
	Parameters    []parameter `json:"parameters"`
}

type parameter struct {
	Label string `json:"label"`
}

// signature tells how the brackets that are being written are meant: what they take, and
// which of it is being given. It is null outside of a box's brackets.
func (d *document) signature(p placed) (any, error) {
	at := writingAt(d.file, d.lines.offset(p.Position))
	if at.box == "" {
		return nil, nil
	}
	entry, found := entryOf(d.documented(), at.box)
	if !found || len(entry.Parameters) == 0 {
		return nil, nil
	}
	s := signature{Parameters: []parameter{}}
	var words []string
	for _, p := range entry.Parameters {
		label := p.Name
		if p.Default != "" {
			label += " = " + p.Default
		}
		words = append(words, label)
		s.Parameters = append(s.Parameters, parameter{label})
	}
	s.Label = at.box + "[" + strings.Join(words, ", ") + "]"
	if entry.Doc != "" {
		s.Documentation = &markup{"markdown", entry.Doc}
	}
	return signatureHelp{[]signature{s}, 0, activeIn(entry, at)}, nil
}

// activeIn is the number of the parameter that is being given: by name, else by place.
func activeIn(entry doc.Entry, at writing) int {
	if i := slices.IndexFunc(entry.Parameters, func(p doc.Parameter) bool { return p.Name == at.given }); i >= 0 {
		return i
	}
	return at.argument
}
