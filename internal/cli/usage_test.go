package cli

import (
	"bytes"
	"strings"
	"testing"
)

// TestOptionsFitTerminal holds what the help of every command says of its options to
// the width of a narrow terminal.
func TestOptionsFitTerminal(t *testing.T) {
	for _, cmd := range (&session{}).root().Commands() {
		var out bytes.Buffer
		if status := Main([]string{"help", cmd.Name()}, Streams{In: strings.NewReader(""), Out: &out, Err: &out}); status != done {
			t.Fatalf("ncd help %s: exit status %d", cmd.Name(), status)
		}
		_, options, _ := strings.Cut(out.String(), "\nFlags:\n")
		for line := range strings.Lines(options) {
			if n := len([]rune(strings.TrimRight(line, "\n"))); n > terminalWidth {
				t.Errorf("ncd help %s: %d columns: %s", cmd.Name(), n, line)
			}
		}
	}
}
