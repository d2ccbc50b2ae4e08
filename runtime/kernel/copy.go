package kernel

import "slices"

// Copy describes a strided copy: to[i] = from[i] for every index i of Dims.
// The two may not overlap, and the indices of To must be distinct elements.
type Copy struct {
	Dims     []int
	To, From View

	way          copyWay
	outer, block []int // sizes of the axes walked one index at a time, and of those copied at once
	toOuter      View  // over outer, as is fromOuter
	fromOuter    View
	toBlock      []int // strides over block, as is fromBlock
	fromBlock    []int
	chunk        int // places of the block's first axis in a unit of work
	pieces       int
	need         [4]int
}

// copyWay is how the innermost axes are copied.
type copyWay uint8

const (
	copyElements copyWay = iota // one axis of any strides
	copyRows                    // one axis, side by side in both
	copySquares                 // two axes, each side by side in one of the two
)

const (
	copyGrain = 1 << 14 // elements worth handing to another worker
	copyChunk = 64      // places of an axis that a transpose takes at once
)

// NewCopy makes a copy ready to run.
func NewCopy(dims []int, to, from View) *Copy {
	mustFitRank(len(dims))
	to.mustHaveRank(len(dims), "to")
	from.mustHaveRank(len(dims), "from")
	c := &Copy{Dims: dims, To: to, From: from, need: [4]int{to.length(dims), from.length(dims)}}
	c.arrange()
	units := count(c.outer) * c.chunks()
	c.pieces = max(1, min(units, pieceCount(count(dims), copyGrain)))
	return c
}

// arrange orders the axes as the destination lies, joins what can be joined,
// and parts the axes that are copied at once from those around them.
func (c *Copy) arrange() {
	dims, to, from := sortedByStride(c.Dims, c.To, c.From)
	dims, views := joinAxes(dims, []View{to, from})
	to, from = views[0], views[1]
	if len(dims) == 0 {
		dims, to.Strides, from.Strides = []int{1}, []int{1}, []int{1}
	}
	last, inner := len(dims)-1, 1
	unit := slices.Index(from.Strides, 1)
	switch {
	case to.Strides[last] == 1 && from.Strides[last] == 1:
		c.way, c.chunk = copyRows, copyGrain
	case to.Strides[last] == 1 && unit >= 0 && to.Strides[unit] > 0:
		c.way, c.chunk, inner = copySquares, copyChunk, 2
		for _, s := range [][]int{dims, to.Strides, from.Strides} {
			moveBeforeLast(s, unit)
		}
	default:
		c.way, c.chunk = copyElements, copyGrain
	}
	n := len(dims) - inner
	c.outer, c.block = dims[:n], dims[n:]
	c.toOuter, c.fromOuter = View{to.Offset, to.Strides[:n]}, View{from.Offset, from.Strides[:n]}
	c.toBlock, c.fromBlock = to.Strides[n:], from.Strides[n:]
}

// sortedByStride puts the axes in the order of falling strides of the first view.
func sortedByStride(dims []int, to, from View) ([]int, View, View) {
	order := make([]int, len(dims))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return to.Strides[b] - to.Strides[a] })
	sizes, sortedTo, sortedFrom := make([]int, len(dims)), make([]int, len(dims)), make([]int, len(dims))
	for k, axis := range order {
		sizes[k], sortedTo[k], sortedFrom[k] = dims[axis], to.Strides[axis], from.Strides[axis]
	}
	return sizes, View{to.Offset, sortedTo}, View{from.Offset, sortedFrom}
}

// moveBeforeLast moves element k to the place before the last.
func moveBeforeLast(s []int, k int) {
	moved, end := s[k], len(s)-2
	copy(s[k:end], s[k+1:end+1])
	s[end] = moved
}

// chunks is how many units of work the block's first axis falls into.
func (c *Copy) chunks() int { return (c.block[0] + c.chunk - 1) / c.chunk }

// Pieces is the number of pieces, which any workers may run in any order.
func (c *Copy) Pieces() int { return c.pieces }

// Run copies one piece.
func (c *Copy) Run(piece int, to, from []float32) {
	mustHold(c.need, len(to), len(from))
	chunks := c.chunks()
	first, end := pieceRange(count(c.outer)*chunks, 1, c.pieces, piece)
	var at [MaxRank]int
	index := at[:len(c.outer)]
	for unit := first; unit < end; unit++ {
		indexOf(unit/chunks, c.outer, index)
		start := unit % chunks * c.chunk
		n := min(c.chunk, c.block[0]-start)
		t, f := c.toOuter.at(index)+start*c.toBlock[0], c.fromOuter.at(index)+start*c.fromBlock[0]
		switch c.way {
		case copyRows:
			copy(to[t:t+n], from[f:f+n])
		case copySquares:
			transposeBlock(to[t:], from, f, n, c.block[1], c.toBlock[0], c.fromBlock[1], false)
		default:
			for i := range n {
				to[t+i*c.toBlock[0]] = from[f+i*c.fromBlock[0]]
			}
		}
	}
}

// PlainCopy copies all, numbers or places. It is the specification of Copy.
func PlainCopy[T any](c *Copy, to, from []T) {
	var at [MaxRank]int
	index := at[:len(c.Dims)]
	for range count(c.Dims) {
		to[c.To.at(index)] = from[c.From.at(index)]
		advance(c.Dims, index)
	}
}

// Fill writes value to every element of a strided array.
func Fill[T any](dims []int, v View, to []T, value T) {
	v.mustHaveRank(len(dims), "to")
	if len(dims) == 0 {
		to[v.Offset] = value
		return
	}
	var at [MaxRank]int
	index := at[:len(dims)]
	last := len(dims) - 1
	for n := count(dims); n > 0; n -= dims[last] {
		start := v.at(index)
		if v.Strides[last] == 1 {
			fill(to[start:start+dims[last]], value)
		} else {
			for i := range dims[last] {
				to[start+i*v.Strides[last]] = value
			}
		}
		index[last] = dims[last] - 1
		advance(dims, index)
	}
}
