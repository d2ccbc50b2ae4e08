// Package rewrite turns diagrams into diagrams of the same meaning.
//
// In goes a diagram as check makes it, with its hierarchy, its views and its
// learned boxes; out comes the flat core form that grad, learn and lower read:
// only Contract, Map, Reduce, Softmax, Take, Put, OneHot, Places, Constant,
// Random, Detach, Lens, and one Learned source for each weight. A pass never changes
// the diagram it is given. Spans, names and paths survive: a box of the flat form
// still says which line it is of.
//
// The package knows nothing of memory or kernels, and of derivatives only that grad makes
// the boxes of one that a diagram asks for. Pushing the axes of
// a lifted box into its body is composition of weaves, after Abbott and Zardini,
// "Weaves, Wires, and Morphisms", arXiv:2604.07242.
package rewrite

import (
	"ncd/compiler/diagram"
)

// Pass rewrites a diagram and keeps its meaning.
type Pass func(*diagram.Diagram) *diagram.Diagram

// normal is the way to the flat core form.
var normal = append([]Pass{
	InlineComposites,
	NormalizeReverse,
}, core...)

// core is the way of a diagram without bodies, and of the programs that lenses hold.
var core = []Pass{
	ExpandLearned, // needs every weight's path, which inlining completes
	NormalizeViews,
	OpenGradients, // every box ahead of one is of the core form by now
	FoldConstants, // after views: a mean brings a constant of its own
	RemoveDead,
}

// Normalize gives the flat core form of a diagram.
func Normalize(d *diagram.Diagram) *diagram.Diagram { return run(d, normal) }

// finish is what pays once all boxes are there, the backward ones too.
var finish = []Pass{
	OpenLenses,
	FoldConstants,
	ShareCommon,
	RemoveDead, // before fusion: a wire that nobody reads any more must not hold one up
	FuseMaps,
}

// Finish joins what can be joined in a flat diagram. Nothing reads it but lower:
// fused boxes no longer stand for single lines of the source.
func Finish(d *diagram.Diagram) *diagram.Diagram { return run(d, finish) }

func run(d *diagram.Diagram, passes []Pass) *diagram.Diagram {
	for _, pass := range passes {
		d = pass(d)
	}
	return d
}
