package expect

import (
	"math"
	"strings"
	"testing"

	"ncd/compiler/check"
	"ncd/runtime/tensor"
)

func TestUnmet(t *testing.T) {
	nan, infinite := float32(math.NaN()), float32(math.Inf(1))
	for _, c := range []struct {
		name        string
		got, wanted []float32
		want, help  string // "": the claim holds
	}{
		{"equal", []float32{1, 2, 3, 4, 5, 6}, []float32{1, 2, 3, 4, 5, 6}, "", ""},
		{"near", []float32{1, 2, 3, 4, 5, 6}, []float32{1, 2, 3, 4, 5, 6.05}, "", ""},
		{"one differs", []float32{1, 2, 3, 4, 5, 6}, []float32{1, 2, 3, 4, 7, 6}, "got 5, want 7 within 0.1, at y = 1, x = 1", ""},
		{"two differ", []float32{1, 2, 3, 4, 5, 6}, []float32{1, 2, 4, 4, 7, 6}, "got 3, want 4 within 0.1, at y = 0, x = 2", "2 of 6 numbers differ, by 2 at most"},
		{"no number", []float32{nan, 2, 3, 4, 5, 6}, []float32{1, 2, 3, 4, 5, 6}, "got NaN, want 1", ""},
		{"no numbers both", []float32{nan, infinite, 3, 4, 5, 6}, []float32{nan, infinite, 3, 4, 5, 6}, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			axes := []string{"y", "x"}
			said := Unmet([]check.Claim{{Got: 1, Wanted: 0, Within: 0.1}}, []*tensor.Tensor{tensor.Of(c.wanted, axes, 2, 3), tensor.Of(c.got, axes, 2, 3)})
			switch {
			case c.want == "" && len(said) > 0:
				t.Errorf("got %s", said[0].Message)
			case c.want != "" && (len(said) != 1 || !strings.Contains(said[0].Message, c.want) || strings.Join(said[0].Help, "") != c.help):
				t.Errorf("got %+v, want %q, %q", said, c.want, c.help)
			}
		})
	}
}

func TestScalar(t *testing.T) {
	arrays := []*tensor.Tensor{tensor.Of([]float32{1}, nil), tensor.Of([]float32{2}, nil)}
	said := Unmet([]check.Claim{{Got: 0, Wanted: 1}}, arrays)
	if len(said) != 1 || said[0].Message != "got 1, want 2 within 0" {
		t.Errorf("got %+v", said)
	}
}
