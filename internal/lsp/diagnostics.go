package lsp

import (
	"strings"

	"ncd/grammar"
	"ncd/grammar/source"
)

// published is what is wrong in a document.
type published struct {
	URI         string       `json:"uri"`
	Version     *int         `json:"version,omitempty"`
	Diagnostics []diagnostic `json:"diagnostics"`
}

type diagnostic struct {
	Range    extent      `json:"range"`
	Severity int         `json:"severity"`
	Code     source.Code `json:"code"`
	Source   string      `json:"source"`
	Message  string      `json:"message"`
	Tags     []int       `json:"tags,omitempty"`
	Related  []related   `json:"relatedInformation,omitempty"`
}

type related struct {
	Location location `json:"location"`
	Message  string   `json:"message"`
}

type location struct {
	URI   string `json:"uri"`
	Range extent `json:"range"`
}

// The protocol's numbers.
const (
	severityError       = 1
	severityInformation = 3
	tagUnnecessary      = 1
)

// diagnostics is all that is said of the document, in the order of the text.
func (d *document) diagnostics() []diagnostic {
	list := []diagnostic{}
	for _, said := range d.analyse().said {
		list = append(list, d.diagnosticOf(said))
	}
	return list
}

func (d *document) diagnosticOf(said source.Diagnostic) diagnostic {
	out := diagnostic{Range: d.placeOf(said.Span), Severity: severityError, Code: said.Code, Source: "ncd", Message: messageOf(said)}
	if said.Severity == source.Remark {
		out.Severity = severityInformation
	}
	if strings.HasPrefix(string(said.Code), "Unused") {
		out.Tags = []int{tagUnnecessary}
	}
	if said.Span.File != d.file {
		out.Related = d.related(out.Related, said.Span, said.Message)
	}
	for _, note := range said.Notes {
		out.Related = d.related(out.Related, note.Span, note.Message)
	}
	return out
}

// messageOf is what a diagnostic says, with its mends.
func messageOf(said source.Diagnostic) string {
	text := said.Message
	if said.Label != "" {
		text += "\n" + said.Label
	}
	for _, help := range said.Help {
		text += "\nhelp: " + help
	}
	return text
}

func (d *document) related(list []related, span source.Span, words string) []related {
	if at, ok := d.locate(span); ok {
		return append(list, related{at, words})
	}
	return list
}

// placeOf is where a diagnostic stands in the document. One of an imported file stands
// at the import, and one without a place at the beginning.
func (d *document) placeOf(span source.Span) extent {
	if span.File == d.file {
		return d.extent(span)
	}
	if span.IsZero() {
		return extent{}
	}
	for _, decl := range d.analyse().tree.Decls {
		if i, ok := decl.(*grammar.Import); ok && strings.HasSuffix(span.File.Name, strings.TrimLeft(i.Path.Value, "./")) {
			return d.extent(i.Path.Span())
		}
	}
	return extent{}
}

func (d *document) extent(span source.Span) extent { return d.lines.extent(span.Start, span.End) }

// locate is where an editor finds a span: in the document, in a file beside it, or in
// a copy of the library.
func (d *document) locate(span source.Span) (location, bool) {
	switch {
	case span.IsZero():
		return location{}, false
	case span.File == d.file:
		return location{d.uri, d.extent(span)}, true
	}
	place := newLines(span.File.Text).extent(span.Start, span.End)
	if standard, ok := strings.CutPrefix(span.File.Name, "std/"); ok {
		uri, ok := d.server.libraryURI(standard)
		return location{uri, place}, ok
	}
	return location{d.server.uriOf(span.File.Name), place}, true
}
