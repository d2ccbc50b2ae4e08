package initial

import (
	"math"
	"slices"
	"testing"

	"ncd/runtime/kernel"
)

var draws = Draws{Key: kernel.Key{Seed: 7, Stream: 3}}

// column is a column of a matrix that lies row by row.
func column(values []float64, m Matrix, j int) []float64 {
	var list []float64
	for i := range m.Rows() {
		list = append(list, values[i*m.Out+j])
	}
	return list
}

func dot(x, y []float64) float64 {
	total := 0.0
	for i := range x {
		total += x[i] * y[i]
	}
	return total
}

// holdOrthonormal fails unless the vectors have length 1 and stand at right angles.
func holdOrthonormal(t *testing.T, vectors [][]float64) {
	t.Helper()
	for i, x := range vectors {
		for j, y := range vectors[:i+1] {
			want := 0.0
			if i == j {
				want = 1
			}
			if got := dot(x, y); math.Abs(got-want) > 1e-12 {
				t.Errorf("%d times %d is %v, want %v", i, j, got, want)
			}
		}
	}
}

func TestOrthogonal(t *testing.T) {
	for _, m := range []Matrix{{In: []int{3, 4}, Out: 5}, {In: []int{4}, Out: 4}, {In: []int{3}, Out: 9}, {In: []int{5}, Out: 1}} {
		values := Orthogonal(m, draws)
		var vectors [][]float64
		if m.Rows() >= m.Out {
			for j := range m.Out {
				vectors = append(vectors, column(values, m, j))
			}
		} else {
			for i := range m.Rows() {
				vectors = append(vectors, values[i*m.Out:(i+1)*m.Out])
			}
		}
		holdOrthonormal(t, vectors)
	}
}

// TestOrthogonalPrefersNoDirection: of a matrix drawn evenly from the rotations and
// reflections of the plane the trace has mean 0 and variance 1, and half of them turn
// over. Without the signs the diagonal would be negative more often than not.
func TestOrthogonalPrefersNoDirection(t *testing.T) {
	const n = 4000
	mean, square, over := 0.0, 0.0, 0.0
	for i := range n {
		q := Orthogonal(Matrix{In: []int{2}, Out: 2}, Draws{draws.Key, 4 * i})
		trace := q[0] + q[3]
		mean += trace / n
		square += trace * trace / n
		if q[0]*q[3]-q[1]*q[2] < 0 {
			over += 1.0 / n
		}
	}
	const four = 4 / 63.2 // deviations of a mean of 4000
	if math.Abs(mean) > four || math.Abs(square-1) > 1.3*four || math.Abs(over-0.5) > four/2 {
		t.Errorf("trace has mean %.3f and square %.3f, want 0 and 1; %.3f turn over, want half", mean, square, over)
	}
}

func TestTruncated(t *testing.T) {
	values := Truncated(Matrix{In: []int{200}, Out: 100}, draws)
	mean, square := 0.0, 0.0
	for _, x := range values {
		mean += x / float64(len(values))
		square += x * x / float64(len(values))
	}
	if most := slices.Max(values); most > 2 || most < 1.99 || slices.Min(values) < -2 {
		t.Errorf("values from %v to %v, want -2 to 2", slices.Min(values), most)
	}
	// 1 - 4φ(2)/(Φ(2) - Φ(-2)), φ and Φ being the density and distribution function.
	if want := 0.77374; math.Abs(mean) > 0.025 || math.Abs(square-want) > 0.03 {
		t.Errorf("mean %.4f and variance %.4f, want 0 and %.4f", mean, square, want)
	}
}

func TestCosines(t *testing.T) {
	m := Matrix{In: []int{3, 3, 2}, Out: 18}
	values := Cosines(m, draws)
	var basis [][]float64
	for j := range m.Out {
		basis = append(basis, column(values, m, j))
	}
	holdOrthonormal(t, basis)
	for i, x := range basis[0] {
		if math.Abs(x-1/math.Sqrt(18)) > 1e-12 {
			t.Errorf("the slowest is %v at %d, and should be the same everywhere", x, i)
		}
	}
	one := Cosines(Matrix{In: []int{4}, Out: 2}, draws)
	if got, want := one[1], math.Sqrt(0.5)*math.Cos(math.Pi/8); math.Abs(got-want) > 1e-12 {
		t.Errorf("the second of four begins with %v, want %v", got, want)
	}
}

// TestMoreThanThereAre: filters beyond a basis are the same ones turned round, and
// then drawn; all have length 1.
func TestMoreThanThereAre(t *testing.T) {
	m := Matrix{In: []int{3}, Out: 8}
	values := Cosines(m, draws)
	for j := range 3 {
		if !slices.Equal(column(values, m, j), negative(column(values, m, j+3))) {
			t.Errorf("column %d is %v, and %d is %v", j, column(values, m, j), j+3, column(values, m, j+3))
		}
	}
	if square := dot(column(values, m, 7), column(values, m, 7)); math.Abs(square-1) > 1e-12 {
		t.Errorf("the last column has the square %v, want 1", square)
	}
	if slices.Equal(column(values, m, 6), column(values, m, 7)) {
		t.Error("two drawn columns are the same")
	}
}

// TestGabor: filters have length 1 and mean 0, are the same for all channels, and
// change most in the direction that is theirs.
func TestGabor(t *testing.T) {
	m := Matrix{In: []int{11, 11, 3}, Out: 6}
	values := Gabor(m, draws)
	for j := range m.Out {
		filter := column(values, m, j)
		if square, mean := dot(filter, filter), sum(filter); math.Abs(square-1) > 1e-12 || math.Abs(mean) > 1e-12 {
			t.Errorf("filter %d has the square %v and the sum %v, want 1 and 0", j, square, mean)
		}
		if filter[0] != filter[1] || filter[3*40] != filter[3*40+2] {
			t.Errorf("filter %d differs among channels", j)
		}
		want, got := math.Pi*float64(j)/float64(m.Out), direction(filter, 11, 3)
		if off := math.Abs(math.Remainder(got-want, math.Pi)); off > 0.15 {
			t.Errorf("filter %d runs in direction %.2f, want %.2f", j, got, want)
		}
	}
}

// direction is that of the plane wave, of many, which is most alike.
func direction(filter []float64, n, channels int) (angle float64) {
	most := 0.0
	for turn := 0.0; turn < math.Pi; turn += math.Pi / 60 {
		for length := 3.0; length < 11; length += 0.25 {
			re, im := 0.0, 0.0
			for i := range n {
				for j := range n {
					sin, cos := math.Sincos(2 * math.Pi / length * (float64(i)*math.Cos(turn) + float64(j)*math.Sin(turn)))
					re, im = re+filter[(i*n+j)*channels]*cos, im+filter[(i*n+j)*channels]*sin
				}
			}
			if power := re*re + im*im; power > most {
				most, angle = power, turn
			}
		}
	}
	return angle
}

func TestGaborOfSound(t *testing.T) {
	m := Matrix{In: []int{9, 1}, Out: 4}
	for j := range m.Out {
		if filter := column(Gabor(m, draws), m, j); math.Abs(sum(filter)) > 1e-12 {
			t.Errorf("filter %d has the sum %v, want 0", j, sum(filter))
		}
	}
}

// samplesOf are vectors around a place, that vary by these lengths along directions at
// right angles.
func samplesOf(n int, middle []float64, directions [][]float64, lengths []float64) [][]float64 {
	drawn := Draws{kernel.Key{Seed: 11}, 0}.normal(n * len(directions))
	var samples [][]float64
	for i := range n {
		x := slices.Clone(middle)
		for d, direction := range directions {
			for k := range x {
				x[k] += lengths[d] * drawn[i*len(directions)+d] * direction[k]
			}
		}
		samples = append(samples, x)
	}
	return samples
}

// TestPrincipal finds the directions that samples were made of, in the order of how
// far they vary, whatever their mean.
func TestPrincipal(t *testing.T) {
	a := []float64{0.6, 0.8, 0, 0}
	b := []float64{0.8, -0.6, 0, 0}
	c := []float64{0, 0, 0.28, 0.96}
	samples := samplesOf(4000, []float64{50, -20, 3, 1}, [][]float64{b, a, c}, []float64{1, 5, 0.1})
	m := Matrix{In: []int{2, 2}, Out: 3}
	values := Principal(m, samples, draws)
	var found [][]float64
	for j, want := range [][]float64{a, b, c} {
		found = append(found, column(values, m, j))
		if share := dot(found[j], want); share < 0.999 {
			t.Errorf("direction %d is %.3f, want %v", j, found[j], want)
		}
	}
	holdOrthonormal(t, found)
}

// TestMeans finds the three places around which samples lie, seen from the middle.
func TestMeans(t *testing.T) {
	places := [][]float64{{10, 0, 1}, {-4, 9, 1}, {-6, -9, 1}} // their mean is [0 0 1]
	axes := [][]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	var samples [][]float64
	for _, at := range places {
		samples = append(samples, samplesOf(300, at, axes, []float64{0.3, 0.3, 0.3})...)
	}
	m := Matrix{In: []int{3}, Out: 3}
	values := Means(m, samples, draws)
	for _, at := range places {
		want := []float64{at[0], at[1], 0}
		shorten(want)
		nearest := 0.0
		for j := range m.Out {
			nearest = max(nearest, dot(want, column(values, m, j)))
		}
		if nearest < 0.999 {
			t.Errorf("no column points to %v: the nearest has the cosine %.4f", want, nearest)
		}
	}
}

// TestMeansOfFew has fewer samples than columns.
func TestMeansOfFew(t *testing.T) {
	m := Matrix{In: []int{2}, Out: 5}
	values := Means(m, [][]float64{{1, 0}, {-1, 0}, {-1, 0}}, draws)
	for j := range m.Out {
		if square := dot(column(values, m, j), column(values, m, j)); math.Abs(square-1) > 1e-12 {
			t.Errorf("column %d has the square %v, want 1", j, square)
		}
	}
}
