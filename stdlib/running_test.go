package stdlib_test

import (
	"os"
	"testing"

	"ncd/compiler/reference"
)

// TestBatchnormKeepsStatistics runs one step of training: what is kept moves by a tenth
// towards the mean of each channel, and towards its variance as of a sample.
func TestBatchnormKeepsStatistics(t *testing.T) {
	p := checked(t, os.DirFS("testdata"), "normalization.ncd", true)
	d, said := p.Diagram("Batch", nil)
	hold(t, said)
	u := newUse(t, d)
	made, err := reference.Run(u.flat, reference.Values{Arrays: u.in, Weights: u.weights})
	if err != nil {
		t.Fatal(err)
	}
	const channels = 2
	for c := range channels {
		var n, sum, squares float64
		for i := c; i < len(u.in[0].Values); i += channels {
			x := u.in[0].Values[i]
			n, sum, squares = n+1, sum+x, squares+x*x
		}
		mean := sum / n
		variance := (squares - n*mean*mean) / (n - 1)
		want := map[string]float64{"running_mean": 0.1 * mean, "running_variance": 0.9 + 0.1*variance}
		for i, s := range u.flat.States {
			name := s.Path[len("batchnorm.0."):]
			holdClose(t, s.Path, made.States[i].Values[c:c+1], []float64{want[name]}, 1e-12)
		}
	}
	if len(u.flat.States) != 2 {
		t.Errorf("%d values are kept, not 2", len(u.flat.States))
	}
}
