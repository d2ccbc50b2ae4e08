package diagram

import (
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// Training is a train block whose sizes are known: the model with its losses as
// one diagram, and how its weights are to learn. learn turns it into the diagram
// of a training step.
type Training struct {
	Name  string
	Stage string // which stage of the block it is; "": it has none

	// Forward maps the data wires (In, each with the axis `batch` outermost) to
	// the losses and then the reports (Out, all scalars). Its Composite boxes
	// hold the models.
	Forward *Diagram
	Losses  int      // how many of Forward.Out are losses; they add up
	Reports []string // names of the others
	Models  []Model

	Rules     []RuleUse
	Optimizer Optimizer
	Filters   []Optimizer // of the changes, one after another, before the optimiser is given them

	Batch         int
	Epochs, Steps int // one of them is 0: it was not said
	Examples      int // in the training set; 0: not known
	Seed          uint64
	Span          source.Span
}

// TotalSteps is how many steps of training the run has, and whether that is known:
// an epoch has as many as whole batches of examples, and one at least.
func (t *Training) TotalSteps() (steps int, isKnown bool) {
	if t.Steps > 0 {
		return t.Steps, true
	}
	return t.Epochs * max(1, t.Examples/max(t.Batch, 1)), t.Examples > 0
}

// Model is a model of a train block: a box of Forward, and its name there. The
// paths of the first model's weights begin inside it, those of others with their
// name.
type Model struct {
	Name string
	Box  *Box // the Composite that applies it
}

// Field is one wire of a data clause and where it comes from. Axes whose size
// the program does not say have their own letter as size: the data decide.
type Field struct {
	Name string
	Type shape.Type // without `batch`
	Span source.Span
}

// DataClause is a `data` entry of a train block: fields, and the call of the
// source that yields them: mnist["images/mnist"].
type DataClause struct {
	Fields []Field
	Source string
	Args   []any          // strings, float64s and bools, by place
	Named  map[string]any // and by name
	Span   source.Span
}

// RuleUse is a learning rule for a part of a model.
type RuleUse struct {
	Part []string // path of the part; empty: everything
	Over string   // the diagram whose uses are layers; "": layers are learned boxes
	Rule Rule

	Gradient *Through // what of the scans of the part the backward pass follows; nil: what they say themselves
}

// Rule is a learning rule: what it says of a layer. Rules are written in the
// language; whoever reads it instantiates them for the axes of each layer.
type Rule interface {
	Name() string
	// For says how a layer learns. Diagnostics tell the author where the rule
	// does not fit the layer.
	For(Layer) (LayerRule, []source.Diagnostic)
}

// Layer is what a rule may know of a layer: a learned box with the parameter-free
// boxes behind it, or a use of the diagram that the rule is over.
type Layer struct {
	Kinds    []string    // of its learned box: "linear", "affine", …, then of the composites around that
	Path     string      // of its learned box
	IsUse    bool        // it is a use of the diagram that the rule is over
	Index    int         // its number among the layers that learn by the rule, or among those uses, from 1
	Count    int         // how many those are
	IsOutput bool        // the losses read what it makes
	Later    []string    // paths of those behind it, in order
	Weights  []*Weight   // of its learned box; rules know them by the last segment of their paths
	Input    shape.Type  // x
	Made     shape.Type  // what the learned box makes
	Output   shape.Type  // y: what the layer makes
	Error    shape.Type  // derivative of the loss by the model's output
	Data     []*Wire     // the train block's data wires and the names it gives, by name
	Span     source.Span // of the learned box
}

// LayerRule is a rule instantiated for one layer. Each diagram's In wires are named
// for what they are to be given:
//
//	x, y          input and output; AtBox: of the learned box
//	out           AtBox: the output of the layer
//	signal        what arrives at the output, from the consumers or as Signal says
//	error         the derivative of the loss by the model's output
//	x@p, y@p, …   the same in the phase p
//	state.s       the state s of the rule, before the step
//	weight, …     weights of the layer, by name
//
// or a data wire. Boxes Push, Pull and Ahead in them stand for those of the layer, or
// of the learned box. A Learned box is an array fixed at the start if its weight is
// frozen, and else a weight of the layer's own, which learns by the objective.
type LayerRule struct {
	AtBox       bool                // what is said is said of the learned box, not of the layer
	Reaches     bool                // Signal and Objective hold even where the losses read the output
	Phases      []Phase             // in the order of the text
	Signal      *Diagram            // nil: the sum of what the consumers send
	Signals     map[string]*Diagram // by the phase that they arrive in
	Send        *Diagram            // nil: signal >> push
	SendNothing bool
	Objective   *Diagram            // nil: none; else the signals are its derivatives and the layer is isolated
	Change      map[string]*Diagram // by the weight's name; nil: -(signal >> pull), over all phases with a signal
	States      []RuleState
}

// Phase runs the model again.
type Phase struct {
	Name   string
	Inputs map[string]*Diagram // of data wires: what flows in their place
	Start  *Diagram            // what the output starts at, before it settles; nil: what the layer makes

	// The output settles in turns. In each of them all layers read the values from
	// before it: x, y and the sum of what the consumers send. The outputs stand for
	// themselves then: what the layer would make of x is no longer what is read of it.
	Turns  int
	Settle *Diagram // the output after a turn; nil: it does not settle
	Send   *Diagram // what goes on in a turn; nil: signal >> push
}

// RuleState is an array that a rule carries from step to step for a layer.
type RuleState struct {
	Name string
	Axes shape.Shape
	Init float64
	Next *Diagram // nil: it stays
}

// Optimizer makes the diagram that changes a weight, of which it is told the path
// and the axes; these have distinct labels. Its In wires are known by name:
//
//	weight  the weight, of those axes
//	change  its wanted change, of the same
//	step    the number of this step of training, from 0; a scalar
//	length  the length of the changes of all weights together; a scalar
//
// It need not have all of them. Out is the new weight, or of a filter the new
// change; what it remembers is its States.
type Optimizer func(path string, axes shape.Shape) (*Diagram, []source.Diagnostic)
