package cli

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

// broken is a standard input that breaks the command.
type broken struct{}

func (broken) Read([]byte) (int, error) { panic("the promise was broken") }

func TestPanicIsAFaultOfOurs(t *testing.T) {
	var out, err bytes.Buffer
	if status := Main([]string{"check", "-"}, Streams{In: broken{}, Out: &out, Err: &err}); status != broke {
		t.Errorf("exit status %d, want %d", status, broke)
	}
	for _, want := range []string{"a fault of ours", "the promise was broken", "cli_test.go"} {
		if !strings.Contains(err.String(), want) {
			t.Errorf("%q is not in %s", want, err.String())
		}
	}
	if out.Len() > 0 {
		t.Errorf("%q was printed as a result", out.String())
	}
}

func TestColour(t *testing.T) {
	for _, c := range []struct {
		name          string
		onTerminal    bool
		noColor, term string
		want          bool
	}{
		{"on a terminal", true, "", "xterm", true},
		{"in a file", false, "", "xterm", false},
		{"with NO_COLOR", true, "1", "xterm", false},
		{"on a terminal without colours", true, "", "dumb", false},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("TERM", c.term)
		if got := wantsColour(c.onTerminal); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	if isTerminal(&bytes.Buffer{}) {
		t.Error("a buffer was taken for a terminal")
	}
}

func TestMillimetres(t *testing.T) {
	for text, want := range map[string]float64{
		"3.25in": 82.55, "80mm": 80, "8 cm": 80, "72pt": 25.4,
		"80": 0, "-1mm": 0, "wide": 0, "": 0, "1e9mm": 0, "NaNmm": 0,
	} {
		got, err := millimetres(text)
		if math.Abs(got-want) > 1e-9 || (err == nil) != (want > 0) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
}
