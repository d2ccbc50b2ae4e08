package kernel

// Blocks of a product, after Goto and van de Geijn, Anatomy of High-Performance
// Matrix Multiplication (2008), except that an operand is packed only where its
// strides are bad or its size is large.
const (
	depthLimit = 512     // products summed in one visit to a tile, if they fall into several
	rowLimit   = 224     // rows of a piece: what of A stays in the second cache beside a panel of B
	gemmGrain  = 1 << 17 // multiply-adds worth handing to another worker: a few microseconds
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

	batches, rows, cols                  int // of one piece
	batchPieces, rowPieces, columnPieces int
}

func newBlocking(s *GemmShape, tiles *tileSet) *blocking {
	g := &blocking{tiles: tiles}
	g.chunks = cutDepth(count(s.Taps), s.K)
	g.packB = s.B.Col != 1 && s.N > 1
	g.cutPieces(s)
	g.findOffsets(s)
	return g
}

// cutDepth cuts the summed axes into chunks of at most depthLimit where it can.
func cutDepth(taps, k int) []chunk {
	var chunks []chunk
	if k > depthLimit {
		parts := (k + depthLimit - 1) / depthLimit
		for tap := range taps {
			for part := range parts {
				from, to := pieceRange(k, 1, parts, part)
				chunks = append(chunks, chunk{tap, 1, from, to - from})
			}
		}
		return chunks
	}
	group := max(1, depthLimit/k)
	for tap := 0; tap < taps; tap += group {
		chunks = append(chunks, chunk{tap, min(group, taps-tap), 0, k})
	}
	return chunks
}

// cutPieces chooses the pieces: few enough to hand out cheaply, and as many as
// share the work evenly.
func (g *blocking) cutPieces(s *GemmShape) {
	batch, perRow := count(s.Batch), count(s.Taps)*s.K*s.N
	grain := max(gemmGrain, batch*s.M*perRow/maxPieces)
	tile := g.tiles.cols(s.M)
	g.batches, g.rows, g.cols = 1, s.M, s.N
	if work := s.M * perRow; work < grain {
		g.batches = min(batch, (grain+work-1)/work)
	} else {
		rowPieces := (s.M + rowLimit - 1) / rowLimit
		if !g.packB {
			rowPieces = max(rowPieces, min(work/grain, s.M/g.tiles.rows))
		}
		g.rows = roundUp((s.M+rowPieces-1)/rowPieces, g.tiles.rows)
		colPieces := max(1, min(g.rows*perRow/grain, s.N/tile))
		g.cols = roundUp((s.N+colPieces-1)/colPieces, tile)
	}
	g.batchPieces = (batch + g.batches - 1) / g.batches
	g.rowPieces = (s.M + g.rows - 1) / g.rows
	g.columnPieces = (s.N + g.cols - 1) / g.cols
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
				o[0] = size * tap * c.k * g.tiles.rows
			}
			if g.packB {
				o[1] = size * tap * c.k * g.tiles.cols(s.M)
			}
		}
	}
}

func (g *blocking) pieces() int { return g.batchPieces * g.rowPieces * g.columnPieces }

func (g *blocking) scratch(s *GemmShape) int {
	deepest := 0
	for _, c := range g.chunks {
		deepest = max(deepest, c.depth())
	}
	n := 0
	if g.packB {
		n += deepest * g.tiles.cols(s.M)
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
	scratch                []float32
}

// runPiece computes one piece.
func (g *blocking) runPiece(s *GemmShape, piece int, c, a, b, bias, scratch []float32) {
	r := gemmRun{blocking: g, s: s, c: c, a: a, b: b, bias: bias, scratch: scratch}
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
		flags := r.flags(i)
		for col := r.col0; col < r.col1; {
			col += r.panel(&r.chunks[i], col, flags)
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

// panel runs over the rows with one tile's width of columns, and returns the width.
func (r *gemmRun) panel(c *chunk, col, flags int) int {
	mostRows := min(r.row1-r.row0, r.tiles.rows)
	_, cols, _ := r.tiles.choose(mostRows, r.col1-col)
	if r.s.M > 1 {
		cols = min(cols, 2*r.tiles.lanes)
	}
	b, ldb := r.b[r.b0+c.k0*r.s.B.Row+col*r.s.B.Col:], r.s.B.Row
	if r.packB {
		b, ldb = r.packPanel(c, col, cols), r.tiles.cols(r.s.M)
	}
	for row := r.row0; row < r.row1; {
		rows := evenly(r.row1-row, r.tiles.rows)
		r.tile(c, row, rows, col, cols, b, ldb, flags)
		row += rows
	}
	return cols
}

// evenly is the first of the fewest nearly equal parts of n that are at most limit.
func evenly(n, limit int) int {
	parts := (n + limit - 1) / limit
	return (n + parts - 1) / parts
}

func (r *gemmRun) tile(c *chunk, row, rows, col, cols int, b []float32, ldb, flags int) {
	s := r.s
	var bias *float32
	if flags&flagBiasCol != 0 {
		bias = &r.bias[r.bias0+col]
	} else if flags&flagBiasRow != 0 {
		bias = &r.bias[r.bias0+row]
	}
	f, _, lanes := r.tiles.choose(rows, cols)
	f(&r.c[r.c0+row*s.C.Row+col], &r.a[r.a0+row*s.A.Row+c.k0*s.A.Col], &b[0], s.C.Row, s.A.Row, s.A.Col, ldb,
		c.k, &r.offsets[c.tap], c.taps, bias, flags, lanes)
}

// packPanel copies the chunk's rows of B, cols wide from col, into scratch, row
// behind row.
func (r *gemmRun) packPanel(c *chunk, col, cols int) []float32 {
	width := r.tiles.cols(r.s.M)
	var at [MaxRank]int
	tap := at[:len(r.s.Taps)]
	indexOf(c.tap, r.s.Taps, tap)
	to := r.scratch
	for range c.taps {
		from := r.b[View{r.b0, r.s.B.Taps}.at(tap)+c.k0*r.s.B.Row+col*r.s.B.Col:]
		copyBlock(to, from, c.k, cols, width, 1, r.s.B.Row, r.s.B.Col)
		to = to[c.k*width:]
		advance(r.s.Taps, tap)
	}
	return r.scratch
}
