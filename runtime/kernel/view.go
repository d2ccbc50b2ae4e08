package kernel

import "fmt"

// Float is the element type of a plain kernel.
type Float interface{ ~float32 | ~float64 }

// MaxRank is the largest number of axes that a kernel iterates over.
const MaxRank = 16

// View says where an operand's elements lie: the element at index (i₀, i₁, …)
// is at Offset + Σ iₖ·Strides[k], counted in elements. A stride may be
// negative, and is 0 along an axis that the operand does not have.
type View struct {
	Offset  int
	Strides []int
}

// Contiguous is the row-major view of an array of the given sizes.
func Contiguous(dims ...int) View {
	strides := make([]int, len(dims))
	step := 1
	for k := len(dims) - 1; k >= 0; k-- {
		strides[k] = step
		step *= dims[k]
	}
	return View{Strides: strides}
}

func (v View) at(index []int) int {
	at := v.Offset
	for k, i := range index {
		at += i * v.Strides[k]
	}
	return at
}

func (v View) mustHaveRank(rank int, operand string) {
	if len(v.Strides) != rank {
		panic(fmt.Sprintf("kernel: %s has %d strides for %d axes", operand, len(v.Strides), rank))
	}
}

func mustFitRank(rank int) {
	if rank > MaxRank {
		panic(fmt.Sprintf("kernel: %d axes, at most %d", rank, MaxRank))
	}
}

// count is the number of indices of an index space.
func count(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// indexOf writes the row-major index number n of the index space into index.
func indexOf(n int, dims, index []int) {
	for k := len(dims) - 1; k >= 0; k-- {
		index[k] = n % dims[k]
		n /= dims[k]
	}
}

// advance moves index to its row-major successor, and back to zero from the last.
func advance(dims, index []int) {
	for k := len(dims) - 1; k >= 0; k-- {
		index[k]++
		if index[k] < dims[k] {
			return
		}
		index[k] = 0
	}
}

// joined is dims followed by more, in a fresh slice.
func joined(dims, more []int) []int {
	return append(append(make([]int, 0, len(dims)+len(more)), dims...), more...)
}

// pieceCount is the number of pieces into which n elements fall when a piece
// should hold at least grain of them: between 1 and maxPieces.
func pieceCount(n, grain int) int {
	return max(1, min(n/grain, maxPieces))
}

// maxPieces bounds the pieces of one kernel, so that handing them out stays
// cheap; it is a few times the cores of the machines this runs on.
const maxPieces = 64

// pieceRange is the half-open range of n elements that piece holds, cut at
// multiples of unit.
func pieceRange(n, unit, pieces, piece int) (from, to int) {
	units := (n + unit - 1) / unit
	from = min(n, units*piece/pieces*unit)
	to = min(n, units*(piece+1)/pieces*unit)
	return from, to
}

// length is the least length of a slice that holds every element of the view.
// It panics if an element lies before the slice.
func (v View) length(dims []int) int {
	if count(dims) == 0 {
		return 0
	}
	first, last := v.Offset, v.Offset
	for k, d := range dims {
		span := (d - 1) * v.Strides[k]
		first += min(span, 0)
		last += max(span, 0)
	}
	if first < 0 {
		panic(fmt.Sprintf("kernel: a view begins %d elements before its slice", -first))
	}
	return last + 1
}
