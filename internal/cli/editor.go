package cli

import (
	"bytes"
	"fmt"
	"slices"

	"ncd/compiler/check"
	"ncd/grammar/source"
	"ncd/render"
)

// forEditor draws a figure, a diagram or the model of a train block as SVG, as ncd render
// does without options but the theme.
func (s *session) forEditor(program *check.Program, name, theme string) ([]byte, error) {
	options := drawing{Options: render.Options{Depth: render.AllLevels, Theme: "paper"}, view: "circuit", by: "operations", mode: "eval", sizes: "letters", to: "-", dpi: 300}
	isSet := func(option string) bool { return option == "theme" && theme != "" }
	if theme != "" {
		options.Theme = theme
	}
	list, err := s.figures(program, []string{name}, options, isSet)
	if err != nil {
		return nil, err
	}
	f := list[0]
	if err := f.settle(isSet); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if f.view == "graph" {
		err = render.Graph(&b, f.of, f.Options, "svg")
		return b.Bytes(), err
	}
	drawn, _, err := f.figure(f.of)
	if err != nil {
		return nil, notDrawn(f.of, err)
	}
	err = render.Write(&b, drawn, "svg")
	return b.Bytes(), err
}

// testForEditor runs a test and tells which claims do not hold.
func (s *session) testForEditor(program *check.Program, name string) ([]source.Diagnostic, error) {
	tests := program.Tests()
	i := slices.IndexFunc(tests, func(t check.Test) bool { return t.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no test `%s`", name)
	}
	if said := tests[i].Said; len(said) > 0 {
		return said, nil
	}
	return s.unmet(tests[i], &proving{seed: 1})
}
