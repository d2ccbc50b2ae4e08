package weights

import (
	"slices"

	"ncd/runtime/tensor"
)

func reversed(dims []int) []int {
	turned := slices.Clone(dims)
	slices.Reverse(turned)
	return turned
}

// transposed is t with its axes in the opposite order, in row-major order again.
func transposed(t *tensor.Tensor) *tensor.Tensor {
	switch t.DType() {
	case tensor.Float64:
		return transpose[float64](t)
	case tensor.Int32:
		return transpose[int32](t)
	case tensor.Int64:
		return transpose[int64](t)
	case tensor.Uint8:
		return transpose[uint8](t)
	default:
		return transpose[float32](t)
	}
}

func transpose[E tensor.Element](t *tensor.Tensor) *tensor.Tensor {
	from := tensor.Elements[E](t)
	to := make([]E, len(from))
	dims := reversed(t.Dims)
	strides := reversed(tensor.Strides(t.Dims))
	places := make([]int, len(dims))
	offset := 0 // in from, of the element at places
	for i := range to {
		to[i] = from[offset]
		for axis := len(dims) - 1; axis >= 0; axis-- {
			places[axis]++
			offset += strides[axis]
			if places[axis] < dims[axis] {
				break
			}
			offset -= dims[axis] * strides[axis]
			places[axis] = 0
		}
	}
	return tensor.Of(to, nil, dims...)
}
