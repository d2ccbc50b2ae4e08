package kernel

import "fmt"

// Matrix says how one operand of a matrix product lies: where its element at
// batch index b, tap t, row i and column j is found, in elements from the
// start of the slice,
//
//	Offset + Σ b·Batch + Σ t·Taps + i·Row + j·Col
type Matrix struct {
	Offset   int
	Batch    []int // strides of the batch axes
	Taps     []int // strides of the further summed axes; none for C
	Row, Col int
}

func (m Matrix) view() View {
	return View{m.Offset, append(joined(m.Batch, m.Taps), m.Row, m.Col)}
}

// BiasAxis says along which axis of C a bias vector lies.
type BiasAxis uint8

const (
	NoBias  BiasAxis = iota
	BiasCol          // one number a column, bias [N]
	BiasRow          // one number a row, bias [M]
)

// Vector says how a bias lies: Offset + Σ b·Batch + i·Stride.
type Vector struct {
	Offset int
	Batch  []int
	Stride int
}

// GemmShape describes a batch of matrix products:
//
//	C[b,i,j] = relu(C[b,i,j]? + Σ_t Σ_k A[b,t,i,k]·B[b,t,k,j] + bias?)
//
//	A [Batch Taps M K]   B [Batch Taps K N]   C [Batch M N]
//
// The taps are a further group of summed axes, outside K: the offsets of a
// window, which makes a convolution over channels-innermost arrays one
// product without unfolding (the batch-reduce GEMM of Georganas et al.,
// Harnessing Deep Learning via a Single Building Block, 2020).
//
// C must not overlap A, B or the bias.
type GemmShape struct {
	Batch   []int
	M, N, K int
	Taps    []int
	A, B, C Matrix

	Accumulate bool     // add to C rather than overwrite it
	BiasAxis   BiasAxis // then Bias says where
	Bias       Vector
	ReLU       bool
}

func (s *GemmShape) mustBeWhole() {
	for _, m := range []struct {
		name  string
		batch []int
		taps  []int
		nTaps int
	}{
		{"A", s.A.Batch, s.A.Taps, len(s.Taps)},
		{"B", s.B.Batch, s.B.Taps, len(s.Taps)},
		{"C", s.C.Batch, s.C.Taps, 0},
		{"bias", s.Bias.Batch, nil, 0},
	} {
		if m.name == "bias" && s.BiasAxis == NoBias {
			continue
		}
		if len(m.batch) != len(s.Batch) || len(m.taps) != m.nTaps {
			panic(fmt.Sprintf("kernel: gemm: %s has %d batch strides and %d tap strides, the shape %d and %d",
				m.name, len(m.batch), len(m.taps), len(s.Batch), m.nTaps))
		}
	}
	mustFitRank(len(s.Batch) + len(s.Taps) + 3)
}

// Gemm is a batch of matrix products made ready: cut into pieces by its shape.
type Gemm struct {
	GemmShape
	oriented GemmShape // the same product, or its transpose, whichever the fast ways take
	swapped  bool      // oriented is Cᵀ = Bᵀ·Aᵀ
	dots     *dotting  // nil, or the way for a single row
	fast     *blocking // nil, or the way for matrices; without either the plain loops run
	need     [4]int    // least lengths of c, a, b and bias
}

// NewGemm makes s ready to run. It panics if the strides do not fit the axes.
func NewGemm(s GemmShape) *Gemm {
	s.mustBeWhole()
	return newGemm(s, availableTiles())
}

// newGemm is NewGemm with the micro-kernels to choose from.
func newGemm(s GemmShape, sets []*tileSet) *Gemm {
	g := &Gemm{GemmShape: s, oriented: s, need: s.lengths()}
	if s.Flops() == 0 || len(sets) == 0 {
		return g
	}
	for i, o := range []GemmShape{s, s.transposed()} {
		if g.dots = newDotting(&o); g.dots != nil {
			g.oriented, g.swapped = o, i == 1
			return g
		}
	}
	if s.C.Col != 1 && s.N > 1 {
		g.oriented, g.swapped = s.transposed(), true
	}
	o := &g.oriented
	isStrided := o.C.Col != 1 && o.N > 1 || o.BiasAxis != NoBias && o.Bias.Stride != 1
	if !isStrided {
		g.fast = newBlocking(o, tilesFor(o.N, sets))
	}
	return g
}

// transposed is the product Cᵀ = Bᵀ·Aᵀ.
func (s GemmShape) transposed() GemmShape {
	s.M, s.N = s.N, s.M
	s.A, s.B = s.B, s.A
	for _, m := range []*Matrix{&s.A, &s.B, &s.C} {
		m.Row, m.Col = m.Col, m.Row
	}
	s.BiasAxis = [...]BiasAxis{NoBias: NoBias, BiasCol: BiasRow, BiasRow: BiasCol}[s.BiasAxis]
	return s
}

// Pieces is the number of pieces, which any workers may run in any order.
func (g *Gemm) Pieces() int {
	switch {
	case g.dots != nil:
		return g.dots.pieces
	case g.fast != nil:
		return g.fast.pieces()
	}
	return count(g.Batch)
}

// Scratch is the number of elements of scratch that Run needs.
func (g *Gemm) Scratch() int {
	switch {
	case g.dots != nil:
		return g.dots.scratch()
	case g.fast != nil:
		return g.fast.scratch(&g.oriented)
	}
	return 0
}

// Run computes one piece of C. bias is nil where the shape has none; scratch
// belongs to the worker.
func (g *Gemm) Run(piece int, c, a, b, bias, scratch []float32) {
	mustHold(g.need, len(c), len(a), len(b), len(bias))
	if g.swapped {
		a, b = b, a
	}
	switch {
	case g.dots != nil:
		g.dots.runPiece(&g.oriented, piece, c, a, b, bias, scratch)
	case g.fast != nil:
		g.fast.runPiece(&g.oriented, piece, c, a, b, bias, scratch)
	default:
		plainGemmPiece(&g.oriented, piece, c, a, b, bias)
	}
}

// Flops is the number of multiplications and additions of the whole batch.
func (s *GemmShape) Flops() int {
	return 2 * count(s.Batch) * count(s.Taps) * s.M * s.N * s.K
}

// PlainGemm computes all of C. It is the specification of Gemm.
func PlainGemm[F Float](s *GemmShape, c, a, b, bias []F) {
	for batch := range count(s.Batch) {
		plainGemmPiece(s, batch, c, a, b, bias)
	}
}

func plainGemmPiece[F Float](s *GemmShape, batch int, c, a, b, bias []F) {
	var index [MaxRank]int
	indexOf(batch, s.Batch, index[:len(s.Batch)])
	at := index[:len(s.Batch)]
	a0 := View{s.A.Offset, s.A.Batch}.at(at)
	b0 := View{s.B.Offset, s.B.Batch}.at(at)
	c0 := View{s.C.Offset, s.C.Batch}.at(at)
	for i := range s.M {
		for j := range s.N {
			to := &c[c0+i*s.C.Row+j*s.C.Col]
			var sum F
			if s.Accumulate {
				sum = *to
			}
			sum = plainDot(s, sum, a, b, a0+i*s.A.Row, b0+j*s.B.Col)
			switch s.BiasAxis {
			case BiasCol:
				sum += bias[View{s.Bias.Offset, s.Bias.Batch}.at(at)+j*s.Bias.Stride]
			case BiasRow:
				sum += bias[View{s.Bias.Offset, s.Bias.Batch}.at(at)+i*s.Bias.Stride]
			}
			if s.ReLU {
				sum = max(sum, 0)
			}
			*to = sum
		}
	}
}

// plainDot adds Σ_t Σ_k A·B of one row and one column to sum.
func plainDot[F Float](s *GemmShape, sum F, a, b []F, a0, b0 int) F {
	var index [MaxRank]int
	tap := index[:len(s.Taps)]
	for range count(s.Taps) {
		at := View{a0, s.A.Taps}.at(tap)
		bt := View{b0, s.B.Taps}.at(tap)
		for k := range s.K {
			sum += a[at+k*s.A.Col] * b[bt+k*s.B.Row]
		}
		advance(s.Taps, tap)
	}
	return sum
}

// lengths are the least lengths of c, a, b and bias that hold every element.
func (s *GemmShape) lengths() [4]int {
	need := [4]int{
		s.C.view().length(append(joined(s.Batch, nil), s.M, s.N)),
		s.A.view().length(append(joined(s.Batch, s.Taps), s.M, s.K)),
		s.B.view().length(append(joined(s.Batch, s.Taps), s.K, s.N)),
	}
	bias := View{s.Bias.Offset, append(joined(s.Bias.Batch, nil), s.Bias.Stride)}
	switch s.BiasAxis {
	case BiasCol:
		need[3] = bias.length(append(joined(s.Batch, nil), s.N))
	case BiasRow:
		need[3] = bias.length(append(joined(s.Batch, nil), s.M))
	}
	return need
}

// mustHold panics unless every slice is as long as it needs to be, since
// assembly checks no bounds.
func mustHold(need [4]int, have ...int) {
	for i, n := range have {
		if n < need[i] {
			panic(fmt.Sprintf("kernel: operand %d has %d elements and needs %d", i, n, need[i]))
		}
	}
}
