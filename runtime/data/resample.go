package data

import "math"

// zeroCrossings is how many of a sinc are kept on either side of its middle.
const zeroCrossings = 16

// resampler changes the rate of samples by a sinc under a Hann window, which lets
// through what both rates can hold.
//
// Source: Smith and Gossett, A flexible sampling-rate conversion method, 1984.
type resampler struct {
	from, to int
	up, down int       // the ratio of the rates in lowest terms: to/from
	phases   []sincTap // for each place between two samples that an output can have
}

// sincTap is the weights of neighbouring samples, the first of which lies first
// from the last sample before the output.
type sincTap struct {
	first   int
	weights []float64
}

func newResampler(from, to int) *resampler {
	g := gcd(from, to)
	r := &resampler{from: from, to: to, up: to / g, down: from / g}
	if from == to {
		return r
	}
	r.phases = make([]sincTap, r.up)
	cutoff := min(1, float64(to)/float64(from)) // as a part of the old rate
	reach := zeroCrossings / cutoff
	for phase := range r.phases {
		offset := float64(phase) / float64(r.up)
		first := int(math.Ceil(offset - reach))
		var weights []float64
		for j := first; float64(j) < offset+reach; j++ {
			d := float64(j) - offset
			hann := 0.5 + 0.5*math.Cos(math.Pi*d/reach)
			weights = append(weights, cutoff*sinc(cutoff*d)*hann)
		}
		r.phases[phase] = sincTap{first, weights}
	}
	return r
}

// resample is the samples at the new rate; at the same rate it is samples itself.
func (r *resampler) resample(samples []float32) []float32 {
	if r.from == r.to {
		return samples
	}
	out := make([]float32, resampledLen(len(samples), r.from, r.to))
	for i := range out {
		place := i * r.down
		tap := r.phases[place%r.up]
		first, sum := place/r.up+tap.first, 0.0
		for j, w := range tap.weights {
			if at := first + j; at >= 0 && at < len(samples) {
				sum += w * float64(samples[at])
			}
		}
		out[i] = float32(sum)
	}
	return out
}

// resampledLen is how many samples there are at another rate.
func resampledLen(n, from, to int) int {
	if from == to {
		return n
	}
	return int(math.Ceil(float64(n) * float64(to) / float64(from)))
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}
