package weights

import "math"

// fromBFloat16 is the value of a bfloat16: the upper half of a float32.
func fromBFloat16(bits uint16) float32 {
	return math.Float32frombits(uint32(bits) << 16)
}

// fromFloat16 is the value of an IEEE 754 binary16: a sign, 5 bits of exponent
// (bias 15), 10 bits of fraction. Every one is a float32 exactly.
func fromFloat16(bits uint16) float32 {
	sign := uint32(bits>>15) << 31
	exponent := uint32(bits>>10) & 0x1f
	fraction := uint32(bits) & 0x3ff
	switch exponent {
	case 0: // zero, and numbers too small for the exponent: fraction · 2⁻²⁴
		small := float32(fraction) * 0x1p-24
		return math.Float32frombits(sign | math.Float32bits(small))
	case 0x1f: // infinity and NaN
		return math.Float32frombits(sign | 0xff<<23 | fraction<<13)
	}
	const rebias = 127 - 15
	return math.Float32frombits(sign | (exponent+rebias)<<23 | fraction<<13)
}
