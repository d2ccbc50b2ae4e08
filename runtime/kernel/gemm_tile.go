package kernel

// tileFunc computes one tile of C and keeps it in registers while the summed
// axes go by: as many rows as its name says, its last vector of columns cut to
// lanes.
//
//	c, a, b        the first elements of the tile, of its rows of A, of its columns of B
//	ldc, ldb       strides from row to row; columns of C and B lie side by side
//	rsa, csa       strides of A, of any size
//	k              length of the summed axis, at least 1
//	taps, ntaps    how many bytes to move a and b by for each tap; at least one
//	bias           the first of the tile's numbers, if a flag asks for it
//
// Every element is C or zero, plus its products in the order of taps and then k,
// each with one rounding, plus the bias.
type tileFunc func(c, a, b *float32, ldc, rsa, csa, ldb, k int, taps *[2]int, ntaps int, bias *float32, flags, lanes int)

// The flags of a tile; the generator has the same.
const (
	flagAccumulate = 1 << iota
	flagBiasCol
	flagBiasRow
	flagReLU
)

// tileSet is the micro-kernels of one instruction set.
type tileSet struct {
	rows, lanes int        // the most rows of a tile; elements of a vector
	one, two    []tileFunc // of one and two vectors, by the number of rows
	wide        tileFunc   // of one row and several vectors
	wideVectors int
}

// cols is the width of a full tile over rows rows.
func (s *tileSet) cols(rows int) int {
	if rows == 1 {
		return s.wideVectors * s.lanes
	}
	return 2 * s.lanes
}

// choose finds the kernel for the left columns of rows rows, and how many of
// them it takes.
func (s *tileSet) choose(rows, left int) (f tileFunc, cols, lanes int) {
	switch {
	case rows == 1 && left > (s.wideVectors-1)*s.lanes:
		cols = min(left, s.wideVectors*s.lanes)
		return s.wide, cols, cols - (s.wideVectors-1)*s.lanes
	case left > s.lanes:
		cols = min(left, 2*s.lanes)
		return s.two[rows], cols, cols - s.lanes
	}
	return s.one[rows], left, left
}

// thin is the most columns for which narrow vectors do better: a wide one would
// be loaded for each element of A and half empty.
const thin = 16

// tilesFor chooses among sets, the best first, for n columns.
func tilesFor(n int, sets []*tileSet) *tileSet {
	if n <= thin {
		return sets[len(sets)-1]
	}
	return sets[0]
}
