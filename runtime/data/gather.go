package data

import "ncd/runtime/tensor"

// layout says where the examples of a column lie among its elements.
type layout struct {
	first, step int // example i begins at first + i*step
	size        int // and has so many elements
}

func (c Column) layout() layout {
	size := c.size()
	if c.Windows != nil {
		return layout{c.Windows.First, c.Windows.Step, size}
	}
	return layout{0, size, size}
}

// gather copies examples of a column into the rows of an array, which is Int32 for
// places and Float32 for numbers: bytes become numbers, and numbers are divided by
// the column's unit.
func gather(to *tensor.Tensor, c Column, examples []int32) {
	at, bytes := c.layout(), c.Values.DType() == tensor.Uint8
	switch {
	case c.IsPlaces && bytes:
		widenRows(tensor.Elements[int32](to), tensor.Elements[uint8](c.Values), examples, at)
	case c.IsPlaces:
		copyRows(tensor.Elements[int32](to), tensor.Elements[int32](c.Values), examples, at)
	case bytes:
		scaleBytes(tensor.Elements[float32](to), tensor.Elements[uint8](c.Values), examples, at, c.Unit)
	default:
		numbers := tensor.Elements[float32](to)
		copyRows(numbers, tensor.Elements[float32](c.Values), examples, at)
		divide(numbers, c.Unit)
	}
}

func copyRows[E any](to, from []E, examples []int32, at layout) {
	for i, e := range examples {
		copy(to[i*at.size:(i+1)*at.size], from[at.first+int(e)*at.step:])
	}
}

func widenRows(to []int32, from []uint8, examples []int32, at layout) {
	for i, e := range examples {
		places := to[i*at.size : (i+1)*at.size]
		for j, b := range from[at.first+int(e)*at.step:][:at.size] {
			places[j] = int32(b)
		}
	}
}

// scaleBytes divides each byte's value by unit. The 256 quotients are computed
// first: they are fewer than a batch's bytes.
func scaleBytes(to []float32, from []uint8, examples []int32, at layout, unit float32) {
	var quotients [256]float32
	for b := range quotients {
		quotients[b] = float32(b) / unit
	}
	for i, e := range examples {
		numbers := to[i*at.size : (i+1)*at.size]
		for j, b := range from[at.first+int(e)*at.step:][:at.size] {
			numbers[j] = quotients[b]
		}
	}
}

func divide(numbers []float32, unit float32) {
	if unit == 1 {
		return
	}
	for i := range numbers {
		numbers[i] /= unit
	}
}
