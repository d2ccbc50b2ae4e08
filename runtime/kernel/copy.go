package kernel

// Copy describes a strided copy: to[i] = from[i] for every index i of Dims.
// The two may not overlap, and the indices of To must be distinct elements.
type Copy struct {
	Dims     []int
	To, From View
	pieces   int
}

// NewCopy makes a copy ready to run.
func NewCopy(dims []int, to, from View) *Copy {
	mustFitRank(len(dims))
	to.mustHaveRank(len(dims), "to")
	from.mustHaveRank(len(dims), "from")
	return &Copy{Dims: dims, To: to, From: from, pieces: 1}
}

// Pieces is the number of pieces, which any workers may run in any order.
func (c *Copy) Pieces() int { return c.pieces }

// Run copies one piece.
func (c *Copy) Run(piece int, to, from []float32) {
	PlainCopy(c, to, from)
}

// PlainCopy copies all. It is the specification of Copy.
func PlainCopy[F Float](c *Copy, to, from []F) {
	var at [MaxRank]int
	index := at[:len(c.Dims)]
	for range count(c.Dims) {
		to[c.To.at(index)] = from[c.From.at(index)]
		advance(c.Dims, index)
	}
}

// Fill writes value to every element of a strided array.
func Fill[F Float](dims []int, v View, to []F, value F) {
	v.mustHaveRank(len(dims), "to")
	var at [MaxRank]int
	index := at[:len(dims)]
	for range count(dims) {
		to[v.at(index)] = value
		advance(dims, index)
	}
}
