package lsp

import (
	"regexp"

	"ncd/grammar/source"
)

type codeAction struct {
	Title       string        `json:"title"`
	Kind        string        `json:"kind"`
	Diagnostics []diagnostic  `json:"diagnostics"`
	IsPreferred bool          `json:"isPreferred"`
	Edit        workspaceEdit `json:"edit"`
}

type workspaceEdit struct {
	Changes map[string][]textEdit `json:"changes"`
}

// ranged is the parameters of a request about a part of a document.
type ranged struct {
	identified
	Range extent `json:"range"`
}

// meant is how a diagnostic says which name is near a misspelt one.
var (
	meant   = regexp.MustCompile("did you mean `([^`]+)`\\?")
	oneName = regexp.MustCompile(`^[\pL_][\pL\pM\p{Nd}_]*'*$`)
)

// actions are the mends that can be done of what is said about a part of the document:
// a misspelt name is replaced by the one that is near.
func (d *document) actions(p ranged) ([]codeAction, error) {
	list := []codeAction{}
	from, to := d.lines.offset(p.Range.Start), d.lines.offset(p.Range.End)
	for _, said := range d.analyse().said {
		if said.Span.File != d.file || said.Span.End < from || said.Span.Start > to {
			continue
		}
		name, ok := nearName(said)
		if !ok {
			continue
		}
		list = append(list, codeAction{
			Title: "Change to `" + name + "`", Kind: "quickfix", IsPreferred: true,
			Diagnostics: []diagnostic{d.diagnosticOf(said)},
			Edit:        workspaceEdit{map[string][]textEdit{d.uri: {{d.extent(said.Span), name}}}},
		})
	}
	return list, nil
}

// nearName is the name to put in the place of a diagnostic that is about one name.
func nearName(said source.Diagnostic) (string, bool) {
	if !oneName.MatchString(said.Span.Text()) {
		return "", false
	}
	found := meant.FindStringSubmatch(messageOf(said))
	if found == nil || !oneName.MatchString(found[1]) {
		return "", false
	}
	return found[1], true
}
