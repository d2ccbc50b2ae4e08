package cost

import (
	"testing"

	"ncd/compiler/shape"
)

// The boxes of a diagram are counted by themselves to what the diagram is counted in
// all, in letters and in numbers.
func TestEachAddsUp(t *testing.T) {
	cases := []struct {
		file, name string
		sizes      map[string]int
	}{
		{"attention.ncd", "Attention", nil},
		{"attention.ncd", "MultiHead", map[string]int{"m": 64, "y": 5, "x": 7}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := declared(t, c.file, c.name, c.sizes)
			var sum Work
			for _, w := range Each(d) {
				sum = sum.plus(w)
			}
			want := Of(d).Total.Forward
			if !sum.MultiplyAdds.Equal(want.MultiplyAdds) || sum.MultiplyAdds.Equal(shape.Int(0)) {
				t.Errorf("got %s multiply-adds, want %s", sum.MultiplyAdds, want.MultiplyAdds)
			}
			if !sum.Scalar.Equal(want.Scalar) {
				t.Errorf("got %s operations beside them, want %s", sum.Scalar, want.Scalar)
			}
		})
	}
}
