package kernel

import "math"

// Softmax describes a softmax along one axis of an array:
//
//	out[r, j] = exp(in[r, j] - m) / Σ_k exp(in[r, k] - m),  m = max_k in[r, k]
//
// for every index r of Dims and j < Size. With Log it is the logarithm of that,
// in[r, j] - m - log Σ_k exp(in[r, k] - m). out may be the very elements of in.
//
// A row that holds a NaN, or +Inf, is NaN; -Inf weighs nothing; a row of
// nothing but -Inf is NaN.
type Softmax struct {
	Dims                []int // sizes of all the other axes
	Size                int   // of the axis that is normalised
	Out, In             View  // over Dims
	OutStride, InStride int   // strides along the normalised axis
	Log                 bool
	pieces              int
}

// NewSoftmax makes s ready to run.
func NewSoftmax(s Softmax) *Softmax {
	mustFitRank(len(s.Dims))
	s.Out.mustHaveRank(len(s.Dims), "output")
	s.In.mustHaveRank(len(s.Dims), "operand")
	s.pieces = pieceCount(count(s.Dims), max(1, 1<<14/max(1, s.Size)))
	return &s
}

// Pieces is the number of pieces, which any workers may run in any order.
func (s *Softmax) Pieces() int { return s.pieces }

// Scratch is the number of elements of scratch that Run needs.
func (s *Softmax) Scratch() int { return s.Size }

// Run computes the rows of one piece. scratch belongs to the worker.
func (s *Softmax) Run(piece int, out, in, scratch []float32) {
	from, to := pieceRange(count(s.Dims), 1, s.pieces, piece)
	plainSoftmaxRows(s, from, to, out, in)
}

// PlainSoftmax computes all rows. It is the specification of Softmax; sums are
// taken in float64.
func PlainSoftmax[F Float](s *Softmax, out, in []F) {
	plainSoftmaxRows(s, 0, count(s.Dims), out, in)
}

func plainSoftmaxRows[F Float](s *Softmax, from, to int, out, in []F) {
	var at [MaxRank]int
	index := at[:len(s.Dims)]
	indexOf(from, s.Dims, index)
	for range to - from {
		plainSoftmaxRow(s, out, in, s.Out.at(index), s.In.at(index))
		advance(s.Dims, index)
	}
}

func plainSoftmaxRow[F Float](s *Softmax, out, in []F, out0, in0 int) {
	top := math.Inf(-1)
	for j := range s.Size {
		top = max(top, float64(in[in0+j*s.InStride]))
	}
	sum := 0.0
	for j := range s.Size {
		sum += math.Exp(float64(in[in0+j*s.InStride]) - top)
	}
	logSum := math.Log(sum)
	for j := range s.Size {
		x := float64(in[in0+j*s.InStride]) - top
		if s.Log {
			out[out0+j*s.OutStride] = F(x - logSum)
		} else {
			out[out0+j*s.OutStride] = F(math.Exp(x) / sum)
		}
	}
}
