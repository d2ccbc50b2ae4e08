package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// layout chooses how an operand of the axes [batch taps rows cols] lies.
type layout func(dims []int) View

func rowMajor(dims []int) View { return Contiguous(dims...) }

func colMajor(dims []int) View {
	n := len(dims)
	v := Contiguous(append(joined(dims[:n-2], nil), dims[n-1], dims[n-2])...)
	v.Strides[n-1], v.Strides[n-2] = v.Strides[n-2], v.Strides[n-1]
	return v
}

// spread leaves room between the rows and before the first element.
func spread(dims []int) View {
	n := len(dims)
	v := Contiguous(append(joined(dims[:n-1], nil), dims[n-1]+3)...)
	v.Offset = 5
	return v
}

// loose has no unit stride at all.
func loose(dims []int) View {
	v := Contiguous(append(joined(dims, nil), 3)...)
	v.Strides = v.Strides[:len(dims)]
	return v
}

func matrix(v View, batch int) Matrix {
	n := len(v.Strides)
	return Matrix{v.Offset, v.Strides[:batch], v.Strides[batch : n-2], v.Strides[n-2], v.Strides[n-1]}
}

// flipped runs backwards along every axis.
func flipped(dims []int) View {
	v := Contiguous(dims...)
	for k, d := range dims {
		v.Offset += (d - 1) * v.Strides[k]
		v.Strides[k] = -v.Strides[k]
	}
	return v
}

// shaped makes a product with the given layouts.
func shaped(batch, taps []int, m, n, k int, a, b, c layout) GemmShape {
	outer := joined(batch, taps)
	return GemmShape{
		Batch: batch, M: m, N: n, K: k, Taps: taps,
		A: matrix(a(append(joined(outer, nil), m, k)), len(batch)),
		B: matrix(b(append(joined(outer, nil), k, n)), len(batch)),
		C: matrix(c(append(joined(batch, nil), m, n)), len(batch)),
	}
}

const guard = 40 // elements of NaN on either side of a guarded slice

// guarded is a slice of n small integers between NaNs, so that a stray read or
// write shows. Sums of products of such numbers are exact in any order.
func guarded(r *rand.Rand, n int) (slice, whole []float32) {
	whole = make([]float32, n+2*guard)
	for i := range whole {
		whole[i] = float32(math.NaN())
	}
	slice = whole[guard : guard+n : guard+n]
	for i := range slice {
		slice[i] = float32(r.IntN(9) - 4)
	}
	return slice, whole
}

// reporter is a test, or one case of a property.
type reporter interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkGuards(t reporter, whole []float32) {
	t.Helper()
	for i := range guard {
		if whole[i] == whole[i] || whole[len(whole)-1-i] == whole[len(whole)-1-i] {
			t.Fatalf("wrote %d elements outside its slice", guard-i)
		}
	}
}

// checkGemm compares a product with its plain twin, with operands packed and not.
func checkGemm(t reporter, s GemmShape, tiles *tileSet) {
	t.Helper()
	g := newGemm(s, setsOf(tiles))
	checkRun(t, g)
	if g.fast != nil {
		g.fast = newPackedBlocking(&g.oriented, tiles, true, g.fast.packB)
		checkRun(t, g)
		g.fast = newPackedBlocking(&g.oriented, tiles, false, true)
		checkRun(t, g)
	}
}

// setsOf leaves no choice but tiles, or the plain loops for nil.
func setsOf(tiles *tileSet) []*tileSet {
	if tiles == nil {
		return nil
	}
	return []*tileSet{tiles}
}

func checkRun(t reporter, g *Gemm) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	c, whole := guarded(r, g.need[0])
	a, _ := guarded(r, g.need[1])
	b, _ := guarded(r, g.need[2])
	bias, _ := guarded(r, g.need[3])
	want := append([]float32(nil), c...)
	PlainGemm(&g.GemmShape, want, a, b, bias)
	scratch, wholeScratch := guarded(r, g.Scratch())
	for piece := range g.Pieces() {
		g.Run(g.Pieces()-1-piece, c, a, b, bias, scratch)
	}
	checkGuards(t, whole)
	checkGuards(t, wholeScratch)
	for i := range c {
		if c[i] != want[i] {
			t.Fatalf("element %d of C is %v, want %v (%+v)", i, c[i], want[i], g.GemmShape)
		}
	}
}

// eachTiles runs a test for every instruction set, the plain loops included.
func eachTiles(t *testing.T, do func(t *testing.T, tiles *tileSet)) {
	t.Run("plain", func(t *testing.T) { do(t, nil) })
	for _, tiles := range availableTiles() {
		t.Run(fmt.Sprintf("%dlanes", tiles.lanes), func(t *testing.T) { do(t, tiles) })
	}
}

func TestGemmEveryTile(t *testing.T) {
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		for m := 1; m <= 29; m++ {
			for _, n := range []int{1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 65, 128, 130} {
				checkGemm(t, shaped(nil, nil, m, n, 1+(m*7+n)%11, rowMajor, rowMajor, rowMajor), tiles)
			}
		}
	})
}

func TestGemmLayouts(t *testing.T) {
	layouts := map[string]layout{"rows": rowMajor, "columns": colMajor, "spread": spread, "loose": loose}
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		for an, a := range layouts {
			for bn, b := range layouts {
				for cn, c := range layouts {
					t.Run(an+"-"+bn+"-"+cn, func(t *testing.T) {
						for _, d := range [][3]int{{1, 1, 1}, {5, 1, 9}, {1, 150, 33}, {1, 35, 50}, {35, 1, 50}, {17, 35, 20}, {35, 17, 40}, {3, 70, 1100}} {
							s := shaped([]int{2}, nil, d[0], d[1], d[2], a, b, c)
							checkGemm(t, s, tiles)
						}
					})
				}
			}
		}
	})
}

func TestGemmEpilogue(t *testing.T) {
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		for bits := range 12 {
			for _, s := range []GemmShape{
				shaped([]int{3}, nil, 19, 37, 530, spread, rowMajor, rowMajor),
				shaped([]int{3}, nil, 19, 37, 530, spread, rowMajor, colMajor),
				shaped([]int{3}, nil, 1, 37, 530, rowMajor, colMajor, rowMajor),
			} {
				s.Accumulate, s.ReLU = bits&1 != 0, bits&2 != 0
				s.BiasAxis = BiasAxis(bits >> 2)
				s.Bias = Vector{2, []int{40}, 1}
				checkGemm(t, s, tiles)
			}
		}
	})
}

// A convolution of 3x3 over channels-innermost arrays, straight from the image.
func TestGemmTaps(t *testing.T) {
	const images, height, width, channels, filters = 2, 9, 11, 5, 20
	image := Contiguous(images, height, width, channels).Strides
	filter := Contiguous(3, 3, channels, filters).Strides
	out := Contiguous(images, height-2, width-2, filters).Strides
	s := GemmShape{
		Batch: []int{images, height - 2}, Taps: []int{3, 3}, M: width - 2, N: filters, K: channels,
		A: Matrix{Batch: image[:2], Taps: image[1:3], Row: image[2], Col: image[3]},
		B: Matrix{Batch: []int{0, 0}, Taps: filter[:2], Row: filter[2], Col: filter[3]},
		C: Matrix{Batch: out[:2], Row: out[2], Col: out[3]},
	}
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		checkGemm(t, s, tiles)
		s := shaped(nil, []int{2, 3}, 9, 33, 600, rowMajor, colMajor, rowMajor)
		checkGemm(t, s, tiles)
		checkGemm(t, shaped([]int{2}, []int{2, 3}, 9, 33, 600, flipped, flipped, rowMajor), tiles)
		checkGemm(t, shaped([]int{2}, []int{40, 3}, 9, 33, 6, rowMajor, colMajor, colMajor), tiles)
	})
}

func TestGemmOverNothing(t *testing.T) {
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		for _, d := range [][3]int{{0, 3, 4}, {3, 0, 4}, {3, 4, 0}} {
			s := shaped(nil, nil, d[0], d[1], d[2], rowMajor, rowMajor, rowMajor)
			s.Accumulate = true
			checkGemm(t, s, tiles)
		}
	})
}

// Large products fall into several pieces, chunks and blocks of rows.
func TestGemmPieces(t *testing.T) {
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		checkGemm(t, shaped(nil, nil, 400, 300, 70, rowMajor, rowMajor, rowMajor), tiles)
		checkGemm(t, shaped(nil, nil, 20, 1100, 70, rowMajor, colMajor, rowMajor), tiles)
		checkGemm(t, shaped(nil, nil, 16, 40, 2100, rowMajor, rowMajor, rowMajor), tiles)
		checkGemm(t, shaped([]int{3, 50}, nil, 16, 20, 30, rowMajor, rowMajor, rowMajor), tiles)
	})
}

// NaN and infinities flow through; relu keeps a NaN, and denormal products count.
func TestGemmSpecialNumbers(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	eachTiles(t, func(t *testing.T, tiles *tileSet) {
		for _, c := range []struct {
			name        string
			a, b, want  float32
			accumulated float32
		}{
			{"NaN", nan, 1, nan, 0}, {"infinity", inf, 2, inf, 0}, {"infinity times zero", inf, 0, nan, 0},
			{"infinities cancel", inf, -1, nan, inf}, {"relu", -3, 2, 0, 1},
			{"denormal", 0x1p-100, 0x1p-40, 0x1p-140, 0},
		} {
			for n := range 40 {
				s := shaped(nil, nil, 15, n+1, 1, rowMajor, rowMajor, rowMajor)
				s.ReLU, s.Accumulate = true, true
				a, b, out := make([]float32, 15), make([]float32, n+1), make([]float32, 15*(n+1))
				a[14], b[n], out[15*(n+1)-1] = c.a, c.b, c.accumulated
				g := newGemm(s, setsOf(tiles))
				for piece := range g.Pieces() {
					g.Run(piece, out, a, b, nil, make([]float32, g.Scratch()))
				}
				if got := out[15*(n+1)-1]; got != c.want && (got == got || c.want == c.want) {
					t.Errorf("%s, %d columns: %v, want %v", c.name, n+1, got, c.want)
				}
			}
		}
	})
}

func TestGemmAllocatesNothing(t *testing.T) {
	for name, s := range map[string]GemmShape{
		"blocked": shaped([]int{2}, []int{2}, 20, 40, 50, rowMajor, colMajor, rowMajor),
		"one row": shaped(nil, nil, 1, 40, 50, rowMajor, colMajor, rowMajor),
	} {
		g := NewGemm(s)
		need := s.lengths()
		c, a, b := make([]float32, need[0]), make([]float32, need[1]), make([]float32, need[2])
		scratch := make([]float32, g.Scratch())
		if n := testing.AllocsPerRun(10, func() { g.Run(0, c, a, b, nil, scratch) }); n != 0 {
			t.Errorf("%s: %v allocations a run", name, n)
		}
	}
}

func TestGemmAgreesWithPlain(t *testing.T) {
	layouts := []layout{rowMajor, colMajor, spread, loose, flipped}
	sets := append([]*tileSet{nil}, availableTiles()...)
	rapid.Check(t, func(r *rapid.T) {
		size := func(most int, name string) int { return rapid.IntRange(1, most).Draw(r, name) }
		lie := func(name string) layout { return layouts[rapid.IntRange(0, len(layouts)-1).Draw(r, name)] }
		outer := rapid.SliceOfN(rapid.IntRange(1, 3), 0, 2)
		s := shaped(outer.Draw(r, "batch"), outer.Draw(r, "taps"), size(40, "m"), size(70, "n"), size(40, "k"), lie("a"), lie("b"), lie("c"))
		s.Accumulate, s.ReLU = rapid.Bool().Draw(r, "accumulate"), rapid.Bool().Draw(r, "relu")
		s.BiasAxis = rapid.SampledFrom([]BiasAxis{NoBias, BiasCol, BiasRow}).Draw(r, "bias")
		s.Bias = Vector{1, make([]int, len(s.Batch)), 1}
		checkGemm(r, s, sets[rapid.IntRange(0, len(sets)-1).Draw(r, "tiles")])
	})
}
