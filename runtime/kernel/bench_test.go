package kernel

import (
	"fmt"
	"runtime"
	"sync/atomic"
	"testing"
)

// crew runs pieces on several workers that wait by spinning, as workers do
// within a step.
type crew struct {
	run        func(piece, worker int)
	pieces     int64
	next, done atomic.Int64
	generation atomic.Int64
	workers    int
}

func newCrew(b *testing.B, workers, pieces int, run func(piece, worker int)) *crew {
	c := &crew{run: run, pieces: int64(pieces), workers: workers}
	for w := 1; w < workers; w++ {
		go func() {
			for seen := int64(0); ; {
				now := c.generation.Load()
				if now < 0 {
					return
				}
				if now > seen {
					seen = now
					c.work(w)
				}
			}
		}()
	}
	b.Cleanup(func() { c.generation.Store(-1) })
	return c
}

func (c *crew) work(worker int) {
	for p := c.next.Add(1) - 1; p < c.pieces; p = c.next.Add(1) - 1 {
		c.run(int(p), worker)
	}
	c.done.Add(1)
}

// once runs every piece once.
func (c *crew) once() {
	c.next.Store(0)
	c.done.Store(0)
	c.generation.Add(1)
	c.work(0)
	for c.done.Load() < int64(c.workers) {
	}
}

func benchmarkGemm(b *testing.B, s GemmShape, workers int) {
	g := NewGemm(s)
	need := s.lengths()
	var in [4][]float32
	for i, n := range need {
		in[i] = make([]float32, n)
		for j := range in[i] {
			in[i][j] = float32(j%7) - 3
		}
	}
	scratches := make([][]float32, workers)
	for i := range scratches {
		scratches[i] = make([]float32, g.Scratch())
	}
	c := newCrew(b, workers, g.Pieces(), func(piece, worker int) { g.Run(piece, in[0], in[1], in[2], in[3], scratches[worker]) })
	for b.Loop() {
		c.once()
	}
	b.ReportMetric(float64(s.Flops())*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GF/s")
	b.ReportMetric(0, "ns/op")
}

// convolution is a product over the windows of channels-innermost images, not
// unfolded; kernels are square.
func convolution(images, size, kernel, channels, filters int) GemmShape {
	out := size - kernel + 1
	image := Contiguous(images, size, size, channels).Strides
	filter := Contiguous(kernel, kernel, channels, filters).Strides
	result := Contiguous(images, out, out, filters).Strides
	return GemmShape{
		Batch: []int{images, out}, Taps: []int{kernel, kernel}, M: out, N: filters, K: channels,
		A: Matrix{Batch: image[:2], Taps: image[1:3], Row: image[2], Col: image[3]},
		B: Matrix{Batch: []int{0, 0}, Taps: filter[:2], Row: filter[2], Col: filter[3]},
		C: Matrix{Batch: result[:2], Row: result[2], Col: result[3]},
	}
}

// dataGradient is the gradient of convolution by its images, which are padded
// by the kernel less one: the filters are flipped and transposed.
func dataGradient(images, size, kernel, channels, filters int) GemmShape {
	s := convolution(images, size, kernel, filters, channels)
	filter := Contiguous(kernel, kernel, channels, filters).Strides
	s.B = Matrix{Offset: (kernel - 1) * (filter[0] + filter[1]), Batch: []int{0, 0}, Taps: []int{-filter[0], -filter[1]},
		Row: filter[3], Col: filter[2]}
	return s
}

// weightGradient is the gradient of convolution by its filters.
func weightGradient(images, size, kernel, channels, filters int) GemmShape {
	out := size - kernel + 1
	image := Contiguous(images, size, size, channels).Strides
	filter := Contiguous(kernel, kernel, channels, filters).Strides
	result := Contiguous(images, out, out, filters).Strides
	return GemmShape{
		Batch: []int{kernel, kernel}, Taps: []int{images, out}, M: channels, N: filters, K: out,
		A: Matrix{Batch: image[1:3], Taps: image[:2], Row: image[3], Col: image[2]},
		B: Matrix{Batch: []int{0, 0}, Taps: result[:2], Row: result[2], Col: result[3]},
		C: Matrix{Batch: filter[:2], Row: filter[2], Col: filter[3]},
	}
}

func BenchmarkGemm(b *testing.B) {
	cases := []struct {
		name  string
		shape GemmShape
	}{
		{"64", shaped(nil, nil, 64, 64, 64, rowMajor, rowMajor, rowMajor)},
		{"128", shaped(nil, nil, 128, 128, 128, rowMajor, rowMajor, rowMajor)},
		{"256", shaped(nil, nil, 256, 256, 256, rowMajor, rowMajor, rowMajor)},
		{"512", shaped(nil, nil, 512, 512, 512, rowMajor, rowMajor, rowMajor)},
		{"1024", shaped(nil, nil, 1024, 1024, 1024, rowMajor, rowMajor, rowMajor)},
		{"2048", shaped(nil, nil, 2048, 2048, 2048, rowMajor, rowMajor, rowMajor)},
		{"128x784x512", shaped(nil, nil, 128, 512, 784, rowMajor, rowMajor, rowMajor)},
		{"784x128x512/At", shaped(nil, nil, 784, 512, 128, colMajor, rowMajor, rowMajor)},
		{"128x512x784/Bt", shaped(nil, nil, 128, 784, 512, rowMajor, colMajor, rowMajor)},
		{"512/Bt", shaped(nil, nil, 512, 512, 512, rowMajor, colMajor, rowMajor)},
		{"512/At", shaped(nil, nil, 512, 512, 512, colMajor, rowMajor, rowMajor)},
		{"512/AtBt", shaped(nil, nil, 512, 512, 512, colMajor, colMajor, rowMajor)},
		{"1024/At", shaped(nil, nil, 1024, 1024, 1024, colMajor, rowMajor, rowMajor)},
		{"1024/Bt", shaped(nil, nil, 1024, 1024, 1024, rowMajor, colMajor, rowMajor)},
		{"128x256x10", shaped(nil, nil, 128, 10, 256, rowMajor, rowMajor, rowMajor)},
		{"128x10x256/Bt", shaped(nil, nil, 128, 256, 10, rowMajor, colMajor, rowMajor)},
		{"256x128x10/At", shaped(nil, nil, 256, 10, 128, colMajor, rowMajor, rowMajor)},
		{"4096x27x64", shaped(nil, nil, 4096, 64, 27, rowMajor, rowMajor, rowMajor)},
		{"36864x288x64", shaped(nil, nil, 36864, 64, 288, rowMajor, rowMajor, rowMajor)},
		{"64of64", shaped([]int{64}, nil, 64, 64, 64, rowMajor, rowMajor, rowMajor)},
		{"64of64/Bt", shaped([]int{64}, nil, 64, 64, 64, rowMajor, colMajor, rowMajor)},
		{"1x784x512", shaped(nil, nil, 1, 512, 784, rowMajor, rowMajor, rowMajor)},
		{"1x512x784/Bt", shaped(nil, nil, 1, 784, 512, rowMajor, colMajor, rowMajor)},
		{"conv 64x28x28x1 3x3 32", convolution(64, 28, 3, 1, 32)},
		{"conv 64x26x26x32 3x3 64", convolution(64, 26, 3, 32, 64)},
		{"conv by data 64x26x26x32 3x3 64", dataGradient(64, 28, 3, 32, 64)},
		{"conv by weights 64x28x28x1 3x3 32", weightGradient(64, 28, 3, 1, 32)},
		{"conv by weights 64x26x26x32 3x3 64", weightGradient(64, 26, 3, 32, 64)},
	}
	for _, c := range cases {
		for workers := 1; workers <= min(2, runtime.NumCPU()); workers++ {
			b.Run(fmt.Sprintf("%s/workers=%d", c.name, workers), func(b *testing.B) { benchmarkGemm(b, c.shape, workers) })
		}
	}
}

// BenchmarkLoops runs each Op over a tile; BenchmarkMap whole programs over
// arrays that the second cache holds.
func BenchmarkLoops(b *testing.B) {
	const n = tileSize
	to, x := make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = float32(i%17)/4 - 2
	}
	for op := OpAdd; op < opCount; op++ {
		b.Run(op.String(), func(b *testing.B) {
			for b.Loop() {
				switch op.Arity() {
				case 1:
					loops.unary[op](to, x)
				case 2:
					loops.binary[op](to, x, x)
				default:
					loops.ternary[op](to, x, x, x)
				}
			}
			reportElements(b, n)
		})
	}
}

func reportElements(b *testing.B, n int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/element")
	b.ReportMetric(0, "ns/op")
}

func BenchmarkMap(b *testing.B) {
	const rows, cols = 32, 512 // all operands of the largest program fit into the second cache
	v := Contiguous(rows, cols)
	for _, c := range []struct {
		name    string
		program *Program
		out, in []View
	}{
		{"adam", adam(), []View{v, v, v}, []View{v, v, v, v, {0, []int{0, 0}}}},
		{"gelu(a+b·c)", biased(), []View{v}, []View{v, {0, []int{0, 1}}, {0, []int{1, 0}}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := NewMap(c.program, []int{rows, cols}, c.out, c.in)
			var in, out [][]float32
			for range c.in {
				in = append(in, make([]float32, rows*cols))
			}
			for range c.out {
				out = append(out, make([]float32, rows*cols))
			}
			scratch := make([]float32, m.Scratch())
			for b.Loop() {
				for piece := range m.Pieces() {
					m.Run(piece, out, in, scratch)
				}
			}
			reportElements(b, rows*cols)
		})
	}
}
