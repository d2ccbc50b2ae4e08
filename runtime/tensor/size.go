package tensor

import "math"

// Size is the product of dims, and whether it is one: no size may be negative,
// and neither the product of the non-zero ones nor its bytes may pass the largest
// int. The sizes of files are others' word; this is where it is checked.
func Size(dims []int) (n int, ok bool) {
	const widest = 8 // bytes of the widest element
	n = 1
	isEmpty := false
	for _, d := range dims {
		switch {
		case d < 0:
			return 0, false
		case d == 0:
			isEmpty = true
		case n > math.MaxInt/widest/d:
			return 0, false
		default:
			n *= d
		}
	}
	if isEmpty {
		return 0, true
	}
	return n, true
}

// Strides is how many elements lie between neighbours along each axis of a
// row-major array.
func Strides(dims []int) []int {
	strides := make([]int, len(dims))
	step := 1
	for i := len(dims) - 1; i >= 0; i-- {
		strides[i] = step
		step *= dims[i]
	}
	return strides
}
