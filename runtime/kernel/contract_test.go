package kernel

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestContract(t *testing.T) {
	cases := []struct {
		name     string
		contract Contract
		in       [][]float64
		out      []float64
		want     string
	}{
		{"product of matrices", Contract{
			Dims: []int{2, 2}, Sums: []int{3}, Out: Contiguous(2, 2),
			In: []View{{0, []int{3, 0, 1}}, {0, []int{0, 1, 2}}},
		}, [][]float64{{1, 2, 3, 4, 5, 6}, {1, 0, 0, 1, 1, 1}}, make([]float64, 4), "[4 5 10 11]"},
		{"three vectors", Contract{
			Sums: []int{3}, Out: View{},
			In: []View{{0, []int{1}}, {0, []int{1}}, {0, []int{1}}},
		}, [][]float64{{1, 2, 3}, {1, 1, 2}, {2, 2, 2}}, make([]float64, 1), "[18]"},
		{"trace", Contract{
			Sums: []int{2}, Out: View{}, In: []View{{0, []int{3}}}, Accumulate: true,
		}, [][]float64{{1, 2, 3, 4}}, []float64{10}, "[15]"},
		{"outer product", Contract{
			Dims: []int{2, 2}, Out: Contiguous(2, 2), In: []View{{0, []int{1, 0}}, {0, []int{0, 1}}},
		}, [][]float64{{2, 3}, {5, 7}}, make([]float64, 4), "[10 14 15 21]"},
		{"window", Contract{ // out[i] = Σ_k x[i+k]·w[k]
			Dims: []int{3}, Sums: []int{2}, Out: Contiguous(3), In: []View{{0, []int{1, 1}}, {0, []int{0, 1}}},
		}, [][]float64{{1, 2, 3, 4}, {1, 10}}, make([]float64, 3), "[21 32 43]"},
		{"transpose of a window", Contract{ // out[i+k] += y[i]·w[k]
			Dims: []int{3, 2}, Out: View{0, []int{1, 1}}, In: []View{{0, []int{1, 0}}, {0, []int{0, 1}}},
		}, [][]float64{{1, 1, 1}, {1, 10}}, []float64{9, 9, 9, 9}, "[1 11 11 10]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			RunContract(&c.contract, c.out, c.in...)
			if got := fmt.Sprint(c.out); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// Every way of looping gives what the definition says.
func TestContractAgreesWithItsDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 4)
		dims, sums := rapid.SliceOfN(size, 0, 3).Draw(t, "dims"), rapid.SliceOfN(size, 0, 3).Draw(t, "sums")
		stride := rapid.IntRange(0, 3)
		c := Contract{Dims: dims, Sums: sums, Out: View{0, rapid.SliceOfN(stride, len(dims), len(dims)).Draw(t, "out")}}
		var in [][]float64
		rank := len(dims) + len(sums)
		for range rapid.IntRange(0, 3).Draw(t, "operands") {
			v := View{1, rapid.SliceOfN(stride, rank, rank).Draw(t, "in")}
			c.In = append(c.In, v)
			numbers := make([]float64, v.length(joined(dims, sums)))
			for i := range numbers {
				numbers[i] = float64(i%5) - 2
			}
			in = append(in, numbers)
		}
		out := make([]float64, c.Out.length(dims))
		want := make([]float64, len(out))
		for n := range count(joined(dims, sums)) {
			index := make([]int, rank)
			indexOf(n, joined(dims, sums), index)
			term := 1.0
			for p, v := range c.In {
				term *= in[p][v.at(index)]
			}
			want[c.Out.at(index[:len(dims)])] += term
		}
		RunContract(&c, out, in...)
		if fmt.Sprint(out) != fmt.Sprint(want) {
			t.Fatalf("got %v, want %v", out, want)
		}
	})
}
