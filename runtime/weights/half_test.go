package weights

import (
	"math"
	"testing"
)

// Every binary16 is compared with its definition, in float64.
func TestFloat16(t *testing.T) {
	for bits := range 1 << 16 {
		sign := 1 - 2*float64(bits>>15)
		exponent, fraction := bits>>10&0x1f, float64(bits&0x3ff)
		want := sign * (1 + fraction/1024) * math.Pow(2, float64(exponent-15))
		switch {
		case exponent == 0:
			want = math.Copysign(fraction*0x1p-24, sign)
		case exponent == 0x1f && fraction == 0:
			want = math.Inf(int(sign))
		case exponent == 0x1f:
			want = math.NaN()
		}
		got := fromFloat16(uint16(bits))
		if math.Float32bits(got) != math.Float32bits(float32(want)) && !(math.IsNaN(want) && got != got) {
			t.Fatalf("%#04x: got %v, want %v", bits, got, want)
		}
	}
}

func TestBFloat16(t *testing.T) {
	for bits, want := range map[uint16]float32{0x3f80: 1, 0xc020: -2.5, 0: 0, 0x7f80: float32(math.Inf(1)), 0x0001: 0x1p-133} {
		if got := fromBFloat16(bits); got != want {
			t.Errorf("%#04x: got %v, want %v", bits, got, want)
		}
	}
}
