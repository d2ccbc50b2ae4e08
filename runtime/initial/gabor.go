package initial

import "math"

// shortest is the shortest wave, in places: one of 2 looks the same from two sides.
const shortest = 3

// Gabor makes each column a wave under a bell of length 1 and mean 0 over the window,
// the same for every place of the last axis that comes in, which is the channels'.
// The directions of the waves are spread evenly over half a turn of the first two
// axes of the window; their lengths, from 3 places to the window's, and their phases
// are drawn. Along further axes there is the bell alone.
//
// Source: Daugman, Uncertainty Relation for Resolution in Space, Spatial Frequency,
// and Orientation, 1985; the bell's deviation is half the wave's length.
func Gabor(m Matrix, d Draws) []float64 {
	window, channels := m.In, 1
	if len(m.In) > 1 {
		window, channels = m.In[:len(m.In)-1], m.In[len(m.In)-1]
	}
	drawn := d.uniform(2 * m.Out)
	filters := newColumns(m)
	for j := range m.Out {
		longest := math.Max(shortest, float64(window[0]))
		g := gabor{
			angle: math.Pi * float64(j) / float64(m.Out), length: shortest * math.Pow(longest/shortest, drawn[2*j]), phase: 2 * math.Pi * drawn[2*j+1],
		}
		filters.set(j, repeated(g.over(window), channels))
	}
	return filters.values
}

// gabor is one wave under a bell.
type gabor struct {
	angle  float64 // that its wave runs in, from the first axis to the second, in radians
	length float64 // of the wave, in places
	phase  float64 // in the middle of the window, in radians
}

// over are the values over a window, of mean 0. Where the window sees none of the
// wave it is the bell.
func (g gabor) over(window []int) []float64 {
	var waves, bells []float64
	for _, at := range places(window) {
		square := 0.0
		for axis, n := range window {
			x := middle(at[axis], n)
			square += x * x
		}
		bell := math.Exp(-square / (2 * g.length * g.length / 4))
		bells = append(bells, bell)
		waves = append(waves, bell*math.Cos(2*math.Pi*g.along(at, window)/g.length+g.phase))
	}
	share := sum(waves) / sum(bells)
	square := 0.0
	for i, bell := range bells {
		waves[i] -= share * bell
		square += waves[i] * waves[i]
	}
	if square < 1e-12 {
		return bells
	}
	return waves
}

// along is how far a place is from the middle, in the direction of the wave.
func (g gabor) along(at, window []int) float64 {
	far := math.Cos(g.angle) * middle(at[0], window[0])
	if len(window) == 1 {
		return middle(at[0], window[0])
	}
	return far + math.Sin(g.angle)*middle(at[1], window[1])
}

func middle(at, n int) float64 { return float64(at) - float64(n-1)/2 }

func sum(values []float64) float64 {
	total := 0.0
	for _, x := range values {
		total += x
	}
	return total
}

// repeated is each value n times, and the whole of length 1.
func repeated(values []float64, n int) []float64 {
	var all []float64
	for _, x := range values {
		for range n {
			all = append(all, x)
		}
	}
	shorten(all)
	return all
}
