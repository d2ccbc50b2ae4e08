package learn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
)

const field = `diagram Field(x[n]) -> [n] { x >> affine[n -> m:6] >> tanh >> linear[m -> n] }
diagram Cell(z[n], x[m]) -> [n] { (z >> linear[n -> n]) + (x >> affine[m -> n]) >> tanh }
`

func solved(solver, gradient string, steps int) string {
	return field + fmt.Sprintf("diagram D(x[b:4 n:3]) -> [] { x >> ode[Field, to = 2, steps = %d, solver = %s, gradient = %s] >> sin >> sum[b n] }", steps, solver, gradient)
}

func fixed(gradient string, iterations int) string {
	return field + fmt.Sprintf("diagram D(x[b:4 m:3]) -> [] { (x >> [m -> n], x) >> fixpoint[Cell, iterations = %d, gradient = %s] >> sin >> sum[b n] }", iterations, gradient)
}

// cosine is that of the angle between two lists of arrays.
func cosine(a, b [][]float64) float64 {
	x, y := slices.Concat(a...), slices.Concat(b...)
	var xy, xx, yy float64
	for i := range x {
		xy, xx, yy = xy+x[i]*y[i], xx+x[i]*x[i], yy+y[i]*y[i]
	}
	return xy / math.Sqrt(xx*yy)
}

// TestSolversConverge measures the order of each solver: how much smaller half a step
// makes what it is off by, of x' = x.
func TestSolversConverge(t *testing.T) {
	for solver, order := range map[string]float64{"euler": 1, "heun": 2, "rk4": 4, "dopri5": 5, "reversible_heun": 2} {
		t.Run(solver, func(t *testing.T) {
			off := func(steps int) float64 {
				flat := rewrite.Normalize(written(t, fmt.Sprintf("diagram D(x[n:1]) -> [n] { x >> ode[id, steps = %d, solver = %s] }", steps, solver), "D"))
				made, err := reference.Run(flat, reference.Values{Arrays: []*reference.Array{{Dims: []int{1}, Values: []float64{1}}}})
				if err != nil {
					t.Fatal(err)
				}
				return math.Abs(made.Arrays[0].Values[0] - math.E)
			}
			if got := math.Log2(off(8) / off(16)); math.Abs(got-order) > 0.25 {
				t.Errorf("order %.2f, want %v", got, order)
			}
		})
	}
}

// TestEquationGradients holds the ways back that keep less against the one that keeps
// all, and both against central differences.
func TestEquationGradients(t *testing.T) {
	for solver, gradients := range map[string]map[string]float64{
		"euler":           {"checkpoint": 1, "adjoint": 0.99},
		"rk4":             {"adjoint": 0.999999},
		"reversible_heun": {"checkpoint": 1, "reversible": 1},
	} {
		want, _, all := gradientsOf(t, solved(solver, "full", 40))
		for gradient, least := range gradients {
			t.Run(solver+" "+gradient, func(t *testing.T) {
				got, _, kept := gradientsOf(t, solved(solver, gradient, 40))
				if c := cosine(got, want); c < least-1e-12 {
					t.Errorf("cosine %v with the gradient that keeps all", c)
				}
				if least == 1 {
					for i := range want {
						holdNear(t, "gradient", got[i], want[i], 1e-10)
					}
				}
				if gradient == "checkpoint" {
					if kept*2 > all {
						t.Errorf("%d bytes kept, and %d where all is", kept, all)
					}
					return
				}
				if _, _, fewer := gradientsOf(t, solved(solver, gradient, 10)); kept != fewer || kept*10 > all {
					t.Errorf("40 steps keep %d bytes, 10 keep %d, and %d where all is kept", kept, fewer, all)
				}
			})
		}
	}
}

func TestImplicitGradient(t *testing.T) {
	want, _, all := gradientsOf(t, fixed("full", 40))
	got, _, kept := gradientsOf(t, fixed("implicit", 40))
	if c := cosine(got, want); c < 0.9999 {
		t.Errorf("cosine %v with the gradient through every turn", c)
	}
	if kept*10 > all {
		t.Errorf("%d bytes kept, %d through every turn", kept, all)
	}
	for i := range want {
		if i > 0 { // what the turns begin with is forgotten
			holdNear(t, "gradient", got[i], want[i], 1e-3)
		}
	}
}

// TestEquationsAgainstDifferences holds the gradient that keeps all against central
// differences.
func TestEquationsAgainstDifferences(t *testing.T) {
	for name, text := range map[string]string{"ode": solved("dopri5", "full", 2), "fixpoint": fixed("full", 5)} {
		t.Run(name, func(t *testing.T) {
			flat := rewrite.Normalize(written(t, text, "D"))
			again, err := Gradients(flat)
			if err != nil {
				t.Fatal(err)
			}
			v := drawnFor(t, flat)
			made, err := reference.Run(again, v)
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range differences(t, flat, v) {
				holdNear(t, again.Out[i+1].Name, made.Arrays[i+1].Values, want, 1e-6)
			}
		})
	}
}
