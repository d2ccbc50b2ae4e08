package initial

import (
	"cmp"
	"math"
	"slices"
)

// Cosines makes the columns waves over the axes that come in: the basis of the
// discrete cosine transform, of length 1 and at right angles, the slowest first.
//
// Source: Ahmed, Natarajan and Rao, Discrete Cosine Transform, 1974; as filters of a
// convolution, Ulicny, Krylov and Dahyot, Harmonic Networks, 2019.
func Cosines(m Matrix, d Draws) []float64 {
	rates := places(m.In)
	slices.SortStableFunc(rates, func(a, b []int) int { return cmp.Compare(total(a), total(b)) })
	waves := make([][]float64, min(len(rates), m.Out))
	for j := range waves {
		waves[j] = wave(m.In, rates[j])
	}
	return newColumns(m).fill(waves, d)
}

// wave is the product of a cosine along each axis.
func wave(dims, rates []int) []float64 {
	var values []float64
	for _, at := range places(dims) {
		x := 1.0
		for axis, n := range dims {
			x *= math.Cos(math.Pi * float64(rates[axis]) * (float64(at[axis]) + 0.5) / float64(n))
		}
		values = append(values, x)
	}
	shorten(values)
	return values
}

// places are all places of axes of these sizes, the last one running fastest.
func places(dims []int) [][]int {
	list := [][]int{nil}
	for _, n := range dims {
		var longer [][]int
		for _, at := range list {
			for i := range n {
				longer = append(longer, append(slices.Clone(at), i))
			}
		}
		list = longer
	}
	return list
}

func total(list []int) int {
	sum := 0
	for _, n := range list {
		sum += n
	}
	return sum
}
