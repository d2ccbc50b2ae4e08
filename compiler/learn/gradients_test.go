package learn

import (
	"strings"
	"testing"

	"ncd/compiler/diagram"
	"ncd/compiler/rewrite"
)

// The derivative of a sound diagram is one too: its results are those of the
// diagram and what goes back, under names of their own even where one wire is sent
// to two, and what comes back to a result comes in.
func TestBackwardNamesWhatGoesBack(t *testing.T) {
	forward := rewrite.Normalize(training(perceptron(), nil).Forward)
	d, err := Backward(training(perceptron(), nil).Forward)
	if err != nil {
		t.Fatal(err)
	}
	if err := diagram.Verify(d); err != nil {
		t.Fatal(err)
	}
	if got, want := len(d.In), len(forward.In)+len(forward.Out); got != want {
		t.Errorf("%d inputs, want %d", got, want)
	}
	var names []string
	for _, w := range d.Out[len(forward.Out):] {
		names = append(names, w.Name)
	}
	if got, want := strings.Join(names, " "), "grad/image grad/affine.0.weight grad/affine.0.bias"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
