package importer

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"ncd/internal/onnx"
	"ncd/runtime/tensor"
)

// decoded is the numbers of a tensor.
func decoded(t *onnx.Tensor) (*array, error) {
	a := &array{}
	for _, n := range t.Dims {
		if n < 0 || n > math.MaxInt32 {
			return nil, fmt.Errorf("tensor `%s` has the size %d", t.Name, n)
		}
		a.dims = append(a.dims, int(n))
	}
	n, ok := tensor.Size(a.dims)
	if !ok {
		return nil, fmt.Errorf("tensor `%s` is too large", t.Name)
	}
	if len(t.External) > 0 {
		return nil, fmt.Errorf("the numbers of `%s` lie in a file beside the model that was not read", t.Name)
	}
	a.values = numbersOf(t)
	if len(a.values) != n {
		return nil, fmt.Errorf("tensor `%s` holds %d numbers of type %d for the sizes %v", t.Name, len(a.values), t.Type, t.Dims)
	}
	a.isWhole = t.Type != onnx.Float && t.Type != onnx.Double && t.Type != onnx.Float16
	return a, nil
}

// numbersOf reads whichever field holds a tensor's numbers; nil for types without.
func numbersOf(t *onnx.Tensor) []float64 {
	switch {
	case t.Raw != nil:
		return rawNumbers(t.Type, t.Raw)
	case t.Type == onnx.Float:
		return widened(t.Floats)
	case t.Type == onnx.Double:
		return t.Doubles
	case t.Type == onnx.Int64:
		return widened(t.Int64s)
	case t.Type == onnx.Uint32 || t.Type == onnx.Uint64:
		return widened(t.Uint64s)
	case t.Type == onnx.Bool || t.Type == onnx.Int32 || t.Type == onnx.Int16 || t.Type == onnx.Int8 || t.Type == onnx.Uint8 || t.Type == onnx.Uint16:
		return widened(t.Int32s)
	}
	return nil
}

func widened[T ~int | ~int32 | ~int64 | ~uint64 | ~float32](list []T) []float64 {
	wide := make([]float64, len(list))
	for i, x := range list {
		wide[i] = float64(x)
	}
	return wide
}

func rawNumbers(of onnx.DataType, b []byte) []float64 {
	width := map[onnx.DataType]int{
		onnx.Float: 4, onnx.Double: 8, onnx.Int64: 8, onnx.Uint64: 8, onnx.Int32: 4, onnx.Uint32: 4,
		onnx.Int16: 2, onnx.Uint16: 2, onnx.Int8: 1, onnx.Uint8: 1, onnx.Bool: 1,
	}[of]
	if width == 0 || len(b)%width != 0 {
		return nil
	}
	list := make([]float64, len(b)/width)
	for i := range list {
		var x uint64
		for k := range width {
			x |= uint64(b[i*width+k]) << (8 * k)
		}
		list[i] = number(of, x)
	}
	return list
}

// number is a number of a type by its bits.
func number(of onnx.DataType, bits uint64) float64 {
	switch of {
	case onnx.Float:
		return float64(math.Float32frombits(uint32(bits)))
	case onnx.Double:
		return math.Float64frombits(bits)
	case onnx.Int64:
		return float64(int64(bits))
	case onnx.Int32:
		return float64(int32(bits))
	case onnx.Int16:
		return float64(int16(bits))
	case onnx.Int8:
		return float64(int8(bits))
	}
	return float64(bits)
}

// permuted is the array with its axes in another order.
func (a *array) permuted(order []int) *array {
	made := &array{values: make([]float64, len(a.values)), isWhole: a.isWhole}
	strides := tensor.Strides(a.dims)
	for _, axis := range order {
		made.dims = append(made.dims, a.dims[axis])
		if a.labels != nil {
			made.labels = append(made.labels, a.labels[axis])
		}
	}
	made.source = a.source
	place := make([]int, len(order))
	for i := range made.values {
		at := 0
		for k, axis := range order {
			at += place[k] * strides[axis]
		}
		made.values[i] = a.values[at]
		for k := len(place) - 1; k >= 0; k-- {
			if place[k]++; place[k] < made.dims[k] {
				break
			}
			place[k] = 0
		}
	}
	return made
}

// reshaped is the array with other sizes for as many numbers.
func (a *array) reshaped(dims []int) *array {
	return &array{dims: dims, values: a.values, isWhole: a.isWhole}
}

// mapped is the array with a function of each number.
func (a *array) mapped(f func(float64) float64) *array {
	made := &array{dims: a.dims, values: make([]float64, len(a.values)), isWhole: a.isWhole, labels: a.labels, source: a.source}
	for i, x := range a.values {
		made.values[i] = f(x)
	}
	return made
}

// weight is the array as a weight.
func (a *array) weight() Weight {
	w := Weight{Dims: a.dims, Values: make([]float32, len(a.values))}
	for i, x := range a.values {
		w.Values[i] = float32(x)
	}
	return w
}

// literal writes a number as the language does.
func literal(x float64) string {
	if math.IsInf(x, 0) { // as float32 these are infinite
		return map[bool]string{true: "1e39", false: "-1e39"}[x > 0]
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// literal writes one of the numbers, as short as its type allows.
func (a *array) literal(x float64) string {
	if y := float32(x); !a.isWhole && float64(y) == x && !math.IsInf(x, 0) && !math.IsNaN(x) {
		x = nearest(y)
	}
	return literal(x)
}

// folded computes arithmetic of constants, where one is a number or both are alike.
func folded(a, b *array, sign string) (*array, bool) {
	made := &array{dims: a.dims, isWhole: a.isWhole && b.isWhole}
	if len(b.dims) > len(a.dims) {
		made.dims = b.dims
	}
	n := max(len(a.values), len(b.values))
	if size, ok := tensor.Size(made.dims); !ok || size != n || len(a.values) != n && len(a.values) != 1 || len(b.values) != n && len(b.values) != 1 {
		return nil, false
	}
	if len(a.values) == n && len(b.values) == n && !slices.Equal(a.dims, b.dims) {
		return nil, false
	}
	for i := range n {
		x, y := a.values[min(i, len(a.values)-1)], b.values[min(i, len(b.values)-1)]
		switch sign {
		case "+":
			x += y
		case "-":
			x -= y
		case "*":
			x *= y
		default:
			x /= y
		}
		made.values = append(made.values, x)
	}
	return made, true
}

// nearest is the decimal number that a float32 was most likely written as.
func nearest(x float32) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64)
	return y
}

// label is what the model calls an axis.
func (a *array) label(axis int) string {
	if a.labels == nil {
		return ""
	}
	return a.labels[axis]
}

// trivial are the ends of names that say nothing of an array.
var trivial = regexp.MustCompile(`^(weight|kernel|w|\d+|onnx.*|val_\d+|[A-Za-z]+_\d+)$`)

// wish is a name for what the array makes of a wire: `query` for `layer.0.query.weight`.
func (a *array) wish() string {
	parts := strings.FieldsFunc(a.source, func(r rune) bool { return r == '.' || r == '/' || r == ':' })
	if len(parts) < 2 || parts[len(parts)-1] != "weight" || trivial.MatchString(parts[len(parts)-2]) {
		return ""
	}
	return word(parts[len(parts)-2])
}

// letter is what an axis is called that nothing is known of.
func letter(i int) string { return string(rune('a' + min(i, 25))) }
