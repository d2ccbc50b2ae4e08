// Package initial makes the first values of weights that are more than draws of
// single numbers: matrices whose columns are made to stand well together.
//
// In goes how a matrix lies and a key of chance, or what will flow into it; out
// come its numbers. They depend on nothing else, the number of threads included.
// The package knows no plan and no training. Each form follows the paper that is
// named with it.
package initial

import (
	"math"

	"ncd/runtime/kernel"
)

// Matrix says how a learned map lies in memory: a row for each place of the axes
// that come in, a column for each that goes out, row by row.
type Matrix struct {
	In  []int // sizes of the axes that come in
	Out int   // how many numbers go out
}

// Rows is how many numbers come in.
func (m Matrix) Rows() int {
	rows := 1
	for _, n := range m.In {
		rows *= n
	}
	return rows
}

// Draws are the numbers of one use of chance, from the first one on.
type Draws struct {
	Key   kernel.Key
	First int
}

// normal are n draws of mean 0 and variance 1.
func (d Draws) normal(n int) []float64 {
	drawn := make([]float64, n)
	kernel.Normal(drawn, d.Key, d.First)
	return drawn
}

// uniform are n draws from 0 to 1.
func (d Draws) uniform(n int) []float64 {
	drawn := make([]float64, n)
	kernel.Uniform(drawn, d.Key, d.First)
	return drawn
}

// Forms are the forms that need no data, by name.
var Forms = map[string]func(Matrix, Draws) []float64{
	"orthogonal": Orthogonal,
	"truncated":  Truncated,
	"dct":        Cosines,
	"gabor":      Gabor,
}

// Truncated draws from the normal distribution of deviation 1 between two
// deviations on either side, by the inverse of its distribution function. What is
// left has a deviation of 0.880.
func Truncated(m Matrix, d Draws) []float64 {
	values := d.uniform(m.Rows() * m.Out)
	within := math.Erf(math.Sqrt2) // the share that lies between
	for i, u := range values {
		values[i] = math.Sqrt2 * math.Erfinv(within*(2*u-1))
	}
	return values
}

// columns are the columns of a matrix while it is made.
type columns struct {
	Matrix
	values []float64
}

func newColumns(m Matrix) columns { return columns{m, make([]float64, m.Rows()*m.Out)} }

func (c columns) set(column int, values []float64) {
	for i, x := range values {
		c.values[i*c.Out+column] = x
	}
}

// fill sets all columns from a list of directions of length 1. Where there are not
// enough of them they come once more turned round, so that a rectifier behind them
// loses nothing; the columns that are left after that are drawn.
func (c columns) fill(directions [][]float64, d Draws) []float64 {
	rows, n := c.Rows(), len(directions)
	for j := range c.Out {
		switch {
		case j < n:
			c.set(j, directions[j])
		case j < 2*n:
			c.set(j, negative(directions[j-n]))
		default:
			direction := Draws{d.Key, d.First + j*rows}.normal(rows)
			shorten(direction)
			c.set(j, direction)
		}
	}
	return c.values
}

func negative(v []float64) []float64 {
	turned := make([]float64, len(v))
	for i, x := range v {
		turned[i] = -x
	}
	return turned
}

// shorten divides a vector by its length, unless that is 0.
func shorten(v []float64) {
	square := 0.0
	for _, x := range v {
		square += x * x
	}
	if square == 0 {
		return
	}
	for i := range v {
		v[i] /= math.Sqrt(square)
	}
}
