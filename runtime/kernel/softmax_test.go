package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestSoftmax(t *testing.T) {
	eachRows(t, func(t *testing.T) {
		for _, size := range []int{1, 2, 7, 8, 15, 16, 17, 33, 64, 100, 1030} {
			for _, isLog := range []bool{false, true} {
				t.Run(fmt.Sprint(size, isLog), func(t *testing.T) {
					row := Contiguous(3, 5, size)
					checkSoftmax(t, Softmax{Dims: []int{3, 5}, Size: size, Out: View{0, row.Strides[:2]}, In: View{3, []int{6 * size, size}},
						OutStride: 1, InStride: 1, Log: isLog})
					checkSoftmax(t, Softmax{Dims: []int{5}, Size: size, Out: View{0, []int{1}}, In: View{0, []int{1}},
						OutStride: 5, InStride: 5, Log: isLog})
					checkSoftmax(t, Softmax{Size: size, OutStride: 1, InStride: 1, Log: isLog})
				})
			}
		}
	})
}

func checkSoftmax(t *testing.T, s Softmax) {
	t.Helper()
	r := rand.New(rand.NewPCG(9, 10))
	made := NewSoftmax(s)
	in := random(r, made.need[1])
	for i := range in {
		in[i] *= 20
	}
	if len(in) > 40 {
		in[30], in[40] = float32(math.Inf(-1)), 1000
	}
	out, whole := guarded(r, made.need[0])
	want := append([]float32(nil), out...)
	PlainSoftmax(&s, want, in)
	scratch := make([]float32, made.Scratch())
	for piece := range made.Pieces() {
		made.Run(piece, out, in, scratch)
	}
	checkGuards(t, whole)
	checkClose(t, out, want, 2e-6)
}

func TestSoftmaxOfSpecialNumbers(t *testing.T) {
	eachRows(t, func(t *testing.T) {
		for name, x := range map[string]float32{"NaN": float32(math.NaN()), "+Inf": float32(math.Inf(1))} {
			for _, size := range []int{3, 40} {
				in := make([]float32, size)
				in[1] = x
				s := NewSoftmax(Softmax{Size: size, OutStride: 1, InStride: 1})
				s.Run(0, in, in, nil)
				if in[1] == in[1] {
					t.Errorf("%s of %d gives %v", name, size, in[1])
				}
			}
		}
	})
}

func TestSoftmaxOfNothingLeft(t *testing.T) {
	eachRows(t, func(t *testing.T) {
		for _, isLog := range []bool{false, true} {
			const want = float32(0)
			for _, size := range []int{3, 40} {
				in := make([]float32, size)
				for i := range in {
					in[i] = float32(math.Inf(-1))
				}
				NewSoftmax(Softmax{Size: size, OutStride: 1, InStride: 1, Log: isLog}).Run(0, in, in, nil)
				for i := range in {
					if in[i] != want {
						t.Errorf("element %d of %d is %v, want %v", i, size, in[i], want)
					}
				}
			}
		}
	})
}

func BenchmarkSoftmax(b *testing.B) {
	for _, size := range []int{64, 1000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := NewSoftmax(Softmax{Dims: []int{64}, Size: size, Out: View{0, []int{size}}, In: View{0, []int{size}}, OutStride: 1, InStride: 1})
			in, out := make([]float32, 64*size), make([]float32, 64*size)
			for b.Loop() {
				for piece := range s.Pieces() {
					s.Run(piece, out, in, nil)
				}
			}
			reportElements(b, 64*size)
		})
	}
}

func BenchmarkReduce(b *testing.B) {
	const m, n = 128, 512
	in, out := make([]float32, m*n), make([]float32, n)
	for name, r := range map[string]Reduce{
		"along rows":  {Dims: []int{m}, Sums: []int{n}, Out: Contiguous(m), In: Contiguous(m, n)},
		"across rows": {Dims: []int{n}, Sums: []int{m}, Out: Contiguous(n), In: View{0, []int{1, n}}},
	} {
		b.Run(name, func(b *testing.B) {
			r := NewReduce(r)
			scratch := make([]float32, r.Scratch())
			for b.Loop() {
				for piece := range r.Pieces() {
					r.Run(piece, out, in, scratch)
				}
			}
			reportElements(b, m*n)
		})
	}
}
