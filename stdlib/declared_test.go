package stdlib_test

import (
	"math"
	"os"
	"slices"
	"testing"
)

// rows are the rows of the arrays in testdata/gradient.ncd.
const rows = 5

// TestDeclaredBackward compares what boxes with a backward program of their own send
// back with the formula of each: x is what flows in, g what comes back.
func TestDeclaredBackward(t *testing.T) {
	placewise := func(f func(x, g float64) float64) func(x, g []float64) []float64 {
		return func(x, g []float64) []float64 {
			sent := make([]float64, len(g))
			for i := range g {
				sent[i] = f(x[i], g[i])
			}
			return sent
		}
	}
	cases := map[string]func(x, g []float64) []float64{
		"Reverse":  placewise(func(_, g float64) float64 { return -0.5 * g }),
		"Scaled":   placewise(func(_, g float64) float64 { return 0.1 * g }),
		"Clamped":  placewise(func(_, g float64) float64 { return min(max(g, -0.5), 0.5) }),
		"Clipped":  shortened,
		"Straight": placewise(func(_, g float64) float64 { return g }),

		"Arctangent": placewise(func(x, g float64) float64 { return g / (1 + math.Pow(math.Pi*x, 2)) }),
		"Logistic": placewise(func(x, g float64) float64 {
			s := 1 / (1 + math.Exp(-3*x))
			return g * 3 * s * (1 - s)
		}),
		"Rectangle": placewise(func(x, g float64) float64 {
			if math.Abs(x) < 0.5 {
				return g
			}
			return 0
		}),
		"Triangle": placewise(func(x, g float64) float64 { return g / 2 * max(0, 1-math.Abs(x)/2) }),
	}
	p := checked(t, os.DirFS("testdata"), "gradient.ncd", false)
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			d, said := p.Diagram(name, nil)
			hold(t, said)
			u := newUse(t, d)
			made := u.run(t, u.backward, slices.Concat(u.in, u.cotangents), u.weights)
			holdClose(t, name, made[1].Values, want(u.in[0].Values, u.cotangents[0].Values), 1e-12)
		})
	}
}

// shortened is each row at a length of 0.5 at most.
func shortened(_, g []float64) []float64 {
	var sent []float64
	for row := range slices.Chunk(g, rows) {
		length := 0.0
		for _, x := range row {
			length = math.Hypot(length, x)
		}
		for _, x := range row {
			sent = append(sent, x*min(1, 0.5/length))
		}
	}
	return sent
}
