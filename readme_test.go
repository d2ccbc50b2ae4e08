package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var programBlock = regexp.MustCompile("(?s)```ncd\n(.*?)```")

// TestReadmeShowsTheExample holds that the program of the README is the example
// whose figure and curve stand beside it, and that its links lead somewhere.
func TestReadmeShowsTheExample(t *testing.T) {
	readme := read(t, "README.md")
	block := programBlock.FindStringSubmatch(readme)
	if block == nil {
		t.Fatal("the README shows no program")
	}
	if want := read(t, "examples/digits/digits.ncd"); block[1] != want {
		t.Errorf("the README's program is not examples/digits/digits.ncd:\n%s", block[1])
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(programBlock.ReplaceAllString(readme, ""), -1) {
		if _, err := os.Stat(strings.TrimSuffix(link[1], "/")); err != nil {
			t.Errorf("a link leads nowhere: %v", err)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
