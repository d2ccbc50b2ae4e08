package learn

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// program is the training of a file of testdata/programs, made small by settings.
func program(t testing.TB, name, train, rule string, set map[string]string, dims map[string][]int, places map[string]int) *diagram.Training {
	t.Helper()
	const folder = "testdata/programs"
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
	return tr
}

func holdSilent(t testing.TB, said []source.Diagnostic) {
	t.Helper()
	var b strings.Builder
	errors := false
	for _, d := range said {
		errors = errors || d.Severity == source.Error
		b.WriteString(d.Text(false) + "\n")
	}
	if errors {
		t.Fatal(b.String())
	}
}

func digits(t testing.TB, rule string) *diagram.Training {
	return program(t, "digits.ncd", "digits", rule, map[string]string{"batch": "5", "wide": "4"}, map[string][]int{"image": {3, 2}, "label": {}}, map[string]int{"label": 10})
}

func gpt(t testing.TB, rule string) *diagram.Training {
	return program(t, "gpt.ncd", "shakespeare", rule, map[string]string{"batch": "2", "m": "8", "h": "2", "n": "2", "context": "5"}, map[string][]int{"tokens": {5}, "next": {5}}, map[string]int{"tokens": 65, "next": 65})
}

func cnn(t testing.TB, rule string) *diagram.Training {
	return program(t, "cnn.ncd", "cnn", rule, map[string]string{"batch": "2"}, map[string][]int{"image": {8, 4}, "label": {}}, map[string]int{"label": 10})
}

// TestPrograms makes steps of whole programs by each rule of the library, and holds
// that backpropagation descends.
func TestPrograms(t *testing.T) {
	programs := map[string]func(testing.TB, string) *diagram.Training{"digits": digits, "gpt": gpt, "cnn": cnn}
	for name, make := range programs {
		for _, rule := range []string{"backprop", "dfa", "feedback_alignment"} {
			t.Run(name+" "+rule, func(t *testing.T) {
				tr := make(t, rule)
				d := compile(t, tr)
				run(t, d, values(t, d))
				if rule == "backprop" {
					tr.Optimizer = descent
					descends(t, tr)
				}
			})
		}
	}
}
