package cli

import "strings"

// wrapped breaks a text into lines, those after the first behind a margin.
func wrapped(text, margin string) string {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch length := len([]rune(word)); {
		case column == 0:
			column = length
		case column+1+length > terminalWidth-len(margin):
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

// folded breaks the paragraphs of a text into lines; what is set in stays as it is.
func folded(text string) string {
	var lines, paragraph []string
	flush := func() {
		if len(paragraph) > 0 {
			lines = append(lines, wrapped(strings.Join(paragraph, " "), ""))
			paragraph = nil
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		if line != "" && line[0] != ' ' {
			paragraph = append(paragraph, line)
			continue
		}
		flush()
		lines = append(lines, line)
	}
	flush()
	return strings.Join(lines, "\n")
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
