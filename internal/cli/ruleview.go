package cli

import (
	"errors"
	"io"

	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/render"
)

// drawRule draws how a train block learns.
func (s *session) drawRule(program *check.Program, named []string, d drawing, isSet func(string) bool) error {
	if err := d.settle(isSet); err != nil {
		return err
	}
	learning, err := learningOf(program, named)
	if err != nil {
		return err
	}
	figure, stats, err := render.Rule(*learning, d.Options)
	if errors.Is(err, render.ErrNoLayers) {
		return refuse(codeUndrawn, "nothing in `%s` learns: it has no rule view", learning.Title)
	}
	if err != nil {
		return err
	}
	if !d.isMeasured || d.to != "-" {
		if err := s.write(d.to, func(w io.Writer) error { return d.encode(w, nil, figure) }); err != nil {
			return err
		}
	}
	if !d.isMeasured {
		return nil
	}
	return s.putStats(learning.Title, stats)
}

// learningOf is a train block with what its rules say of its layers.
func learningOf(program *check.Program, named []string) (*render.Learning, error) {
	name, err := chosen("train block", named, program.Trains())
	if err != nil {
		return nil, err
	}
	training, err := sound(program.Training(name, nil, nil))
	if err != nil {
		return nil, err
	}
	layers, err := sound(learn.Said(training))
	if err != nil {
		return nil, err
	}
	return &render.Learning{Title: titleOfRule(training, layers), Forward: training.Forward, Losses: training.Losses, Layers: toldLayers(layers)}, nil
}

// titleOfRule is the model's name and those of the rules that its layers learn by.
func titleOfRule(t *diagram.Training, layers []learn.LayerSaid) string {
	title, told := t.Name, map[string]bool{}
	for _, l := range layers {
		if l.Rule == "" || told[l.Rule] {
			continue
		}
		if len(told) == 0 {
			title += " by "
		} else {
			title += " and "
		}
		title += l.Rule
		told[l.Rule] = true
	}
	return title
}

func toldLayers(layers []learn.LayerSaid) []render.Layer {
	told := make([]render.Layer, len(layers))
	for i, l := range layers {
		told[i] = render.Layer{
			Path: l.Path, Reads: l.Reads, Makes: l.Makes, Made: l.Made, Error: l.Error,
			Weights: l.Learned, Says: l.Said, AtLoss: l.AtLoss, Feeds: l.Feeds, Gradient: l.Gradient,
		}
	}
	return told
}
