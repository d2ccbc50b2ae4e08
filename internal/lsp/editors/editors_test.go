// Package editors holds what editors are told about the language. It has no code.
package editors

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ncd/grammar"
)

// TestGrammarKnowsTheKeywords holds the highlighted words to those of the language.
func TestGrammarKnowsTheKeywords(t *testing.T) {
	text, err := os.ReadFile(filepath.FromSlash("vscode/syntaxes/ncd.tmLanguage.json"))
	if err != nil {
		t.Fatal(err)
	}
	var highlighting struct {
		Patterns []struct{ Name, Match string }
	}
	if err := json.Unmarshal(text, &highlighting); err != nil {
		t.Fatal(err)
	}
	for _, p := range highlighting.Patterns {
		if p.Name != "keyword.control.ncd" {
			continue
		}
		words := strings.Split(p.Match[strings.Index(p.Match, ")(")+2:strings.LastIndex(p.Match, ")(?!")], "|")
		if !slices.Equal(words, grammar.Keywords()) {
			t.Errorf("it knows %v, not %v", words, grammar.Keywords())
		}
		return
	}
	t.Error("it has no keywords")
}

func TestFilesAreJSON(t *testing.T) {
	for _, name := range []string{"package.json", "language-configuration.json"} {
		text, err := os.ReadFile(filepath.Join("vscode", name))
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(text) {
			t.Errorf("%s is no JSON", name)
		}
	}
}
