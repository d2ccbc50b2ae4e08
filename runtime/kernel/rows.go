package kernel

import (
	"math"
	"unsafe"
)

// A rowLoop reduces a slice to one number.
type rowLoop func(from []float32) float32

// A softmaxFunc writes the softmax of each of rows ≥ 1 rows of size ≥ 1
// elements, rows toRow and fromRow apart. to may be from.
type softmaxFunc func(to, from *float32, rows, size, toRow, fromRow int)

// A dotsFunc writes to[i] = Σ_j a[j]·b[i·ldb + j] for i < 4 and j < k.
type dotsFunc func(to, a, b *float32, ldb, k int)

// A spreadFunc writes to[i·size + j] = from[i·stride] for i < rows and j < size, of
// which there are some.
type spreadFunc func(to, from *float32, rows, size, stride int)

// rowSet is the loops over rows of one instruction set.
type rowSet struct {
	name                   string
	dots                   dotsFunc
	sum, largest, smallest rowLoop
	softmax, logSoftmax    softmaxFunc
	spread                 spreadFunc
}

var plainRows = rowSet{name: "plain", sum: sumLoop, largest: largestLoop, smallest: smallestLoop, spread: plainSpread}

// rows are the best that this processor runs.
var rows = availableRows()[0]

// sumLoop adds four interleaved sums, which is quicker than one.
func sumLoop(from []float32) float32 {
	var s [4]float32
	for ; len(from) >= 4; from = from[4:] {
		s[0] += from[0]
		s[1] += from[1]
		s[2] += from[2]
		s[3] += from[3]
	}
	for i, x := range from {
		s[i] += x
	}
	return s[0] + s[1] + (s[2] + s[3])
}

func largestLoop(from []float32) float32 {
	top := float32(math.Inf(-1))
	for _, x := range from {
		top = max(top, x)
	}
	return top
}

func smallestLoop(from []float32) float32 {
	least := float32(math.Inf(1))
	for _, x := range from {
		least = min(least, x)
	}
	return least
}

func plainSpread(to, from *float32, rows, size, stride int) {
	out, in := unsafe.Slice(to, rows*size), unsafe.Slice(from, (rows-1)*stride+1)
	for i := range rows {
		fill(out[i*size:(i+1)*size], in[i*stride])
	}
}
