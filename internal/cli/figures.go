package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
)

// figure is a diagram and how it is drawn.
type figure struct {
	name string // that its file goes by
	of   *diagram.Diagram
	drawing
}

// figures are what is to be drawn of a program: the figure or diagram that is named,
// the model of a train block, or else all figure blocks, or else the last diagram.
// Options that are set hold before what figure blocks say.
func (s *session) figures(program *check.Program, named []string, d drawing, isSet func(string) bool) ([]figure, error) {
	blocks := program.Figures()
	if len(named) > 0 {
		blocks = slices.DeleteFunc(blocks, func(f check.Figure) bool { return f.Name != named[0] })
	}
	if len(blocks) == 0 {
		of, err := drawnDiagram(program, named)
		if err != nil {
			return nil, err
		}
		return []figure{{of.Name, of, d}}, nil
	}
	var list []figure
	for _, block := range blocks {
		f, err := figureOf(program, block, d, isSet)
		if err != nil {
			return nil, err
		}
		if n := count(list, f.name); n > 0 {
			f.name = fmt.Sprintf("%s-%d", f.name, n+1)
		}
		list = append(list, f)
	}
	return list, nil
}

func count(list []figure, name string) int {
	n := 0
	for _, f := range list {
		if f.name == name || strings.HasPrefix(f.name, name+"-") {
			n++
		}
	}
	return n
}

// figureOf is the figure of a figure block.
func figureOf(program *check.Program, block check.Figure, d drawing, isSet func(string) bool) (figure, error) {
	of, err := drawnDiagram(program, []string{block.Diagram})
	if err != nil {
		return figure{}, err
	}
	if block.Title != "" {
		titled := *of
		titled.Title, of = block.Title, &titled
	}
	f := figure{block.Name, of, d}
	if block.Width > 0 {
		f.Width = block.Width // --width, which is read later, takes its place
	}
	if block.Depth >= 0 && !isSet("depth") {
		f.Depth = block.Depth
	}
	for option, value := range map[string]struct {
		said string
		to   *string
	}{"view": {block.View, &f.view}, "theme": {block.Theme, &f.Theme}, "sizes": {block.Sizes, &f.sizes}} {
		if value.said != "" && !isSet(option) {
			*value.to = value.said
		}
	}
	return f, nil
}

// drawnDiagram is the diagram of a name, which may be that of a train block for its
// model; without a name, the last one.
func drawnDiagram(program *check.Program, named []string) (*diagram.Diagram, error) {
	if len(named) > 0 && !slices.Contains(program.Diagrams(), named[0]) && slices.Contains(program.Trains(), named[0]) {
		t, err := sound(program.Training(named[0], nil, nil))
		if err != nil {
			return nil, err
		}
		if model, ok := t.Models[0].Box.Op.(diagram.Composite); ok {
			return model.Body, nil
		}
	}
	name, err := chosen("diagram", named, program.Diagrams())
	if err != nil {
		return nil, err
	}
	return sound(program.Diagram(name, nil))
}

// drawAll draws figures, each into a file of its own where there are many.
func (s *session) drawAll(list []figure, isSet func(string) bool) error {
	folder := list[0].to
	isFolder := isFolder(folder)
	if len(list) > 1 && !isFolder && !(list[0].isMeasured && folder == "-") {
		return misused("there are %d figures, and they go to a file each", len(list)).mend("-o FOLDER/, or name one of them: " + namesOf(list))
	}
	if isFolder {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for _, f := range list {
		if isFolder {
			f.to = filepath.Join(folder, f.name+"."+f.form)
		}
		if err := f.settle(isSet); err != nil {
			return err
		}
		if err := s.draw(f.of, f.drawing); err != nil {
			return err
		}
	}
	return nil
}

// isFolder reports whether -o names a folder: it ends so, or is one.
func isFolder(path string) bool {
	if strings.HasSuffix(filepath.ToSlash(path), "/") {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func namesOf(list []figure) string {
	var names []string
	for _, f := range list {
		names = append(names, f.name)
	}
	return strings.Join(names, ", ")
}
