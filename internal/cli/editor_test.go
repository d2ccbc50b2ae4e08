package cli

import (
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// TestForEditor holds that an editor is given what ncd render and ncd test make.
func TestForEditor(t *testing.T) {
	program, said := check.Check(&source.File{Name: "a.ncd", Text: `diagram A(x[m]) -> [m] { x >> relu }

figure One { diagram A; theme dark }

figure Boxes { diagram A; view graph }

test "holds" {
    y = normal[m:3] >> softmax[m] >> sum[m]
    expect y ~ 1 within 1e-5
}

test "does not" {
    y = normal[m:3] >> softmax[m] >> sum[m]
    expect y ~ 2 within 1e-5
}
`}, check.Options{Library: stdlib.Files})
	if len(said) > 0 {
		t.Fatal(said[0].Text(false))
	}
	s := &session{}
	for _, name := range []string{"A", "One", "Boxes"} {
		svg, err := s.forEditor(program, name, "")
		if err != nil || !strings.Contains(string(svg), "<svg") {
			t.Errorf("%s: %v %.80s", name, err, svg)
		}
	}
	if _, err := s.forEditor(program, "B", ""); err == nil || !strings.Contains(err.Error(), "`B`") {
		t.Errorf("of what is not there: %v", err)
	}
	if said, err := s.testForEditor(program, "holds"); err != nil || len(said) > 0 {
		t.Errorf("%v %v", said, err)
	}
	if said, err := s.testForEditor(program, "does not"); err != nil || len(said) != 1 {
		t.Errorf("%v %v", said, err)
	}
	if _, err := s.testForEditor(program, "none"); err == nil {
		t.Error("there is a test `none`")
	}
}
