package data

import "ncd/runtime/tensor"

// gather copies examples of a column into the rows of an array: bytes become
// numbers, and numbers that are to be Float32 are divided by the column's unit.
// The array is as the column is stored, or Float32.
func gather(to *tensor.Tensor, c Column, examples []int32) {
	row := 1
	for _, d := range c.Dims {
		row *= d
	}
	switch {
	case c.IsPlaces:
		copyRows(tensor.Elements[int32](to), tensor.Elements[int32](c.Values), examples, row)
	case c.Values.DType() == tensor.Uint8:
		scaleBytes(tensor.Elements[float32](to), tensor.Elements[uint8](c.Values), examples, row, c.Unit)
	default:
		numbers := tensor.Elements[float32](to)
		copyRows(numbers, tensor.Elements[float32](c.Values), examples, row)
		divide(numbers, c.Unit)
	}
}

func copyRows[E any](to, from []E, examples []int32, row int) {
	for i, e := range examples {
		copy(to[i*row:(i+1)*row], from[int(e)*row:])
	}
}

// scaleBytes divides each byte's value by unit. The 256 quotients are computed
// first: they are fewer than a batch's bytes.
func scaleBytes(to []float32, from []uint8, examples []int32, row int, unit float32) {
	var quotients [256]float32
	for b := range quotients {
		quotients[b] = float32(b) / unit
	}
	for i, e := range examples {
		example := from[int(e)*row : (int(e)+1)*row]
		numbers := to[i*row : (i+1)*row]
		for j, b := range example {
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
