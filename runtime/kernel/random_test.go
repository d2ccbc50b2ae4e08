package kernel

import (
	"math"
	"testing"
)

// The known answers are those that the authors of Philox publish with it
// (Random123, kat_vectors).
func TestPhiloxKnownAnswers(t *testing.T) {
	const all = 0xFFFFFFFF
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8}},
		{[4]uint32{all, all, all, all}, [2]uint32{all, all}, [4]uint32{0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD}},
		{[4]uint32{0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344}, [2]uint32{0xA4093822, 0x299F31D0},
			[4]uint32{0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1}},
	} {
		if got := philox(c.counter, c.key); got != c.want {
			t.Errorf("philox(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

// A number depends on its key and index alone, not on how a sequence is cut.
func TestRandomIsIndependentOfPieces(t *testing.T) {
	key := Key{Seed: 42, Stream: 7, Step: 3}
	draws := map[string]func(dst []float32, first int){
		"uniform":   func(dst []float32, first int) { Uniform(dst, key, first) },
		"normal":    func(dst []float32, first int) { Normal(dst, key, first) },
		"bernoulli": func(dst []float32, first int) { Bernoulli(dst, key, first, 0.3) },
		"sign":      func(dst []float32, first int) { Sign(dst, key, first) },
	}
	for name, draw := range draws {
		whole, pieces := make([]float32, 100), make([]float32, 100)
		draw(whole, 0)
		for _, cut := range [][2]int{{37, 100}, {0, 5}, {5, 37}} {
			draw(pieces[cut[0]:cut[1]], cut[0])
		}
		for i := range whole {
			if whole[i] != pieces[i] {
				t.Errorf("%s: number %d is %v whole, %v in pieces", name, i, whole[i], pieces[i])
			}
		}
	}
}

func TestRandomMoments(t *testing.T) {
	const n = 200000 // so that a mean's standard error is below 0.0023
	dst := make([]float64, n)
	for _, c := range []struct {
		name           string
		draw           func()
		mean, variance float64
	}{
		{"uniform", func() { Uniform(dst, Key{Seed: 1}, 0) }, 0.5, 1.0 / 12},
		{"normal", func() { Normal(dst, Key{Seed: 1}, 0) }, 0, 1},
		{"bernoulli", func() { Bernoulli(dst, Key{Seed: 1}, 0, 0.2) }, 0.2, 0.16},
		{"sign", func() { Sign(dst, Key{Seed: 1}, 0) }, 0, 1},
	} {
		c.draw()
		sum, squares := 0.0, 0.0
		for _, x := range dst {
			sum += x
			squares += (x - c.mean) * (x - c.mean)
		}
		if math.Abs(sum/n-c.mean) > 0.01 || math.Abs(squares/n-c.variance) > 0.015 {
			t.Errorf("%s: mean %v and variance %v, want %v and %v", c.name, sum/n, squares/n, c.mean, c.variance)
		}
	}
}

func TestRandomKeysDiffer(t *testing.T) {
	seen := map[float64]Key{}
	for _, key := range []Key{{}, {Seed: 1}, {Seed: 1 << 32}, {Stream: 1}, {Step: 1}} {
		dst := make([]float64, 1)
		Uniform(dst, key, 0)
		if other, ok := seen[dst[0]]; ok {
			t.Errorf("%+v and %+v begin alike", key, other)
		}
		seen[dst[0]] = key
	}
}
