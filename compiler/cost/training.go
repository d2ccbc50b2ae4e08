package cost

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// Training is the cost of one step of training.
type Training struct {
	Table
	KeptBytes int      `json:"kept_bytes"` // of what the forward pass makes and the others read
	Transfer  Transfer `json:"transfer"`
	Run       *Run     `json:"run"` // of the step's plan
}

// OfTraining counts a step of training: the diagram that learn.Step made of t, and
// the plan that lower made of the step. Boxes of the way back and of the update have
// their work in the line of the forward box that they belong to, where they belong
// to one; boxes that were joined, in that of the last of them.
func OfTraining(t *diagram.Training, step *diagram.Diagram, p *plan.Plan) *Training {
	f := forwardOf(t)
	tree := newTree(step.Name, diagramsOf(t)...)
	for _, b := range f.boxes {
		if !isKnown(b) {
			tree.declare(b)
		}
	}
	for _, b := range step.Boxes {
		tree.work(b)
	}
	kept := tree.keepRead(step, p.Float)
	tree.peaks(p)
	return &Training{
		Table: *tree.table(), KeptBytes: kept,
		Transfer: transferOf(step, layersOf(f), p.Float.Bytes()), Run: OfPlan(p),
	}
}

// work counts a box of a step.
func (t *tree) work(b *diagram.Box) {
	switch l := t.owner(b); b.Pass {
	case diagram.Forward:
		t.forward(b)
	case diagram.Backward:
		l.Backward = l.Backward.plus(workOf(b))
	default:
		l.Update = l.Update.plus(workOf(b))
	}
}

// owner is the line of the forward box that a box belongs to: the one of its name or
// place, or else of the longest beginning of its path.
func (t *tree) owner(b *diagram.Box) *Line {
	if l := t.lines[lineKey(b)]; l != nil {
		return l
	}
	for path := strings.Join(append(pathIn(b), b.Name), "."); path != ""; path = path[:max(0, strings.LastIndex(path, "."))] {
		if l := t.byPath[path]; l != nil {
			return l
		}
	}
	return t.box(b)
}

// keepRead counts the wires that the forward boxes of a step make and others read,
// and returns their bytes.
func (t *tree) keepRead(step *diagram.Diagram, float plan.DType) int {
	bytes := 0
	for _, b := range step.Boxes {
		if b.Pass == diagram.Forward {
			continue
		}
		for _, w := range b.In {
			if places, _ := t.keepWire(w).Int(); w.Type.IsPlace() {
				bytes += places * plan.Int32.Bytes()
			} else {
				bytes += places * float.Bytes()
			}
		}
	}
	return bytes
}

// diagramsOf lists the diagrams that the first segment of a path is of.
func diagramsOf(t *diagram.Training) []*diagram.Diagram {
	var of []*diagram.Diagram
	if len(t.Models) > 0 {
		of = turnsOf(t.Models[0].Box.Op)
	}
	return append(of, t.Forward)
}
