package grammar

import (
	"os"
	"regexp"
	"testing"

	"ncd/grammar/source"
)

var fence = regexp.MustCompile("(?s)```ncd\n(.*?)```")

// TestManual reads every program of the manual.
func TestManual(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	programs := fence.FindAllSubmatch(manual, -1)
	if len(programs) < 10 {
		t.Fatalf("only %d programs", len(programs))
	}
	for _, program := range programs {
		_, said := Parse(&source.File{Name: "README.md", Text: string(program[1])})
		for _, d := range said {
			t.Error(d.Text(false))
		}
	}
}
