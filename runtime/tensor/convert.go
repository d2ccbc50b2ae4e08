package tensor

// Convert is the tensor with elements of another type, each the nearest by Go's
// conversion: a fraction is cut from integers. It returns t itself where the type
// is already so.
func (t *Tensor) Convert(to DType) *Tensor {
	if t.DType() == to {
		return t
	}
	out := New(to, t.Axes, t.Dims...)
	switch data := t.data.(type) {
	case []float32:
		convert(out, data)
	case []float64:
		convert(out, data)
	case []int32:
		convert(out, data)
	case []int64:
		convert(out, data)
	case []uint8:
		convert(out, data)
	}
	return out
}

func convert[From Element](out *Tensor, from []From) {
	switch to := out.data.(type) {
	case []float32:
		convertInto(to, from)
	case []float64:
		convertInto(to, from)
	case []int32:
		convertInto(to, from)
	case []int64:
		convertInto(to, from)
	case []uint8:
		convertInto(to, from)
	}
}

func convertInto[To, From Element](to []To, from []From) {
	for i, v := range from {
		to[i] = To(v)
	}
}
