package shape

import "testing"

// A size that is halved until no whole number holds the divisor stays a quotient.
func TestHalvesOfHalves(t *testing.T) {
	s := Letter("n")
	for range 100 {
		s = s.Div(Int(2))
	}
	if s.IsZero() {
		t.Error("it is 0")
	}
}
