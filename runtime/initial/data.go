package initial

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// FromData are the forms that are made of what flows into the matrix, by name: the
// samples have as many numbers as the matrix has rows.
var FromData = map[string]func(Matrix, [][]float64, Draws) []float64{
	"pca":    Principal,
	"kmeans": Means,
}

// Principal makes the columns the directions in which the samples vary most, of
// length 1 and at right angles, the first one most. The largest number of each is
// positive.
//
// Source: Pearson, On Lines and Planes of Closest Fit, 1901; as filters of a
// convolution, Chan et al., PCANet, 2015.
func Principal(m Matrix, samples [][]float64, d Draws) []float64 {
	rows := m.Rows()
	covariance := mat.NewSymDense(rows, nil)
	for _, x := range centred(samples) {
		covariance.SymRankOne(covariance, 1, mat.NewVecDense(rows, x))
	}
	var eigen mat.EigenSym
	var vectors mat.Dense
	if !eigen.Factorize(covariance, true) {
		return newColumns(m).fill(nil, d) // samples that are no numbers have no directions
	}
	eigen.VectorsTo(&vectors)
	var directions [][]float64
	for j := rows - 1; j >= 0 && len(directions) < m.Out; j-- {
		direction := mat.Col(nil, j, &vectors)
		if math.Abs(slices.Min(direction)) > slices.Max(direction) {
			direction = negative(direction)
		}
		directions = append(directions, direction)
	}
	return newColumns(m).fill(directions, d)
}

// centred are the samples less their mean.
func centred(samples [][]float64) [][]float64 {
	mean := meanOf(samples, nil)
	moved := make([][]float64, len(samples))
	for i, x := range samples {
		moved[i] = make([]float64, len(x))
		for k := range x {
			moved[i][k] = x[k] - mean[k]
		}
	}
	return moved
}

// meanOf is the mean of those samples that a list names, or of all.
func meanOf(samples [][]float64, which []int) []float64 {
	if which == nil {
		for i := range samples {
			which = append(which, i)
		}
	}
	var mean []float64
	for _, i := range which {
		if mean == nil {
			mean = make([]float64, len(samples[i]))
		}
		for k, x := range samples[i] {
			mean[k] += x / float64(len(which))
		}
	}
	return mean
}

// rounds is how often k-means goes over the samples at most; filters change little
// after the first ten (Coates and Ng 2012).
const rounds = 30

// Means makes the columns the means of as many groups of samples as there are
// columns, of length 1: each sample, less the mean of all, belongs to the nearest
// mean. The first ones are drawn far from each other.
//
// Source: Lloyd, Least Squares Quantization in PCM, 1982; Arthur and Vassilvitskii,
// k-means++, 2007; as filters, Coates and Ng, Learning Feature Representations with
// K-Means, 2012.
func Means(m Matrix, samples [][]float64, d Draws) []float64 {
	samples = centred(samples)
	means := farApart(samples, m.Out, d.uniform(m.Out))
	member := make([]int, len(samples))
	for range rounds {
		groups := make([][]int, len(means))
		hasChanged := false
		for i, x := range samples {
			near, _ := nearest(x, means)
			hasChanged = hasChanged || near != member[i]
			member[i] = near
			groups[near] = append(groups[near], i)
		}
		for j, group := range groups {
			if group != nil {
				means[j] = meanOf(samples, group)
			}
		}
		if !hasChanged {
			break
		}
	}
	for _, mean := range means {
		shorten(mean)
	}
	return newColumns(m).fill(means, d)
}

// farApart draws n samples, or as many as differ: each with a probability that grows
// with the square of its distance from those before.
func farApart(samples [][]float64, n int, drawn []float64) [][]float64 {
	distance := make([]float64, len(samples))
	for i := range distance {
		distance[i] = 1
	}
	var means [][]float64
	for len(means) < n && sum(distance) > 0 {
		i, left := 0, drawn[len(means)]*sum(distance)
		for left >= distance[i] && i < len(samples)-1 {
			left -= distance[i]
			i++
		}
		means = append(means, slices.Clone(samples[i]))
		for i, x := range samples {
			square := squareApart(x, means[len(means)-1])
			if len(means) == 1 || square < distance[i] {
				distance[i] = square
			}
		}
	}
	return means
}

func nearest(x []float64, means [][]float64) (which int, square float64) {
	square = math.Inf(1)
	for j, mean := range means {
		if s := squareApart(x, mean); s < square {
			which, square = j, s
		}
	}
	return which, square
}

func squareApart(x, y []float64) float64 {
	square := 0.0
	for i := range x {
		square += (x[i] - y[i]) * (x[i] - y[i])
	}
	return square
}
