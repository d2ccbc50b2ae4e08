package kernel

import "math"

// ReduceOp is a way to make one number of many.
type ReduceOp uint8

const (
	ReduceSum ReduceOp = iota
	ReduceMean
	ReduceMax // NaN if any is
	ReduceMin // NaN if any is
	ReduceProduct
	ReduceLogSumExp // log Σ exp, without overflow
)

// Reduce describes a reduction: for every index i of Dims,
//
//	out[i] = op over all indices s of Sums of in[i, s]
//
// Sums are taken in float64, or pairwise, in an order fixed by the shape. With
// Accumulate the result is added to what out holds. Over nothing a sum is 0, a
// product 1, a mean NaN, a maximum and a logarithm of a sum -Inf. out must not overlap in.
type Reduce struct {
	Op         ReduceOp
	Dims, Sums []int
	Out        View // over Dims
	In         View // over Dims and then Sums
	Accumulate bool
	pieces     int
}

// NewReduce makes r ready to run.
func NewReduce(r Reduce) *Reduce {
	mustFitRank(len(r.Dims) + len(r.Sums))
	r.Out.mustHaveRank(len(r.Dims), "output")
	r.In.mustHaveRank(len(r.Dims)+len(r.Sums), "operand")
	r.pieces = pieceCount(count(r.Dims), max(1, 1<<15/max(1, count(r.Sums))))
	return &r
}

// Pieces is the number of pieces, which any workers may run in any order.
func (r *Reduce) Pieces() int { return r.pieces }

// Run computes the outputs of one piece.
func (r *Reduce) Run(piece int, out, in []float32) {
	from, to := pieceRange(count(r.Dims), 1, r.pieces, piece)
	plainReduceRange(r, from, to, out, in)
}

// PlainReduce computes all outputs. It is the specification of Reduce.
func PlainReduce[F Float](r *Reduce, out, in []F) {
	plainReduceRange(r, 0, count(r.Dims), out, in)
}

func plainReduceRange[F Float](r *Reduce, from, to int, out, in []F) {
	rank := len(r.Dims) + len(r.Sums)
	var at [MaxRank]int
	outer, inner := at[:len(r.Dims)], at[len(r.Dims):rank]
	indexOf(from, r.Dims, outer)
	n := count(r.Sums)
	for range to - from {
		acc := accumulator{op: r.Op, top: math.Inf(-1)}
		acc.begin()
		if r.Op == ReduceLogSumExp {
			for range n {
				acc.top = max(acc.top, float64(in[r.In.at(at[:rank])]))
				advance(r.Sums, inner)
			}
		}
		for range n {
			acc.add(float64(in[r.In.at(at[:rank])]))
			advance(r.Sums, inner)
		}
		to := &out[r.Out.at(outer)]
		if r.Accumulate {
			*to += F(acc.end(n))
		} else {
			*to = F(acc.end(n))
		}
		advance(r.Dims, outer)
	}
}

// accumulator is the plain reduction of one output, in float64.
type accumulator struct {
	op    ReduceOp
	value float64
	top   float64 // the largest, for ReduceLogSumExp
}

func (a *accumulator) begin() {
	switch a.op {
	case ReduceMax:
		a.value = math.Inf(-1)
	case ReduceMin:
		a.value = math.Inf(1)
	case ReduceProduct:
		a.value = 1
	}
}

func (a *accumulator) add(x float64) {
	switch a.op {
	case ReduceMax:
		a.value = max(a.value, x)
	case ReduceMin:
		a.value = min(a.value, x)
	case ReduceProduct:
		a.value *= x
	case ReduceLogSumExp:
		if x != a.top {
			x = math.Exp(x - a.top)
		} else {
			x = 1 // also where both are infinite
		}
		a.value += x
	default:
		a.value += x
	}
}

func (a *accumulator) end(n int) float64 {
	switch a.op {
	case ReduceMean:
		return a.value / float64(n)
	case ReduceLogSumExp:
		if math.IsInf(a.top, -1) {
			return a.top
		}
		return a.top + math.Log(a.value)
	}
	return a.value
}

// ArgMax describes, for every index of Dims, the place of the largest element
// along an axis; of equals the first, and a NaN is larger than any number.
type ArgMax struct {
	Dims    []int
	Size    int  // of the axis searched
	Out, In View // over Dims
	Stride  int  // of the operand along the axis searched
	pieces  int
}

// NewArgMax makes a ready to run. It panics if the axis has no places.
func NewArgMax(a ArgMax) *ArgMax {
	if a.Size < 1 {
		panic("kernel: argmax over an axis without places")
	}
	mustFitRank(len(a.Dims))
	a.Out.mustHaveRank(len(a.Dims), "output")
	a.In.mustHaveRank(len(a.Dims), "operand")
	a.pieces = pieceCount(count(a.Dims), max(1, 1<<15/a.Size))
	return &a
}

// Pieces is the number of pieces, which any workers may run in any order.
func (a *ArgMax) Pieces() int { return a.pieces }

// RunArgMax computes the places of one piece.
func RunArgMax[F Float](a *ArgMax, piece int, out []int32, in []F) {
	var at [MaxRank]int
	index := at[:len(a.Dims)]
	from, to := pieceRange(count(a.Dims), 1, a.pieces, piece)
	indexOf(from, a.Dims, index)
	for range to - from {
		out[a.Out.at(index)] = firstLargest(in, a.In.at(index), a.Stride, a.Size)
		advance(a.Dims, index)
	}
}

func firstLargest[F Float](in []F, start, stride, size int) int32 {
	place, top := 0, in[start]
	for j := 1; j < size && top == top; j++ {
		x := in[start+j*stride]
		if x > top || x != x {
			place, top = j, x
		}
	}
	return int32(place)
}
