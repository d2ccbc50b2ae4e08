package diagram

import (
	"ncd/compiler/shape"
)

// Op is what a box does: one of the closed list below. Each has one shape rule,
// one VJP, one lowering and one glyph.
type Op interface {
	// Kind is the operation's name in the language and in text forms.
	Kind() string
}

// Contract multiplies its inputs and adds up over its own axes: an index
// equation. At every place of the index space the product of the inputs' numbers
// there is added to the output's number there; what is never reached is 0.
//
//	in   any number of wires
//	out  one wire
type Contract struct{}

// View hands its input on as it is, with axes rearranged: the rearrangement
// boxes and the affine views. It means the same as Contract with one input.
//
// A "save" puts its input into the memory of the diagram, from where a "load" takes
// it out: the wire between them is that memory.
type View struct {
	Name string // "rearrange", "rename", "merge", "split", "slice", "flip", "spread", …
	Slot string // of "save" and "load": the place of memory as the author wrote it, `C[i]`
}

// Map applies a function of scalars at each place of its degree.
//
//	in   one wire a port; scalars where the wire lacks the axes
//	out  one wire for each entry of Results
type Map struct {
	Program []Instr
	Results []int // registers that leave, one an output
}

// Instr computes one register of a Map. Registers 0 … len(In)-1 are the inputs;
// instruction i writes register len(In)+i.
type Instr struct {
	Fn    Fn
	Args  []int
	Value Number // of FnConstant
}

// Reduce takes one number from all places of its own axes.
//
//	in   one wire
//	out  one wire; for "argmax" and "argmin", with one own axis, a place along it
type Reduce struct {
	Fn string // "mean", "max", "min", "product", "logsumexp", "argmax"
}

// Sum adds up over its own axes. It means the same as Contract with one input.
type Sum struct{}

// Softmax normalises over its own axes: e^x / Σ e^x, or x - log Σ e^x with Log.
// A row with nothing left gives zeros.
type Softmax struct {
	Log bool
}

// Linear is the learned linear map, the paper's bold L. Its own axes are first
// those it takes in, then those it makes. Where the wire's elements are places
// along the sole axis that comes in it is a look-up, and that axis is no axis of
// the wire.
//
//	weight  In... Out...
//	bias    Out...; nil without one (affine has one, L₊)
type Linear struct {
	From, To int // how many own axes come in and go out
	Weight   *Weight
	Bias     *Weight
}

// Learned is a source: a weight handed out as a wire.
type Learned struct {
	Weight *Weight
}

// Scale multiplies by a weight of its own axes ("gain"), or adds it ("bias").
type Scale struct {
	Weight *Weight
	Adds   bool
}

// Take looks places up along its one own axis: out[i] = array[places[i], i].
//
//	in   array, places
//	out  one wire, of the degree
type Take struct{}

// Put is the transpose of Take: out[places[i], i] += numbers[i].
//
//	in   numbers, places
//	out  array
type Put struct{}

// OneHot is 1 at the place of its own axis that the input says, else 0.
type OneHot struct{}

// Places is the source 0, 1, 2 … along its one own axis, as numbers.
type Places struct{}

// Constant is the source of one number, spread over its degree.
type Constant struct {
	Value Number
}

// Random is a source of draws, one a place of its degree.
type Random struct {
	Distribution string  // "normal": mean 0, deviation 1; "uniform": 0 to 1; "sign": -1 or 1
	Stream       string  // names the draw: boxes of one stream draw the same
	Fixed        bool    // drawn once from the seed and never again
	Scale        float64 // multiplies the draw
}

// Detach hands its input on and sends nothing back.
type Detach struct{}

// Gradient is the derivative of its first input, a scalar, by each of the others: by
// what the diagram that holds the box makes of these on the way to the first. Where
// the box is lifted, each place has the derivative of its own scalar. It is no
// primitive: rewrite opens it into the boxes that compute it.
//
//	in   a scalar, then wires of numbers
//	out  one wire for each of these, with its axes
type Gradient struct{}

// Opaque is a box whose inside is not known: a function registered by name, or a program
// spoken to over a pipe. It has no derivative. Its own axes are first those it takes in,
// then those it makes.
//
//	in   one wire of numbers
//	out  one wire of numbers
type Opaque struct {
	Name string
	From int // how many own axes come in
}

// Composite stands for a diagram. Its own axes are those of Body's boundary; the
// axes it is lifted over do not appear in Body. Where the diagram declares what it
// sends back, Reverse is that program, as in Lens: nothing then goes back through
// Body.
type Composite struct {
	Body    *Diagram
	Reverse *Diagram // nil: the derivative
	Again   bool     // what Body makes on the way is not kept for the backward pass, but made again (Chen et al. 2016)
	Inverse *Diagram // not even what comes in is kept: this makes it again of what comes out (Gomez et al. 2017); or nil
}

// Undo hands on what a reversible part of a flat diagram has made. What had come in
// need not be kept for the backward pass: Inverse makes it again.
//
//	in   the part's results, Results of them, then what had come in
//	out  the results, as they are
//
// Inverse's In are the results, and its Out is what had come in.
type Undo struct {
	Results int
	Inverse *Diagram
}

// Scan applies a diagram at one place of its first own axis after another; its
// other own axes are those of Body's boundary. What comes in along the first axis
// (by just that index) is given place by place, what lacks it whole to every turn;
// every wire that goes out is laid along it. The first axis is no axis of Body.
//
// The States of Body, and of the composites inside it, are carried from one place
// to the next: they are no ports, and each place that the box is lifted over has
// its own. One that starts at a value has State.Start. Body's weights are shared by
// all turns. A draw of chance is a new one in each turn.
type Scan struct {
	Body     *Diagram
	Gradient Through
}

// Through is what of an iteration the backward pass follows: "full" (also ""),
// "local" (nothing from turn to turn), "last" (the last Turns only), "random"
// (Turns of them, drawn anew in each run), "checkpoint" (all, and what a turn makes on
// the way is not kept but made again).
type Through struct {
	Policy string
	Turns  int
}

// Lens hands on what has been computed from its first inputs, and sends back what
// a program of its own says instead of the derivative.
//
//	in   the inputs, then the forward results: From inputs in front
//	out  the forward results, as they are
//
// Reverse's In are the inputs, the forward results and what comes back to each
// result, with the axes of those wires; its Out is what goes back to each input of
// numbers, in their order and with their axes. As the body of a Composite it knows
// nothing of the axes that are lifted over. Its States go on from one use of it to
// the next, and from one run to the next.
type Lens struct {
	From    int
	Reverse *Diagram
}

// Repeat applies diagrams one after another, each to what the last one made. It
// is a `for` or a `^n`, drawn as the paper's parentheses.
type Repeat struct {
	Letter   string // of the place in the loop, or ""
	From, To shape.Size
	Down     bool
	Turns    []*Diagram // one for each turn; while To has letters, one for all
}

// Push is the vector-Jacobian product of a layer by its inputs, in the programs
// of learning rules: it takes a signal at the layer's output to one at its input.
type Push struct {
	Substitute map[string]int // name of a weight → input port that stands for it
}

// Pull is the vector-Jacobian product of a layer by its weights. A substitute for "x"
// stands for what the layer reads: the layer is run on it.
type Pull struct {
	Substitute map[string]int
}

// Ahead applies the layer to another input, in the programs of learning rules; with
// Behind, what stands behind its learned box to another output of that.
type Ahead struct {
	Behind     bool
	Substitute map[string]int
}

func (Contract) Kind() string    { return "contract" }
func (v View) Kind() string      { return v.Name }
func (Map) Kind() string         { return "map" }
func (r Reduce) Kind() string    { return r.Fn }
func (Sum) Kind() string         { return "sum" }
func (Learned) Kind() string     { return "learned" }
func (Take) Kind() string        { return "take" }
func (Put) Kind() string         { return "put" }
func (OneHot) Kind() string      { return "one_hot" }
func (Places) Kind() string      { return "places" }
func (Constant) Kind() string    { return "constant" }
func (r Random) Kind() string    { return r.Distribution }
func (Detach) Kind() string      { return "detach" }
func (Gradient) Kind() string    { return "grad" }
func (Scan) Kind() string        { return "scan" }
func (Lens) Kind() string        { return "lens" }
func (Undo) Kind() string        { return "undo" }
func (Opaque) Kind() string      { return "opaque" }
func (Repeat) Kind() string      { return "repeat" }
func (Push) Kind() string        { return "push" }
func (Pull) Kind() string        { return "pull" }
func (c Composite) Kind() string { return c.Body.Name }

// Kind is "forward" or "behind".
func (a Ahead) Kind() string {
	if a.Behind {
		return "behind"
	}
	return "forward"
}

// Kind is "softmax" or "logsoftmax".
func (s Softmax) Kind() string {
	if s.Log {
		return "logsoftmax"
	}
	return "softmax"
}

// Kind is "linear", or "affine" with a bias.
func (l Linear) Kind() string {
	if l.Bias != nil {
		return "affine"
	}
	return "linear"
}

// Kind is "gain" or "bias".
func (s Scale) Kind() string {
	if s.Adds {
		return "bias"
	}
	return "gain"
}
