package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// filterOf is G·w·Gᵀ for every channel and filter.
func filterOf(w []float32, channels, filters int) []float32 {
	g := [4][3]float64{{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}}
	n := channels * filters
	f := make([]float32, 16*n)
	for i := range 4 {
		for j := range 4 {
			for at := range n {
				sum := 0.0
				for u := range 3 {
					for v := range 3 {
						sum += g[i][u] * g[j][v] * float64(w[(3*u+v)*n+at])
					}
				}
				f[(4*i+j)*n+at] = float32(sum)
			}
		}
	}
	return f
}

// Winograd's way gives what the sum over windows gives.
func TestWinograd(t *testing.T) {
	cases := []struct{ images, rows, cols, channels, filters int }{
		{1, 2, 2, 1, 1}, {2, 4, 6, 3, 5}, {3, 6, 34, 16, 33}, {2, 24, 24, 32, 64}, {1, 2, 30, 70, 130},
	}
	for _, c := range cases {
		for _, hasBias := range []bool{false, true} {
			t.Run(fmt.Sprint(c, hasBias), func(t *testing.T) {
				checkWinograd(t, Winograd{
					Images: c.images, Rows: c.rows, Cols: c.cols, Channels: c.channels, Filters: c.filters, HasBias: hasBias, ReLU: hasBias,
					In:  Grid{3, (c.rows + 2) * ((c.cols+2)*c.channels + 7), (c.cols+2)*c.channels + 7, c.channels},
					Out: Grid{5, c.rows * c.cols * (c.filters + 1), c.cols * (c.filters + 1), c.filters + 1},
				})
			})
		}
	}
}

func checkWinograd(t *testing.T, s Winograd) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 9))
	w := NewWinograd(s)
	in, weights, bias := random(r, w.need[1]), random(r, 9*s.Channels*s.Filters), random(r, s.Filters)
	filter := filterOf(weights, s.Channels, s.Filters)
	out := random(r, w.need[0])
	plain, want := append([]float32(nil), out...), append([]float32(nil), out...)
	PlainWinograd(w, plain, in, filter, bias)
	shape := GemmShape{
		Batch: []int{s.Images, s.Rows}, M: s.Cols, N: s.Filters, K: s.Channels, Taps: []int{3, 3},
		A:    Matrix{Offset: s.In.Offset, Batch: []int{s.In.Image, s.In.Row}, Taps: []int{s.In.Row, s.In.Col}, Row: s.In.Col, Col: 1},
		B:    Matrix{Batch: []int{0, 0}, Taps: []int{3 * s.Channels * s.Filters, s.Channels * s.Filters}, Row: s.Filters, Col: 1},
		C:    Matrix{Offset: s.Out.Offset, Batch: []int{s.Out.Image, s.Out.Row}, Row: s.Out.Col, Col: 1},
		ReLU: s.ReLU,
	}
	if s.HasBias {
		shape.BiasAxis, shape.Bias = BiasCol, Vector{Batch: []int{0, 0}, Stride: 1}
	}
	PlainGemm(&shape, want, in, weights, bias)
	scratch := make([]float32, w.Scratch())
	for piece := range w.Pieces() {
		w.Run(piece, out, in, filter, bias, scratch)
	}
	scale := math.Sqrt(float64(9 * s.Channels))
	for i := range want {
		if math.Abs(float64(out[i]-want[i])) > 2e-5*scale || math.Abs(float64(plain[i]-want[i])) > 2e-5*scale {
			t.Fatalf("element %d is %v, plain %v, want %v", i, out[i], plain[i], want[i])
		}
	}
}

func TestWinogradAllocatesNothing(t *testing.T) {
	w := NewWinograd(Winograd{Images: 1, Rows: 2, Cols: 4, Channels: 2, Filters: 3, In: Grid{0, 48, 12, 2}, Out: Grid{0, 24, 12, 3}})
	in, out, filter, scratch := make([]float32, 48), make([]float32, 24), make([]float32, 96), make([]float32, w.Scratch())
	if n := testing.AllocsPerRun(10, func() { w.Run(0, out, in, filter, nil, scratch) }); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}

func BenchmarkWinograd(b *testing.B) {
	w := NewWinograd(Winograd{Images: 64, Rows: 24, Cols: 24, Channels: 32, Filters: 64, In: Grid{0, 21632, 832, 32}, Out: Grid{0, 36864, 1536, 64}})
	in, out, filter, scratch := make([]float32, 64*21632), make([]float32, 64*36864), make([]float32, 32768), make([]float32, w.Scratch())
	for b.Loop() {
		for piece := range w.Pieces() {
			w.Run(piece, out, in, filter, nil, scratch)
		}
	}
}
