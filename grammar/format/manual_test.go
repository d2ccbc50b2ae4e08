package format

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var fence = regexp.MustCompile("(?s)```ncd\n(.*?)```")

// TestManualIsInForm holds the programs of the manual to the form it teaches.
func TestManualIsInForm(t *testing.T) {
	manual, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range fence.FindAllSubmatch(manual, -1) {
		text := string(program[1])
		if diff := cmp.Diff(text, mustFormat(t, text)); diff != "" {
			t.Errorf("manual -, form +\n%s", diff)
		}
	}
}
