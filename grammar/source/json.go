package source

import (
	"encoding/json"
	"io"
)

// jsonPlace is a span as other programs read it; lines and columns count from
// 1, columns in runes, and the end is behind the last rune.
type jsonPlace struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

type jsonNote struct {
	Message string `json:"message"`
	jsonPlace
}

type jsonDiagnostic struct {
	Code     Code   `json:"code"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	Label    string `json:"label"`
	jsonPlace
	Notes []jsonNote `json:"notes"`
	Help  []string   `json:"help"`
}

// MarshalJSON writes the diagnostic as one object: code, severity, message,
// label, file, line, column, endLine, endColumn, notes and help. A diagnostic or
// note that has no place lacks the five keys of one.
func (d Diagnostic) MarshalJSON() ([]byte, error) { return json.Marshal(d.json()) }

func (d Diagnostic) json() jsonDiagnostic {
	out := jsonDiagnostic{d.Code, d.Severity.String(), d.Message, d.Label, placeOf(d.Span), []jsonNote{}, []string{}}
	for _, note := range d.Notes {
		out.Notes = append(out.Notes, jsonNote{note.Message, placeOf(note.Span)})
	}
	out.Help = append(out.Help, d.Help...)
	return out
}

// PrintJSON writes diagnostics in the order of the text, one object a line. It
// leaves none out.
func PrintJSON(w io.Writer, said []Diagnostic) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	for _, d := range InOrder(said) {
		if err := encoder.Encode(d.json()); err != nil {
			return err
		}
	}
	return nil
}

func placeOf(s Span) jsonPlace {
	if s.IsZero() {
		return jsonPlace{}
	}
	line, column := s.File.Position(s.Start)
	endLine, endColumn := s.File.Position(s.End)
	return jsonPlace{s.File.Name, line, column, endLine, endColumn}
}
