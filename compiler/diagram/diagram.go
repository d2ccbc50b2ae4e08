// Package diagram is the first intermediate representation: a neural circuit
// diagram as an open hypergraph that keeps its hierarchy.
//
// Wires are nodes and boxes are hyperedges between ordered lists of wires. A
// Diagram is a morphism from its In wires to its Out wires. Every application of
// a box says by its Weave which axes it is lifted over and by which affine map a
// place of each wire is found (pyncd calls this a weave; Abbott and Zardini,
// "Weaves, Wires, and Morphisms", arXiv:2604.07242). Composite boxes hold the
// diagram they stand for, and names and spans survive every pass, so that a
// figure, a profile and a fault can all point at the line of the source.
//
// The checker makes diagrams; rewrite, grad and learn turn them into others;
// render draws them and lower turns them into plans. The package knows none of
// these, and no syntax.
package diagram

import (
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// Wire carries one array from the box that makes it to those that read it.
// Wires are compared by identity.
type Wire struct {
	Name string // the author's name for it, or ""
	Type shape.Type
	Span source.Span
}

// Box is one application of an operation. In and Out are its wires in the order
// of the operation's ports; Weave says how their axes meet its own.
type Box struct {
	Op      Op
	In, Out []*Wire
	Weave   Weave
	Name    string   // segment of paths: the bound name, or kind and number
	Path    []string // names of the composite boxes it was inlined out of, outermost first
	Within  []string // for each segment of Path the diagram that is used there; "": a turn
	Kind    string   // what the author wrote, where a pass has opened it ("affine"); "": that of Op
	Pass    Pass
	Again   string // the part that is made again for the backward pass which it is of, or ""
	Turn    *Turn  // of a loop that stands in the diagram turn by turn; nil: of none
	Span    source.Span
}

// Turn is one turn of a loop whose boxes stand in the diagram itself, one turn
// behind the other, because what it saves is loaded elsewhere. Boxes of one turn
// hold the same Turn.
type Turn struct {
	Loop   *Loop
	Number int // from 0, in the order in which they run
}

// Loop is what the turns of such a loop have in common: see Repeat.
type Loop struct {
	Letter   string
	From, To shape.Size
	Down     bool
	Span     source.Span
}

// Pass says which part of a training step a box is of.
type Pass string

// Boxes of a model are Forward; grad makes those that are Backward, learn those
// that change weights.
const (
	Forward  Pass = ""
	Backward Pass = "backward"
	Update   Pass = "update"
)

// Diagram is boxes joined by wires, with an ordered boundary. Every wire is made
// by one box or is one of In, before it is read: Boxes are in such an order, and
// otherwise in the order of the text.
type Diagram struct {
	Name  string // as declared
	Title string // shown above the figure; empty: Name
	Doc   string // the comment above the declaration, the figure's caption

	Library bool     // it is of the standard library, not the author's own
	Groups  []string // labels that stand for any number of axes: p, where the author wrote `p..`

	In, Out []*Wire
	Boxes   []*Box
	Weights []*Weight
	States  []*State
	Span    source.Span
}

// Weight is an array that learning changes. Weights are compared by identity:
// two boxes that share a weight hold the same one.
//
// One that follows another is not learnt: after every step of training it becomes
// Keep times itself and the rest the other's new value (an exponential moving
// average). Its first values are the other's. Both have the same axes.
type Weight struct {
	Path    string      // within its diagram, "q.weight"; inlining puts the box's path in front
	Axes    shape.Shape // labels may repeat: what comes in and what goes out are kept apart
	Init    Init
	Like    *Weight // the weight whose first values it has as well; nil: Init says them
	Follows *Weight // nil: none
	Keep    float64 // of one that follows: from 0 to 1
	Frozen  bool    // learning leaves it as it is
	Span    source.Span
}

// WeightsOf lists the weights that an operation holds itself, not those of its bodies.
func WeightsOf(op Op) []*Weight {
	switch op := op.(type) {
	case Learned:
		return []*Weight{op.Weight}
	case Scale:
		return []*Weight{op.Weight}
	case Linear:
		if op.Bias != nil {
			return []*Weight{op.Weight, op.Bias}
		}
		return []*Weight{op.Weight}
	}
	return nil
}

// Learns reports whether rules and optimisers change the weight.
func (w *Weight) Learns() bool { return !w.Frozen && w.Follows == nil }

// First is the weight that says the first values: itself, or the one that it is like.
func (w *Weight) First() *Weight {
	for w.Like != nil || w.Follows != nil {
		if w.Like != nil {
			w = w.Like
		} else {
			w = w.Follows
		}
	}
	return w
}

// Init says how a weight's first values are drawn.
type Init struct {
	// Kind is "uniform": from -Scale to Scale; "normal": deviation Scale; "truncated":
	// the same, and nothing beyond two deviations; "constant": Scale. Others are of
	// matrices, times Scale: "orthogonal", "dct", "gabor", and from what flows in
	// "pca" and "kmeans".
	Kind   string
	Scale  float64
	FanIn  shape.Shape // where not empty, Scale is divided by the square root of their places
	Stream string      // what the draw is named by besides the path; usually ""

	// Of a matrix: the first Apart axes of the weight hold one each, the next From are
	// what comes in, and the others what goes out.
	Apart, From int
}

// IsFromData reports whether the first values are made of what flows in.
func (i Init) IsFromData() bool { return i.Kind == "pca" || i.Kind == "kmeans" }

// State is an array that is carried from one run of the diagram to the next
// (step of training, place of a scanned axis). In is its value at the start of a
// run, Out what is carried on, with the same axes.
//
// A Kept state is one for all places that its box is lifted over: what it is to
// become is averaged over them. Nothing is sent back through it. In a Scan it goes
// on from turn to turn as well. Where one is only read, Out is In.
type State struct {
	Path    string
	In, Out *Wire
	Init    float64 // every number of it at the very start
	Start   *Wire   // in the body of a Scan, what it starts at: an input, or what hangs on no state; nil: Init
	Kept    bool    // part of the model, saved with its weights: running statistics
	Shares  *State  // the state of an earlier use of the same box, that this one goes on from; nil: its own
	Weight  *Weight // in the diagram of a training step, the weight it is; else nil
	Span    source.Span
}
