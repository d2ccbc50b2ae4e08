package kernel

import "math"

// Blocks of a product, after Goto and van de Geijn, Anatomy of High-Performance
// Matrix Multiplication (2008), except that an operand is packed only where its
// strides are bad or its size is large.
const (
	inPlaceDepth = 1024    // products summed in one visit to a tile, if they fall into several
	packedDepth  = 640     // the same over packed columns
	rowLimit     = 168     // rows that stay in the second cache beside a panel of B
	colLimit     = 512     // columns that a piece packs
	gemmGrain    = 1 << 17 // multiply-adds worth handing to another worker: a few microseconds
	gemmPieces   = 24      // of one product, at most, so that packing pays

	// From these sizes on packing an operand costs less than its rows falling
	// on one another in the caches.
	packedWork = 1 << 29 // multiply-adds, for A
	packedArea = 1 << 21 // elements of B
	reuse      = 256     // times that an element must serve
)

// chunk is a stretch of the summed axes that one visit to a tile sums: several
// whole taps, or a part of k in one tap.
type chunk struct {
	tap, taps int
	k0, k     int
}

func (c chunk) depth() int { return c.taps * c.k }

// blocking is how the fast path walks a product whose C has unit column stride.
type blocking struct {
	tiles        *tileSet
	chunks       []chunk
	offsets      [][2]int // of each tap, in bytes from the start of its chunk: A, B
	packA, packB bool
	// Widths of packed panels: a tile's rows of A side by side, a tile's columns
	// of B, with room for the transposition to write eights.
	widthA, widthB int

	batches, rows, cols                  int // of one piece
	batchPieces, rowPieces, columnPieces int
}

func newBlocking(s *GemmShape, tiles *tileSet) *blocking {
	depth := count(s.Taps) * s.K
	isStrided := s.B.Col != 1 && s.N > 1
	isReused := s.M >= reuse && s.N >= reuse
	return newPackedBlocking(s, tiles,
		isReused && s.M*s.N*depth >= packedWork,
		isStrided || isReused && depth*s.N >= packedArea)
}

// newPackedBlocking is newBlocking with the operands to pack given.
func newPackedBlocking(s *GemmShape, tiles *tileSet, packA, packB bool) *blocking {
	g := &blocking{tiles: tiles, packA: packA, packB: packB}
	g.widthA, g.widthB = roundUp(tiles.rows, 8), tiles.cols(s.M)
	if packB {
		g.chunks = cutDepth(count(s.Taps), s.K, packedDepth)
	} else {
		g.chunks = cutDepth(count(s.Taps), s.K, inPlaceDepth)
	}
	g.cutPieces(s)
	g.findOffsets(s)
	return g
}

// cutDepth cuts the summed axes into chunks of at most limit products where it
// can.
func cutDepth(taps, k, limit int) []chunk {
	var chunks []chunk
	if k > limit {
		parts := (k + limit - 1) / limit
		for tap := range taps {
			for part := range parts {
				from, to := pieceRange(k, 1, parts, part)
				chunks = append(chunks, chunk{tap, 1, from, to - from})
			}
		}
		return chunks
	}
	for tap := 0; tap < taps; {
		group := evenly(taps-tap, max(1, limit/k))
		chunks = append(chunks, chunk{tap, group, 0, k})
		tap += group
	}
	return chunks
}

// cutPieces chooses the pieces: few enough to hand out cheaply, and as many as
// share the work evenly.
func (g *blocking) cutPieces(s *GemmShape) {
	batch, perRow := count(s.Batch), count(s.Taps)*s.K*s.N
	grain := max(gemmGrain, batch*s.M*perRow/gemmPieces)
	g.batches, g.rows, g.cols = 1, s.M, s.N
	if work := s.M * perRow; work < grain {
		g.batches = min(batch, (grain+work-1)/work)
	} else {
		rowPieces, colPieces := g.cutMatrix(s, work/grain)
		g.rows = roundUp((s.M+rowPieces-1)/rowPieces, g.tiles.rows)
		g.cols = roundUp((s.N+colPieces-1)/colPieces, g.widthB)
	}
	g.batchPieces = (batch + g.batches - 1) / g.batches
	g.rowPieces = (s.M + g.rows - 1) / g.rows
	g.columnPieces = (s.N + g.cols - 1) / g.cols
}

// cutMatrix chooses how many pieces there are of rows and of columns, about
// pieces in all. A piece packs what it reads, so it should be near to square
// where both operands are packed, and whole along the other axis where one is.
func (g *blocking) cutMatrix(s *GemmShape, pieces int) (rowPieces, colPieces int) {
	mostRows, mostCols := max(1, s.M/g.tiles.rows), max(1, s.N/g.widthB)
	switch {
	case g.packA && g.packB:
		rowPieces = int(math.Sqrt(float64(pieces*s.M) / float64(s.N)))
		colPieces = pieces / max(1, rowPieces)
	case g.packB:
		colPieces = min(pieces, mostCols)
		rowPieces = pieces / colPieces
	default:
		rowPieces = min(pieces, mostRows)
		colPieces = pieces / rowPieces
	}
	if g.packB {
		colPieces = max(colPieces, (s.N+colLimit-1)/colLimit)
	}
	return max(1, min(rowPieces, mostRows)), max(1, min(colPieces, mostCols))
}

func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }

// findOffsets fills in where each tap of a chunk begins, in place or packed.
func (g *blocking) findOffsets(s *GemmShape) {
	const size = 4 // bytes of a float32
	var at [MaxRank]int
	index := at[:len(s.Taps)]
	for range count(s.Taps) {
		g.offsets = append(g.offsets, [2]int{size * View{0, s.A.Taps}.at(index), size * View{0, s.B.Taps}.at(index)})
		advance(s.Taps, index)
	}
	for _, c := range g.chunks {
		for tap := range c.taps {
			o := &g.offsets[c.tap+tap]
			if g.packA {
				o[0] = size * tap * c.k * g.widthA
			}
			if g.packB {
				o[1] = size * tap * c.k * g.widthB
			}
		}
	}
}

func (g *blocking) pieces() int { return g.batchPieces * g.rowPieces * g.columnPieces }

// deepest is the most products that a chunk sums.
func (g *blocking) deepest() int {
	deepest := 0
	for _, c := range g.chunks {
		deepest = max(deepest, c.depth())
	}
	return deepest
}

func (g *blocking) scratch(s *GemmShape) int {
	n, deepest := 0, g.deepest()
	if g.packB {
		n += deepest * roundUp(g.cols, g.widthB)
	}
	if g.packA {
		n += deepest * g.widthA * ((min(g.rows, rowLimit) + g.tiles.rows - 1) / g.tiles.rows)
	}
	return n
}

// gemmRun is one product of a piece under way.
type gemmRun struct {
	*blocking
	s                      *GemmShape
	c, a, b, bias          []float32
	c0, a0, b0, bias0      int // where this batch begins
	row0, row1, col0, col1 int
	packedA, packedB       []float32
	packedFrom             int // where the B in packedB begins, or -1
}

// runPiece computes one piece.
func (g *blocking) runPiece(s *GemmShape, piece int, c, a, b, bias, scratch []float32) {
	r := gemmRun{blocking: g, s: s, c: c, a: a, b: b, bias: bias, packedFrom: -1}
	if g.packB {
		deepest := g.deepest() * roundUp(g.cols, g.widthB)
		r.packedB, r.packedA = scratch[:deepest], scratch[deepest:]
	} else {
		r.packedA = scratch
	}
	r.col0 = piece % g.columnPieces * g.cols
	r.row0 = piece / g.columnPieces % g.rowPieces * g.rows
	r.col1, r.row1 = min(r.col0+g.cols, s.N), min(r.row0+g.rows, s.M)
	first := piece / g.columnPieces / g.rowPieces * g.batches
	var at [MaxRank]int
	index := at[:len(s.Batch)]
	indexOf(first, s.Batch, index)
	for range min(g.batches, count(s.Batch)-first) {
		r.a0 = View{s.A.Offset, s.A.Batch}.at(index)
		r.b0 = View{s.B.Offset, s.B.Batch}.at(index)
		r.c0 = View{s.C.Offset, s.C.Batch}.at(index)
		if s.BiasAxis != NoBias {
			r.bias0 = View{s.Bias.Offset, s.Bias.Batch}.at(index)
		}
		r.product()
		advance(s.Batch, index)
	}
}

func (r *gemmRun) product() {
	for i := range r.chunks {
		c, flags := &r.chunks[i], r.flags(i)
		if r.packB && !r.isPacked() {
			r.packColumns(c)
			r.packedFrom = r.b0
		}
		for row := r.row0; row < r.row1; row += rowLimit {
			r.rowBlock(c, row, min(row+rowLimit, r.row1), flags)
		}
	}
}

func (r *gemmRun) flags(chunk int) int {
	flags := 0
	if chunk > 0 || r.s.Accumulate {
		flags |= flagAccumulate
	}
	if chunk < len(r.chunks)-1 {
		return flags
	}
	switch r.s.BiasAxis {
	case BiasCol:
		flags |= flagBiasCol
	case BiasRow:
		flags |= flagBiasRow
	}
	if r.s.ReLU {
		flags |= flagReLU
	}
	return flags
}

// rowBlock runs over the tiles of the rows [row0, row1), a panel of columns at a time.
func (r *gemmRun) rowBlock(c *chunk, row0, row1, flags int) {
	if r.packA {
		r.packRows(c, row0, row1)
	}
	for col := r.col0; col < r.col1; col += r.widthB {
		cols := min(r.widthB, r.col1-col)
		for row := row0; row < row1; {
			rows := evenly(row1-row, r.tiles.rows)
			r.tile(c, row, rows, col, cols, flags)
			row += rows
		}
	}
}

// evenly is the first of the fewest nearly equal parts of n that are at most limit.
func evenly(n, limit int) int {
	parts := (n + limit - 1) / limit
	return (n + parts - 1) / parts
}

// tile computes rows by cols of C, which is one tile, or several where a single
// row is not as wide as its kernel.
func (r *gemmRun) tile(c *chunk, row, rows, col, cols, flags int) {
	a, rsa, csa := r.tileOfA(c, row)
	for end := col + cols; col < end; {
		f, width, lanes := r.tiles.choose(rows, end-col)
		b, ldb := r.panelOfB(c, col)
		f(&r.c[r.c0+row*r.s.C.Row+col], a, b, r.s.C.Row, rsa, csa, ldb,
			c.k, &r.offsets[c.tap], c.taps, r.biasOf(row, col, flags), flags, lanes)
		col += width
	}
}

// biasOf is where the numbers for a tile begin, if flags ask for them.
func (r *gemmRun) biasOf(row, col, flags int) *float32 {
	switch {
	case flags&flagBiasCol != 0:
		return &r.bias[r.bias0+col]
	case flags&flagBiasRow != 0:
		return &r.bias[r.bias0+row]
	}
	return nil
}
