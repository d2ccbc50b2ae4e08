package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

var reduceNames = [...]string{"sum", "mean", "max", "min", "product", "logsumexp"}

// eachRows runs a test with the loops of every instruction set.
func eachRows(t *testing.T, do func(t *testing.T)) {
	best, bestLoops := rows, loops
	defer func() { rows, loops = best, bestLoops }()
	sets := availableLoops()
	for i, s := range availableRows() {
		rows, loops = s, sets[i]
		t.Run(s.name, do)
	}
}

func TestReduce(t *testing.T) {
	transposed := View{2, []int{1, 41}}
	cases := []struct {
		name       string
		dims, sums []int
		out, in    View
	}{
		{"along rows", []int{7}, []int{1500}, Contiguous(7), Contiguous(7, 1500)},
		{"along short rows", []int{90}, []int{3}, View{4, []int{2}}, Contiguous(90, 3)},
		{"across rows", []int{1100}, []int{300}, Contiguous(1100), View{0, []int{1, 1100}}},
		{"across few rows", []int{40}, []int{33}, Contiguous(40), transposed},
		{"middle axis", []int{3, 50}, []int{7}, Contiguous(3, 50), View{0, []int{350, 1, 50}}},
		{"outer and inner axes", []int{5}, []int{4, 6}, Contiguous(5), View{0, []int{6, 30, 1}}},
		{"to one number", nil, []int{20, 70}, View{}, Contiguous(20, 70)},
		{"far apart", []int{6}, []int{5}, Contiguous(6), View{0, []int{2, 12}}},
		{"over nothing", []int{6}, []int{0}, Contiguous(6), View{0, []int{0, 1}}},
	}
	eachRows(t, func(t *testing.T) {
		for _, c := range cases {
			for op, name := range reduceNames {
				for _, accumulate := range []bool{false, true} {
					t.Run(c.name+"/"+name, func(t *testing.T) {
						checkReduce(t, Reduce{Op: ReduceOp(op), Dims: c.dims, Sums: c.sums, Out: c.out, In: c.in, Accumulate: accumulate})
					})
				}
			}
		}
	})
}

func checkReduce(t *testing.T, r Reduce) {
	t.Helper()
	source := rand.New(rand.NewPCG(7, 8))
	in := random(source, r.In.length(joined(r.Dims, r.Sums)))
	out, whole := guarded(source, r.Out.length(r.Dims))
	want := append([]float32(nil), out...)
	PlainReduce(&r, want, in)
	made := NewReduce(r)
	scratch := make([]float32, made.Scratch())
	for piece := range made.Pieces() {
		made.Run(piece, out, in, scratch)
	}
	checkGuards(t, whole)
	checkClose(t, out, want, 2e-6*math.Sqrt(float64(1+count(r.Sums))))
}

// checkClose compares with a tolerance relative to 1 and to the value.
func checkClose(t *testing.T, got, want []float32, tolerance float64) {
	t.Helper()
	for i := range got {
		if got[i] == want[i] || got[i] != got[i] && want[i] != want[i] {
			continue
		}
		if !(math.Abs(float64(got[i]-want[i])) <= tolerance*(1+math.Abs(float64(want[i])))) {
			t.Fatalf("element %d is %v, want %v", i, got[i], want[i])
		}
	}
}

// A maximum over anything with a NaN is NaN, wherever it stands.
func TestReduceKeepsNaN(t *testing.T) {
	eachRows(t, func(t *testing.T) {
		for at := range 131 {
			in := make([]float32, 131)
			in[at] = float32(math.NaN())
			for _, op := range []ReduceOp{ReduceSum, ReduceMax, ReduceMin} {
				r := NewReduce(Reduce{Op: op, Sums: []int{131}, In: Contiguous(131)})
				out := []float32{0}
				r.Run(0, out, in, nil)
				if out[0] == out[0] {
					t.Errorf("%s with a NaN at %d is %v", reduceNames[op], at, out[0])
				}
			}
		}
	})
}

func TestArgMax(t *testing.T) {
	nan := float32(math.NaN())
	a := NewArgMax(ArgMax{Dims: []int{4}, Size: 3, Out: Contiguous(4), In: View{0, []int{1}}, Stride: 4})
	in := []float32{
		1, 5, 0, 2,
		3, 5, nan, -1,
		2, 4, 9, 2,
	}
	out := make([]int32, 4)
	for piece := range a.Pieces() {
		RunArgMax(a, piece, out, in)
	}
	for i, want := range []int32{1, 0, 1, 0} {
		if out[i] != want {
			t.Errorf("column %d: place %d, want %d", i, out[i], want)
		}
	}
}

// Every row is filled with its own number, and nothing is written outside.
func TestSpread(t *testing.T) {
	from := []float32{1, 0, 2, 0, 3}
	for _, set := range availableRows() {
		t.Run(set.name, func(t *testing.T) {
			for size := 1; size < 40; size++ {
				to := make([]float32, 3*size+2)
				to[0], to[3*size+1] = 7, 7
				set.spread(&to[1], &from[0], 3, size, 2)
				for i, x := range to {
					want := float32(7)
					if i > 0 && i <= 3*size {
						want = float32(1 + (i-1)/size)
					}
					if x != want {
						t.Fatalf("size %d, element %d: got %v, want %v", size, i, x, want)
					}
				}
			}
		})
	}
}
