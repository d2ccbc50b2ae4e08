package kernel

// isPacked reports whether all of this product's B is in packedB already, from
// the product before it, as where every image meets the same filters.
func (r *gemmRun) isPacked() bool { return len(r.chunks) == 1 && r.packedFrom == r.b0 }

// tileOfA is where the rows of A from row begin, and their strides.
func (r *gemmRun) tileOfA(c *chunk, row int) (first *float32, rsa, csa int) {
	if r.packA {
		block := ((row-r.row0)%rowLimit + r.tiles.rows - 1) / r.tiles.rows
		return &r.packedA[block*c.depth()*r.widthA], 1, r.widthA
	}
	return &r.a[r.a0+row*r.s.A.Row+c.k0*r.s.A.Col], r.s.A.Row, r.s.A.Col
}

// panelOfB is where the columns of B from col begin, and the stride of its rows.
func (r *gemmRun) panelOfB(c *chunk, col int) (first *float32, ldb int) {
	if r.packB {
		across := (col - r.col0) % r.widthB
		return &r.packedB[(col-r.col0-across)*c.depth()+across], r.widthB
	}
	return &r.b[r.b0+c.k0*r.s.B.Row+col*r.s.B.Col], r.s.B.Row
}

// packRows copies the chunk's part of the rows of A, a panel for each tile.
func (r *gemmRun) packRows(c *chunk, row0, row1 int) {
	to := r.packedA
	for row := row0; row < row1; {
		rows := evenly(row1-row, r.tiles.rows)
		at := r.a0 + row*r.s.A.Row + c.k0*r.s.A.Col
		r.pack(c, to, r.a, at, r.s.A.Taps, rows, r.widthA, r.s.A.Col, r.s.A.Row)
		to = to[c.depth()*r.widthA:]
		row += rows
	}
}

// packColumns copies the chunk's part of the columns of B, a panel for each tile.
func (r *gemmRun) packColumns(c *chunk) {
	to := r.packedB
	for col := r.col0; col < r.col1; col += r.widthB {
		at := r.b0 + c.k0*r.s.B.Row + col*r.s.B.Col
		r.pack(c, to, r.b, at, r.s.B.Taps, min(r.widthB, r.col1-col), r.widthB, r.s.B.Row, r.s.B.Col)
		to = to[c.depth()*r.widthB:]
	}
}

// pack writes to[q·width + i] = from[at + q·deep + i·across] for i < n, where q
// runs over the chunk's taps and k.
func (r *gemmRun) pack(c *chunk, to, from []float32, at int, taps []int, n, width, deep, across int) {
	var space [MaxRank]int
	tap := space[:len(r.s.Taps)]
	indexOf(c.tap, r.s.Taps, tap)
	for range c.taps {
		packBlock(to, from, View{at, taps}.at(tap), c.k, n, width, deep, across, true)
		to = to[c.k*width:]
		advance(r.s.Taps, tap)
	}
}
