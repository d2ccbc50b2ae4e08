package kernel

import "math"

// Softmax describes a softmax along one axis of an array:
//
//	out[r, j] = exp(in[r, j] - m) / Σ_k exp(in[r, k] - m),  m = max_k in[r, k]
//
// for every index r of Dims and j < Size. With Log it is the logarithm of that,
// in[r, j] - m - log Σ_k exp(in[r, k] - m). out may be the very elements of in.
//
// -Inf weighs nothing, and a row of nothing but -Inf gives zeros, with Log too. A row that holds a NaN or +Inf gives NaN there.
type Softmax struct {
	Dims                []int // sizes of all the other axes
	Size                int   // of the axis that is normalised
	Out, In             View  // over Dims
	OutStride, InStride int   // strides along the normalised axis
	Log                 bool

	pieces         int
	rows           []int // Dims with neighbours joined where both operands allow
	toRow, fromRow View  // over rows
	need           [4]int
}

// softmaxGrain is the least number of elements worth handing to another worker.
const softmaxGrain = 1 << 13

// NewSoftmax makes s ready to run.
func NewSoftmax(s Softmax) *Softmax {
	mustFitRank(len(s.Dims))
	s.Out.mustHaveRank(len(s.Dims), "output")
	s.In.mustHaveRank(len(s.Dims), "operand")
	s.pieces = pieceCount(count(s.Dims), max(1, softmaxGrain/max(1, s.Size)))
	dims, views := joinAxes(s.Dims, []View{s.Out, s.In})
	s.rows, s.toRow, s.fromRow = dims, views[0], views[1]
	all := joined(s.Dims, []int{s.Size})
	s.need[0] = View{s.Out.Offset, joined(s.Out.Strides, []int{s.OutStride})}.length(all)
	s.need[1] = View{s.In.Offset, joined(s.In.Strides, []int{s.InStride})}.length(all)
	return &s
}

// Pieces is the number of pieces, which any workers may run in any order.
func (s *Softmax) Pieces() int { return s.pieces }

// Scratch is the number of elements of scratch that Run needs.
func (s *Softmax) Scratch() int {
	if s.InStride == 1 && s.OutStride == 1 {
		return 0
	}
	return s.Size
}

// Run computes the rows of one piece. scratch belongs to the worker.
func (s *Softmax) Run(piece int, out, in, scratch []float32) {
	mustHold(s.need, len(out), len(in))
	from, to := pieceRange(count(s.Dims), 1, s.pieces, piece)
	switch {
	case s.Size == 0:
	case rows.softmax == nil:
		plainSoftmaxRows(s, from, to, out, in)
	case s.InStride == 1 && s.OutStride == 1:
		s.contiguousRows(from, to, out, in)
	default:
		s.stridedRows(from, to, out, in, scratch)
	}
}

func (s *Softmax) function() softmaxFunc {
	if s.Log {
		return rows.logSoftmax
	}
	return rows.softmax
}

// contiguousRows runs over the rows [from, to), as many at once as are evenly
// spaced.
func (s *Softmax) contiguousRows(from, to int, out, in []float32) {
	var at [MaxRank]int
	index := at[:len(s.rows)]
	indexOf(from, s.rows, index)
	f, last := s.function(), len(s.rows)-1
	for from < to {
		n, toRow, fromRow := 1, 0, 0
		if last >= 0 {
			n = min(s.rows[last]-index[last], to-from)
			toRow, fromRow = s.toRow.Strides[last], s.fromRow.Strides[last]
		}
		f(&out[s.toRow.at(index)], &in[s.fromRow.at(index)], n, s.Size, toRow, fromRow)
		from += n
		if last >= 0 {
			index[last] += n - 1
		}
		advance(s.rows, index)
	}
}

// stridedRows brings each row together in scratch first.
func (s *Softmax) stridedRows(from, to int, out, in, scratch []float32) {
	var at [MaxRank]int
	index := at[:len(s.Dims)]
	indexOf(from, s.Dims, index)
	f, row := s.function(), scratch[:s.Size]
	for range to - from {
		start := s.In.at(index)
		for j := range row {
			row[j] = in[start+j*s.InStride]
		}
		f(&row[0], &row[0], 1, s.Size, 0, 0)
		start = s.Out.at(index)
		for j, x := range row {
			out[start+j*s.OutStride] = x
		}
		advance(s.Dims, index)
	}
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
	top = max(top, -math.MaxFloat64)
	sum := 0.0
	for j := range s.Size {
		sum += math.Exp(float64(in[in0+j*s.InStride]) - top)
	}
	if sum == 0 { // nothing is left
		for j := range s.Size {
			out[out0+j*s.OutStride] = 0
		}
		return
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
