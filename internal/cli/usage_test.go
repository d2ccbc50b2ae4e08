package cli

import (
	"bytes"
	"strings"
	"testing"
)

// TestHelpFitsTerminal holds what the help of every command says, but for lines to be
// typed, to the width of a narrow terminal.
func TestHelpFitsTerminal(t *testing.T) {
	for _, cmd := range (&session{}).root().Commands() {
		var out bytes.Buffer
		if status := Main([]string{"help", cmd.Name()}, Streams{In: strings.NewReader(""), Out: &out, Err: &out}); status != done {
			t.Fatalf("ncd help %s: exit status %d", cmd.Name(), status)
		}
		words, usage, _ := strings.Cut(out.String(), "\nUsage:\n")
		_, options, _ := strings.Cut(usage, "\nFlags:\n")
		for line := range strings.Lines(words + options) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > terminalWidth {
				t.Errorf("ncd help %s: %d columns: %s", cmd.Name(), n, line)
			}
		}
	}
}
