package kernel

import (
	"fmt"
	"math"
	"testing"
)

// errorBounds are the largest errors of each Op, in units in the last place;
// half of one is correct rounding.
var errorBounds = [opCount]float64{
	OpAdd: 0.5, OpSub: 0.5, OpMul: 0.5, OpDiv: 0.5, OpPower: 0.5, OpSquare: 0.5, OpSqrt: 0.5, OpReciprocal: 0.5,
	OpSin: 0.5, OpCos: 0.5, OpSoftplus: 3, OpExp: 2, OpLog: 2, OpTanh: 2, OpSigmoid: 3, OpSiLU: 3, OpErf: 3, OpGELU: 6,
}

// ulps is the error of got in units in the last place of a float32 near want,
// not less than those near 2⁻¹²⁰.
func ulps(got float32, want float64) float64 {
	w := float32(want)
	switch {
	case w != w && got != got || got == w:
		return 0
	case w != w || got != got || math.IsInf(float64(w), 0) || math.IsInf(float64(got), 0):
		return math.Inf(1)
	}
	_, exp := math.Frexp(math.Max(math.Abs(want), 0x1p-120))
	return math.Abs(float64(got)-want) / math.Ldexp(1, exp-24)
}

// samples are numbers from everywhere: a sweep of all exponents, a dense one of
// the middle, and the special ones.
func samples() []float32 {
	s := []float32{0, float32(math.Copysign(0, -1)), float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
		math.MaxFloat32, -math.MaxFloat32, math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-126, 88.7, 88.8, -103.9, -104.1}
	for bits := uint64(0); bits < 1<<32; bits += 104729 { // a prime, so that all low bits occur
		s = append(s, math.Float32frombits(uint32(bits)))
	}
	for x := -110.0; x < 110; x += 0.00271 {
		s = append(s, float32(x))
	}
	return s
}

func eachLoopSet(t *testing.T, do func(t *testing.T, s *loopSet)) {
	for _, s := range availableLoops() {
		t.Run(s.name, func(t *testing.T) { do(t, s) })
	}
}

func TestLoopsKeepTheirBounds(t *testing.T) {
	a := samples()
	b := append(append([]float32(nil), a[len(a)/3:]...), a[:len(a)/3]...)
	b[0], b[1], b[2] = 1, a[2], a[3]
	to := make([]float32, len(a))
	eachLoopSet(t, func(t *testing.T, s *loopSet) {
		for op := OpAdd; op < opCount; op++ {
			switch op.Arity() {
			case 1:
				s.unary[op](to, a)
			case 2:
				s.binary[op](to, a, b)
			default:
				s.ternary[op](to, a, b, a)
			}
			checkBound(t, op, to, a, b)
		}
	})
}

func checkBound(t *testing.T, op Op, got, a, b []float32) {
	t.Helper()
	worst, at := 0.0, 0
	for i := range got {
		if u := ulps(got[i], op.Eval(float64(a[i]), float64(b[i]), float64(a[i]))); u > worst {
			worst, at = u, i
		}
	}
	if worst > errorBounds[op]+1e-6 {
		t.Errorf("%v(%v, %v) = %v, want %v: wrong by %.2f units, at most %v",
			op, a[at], b[at], got[at], op.Eval(float64(a[at]), float64(b[at]), float64(a[at])), worst, errorBounds[op])
	}
}

// An element's value does not depend on where in a slice it stands, and nothing
// is written outside.
func TestLoopsOfEveryLength(t *testing.T) {
	a := samples()[20:]
	whole := make([]float32, 64)
	eachLoopSet(t, func(t *testing.T, s *loopSet) {
		for op, loop := range s.unary {
			if loop == nil {
				continue
			}
			loop(whole, a[:64])
			for n := range 35 {
				guarded := make([]float32, n+2)
				guarded[0], guarded[n+1] = 7, 7
				loop(guarded[1:n+1], a[n:2*n])
				got, want := fmt.Sprint(guarded), fmt.Sprint(append(append([]float32{7}, whole[n:min(64, 2*n)]...), 7))
				if 2*n <= 64 && got != want {
					t.Errorf("%v of %d elements: %v, want %v", Op(op), n, got, want)
				}
			}
		}
	})
}
