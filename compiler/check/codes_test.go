package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ncd/grammar/source"
)

var asked = regexp.MustCompile(`(?m)^# (diagram|train|data|ports|tests) ?(.*)$`)

// TestCodes holds that the example of each code yields that code, once or more,
// and no other. Comments say what is set and what is asked for.
func TestCodes(t *testing.T) {
	for _, code := range Codes {
		t.Run(string(code), func(t *testing.T) {
			f := readFile(t, filepath.Join("testdata/codes", string(code)+".ncd"))
			o := options(f.Text)
			o.Sources = os.DirFS("testdata/codes")
			p, said := Check(f, o)
			for _, m := range asked.FindAllStringSubmatch(f.Text, -1) {
				said = append(said, ask(p, m[1], m[2])...)
			}
			if len(said) == 0 {
				t.Error("nothing is said")
			}
			for _, d := range said {
				if d.Code != code {
					t.Errorf("got\n%s", d.Text(false))
				}
			}
		})
	}
}

// ask asks a program for a diagram, or for the training with fields of some sizes:
// `data image=28x28 label=`.
func ask(p *Program, what, words string) []source.Diagnostic {
	sizes := map[string][]int{}
	for _, field := range strings.Fields(words) {
		name, dims, isField := strings.Cut(field, "=")
		if !isField {
			continue
		}
		sizes[name] = []int{}
		for _, digits := range strings.Split(dims, "x") {
			if n, err := strconv.Atoi(digits); err == nil {
				sizes[name] = append(sizes[name], n)
			}
		}
	}
	var said []source.Diagnostic
	switch name, _, _ := strings.Cut(words, " "); what {
	case "diagram":
		_, said = p.Diagram(name, nil)
	case "tests":
		for _, t := range p.Tests() {
			said = append(said, t.Said...)
		}
	case "ports":
		_, said = p.DiagramFor(name, sizes)
	case "train":
		_, said = p.Clauses(name, "")
	case "data":
		_, said = p.Training("run", sizes, nil)
	}
	return said
}

// TestCodesAreTold holds that the list of codes has no name twice.
func TestCodesAreDistinct(t *testing.T) {
	seen := map[source.Code]bool{}
	for _, code := range Codes {
		if seen[code] {
			t.Errorf("%s stands twice", code)
		}
		seen[code] = true
	}
}
