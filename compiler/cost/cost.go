// Package cost counts what a diagram asks for and what a plan does: multiply-adds,
// other scalar operations, weights, activations kept for training, memory, bytes
// moved, and what crosses from layer to layer on the way back.
//
// In goes a diagram as check makes it, with letters or numbers for sizes, or the
// diagram of a training step, or a plan; out comes a table with a line for each box,
// composite boxes with their parts. Counts of diagrams are polynomials in the
// letters that are left. Those of plans are numbers: what the machine is asked for,
// step by step. The package runs nothing and knows no clock.
//
// A contraction over k of m·k and k·n numbers is m·k·n multiply-adds, each of which is
// two floating-point operations. All else is counted as scalar operations by the
// table of pyncd (Abbott and Zardini, arXiv:2604.07242), as far as that goes:
//
//	product of n arrays, summed          n-2 a place, beside its multiply-adds
//	product of n arrays, not summed      n-1 a place
//	sum, max, min, product of an axis    1 a number that goes in
//	mean                                 1 a number that goes in, 1 a result
//	logsumexp                            6 a number that goes in
//	softmax and its logarithm            8 a number
//	scattered sum (the transpose of a look-up)  1 a number
//	neg abs sign relu step square reciprocal add sub mul div max min less greater equal select  1
//	exp log sqrt sin cos tanh sigmoid erf       4
//	silu                                 5
//	gelu softplus power                  8
//	look-ups, views, sources, draws      none
//
// Normalisations are compositions and are counted as such: a layer normalisation
// comes out at 7 a number, gain and bias included.
package cost

import (
	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// Table is the cost of a diagram by its boxes.
type Table struct {
	Name  string `json:"name"`
	Total *Line  `json:"total"` // its Parts are the boxes
}

// Line is the cost of a box, its parts included. Parts are in the order of the text;
// a box that costs nothing has no line.
type Line struct {
	Name string      `json:"name"` // segment of its path; without one, what it makes or does
	Kind string      `json:"kind,omitzero"`
	Span source.Span `json:"-"`

	Forward  Work `json:"forward,omitzero"`
	Backward Work `json:"backward,omitzero"`
	Update   Work `json:"update,omitzero"`

	Weights shape.Size `json:"weights,omitzero"` // numbers that learning changes; one that several boxes share is counted where it is read first
	Kept    shape.Size `json:"kept,omitzero"`    // numbers and places that the box makes and the way back reads
	Peak    int        `json:"peak,omitzero"`    // bytes of the plan's arenas that are needed at most while it runs; there is none without a plan

	Parts []*Line `json:"parts,omitzero"`
}

// Work is what all passes compute.
func (l *Line) Work() Work { return l.Forward.plus(l.Backward).plus(l.Update) }

// Work is what is computed.
type Work struct {
	MultiplyAdds shape.Size `json:"multiply_adds,omitzero"`
	Scalar       shape.Size `json:"scalar,omitzero"` // operations beside them
}

// Operations are floating-point operations: two for each multiply-add.
func (w Work) Operations() shape.Size { return w.MultiplyAdds.Mul(shape.Int(2)).Add(w.Scalar) }

// IsZero reports whether nothing is computed.
func (w Work) IsZero() bool { return w.MultiplyAdds.IsZero() && w.Scalar.IsZero() }

func (w Work) plus(v Work) Work {
	return Work{w.MultiplyAdds.Add(v.MultiplyAdds), w.Scalar.Add(v.Scalar)}
}

func (w Work) times(n shape.Size) Work { return Work{w.MultiplyAdds.Mul(n), w.Scalar.Mul(n)} }

// Of counts a diagram as check makes it. A box that is lifted is counted as often as
// it is applied: parts that do not hang on what it is lifted over, once.
//
// What is kept is said under the assumption that the diagram's inputs hang on weights
// that learn; they themselves are kept by whoever makes them. A training step joins
// boxes before it is run, and may keep less.
func Of(d *diagram.Diagram) *Table {
	t := newTree(d.Name, d)
	t.model(rewrite.Normalize(d))
	return t.table()
}
