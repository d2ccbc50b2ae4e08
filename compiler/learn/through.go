package learn

import (
	"slices"

	"ncd/compiler/diagram"
)

// through is a model of which rules say what of its scans the backward pass follows:
// the scans of each part have the policy of its rule.
func through(t *diagram.Training, d *diagram.Diagram, path []string, model int) *diagram.Diagram {
	if !slices.ContainsFunc(t.Rules, func(use diagram.RuleUse) bool { return use.Gradient != nil }) {
		return d
	}
	made := *d
	made.Boxes = nil
	for _, old := range d.Boxes {
		b := *old
		inside := path
		if b.Name != "" {
			inside = append(slices.Clone(path), b.Name)
		}
		switch op := b.Op.(type) {
		case diagram.Composite:
			op.Body = through(t, op.Body, inside, model)
			b.Op = op
		case diagram.Repeat:
			op.Turns = slices.Clone(op.Turns)
			for i, turn := range op.Turns {
				op.Turns[i] = through(t, turn, inside, model)
			}
			b.Op = op
		case diagram.Scan:
			op.Body = through(t, op.Body, inside, model)
			if use := useFor(t, inside, model); use != nil && use.Gradient != nil {
				op.Gradient = *use.Gradient
			}
			b.Op = op
		}
		made.Boxes = append(made.Boxes, &b)
	}
	return &made
}
