package kernel

// Winograd describes a convolution with windows of 3 by 3 over channels-innermost
// arrays, by the minimal filtering F(2×2, 3×3) of Lavin and Gray (arXiv:1509.09308),
// which takes 16 multiplications where the sum over the window takes 36:
//
//	out[i, p, q, d] = relu(Σ_u Σ_v Σ_c in[i, p+u, q+v, c]·w[u, v, c, d] + bias[d])
//
//	in      [Images Rows+2 Cols+2 Channels]
//	filter  [4 4 Channels Filters], side by side: G·w·Gᵀ for each c and d,
//	        with G = [1 0 0; ½ ½ ½; ½ -½ ½; 0 0 1]
//	out     [Images Rows Cols Filters]
//
// Rows and Cols are even. Places of a row of in lie side by side; out must not overlap
// an operand.
type Winograd struct {
	Images, Rows, Cols, Channels, Filters int

	In, Out Grid
	Filter  int  // where the filter begins
	HasBias bool // then it begins at Bias
	Bias    int
	ReLU    bool

	pieces int
	tiles  *tileSet // nil: the plain loops run
	need   [4]int
}

// Grid says how an image array lies: Offset + i·Image + p·Row + q·Col + c.
type Grid struct{ Offset, Image, Row, Col int }

func (g Grid) view() View { return View{g.Offset, []int{g.Image, g.Row, g.Col, 1}} }

const (
	winogradSide  = 4       // of a tile of in
	winogradGrain = 1 << 18 // multiply-adds worth handing to another worker
)

// NewWinograd makes w ready to run. It panics if the sizes are odd or the places of in
// do not lie side by side.
func NewWinograd(w Winograd) *Winograd {
	if w.Rows%2 != 0 || w.Cols%2 != 0 || w.In.Col != w.Channels {
		panic("kernel: winograd: odd sizes, or places that are apart")
	}
	w.need = [4]int{
		w.Out.view().length([]int{w.Images, w.Rows, w.Cols, w.Filters}),
		w.In.view().length([]int{w.Images, w.Rows + 2, w.Cols + 2, w.Channels}),
		w.Filter + winogradSide*winogradSide*w.Channels*w.Filters,
	}
	if w.HasBias {
		w.need[3] = w.Bias + w.Filters
	}
	work := w.bands() * w.Cols / 2 * winogradSide * winogradSide * w.Channels * w.Filters
	w.pieces = min(pieceCount(work, winogradGrain), max(1, w.bands()))
	if sets := availableTiles(); len(sets) > 0 {
		w.tiles = tilesFor(w.Filters, sets)
	}
	return &w
}

// bands is how many pairs of rows there are in all images.
func (w *Winograd) bands() int { return w.Images * w.Rows / 2 }

// Pieces is the number of pieces, which any workers may run in any order.
func (w *Winograd) Pieces() int { return w.pieces }

// Scratch is the number of elements of scratch that Run needs.
func (w *Winograd) Scratch() int {
	row, side := w.Cols*w.Channels, winogradSide
	return side*(row+2*w.Channels) + side*3*row + (side*side+2*side+3)*w.wide()
}

// wide is how many results a row of tiles has of each of their places.
func (w *Winograd) wide() int { return w.Cols / 2 * w.Filters }

// Run computes the rows of one piece. bias is nil where there is none; scratch belongs
// to the worker.
func (w *Winograd) Run(piece int, out, in, filter, bias, scratch []float32) {
	mustHold(w.need, len(out), len(in), len(filter), len(bias))
	from, to := pieceRange(w.bands(), 1, w.pieces, piece)
	if w.tiles == nil {
		plainWinogradBands(w, from, to, out, in, filter, bias)
		return
	}
	b := w.band(scratch)
	if w.HasBias {
		for at := 0; at < len(b.bias); at += w.Filters {
			copy(b.bias[at:], bias[w.Bias:w.Bias+w.Filters])
		}
	}
	for band := from; band < to; band++ {
		b.run(band, out, in, filter[w.Filter:])
	}
}

// winogradBand computes two rows of one image after another.
type winogradBand struct {
	*Winograd
	rows     [winogradSide][]float32    // differences and sums of four rows of in
	inside   [winogradSide][3][]float32 // and of these along the row: x₀-x₂, x₁+x₂, x₂-x₁ from each place
	products []float32                  // [4 4 tiles Filters]
	columns  [2][winogradSide][]float32 // products added up along columns
	sums     []float32                  // and along rows
	rest     []float32
	bias     []float32
}

// band lays scratch out.
func (w *Winograd) band(scratch []float32) winogradBand {
	b := winogradBand{Winograd: w}
	take := func(n int) []float32 {
		part := scratch[:n:n]
		scratch = scratch[n:]
		return part
	}
	for i := range b.rows {
		b.rows[i] = take((w.Cols + 2) * w.Channels)
		for j := range b.inside[i] {
			b.inside[i][j] = take(w.Cols * w.Channels)
		}
		for row := range b.columns {
			b.columns[row][i] = take(w.wide())
		}
	}
	b.products = take(winogradSide * winogradSide * w.wide())
	b.sums, b.rest, b.bias = take(w.wide()), take(w.wide()), take(w.wide())
	return b
}

func (b *winogradBand) run(band int, out, in, filter []float32) {
	image, row := band/(b.Rows/2), band%(b.Rows/2)*2
	b.takeIn(in[b.In.Offset+image*b.In.Image+row*b.In.Row:])
	for i := range winogradSide {
		for j := range winogradSide {
			b.multiply(i, j, filter[(i*winogradSide+j)*b.Channels*b.Filters:])
		}
	}
	for j := range winogradSide {
		b.addUp(b.columns[0][j], b.columns[1][j], func(i int) []float32 { return b.product(i, j) })
	}
	for i := range 2 {
		at := b.Out.Offset + image*b.Out.Image + (row+i)*b.Out.Row
		b.addUp(b.sums, b.rest, func(j int) []float32 { return b.columns[i][j] })
		b.finish(b.sums, out, at)
		b.finish(b.rest, out, at+b.Out.Col)
	}
}

// takeIn writes Bᵀ·x·B of every tile, B being that of Lavin and Gray.
func (b *winogradBand) takeIn(in []float32) {
	add, sub := loops.binary[OpAdd], loops.binary[OpSub]
	var x [winogradSide][]float32
	for i := range x {
		x[i] = in[i*b.In.Row:][:len(b.rows[i])]
	}
	sub(b.rows[0], x[0], x[2])
	add(b.rows[1], x[1], x[2])
	sub(b.rows[2], x[2], x[1])
	sub(b.rows[3], x[1], x[3])
	c := b.Channels
	for i, row := range b.rows {
		sub(b.inside[i][0], row[:len(row)-2*c], row[2*c:])
		add(b.inside[i][1][:len(row)-3*c], row[c:], row[2*c:])
		sub(b.inside[i][2][:len(row)-3*c], row[2*c:], row[c:])
	}
}

func (b *winogradBand) product(i, j int) []float32 {
	return b.products[(i*winogradSide+j)*b.wide():][:b.wide()]
}

// onlyTap moves nothing.
var onlyTap [2]int

// multiply writes the products of place (i, j) of all tiles, tiles × Filters: what
// stands there of each second place of a row, times the filter.
func (b *winogradBand) multiply(i, j int, filter []float32) {
	from := b.inside[i][j%3]
	if j == 3 { // x₁-x₃ is x₀-x₂ one place further on
		from = from[b.Channels:]
	}
	to, tiles := b.product(i, j), b.Cols/2
	for col := 0; col < b.Filters; {
		width := 0
		for row := 0; row < tiles; {
			n := evenly(tiles-row, b.tiles.rows)
			f, cols, lanes := b.tiles.choose(n, min(b.Filters-col, b.tiles.cols(2)))
			f(&to[row*b.Filters+col], &from[row*2*b.Channels], &filter[col], b.Filters, 2*b.Channels, 1, b.Filters, b.Channels, &onlyTap, 1, nil, 0, lanes)
			row, width = row+n, cols
		}
		col += width
	}
}

// addUp writes x₀+x₁+x₂ and x₁-x₂-x₃.
func (b *winogradBand) addUp(first, second []float32, x func(int) []float32) {
	add, sub := loops.binary[OpAdd], loops.binary[OpSub]
	add(first, x(0), x(1))
	add(first, first, x(2))
	sub(second, x(1), x(2))
	sub(second, second, x(3))
}

// finish writes each second place of a row of out.
func (b *winogradBand) finish(from, out []float32, at int) {
	if b.HasBias {
		loops.binary[OpAdd](from, from, b.bias)
	}
	if b.ReLU {
		loops.unary[OpReLU](from, from)
	}
	for ; len(from) > 0; from = from[b.Filters:] {
		copy(out[at:at+b.Filters], from[:b.Filters])
		at += 2 * b.Out.Col
	}
}

// PlainWinograd computes all of out. It is the specification of Winograd.
func PlainWinograd[F Float](w *Winograd, out, in, filter, bias []F) {
	plainWinogradBands(w, 0, w.bands(), out, in, filter, bias)
}

func plainWinogradBands[F Float](w *Winograd, from, to int, out, in, filter, bias []F) {
	for band := from; band < to; band++ {
		image, row := band/(w.Rows/2), band%(w.Rows/2)*2
		for col := 0; col < w.Cols; col += 2 {
			for d := range w.Filters {
				var products [winogradSide][winogradSide]F
				for c := range w.Channels {
					addWinogradTile(w, &products, in[w.In.Offset+image*w.In.Image+row*w.In.Row+col*w.In.Col+c:], filter[w.Filter+c*w.Filters+d:])
				}
				for i, line := range winogradSums(products) {
					for j, x := range line {
						if w.HasBias {
							x += bias[w.Bias+d]
						}
						if w.ReLU {
							x = max(x, 0)
						}
						out[w.Out.Offset+image*w.Out.Image+(row+i)*w.Out.Row+(col+j)*w.Out.Col+d] = x
					}
				}
			}
		}
	}
}

// addWinogradTile adds the products of one channel and filter, which begin in and filter.
func addWinogradTile[F Float](w *Winograd, products *[winogradSide][winogradSide]F, in, filter []F) {
	x := func(i, j int) F { return in[i*w.In.Row+j*w.In.Col] }
	first := [winogradSide][2]int{{0, 2}, {1, 2}, {2, 1}, {1, 3}} // of x₀-x₂, x₁+x₂, x₂-x₁, x₁-x₃
	sign := [winogradSide]F{-1, 1, -1, -1}
	for i, r := range first {
		for j, c := range first {
			here := x(r[0], c[0]) + sign[i]*x(r[1], c[0])
			beyond := x(r[0], c[1]) + sign[i]*x(r[1], c[1])
			products[i][j] += (here + sign[j]*beyond) * filter[(i*winogradSide+j)*w.Channels*w.Filters]
		}
	}
}

func winogradSums[F Float](p [winogradSide][winogradSide]F) (sums [2][2]F) {
	var columns [2][winogradSide]F
	for j := range winogradSide {
		columns[0][j] = p[0][j] + p[1][j] + p[2][j]
		columns[1][j] = p[1][j] - p[2][j] - p[3][j]
	}
	for i, x := range columns {
		sums[i] = [2]F{x[0] + x[1] + x[2], x[1] - x[2] - x[3]}
	}
	return sums
}
