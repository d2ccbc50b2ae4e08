package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// permuted is a contiguous array whose axes are given in another order, some of
// them run backwards, with room around it.
func permuted(t *rapid.T, dims []int, name string) View {
	order := rapid.Permutation(indices(len(dims))).Draw(t, name)
	room := rapid.IntRange(0, 2).Draw(t, name+" room")
	v := View{Offset: room, Strides: make([]int, len(dims))}
	step := 1
	for _, axis := range order {
		v.Strides[axis] = step
		step *= dims[axis] + room
	}
	for axis, d := range dims {
		if rapid.IntRange(0, 4).Draw(t, name+" direction") == 0 {
			v.Offset += (d - 1) * v.Strides[axis]
			v.Strides[axis] = -v.Strides[axis]
		}
	}
	return v
}

func indices(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func TestCopyAgreesWithPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.SliceOfN(rapid.IntRange(1, 20), 0, 4).Draw(t, "dims")
		c := NewCopy(dims, permuted(t, dims, "to"), permuted(t, dims, "from"))
		r := rand.New(rand.NewPCG(1, 1))
		from := random(r, c.need[1])
		to, whole := guarded(r, c.need[0])
		want := append([]float32(nil), to...)
		PlainCopy(c, want, from)
		for piece := range c.Pieces() {
			c.Run(piece, to, from)
		}
		checkGuards(t, whole)
		if fmt.Sprint(to) != fmt.Sprint(want) {
			t.Fatalf("got %v, want %v", to, want)
		}
	})
}

func TestFill(t *testing.T) {
	to := make([]float32, 12)
	Fill([]int{2, 2}, View{1, []int{6, 2}}, to, 5)
	Fill([]int{2}, View{4, []int{1}}, to, 7)
	Fill(nil, View{Offset: 11}, to, 9)
	if got, want := fmt.Sprint(to), "[0 5 0 5 7 7 0 5 0 5 0 9]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func BenchmarkCopy(b *testing.B) {
	const n = 512
	to, from := make([]float32, n*n), make([]float32, n*n)
	for name, v := range map[string]View{
		"rows": {0, []int{n, 1}}, "transposed": {0, []int{1, n}}, "every other": {0, []int{n / 2, 2}},
	} {
		b.Run(name, func(b *testing.B) {
			c := NewCopy([]int{n, n / 2}, View{0, []int{n / 2, 1}}, v)
			for b.Loop() {
				for piece := range c.Pieces() {
					c.Run(piece, to, from)
				}
			}
			reportElements(b, n*n/2)
		})
	}
}
