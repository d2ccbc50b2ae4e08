package stdlib_test

import (
	"fmt"
	"io/fs"
	"math"
	"testing"

	"ncd/compiler/check"
	"ncd/compiler/reference"
	"ncd/compiler/rewrite"
	"ncd/grammar/source"
	"ncd/stdlib"
)

// descend minimises half the sum of c·w² by an optimiser, whose parameters are set,
// from (1, -2, 3), and returns every weight on the way.
func descend(t *testing.T, optimizer string, set map[string]string, steps int) [][]float64 {
	t.Helper()
	text, err := fs.ReadFile(stdlib.Files, "optimizers.ncd")
	if err != nil {
		t.Fatal(err)
	}
	p, said := check.Check(&source.File{Name: "optimizers.ncd", Text: string(text)}, check.Options{Library: stdlib.Files, Set: set})
	hold(t, said)
	d, said := p.DiagramFor(optimizer, map[string][]int{"weight": {3}, "change": {3}})
	hold(t, said)
	flat := rewrite.Normalize(d)
	weight := reference.New(3)
	copy(weight.Values, []float64{1, -2, 3})
	way := [][]float64{weight.Values}
	var states []*reference.Array
	for range steps {
		change := reference.New(3)
		for i, c := range []float64{1, 0.5, 2} {
			change.Values[i] = -c * weight.Values[i]
		}
		made, err := reference.Run(flat, reference.Values{Arrays: []*reference.Array{weight, change}, States: states})
		if err != nil {
			t.Fatal(err)
		}
		weight, states = made.Arrays[0], made.States
		way = append(way, weight.Values)
	}
	return way
}

// TestOptimizersDescend holds that each optimiser comes near the lowest place of a
// bowl, and where its first step leads: what its paper's formula says.
func TestOptimizersDescend(t *testing.T) {
	for _, c := range []struct {
		optimizer string
		set       map[string]string
		first     float64 // of the weight that begins at 1, whose change is -1
		steps     int
		near      float64
	}{
		{"sgd", map[string]string{"rate": "0.1"}, 0.9, 200, 1e-3},
		{"sgd", map[string]string{"rate": "0.1", "momentum": "0.5"}, 0.9, 200, 1e-3},
		{"sgd", map[string]string{"rate": "0.1", "momentum": "0.5", "nesterov": "true"}, 0.85, 200, 1e-3},
		{"adam", map[string]string{"rate": "0.1"}, 0.9, 300, 0.05},
		{"adamw", map[string]string{"rate": "0.1", "decay": "0.1"}, 0.89, 300, 0.05},
		{"rmsprop", map[string]string{"rate": "0.01"}, 0.9, 600, 0.05},
		{"rmsprop", map[string]string{"rate": "0.01", "momentum": "0.5"}, 0.9, 600, 0.05},
		{"adagrad", map[string]string{"rate": "0.5"}, 0.5, 300, 0.05},
		{"lion", map[string]string{"rate": "0.01"}, 0.99, 600, 0.05},
		{"lbfgs", map[string]string{"rate": "1", "history": "3"}, 0, 20, 1e-6},
	} {
		t.Run(fmt.Sprint(c.optimizer, c.set), func(t *testing.T) {
			way := descend(t, c.optimizer, c.set, c.steps)
			if got := way[1][0]; math.Abs(got-c.first) > 1e-6 {
				t.Errorf("the first step leads to %v, want %v", got, c.first)
			}
			for i, w := range way[len(way)-1] {
				if math.Abs(w) > c.near {
					t.Errorf("weight %d is %v after %d steps, want 0 within %v", i, w, c.steps, c.near)
				}
			}
		})
	}
}
