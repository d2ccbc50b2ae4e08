package cli

import "strings"

// pageWidth is how many columns words fill at most.
const pageWidth = 96

// wrapped breaks a text into lines, those after the first behind a margin.
func wrapped(text, margin string) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch length := len([]rune(word)); {
		case column == 0:
			column = length
		case column+1+length > pageWidth-len(margin):
			b.WriteString("\n" + margin)
			column = length
		default:
			b.WriteByte(' ')
			column += 1 + length
		}
		b.WriteString(word)
	}
	return b.String()
}

// indented sets a text four columns in, empty lines left empty.
func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			b.WriteString("    ")
		}
		b.WriteString(line)
	}
	if !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
	return b.String()
}
