package exec

import (
	"os"
	"path/filepath"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// programStep compiles the training of a program that learn keeps for its tests, made
// small by settings.
func programStep(t *testing.T, name, train, rule string, set map[string]string, dims map[string][]int, places map[string]int) *diagram.Diagram {
	t.Helper()
	folder := filepath.FromSlash("../../compiler/learn/testdata/programs")
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	p, said := check.Check(&source.File{Name: name, Text: string(text)}, check.Options{
		Sources: os.DirFS(folder), Library: stdlib.Files, Set: set, Rule: rule, Training: true,
	})
	holdSilent(t, said)
	tr, said := p.Training(train, dims, places)
	holdSilent(t, said)
	d, said := learn.Step(tr)
	holdSilent(t, said)
	return d
}

func holdSilent(t *testing.T, said []source.Diagnostic) {
	t.Helper()
	for _, d := range said {
		if d.Severity == source.Error {
			t.Fatal(d.Text(false))
		}
	}
}

// Whole programs learn as the reference does, by each rule of the library.
func TestPrograms(t *testing.T) {
	for _, rule := range []string{"backprop", "dfa", "feedback_alignment"} {
		t.Run("digits by "+rule, func(t *testing.T) {
			compareAll(t, programStep(t, "digits.ncd", "digits", rule, map[string]string{"batch": "5", "wide": "4"},
				map[string][]int{"image": {3, 2}, "label": {}}, map[string]int{"label": 10}))
		})
		t.Run("gpt by "+rule, func(t *testing.T) {
			compareAll(t, programStep(t, "gpt.ncd", "shakespeare", rule, map[string]string{"batch": "2", "m": "8", "h": "2", "n": "2", "context": "5"},
				map[string][]int{"tokens": {5}, "next": {5}}, map[string]int{"tokens": 65, "next": 65}))
		})
	}
}
