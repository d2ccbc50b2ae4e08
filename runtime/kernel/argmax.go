package kernel

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
