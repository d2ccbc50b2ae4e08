package training

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"ncd/compiler"
	"ncd/compiler/check"
	"ncd/compiler/diagram"
	"ncd/compiler/learn"
	"ncd/compiler/lower"
	"ncd/compiler/plan"
	"ncd/grammar/source"
	"ncd/runtime/train"
)

// Learned is the diagram of a step of training, with the remarks of the learning
// rules.
func (b *Block) Learned() (*diagram.Diagram, []source.Diagnostic, error) {
	d, said := learn.Step(b.Training)
	if at := slices.IndexFunc(said, func(d source.Diagnostic) bool { return d.Code == learn.NoDerivative }); at >= 0 {
		if fit := b.fittingRules(); len(fit) > 0 {
			said[at].Help = append(said[at].Help, "rules of the library that fit: `"+strings.Join(fit, "`, `")+"`")
		}
	}
	if slices.ContainsFunc(said, isError) {
		return nil, nil, compiler.Faults(said)
	}
	return d, said, nil
}

// fittingRules are the rules of the library that the block can learn by.
func (b *Block) fittingRules() []string {
	return slices.DeleteFunc(RuleNames(), func(name string) bool {
		other := b.Source
		other.Options.Rule = name
		program, err := sound(other.Check())
		if err != nil {
			return true
		}
		t, err := b.elaborated(program)
		if err != nil {
			return true
		}
		_, said := learn.Step(t)
		return slices.ContainsFunc(said, isError)
	})
}

// Step is the plan of a step of training, with the remarks of the learning rules.
func (b *Block) Step() (*plan.Plan, []source.Diagnostic, error) {
	d, said, err := b.Learned()
	if err != nil {
		return nil, nil, err
	}
	if err := HoldPlaces(WeightsOf(d)); err != nil {
		return nil, nil, err
	}
	p, err := lower.Lower(d, lower.Options{})
	return p, said, err
}

// WeightsOf are the weights of the diagram of a step, among its states.
func WeightsOf(d *diagram.Diagram) []*diagram.Weight {
	var weights []*diagram.Weight
	for _, state := range d.States {
		if state.Weight != nil {
			weights = append(weights, state.Weight)
		}
	}
	return weights
}

// HoldPlaces refuses weights without a number in them, by their first axis that
// has no place.
func HoldPlaces(weights []*diagram.Weight) error {
	for _, w := range weights {
		for _, a := range w.Axes {
			if a.Size.IsZero() {
				return compiler.Faults{{
					Code: check.SizeInvalid, Span: w.Span,
					Message: "axis `" + a.Label + "` of weight `" + w.Path + "` has size 0, and a weight has a number or more",
				}}
			}
		}
	}
	return nil
}

// Fed is the plan of what flows into weights that are made of it, for so many
// examples.
func (b *Block) Fed(batch int) (*plan.Plan, error) {
	t, err := b.measuring(batch)
	if err != nil {
		return nil, err
	}
	return lower.Lower(learn.Fed(t), lower.Options{})
}

// Evaluate is the plan that measures so many examples.
func (b *Block) Evaluate(batch int) (*plan.Plan, error) {
	t, err := b.measuring(batch)
	if err != nil {
		return nil, err
	}
	return lower.Lower(learn.Evaluate(t), lower.Options{})
}

// measuring is the block with another batch, checked anew, for outside of training
// its conditions are others.
func (b *Block) measuring(batch int) (*diagram.Training, error) {
	other := b.Source
	other.Options.Training = false
	other.Options.Set = map[string]string{}
	maps.Copy(other.Options.Set, b.Options.Set)
	other.Options.Set["batch"] = strconv.Itoa(batch)
	program, err := sound(other.Check())
	if err != nil {
		return nil, err
	}
	return b.elaborated(program)
}

// Runnable is what runs a step's plan on the block's data, for as long and with the
// seed that the block says.
func (b *Block) Runnable(step *plan.Plan) *train.Training {
	t := b.Training
	return &train.Training{
		Stage: b.Stage, Step: step, Evaluate: b.Evaluate, Fed: b.Fed, Data: b.Splits, First: b.First,
		Batch: t.Batch, Epochs: t.Epochs, Steps: t.Steps, Seed: t.Seed,
	}
}
