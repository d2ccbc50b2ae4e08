package lsp

import (
	"ncd/grammar/format"
)

type textEdit struct {
	Range   extent `json:"range"`
	NewText string `json:"newText"`
}

// formatting brings the document into its canonical form. One that does not parse is
// left as it is.
func (d *document) formatting(identified) ([]textEdit, error) {
	text, said := format.Format(d.file)
	if len(said) > 0 {
		return nil, &failure{requestFailed, "what does not parse is not formatted: " + said[0].Message}
	}
	if text == d.file.Text {
		return []textEdit{}, nil
	}
	return []textEdit{{d.lines.extent(0, len(d.file.Text)), text}}, nil
}
