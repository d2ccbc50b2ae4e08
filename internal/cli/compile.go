package cli

import (
	"slices"
	"strings"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
	"ncd/internal/training"
)

// elaborated is a diagram of a program, with letters for the sizes that nothing
// says.
func (s *session) elaborated(file string, named []string, o check.Options) (*diagram.Diagram, error) {
	program, err := s.checked(file, o)
	if err != nil {
		return nil, err
	}
	name, err := chosen("diagram", named, program.Diagrams())
	if err != nil {
		return nil, err
	}
	return sound(program.Diagram(name, nil))
}

// sound is a diagram without errors. Its remarks were told when the file was
// checked.
func sound[D any](d D, said []source.Diagnostic) (D, error) {
	errors := slices.DeleteFunc(said, func(d source.Diagnostic) bool { return !isError(d) })
	if len(errors) > 0 {
		return d, &refusal{said: errors}
	}
	return d, nil
}

// planOf is the plan of a diagram, and of its gradients where they are wanted.
func planOf(d *diagram.Diagram, wantsGradients bool) (*plan.Plan, error) {
	flat := rewrite.Normalize(d)
	if letters := lettersOf(flat); len(letters) > 0 {
		return nil, unsized(d, letters)
	}
	if err := training.HoldPlaces(flat.Weights); err != nil {
		return nil, err
	}
	if !wantsGradients {
		return lower.Lower(rewrite.Finish(flat), lower.Options{})
	}
	if result := d.Out[0]; len(result.Type.Axes) > 0 || result.Type.IsPlace() {
		return nil, refuse(codeNoScalar, "diagram `%s` gives %s, and only a number without axes has a gradient", d.Name, result.Type).
			mend("reduce it first, as in `>> sum[a b]`")
	}
	withGradients, err := learn.Gradients(d)
	if err != nil {
		return nil, err
	}
	return lower.Lower(withGradients, lower.Options{})
}

// planOfWeights is the plan of a diagram's weights and of what it keeps alone, for which the sizes of
// its ports may be unknown.
func planOfWeights(d *diagram.Diagram) (*plan.Plan, error) {
	flat := rewrite.Normalize(d)
	alone := &diagram.Diagram{Name: d.Name, Weights: flat.Weights}
	for _, b := range flat.Boxes {
		if _, isSource := b.Op.(diagram.Learned); isSource {
			alone.Boxes = append(alone.Boxes, b)
		}
	}
	for _, state := range flat.States {
		if state.Kept {
			alone.States = append(alone.States, &diagram.State{Path: state.Path, In: state.In, Out: state.In, Init: state.Init, Kept: true})
		}
	}
	if letters := lettersOf(alone); len(letters) > 0 {
		return nil, unsized(d, letters)
	}
	if err := training.HoldPlaces(alone.Weights); err != nil {
		return nil, err
	}
	return lower.Lower(alone, lower.Options{})
}

const (
	// codeNoScalar is the code of a gradient that is wanted of an array.
	codeNoScalar source.Code = "ScalarNeeded"
	// codeUnsized is the code of a diagram that is to run while sizes are letters.
	codeUnsized source.Code = "SizeUnknown"
)

// lettersOf are the letters in the sizes of a flat diagram's boundary, weights and
// states.
func lettersOf(d *diagram.Diagram) []string {
	var axes shape.Shape
	for _, w := range slices.Concat(d.In, d.Out) {
		axes = append(axes, w.Type.Axes...)
		if w.Type.In != nil {
			axes = append(axes, *w.Type.In)
		}
	}
	for _, w := range d.Weights {
		axes = append(axes, w.Axes...)
	}
	for _, state := range d.States {
		axes = append(axes, state.In.Type.Axes...)
	}
	var letters []string
	for _, a := range axes {
		letters = append(letters, a.Size.Letters()...)
	}
	slices.Sort(letters)
	return slices.Compact(letters)
}

func unsized(d *diagram.Diagram, letters []string) error {
	words := make([]string, len(letters))
	for i, letter := range letters {
		words[i] = "--set " + letter + "=N"
	}
	return refuse(codeUnsized, "nothing says how large `%s` is in diagram `%s`", strings.Join(letters, "`, `"), d.Name).
		mend("say it: " + strings.Join(words, " "))
}
