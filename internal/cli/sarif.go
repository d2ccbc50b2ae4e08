package cli

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"ncd/grammar/source"
)

// The part of SARIF 2.1.0 (OASIS, 2020) that diagnostics need: one run of one
// tool, a rule a code, a result a diagnostic. Columns count code points, which
// the run says.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID source.Code `json:"id"`
	}
	sarifResult struct {
		RuleID           source.Code     `json:"ruleId"`
		Level            string          `json:"level"`
		Message          sarifText       `json:"message"`
		Locations        []sarifLocation `json:"locations"`
		RelatedLocations []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
		Message  *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
)

// putSARIF prints diagnostics as a SARIF log on standard output.
func (s *session) putSARIF(said []source.Diagnostic) error {
	driver := sarifDriver{Name: "ncd", Version: release(), Rules: []sarifRule{}}
	results := []sarifResult{}
	for _, d := range source.InOrder(said) {
		if rule := (sarifRule{d.Code}); !slices.Contains(driver.Rules, rule) {
			driver.Rules = append(driver.Rules, rule)
		}
		results = append(results, sarifResultOf(d))
	}
	return s.put(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{{sarifTool{driver}, "unicodeCodePoints", results}},
	})
}

func sarifResultOf(d source.Diagnostic) sarifResult {
	r := sarifResult{RuleID: d.Code, Level: "error", Locations: []sarifLocation{}}
	if d.Severity == source.Remark {
		r.Level = "note"
	}
	r.Message.Text = strings.Join(slices.Concat([]string{d.Message}, d.Help), "\n")
	if !d.Span.IsZero() {
		r.Locations = append(r.Locations, sarifLocationOf(d.Span, d.Label))
	}
	for _, note := range d.Notes {
		if !note.Span.IsZero() {
			r.RelatedLocations = append(r.RelatedLocations, sarifLocationOf(note.Span, note.Message))
		}
	}
	return r
}

func sarifLocationOf(span source.Span, message string) sarifLocation {
	var l sarifLocation
	l.Physical.Artifact.URI = (&url.URL{Path: filepath.ToSlash(span.File.Name)}).String()
	region := &l.Physical.Region
	region.StartLine, region.StartColumn = span.File.Position(span.Start)
	region.EndLine, region.EndColumn = span.File.Position(span.End)
	if message != "" {
		l.Message = &sarifText{message}
	}
	return l
}
