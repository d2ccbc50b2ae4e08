package data

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/dsp/window"
)

const (
	windowSeconds = 0.025 // of a frame
	hopSeconds    = 0.010 // from one frame to the next
	silence       = 1e-6  // the energy that is added before the logarithm
	fastestRate   = 1 << 18
)

// ear turns samples into the logarithm of their energy in mel bands: the power
// spectrum of frames under a Hann window, summed by triangles that are evenly
// spaced in mel from 0 to half the rate.
//
// Source: Davis and Mermelstein, Comparison of parametric representations for
// monosyllabic word recognition, 1980; mel = 2595 log₁₀(1 + f/700), O'Shaughnessy,
// Speech Communication, 1987.
type ear struct {
	mels        int
	window, hop int // samples
	fft         *fourier.FFT
	taper       []float64
	bands       []band

	frame    []float64 // as long as the transform
	spectrum []complex128
	power    []float64
}

// band is the weights of neighbouring frequencies; outside of them they are zero.
type band struct {
	first   int
	weights []float64
}

// newEar is an ear for samples at a rate. It errs where a band is so narrow that
// no frequency of the transform lies in it.
func newEar(rate, mels int) (*ear, error) {
	if rate > fastestRate {
		return nil, fmt.Errorf("the rate is %d samples a second, at most %d are heard", rate, fastestRate)
	}
	e := &ear{mels: mels, window: max(2, int(windowSeconds*float64(rate))), hop: max(1, int(hopSeconds*float64(rate)))}
	size := 1 << bits.Len(uint(e.window-1)) // the next power of two
	if mels > size/2 {
		return nil, fmt.Errorf("%d samples a second have %d frequencies for them", rate, size/2)
	}
	e.fft = fourier.NewFFT(size)
	e.taper = window.Hann(slices.Repeat([]float64{1}, e.window))
	e.frame, e.spectrum, e.power = make([]float64, size), make([]complex128, size/2+1), make([]float64, size/2+1)
	e.bands = melBands(mels, rate, size)
	for i, b := range e.bands {
		if len(b.weights) == 0 {
			return nil, fmt.Errorf("no frequency lies in band %d; at %d samples a second take fewer bands", i+1, rate)
		}
	}
	return e, nil
}

// melBands are triangles over the frequencies of a transform of the given size,
// each from the middle of the band before to the middle of the one behind.
func melBands(mels, rate, size int) []band {
	mel := func(hertz float64) float64 { return 2595 * math.Log10(1+hertz/700) }
	step := mel(float64(rate)/2) / float64(mels+1)
	bands := make([]band, mels)
	for k := range size/2 + 1 {
		at := mel(float64(k)*float64(rate)/float64(size)) / step // band i has its middle at i+1
		for i := max(0, int(at)-1); i < min(mels, int(at)+1); i++ {
			w := 1 - math.Abs(at-float64(i+1))
			if w <= 0 {
				continue
			}
			if len(bands[i].weights) == 0 {
				bands[i].first = k
			}
			bands[i].weights = append(bands[i].weights, w)
		}
	}
	return bands
}

// frames is how many frames samples have: the last may reach beyond them.
func (e *ear) frames(samples int) int {
	if samples <= e.window {
		return 1
	}
	return 1 + (samples-e.window+e.hop-1)/e.hop
}

// hear writes the features [frame mel] of samples, as many frames as there is room
// for; beyond the samples there is silence.
func (e *ear) hear(features, samples []float32) {
	heard := min(e.frames(len(samples)), len(features)/e.mels)
	for t := range heard {
		e.listen(features[t*e.mels:(t+1)*e.mels], samples[min(t*e.hop, len(samples)):])
	}
	for i := heard * e.mels; i < len(features); i++ {
		features[i] = float32(math.Log(silence))
	}
}

// listen writes the features of the frame that samples begin with.
func (e *ear) listen(features, samples []float32) {
	clear(e.frame)
	for i, v := range samples[:min(e.window, len(samples))] {
		e.frame[i] = float64(v) * e.taper[i]
	}
	e.fft.Coefficients(e.spectrum, e.frame)
	for k, c := range e.spectrum {
		e.power[k] = real(c)*real(c) + imag(c)*imag(c)
	}
	for i, b := range e.bands {
		energy := silence
		for k, w := range b.weights {
			energy += w * e.power[b.first+k]
		}
		features[i] = float32(math.Log(energy))
	}
}
