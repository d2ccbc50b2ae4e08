// Package learn turns a model with its losses into the diagram of one step of its
// training.
//
// In goes a diagram.Training: forward diagram, learning rules, optimiser. Out comes
// a flat diagram that maps (weights, state, batch) to (weights, state, loss,
// reports), in which learning is boxes and wires like everything else. A rule says
// for each layer what signal it receives, what it sends on and how its weights
// change; inside a layer, derivatives are exact (grad). The rules themselves are
// written in the language: the package sees them only as diagrams, and knows no
// rule's or optimiser's name, no syntax and no data.
//
// That a layer has two ways back, one to its inputs and one to its weights, is the
// lens view of learning: Fong, Spivak and Tuyéras, "Backprop as Functor",
// arXiv:1711.10455.
package learn

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/grad"
	"ncd/compiler/rewrite"
	"ncd/grammar/source"
)

// Step is the diagram of one step of training.
//
//	In      the data wires
//	Out     "loss", the sum of the losses; then the reports by name
//	States  what the model keeps; the weights, each followed by what the optimiser
//	        remembers of it; the rules' fixed arrays
//
// A weight is a State whose Weight is set: In holds it before the step, Out after
// it. A frozen one has In as its Out; a rule's fixed arrays are such, with the path
// rule.<layer>.<name>, and so are saved. Losses and reports that still have axes are
// averaged over them. The sizes of the training must be numbers. Diagnostics of
// rules and of the optimiser are handed on; one that is an Error means that the
// diagram is not to be used.
func Step(t *diagram.Training) (*diagram.Diagram, []source.Diagnostic) {
	f := forwardOf(t)
	s := &step{
		forward:  f,
		d:        f.flat,
		layering: layersOf(f),
		model:    slices.Clone(f.flat.Boxes),
		sweep:    grad.NewSweep(f.flat),
		first:    newPass(),
		phases:   map[phaseOf]*pass{},
		assigned: map[*layer]*assignment{},
		changes:  map[*diagram.Wire][]*diagram.Wire{},
		arrays:   map[string]*diagram.Wire{},
		said:     unfed(f.flat),
	}
	s.loss()
	s.assign()
	if slices.ContainsFunc(s.said, func(d source.Diagnostic) bool { return d.Severity == source.Error }) {
		return f.flat, s.said
	}
	s.runPhases()
	for _, l := range slices.Backward(s.layers) {
		if a := s.assigned[l]; a != nil {
			a.learn()
		}
	}
	s.update()
	s.refuse()
	makeAgain(s.d)
	schedule(s.d)
	return rewrite.Finish(s.d), s.said
}

// Evaluate is the forward half alone: from the data wires to "loss" and the reports.
// States are read, and stay as they are.
func Evaluate(t *diagram.Training) *diagram.Diagram {
	flat := forwardOf(t).flat
	for _, s := range flat.States {
		s.Out = s.In
	}
	return rewrite.Finish(flat)
}

// step is a diagram of a training step while it is made.
type step struct {
	*forward
	*layering
	d        *diagram.Diagram
	model    []*diagram.Box // the forward diagram
	sweep    *grad.Sweep    // what layers were sent
	first    *pass          // the run of the forward diagram itself
	phases   map[phaseOf]*pass
	assigned map[*layer]*assignment
	changes  map[*diagram.Wire][]*diagram.Wire // what rules want of weights, beside the sweep
	arrays   map[string]*diagram.Wire          // of rules, by path
	fixed    []*diagram.State                  // those that never change
	errors   []*diagram.Wire                   // derivative of the loss by each model's output, or nil
	said     []source.Diagnostic
}

// loss takes the loss back to the wires that the models hand to it.
func (s *step) loss() {
	one := s.d.Add(&diagram.Box{
		Op: diagram.Constant{Value: diagram.Literal(1)}, Out: []*diagram.Wire{diagram.NewWire("∂loss")},
		Weave: diagram.Weave{Out: [][]diagram.Affine{nil}}, Pass: diagram.Backward, Span: s.d.Out[0].Span,
	})
	s.sweep.Send(s.d.Out[0], one)
	s.sweep.Through(s.tail.boxes, s.tail.wanted())
	s.errors = make([]*diagram.Wire, len(s.training.Models))
	for _, w := range s.tail.inputs {
		l := s.layerOf[w]
		if l == nil || l.model < 0 || s.errors[l.model] != nil {
			continue
		}
		s.errors[l.model] = s.sweep.Cotangent(w)
	}
}
