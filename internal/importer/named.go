package importer

import (
	"fmt"
	"slices"

	"ncd/compiler/check"
	"ncd/compiler/rewrite"
	"ncd/grammar/source"
	"ncd/runtime/tensor"
	"ncd/stdlib"
)

// Named is the weights of a program by their paths in it. They are met in the order of
// the text, so that the program itself says which is which; that sizes agree is held.
// An error is a fault of the importer: its own text is wrong.
func (p *Program) Named() (map[string]*tensor.Tensor, error) {
	program, said := check.Check(&source.File{Name: p.Name + ".ncd", Text: p.Text}, check.Options{Library: stdlib.Files})
	if err := firstOf(said); err != nil {
		return nil, err
	}
	d, said := program.Diagram(p.Name, nil)
	if err := firstOf(said); err != nil {
		return nil, err
	}
	wanted := rewrite.Normalize(d).Weights
	if len(wanted) != len(p.Weights) {
		return nil, fmt.Errorf("the program reads %d weights, and the model has %d", len(wanted), len(p.Weights))
	}
	named := map[string]*tensor.Tensor{}
	for i, w := range wanted {
		dims, err := w.Axes.Ints()
		if err != nil {
			return nil, fmt.Errorf("weight `%s`: %w", w.Path, err)
		}
		if !slices.Equal(dims, p.Weights[i].Dims) {
			return nil, fmt.Errorf("weight `%s` %s is to be made of %v", w.Path, w.Axes, p.Weights[i].Dims)
		}
		named[w.Path] = p.Weights[i].Tensor(w.Axes.Labels())
	}
	return named, nil
}

// firstOf is the first error among diagnostics, or nil.
func firstOf(said []source.Diagnostic) error {
	for _, d := range said {
		if d.Severity == source.Error {
			return fmt.Errorf("the program is wrong: %s", d.Message)
		}
	}
	return nil
}
