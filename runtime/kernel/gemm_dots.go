package kernel

// dotting is the way of a product with a single row, C[1,N] = A[1,K]·B[K,N],
// where the columns of B are what lies side by side: a dot product for each
// element of C. Every sum falls into as many interleaved ones as a vector has
// lanes.
type dotting struct {
	cols, colPieces, pieces int
}

// dotsGrain is the least number of multiply-adds worth handing to another
// worker; they are bound by memory.
const dotsGrain = 1 << 16

// newDotting returns nil where the way does not fit s.
func newDotting(s *GemmShape) *dotting {
	isSideBySide := s.A.Col == 1 && s.B.Row == 1 && s.B.Col != 1
	if rows.dots == nil || s.M != 1 || !isSideBySide || s.K < 16 || count(s.Taps) != 1 || s.BiasAxis == BiasRow {
		return nil
	}
	d := &dotting{}
	parts := pieceCount(s.N*s.K, dotsGrain)
	d.cols = roundUp((s.N+parts-1)/parts, 4)
	d.colPieces = (s.N + d.cols - 1) / d.cols
	d.pieces = d.colPieces * count(s.Batch)
	return d
}

// scratch has room for a piece's dot products, computed in fours.
func (d *dotting) scratch() int { return d.cols + 4 }

func (d *dotting) runPiece(s *GemmShape, piece int, c, a, b, bias, scratch []float32) {
	var space [MaxRank]int
	batch := space[:len(s.Batch)]
	indexOf(piece/d.colPieces, s.Batch, batch)
	first := piece % d.colPieces * d.cols
	n := min(d.cols, s.N-first)
	row := &a[View{s.A.Offset, s.A.Batch}.at(batch)]
	b0 := View{s.B.Offset, s.B.Batch}.at(batch)
	for j := 0; j < n; {
		from := &b[b0+(first+j)*s.B.Col]
		if n-j >= 4 {
			rows.dots(&scratch[j], row, from, s.B.Col, s.K)
			j += 4
		} else {
			rows.dots(&scratch[j], row, from, 0, s.K)
			j++
		}
	}
	at, bias0 := View{s.C.Offset, s.C.Batch}.at(batch)+first*s.C.Col, 0
	if s.BiasAxis == BiasCol {
		bias0 = View{s.Bias.Offset, s.Bias.Batch}.at(batch) + first*s.Bias.Stride
	}
	for j, sum := range scratch[:n] {
		c[at+j*s.C.Col] = s.finish(c[at+j*s.C.Col], sum, bias, bias0+j*s.Bias.Stride)
	}
}

// finish adds to a sum what the shape asks for.
func (s *GemmShape) finish(old, sum float32, bias []float32, at int) float32 {
	if s.Accumulate {
		sum += old
	}
	if s.BiasAxis != NoBias {
		sum += bias[at]
	}
	if s.ReLU {
		sum = relu32(sum)
	}
	return sum
}
