package kernel

import "math"

// Float32 versions of the costly functions. The assembly evaluates the same
// polynomials with fused multiply-adds. Both stay within the bounds, in units
// in the last place of a normal float32, that the tests measure against
// float64:
//
//	exp, log, tanh  2
//	sigmoid, silu   3
//	erf, softplus   3
//	gelu            6
//	its slope       8, or as much as of 0.25
//
// Results below 2⁻¹²⁰ may lose their digits.

func horner(c []float32, x float32) float32 {
	p := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		p = p*x + c[i]
	}
	return p
}

const (
	log2e  = 1.4426950408889634
	ln2Hi  = 0.693145751953125 // fifteen bits of log(2), so that small multiples are exact
	ln2Lo  = math.Ln2 - ln2Hi
	expMax = 89   // beyond, e to the x is infinite
	expMin = -104 // beyond, it is zero
)

func exp32(x float32) float32 {
	if x != x {
		return x
	}
	x = min(max(x, expMin), expMax)
	n := float32(math.RoundToEven(float64(x * log2e)))
	r := x - n*ln2Hi
	r -= n * ln2Lo
	y := 1 + (r + r*r*horner(expFit[:], r))
	half := int32(n) >> 1
	return y * power2(half) * power2(int32(n)-half)
}

// power2 is 2ⁿ for -126 ≤ n ≤ 127.
func power2(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

func log32(x float32) float32 {
	switch {
	case x != x || x < 0:
		return float32(math.NaN())
	case x == 0:
		return float32(math.Inf(-1))
	case x > math.MaxFloat32:
		return x
	}
	e := float32(0)
	if x < 0x1p-126 {
		x, e = x*0x1p23, -23
	}
	// The bits of √½, so that what is left of the exponent rounds to a mantissa
	// between √½ and √2.
	const sqrtHalf = 0x3F3504F3
	bits := math.Float32bits(x) - sqrtHalf
	e += float32(int32(bits) >> 23)
	f := math.Float32frombits(bits&0x007FFFFF+sqrtHalf) - 1
	y := f*f*(f*horner(logFit[:], f)-0.5) + e*ln2Lo
	return e*ln2Hi + (f + y)
}

func tanh32(x float32) float32 {
	size := abs32(x)
	if size <= 0.625 {
		return x + x*x*x*horner(tanhFit[:], x*x)
	}
	return copySign32(1-2/(exp32(2*size)+1), x)
}

// sigmoid32 is 1/(1+e) or e/(1+e) with e = exp(-|x|), which neither overflows
// nor cancels.
func sigmoid32(x float32) float32 {
	e := exp32(-abs32(x))
	if math.Signbit(float64(x)) {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}

// softplus32 is max(x, 0) + log(1+e) with e = exp(-|x|). What the rounding of
// 1+e lost is put back, divided by the slope of the logarithm.
func softplus32(x float32) float32 {
	e := exp32(-abs32(x))
	sum := 1 + e
	lost := e - (sum - 1)
	return relu32(x) + (log32(sum) + lost/sum)
}

func erf32(x float32) float32 {
	size := abs32(x)
	if size <= 1 {
		return x * horner(erfFit[:], x*x)
	}
	size = min(size, 10.5) // where erf has long been 1
	square := size * size
	return copySign32(1-erfc32(size, square, squareLoss(size, square)), x)
}

func gelu32(x float32) float32 {
	size := min(abs32(x), 15) // where the tail is zero
	square := size * size
	lost := squareLoss(size, square)
	half := erfc32(size*(1/math.Sqrt2), square/2, lost/2) / 2
	if !math.Signbit(float64(x)) {
		half = 1 - half
	}
	return x * half
}

// geluSlope32 is Φ(x) + x·φ(x), the derivative of gelu.
func geluSlope32(x float32) float32 {
	size := min(abs32(x), 15)
	square := size * size
	e := exp32(-square / 2)
	half := e * horner(tailFit[:], tailPlace(size*(1/math.Sqrt2))) / 2
	if !math.Signbit(float64(x)) {
		half = 1 - half
	}
	const peak = 0.3989422804014327 // of the normal density
	return half + peak*copySign32(size, x)*e
}

// erfc32 is 1 - erf(x) for x ≥ 0, given also x² as a rounded number and what
// rounding it lost, which the exponential would magnify.
func erfc32(x, square, lost float32) float32 {
	u := tailPlace(x)
	y := exp32(-square) * horner(tailFit[:], u)
	return y - y*lost
}

// tailPlace is where tailFit is to be taken.
func tailPlace(x float32) float32 { return (x - tailCentre) / (x + tailCentre) }

func sqrt32(x float32) float32 { return float32(math.Sqrt(float64(x))) }

func squareLoss(x, square float32) float32 {
	return float32(float64(x)*float64(x) - float64(square))
}

func abs32(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) }

func copySign32(size, sign float32) float32 {
	return math.Float32frombits(math.Float32bits(size) | math.Float32bits(sign)&(1<<31))
}
