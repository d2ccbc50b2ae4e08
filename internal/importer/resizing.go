package importer

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// tile repeats a value along its axes, whole behind itself.
func (t *translation) tile(n *onnx.Node) error {
	times, ok := t.in(n, 1).ints()
	v := t.wire(t.in(n, 0))
	if !ok || len(times) != v.rank() {
		return refuse(n, "how often is not known for each axis")
	}
	made := v
	for axis, k := range times {
		a := made.axes[axis]
		switch {
		case k == 1:
			continue
		case a.Label == examples:
			return errExamples
		case k < 1:
			return refuse(n, "nothing is left of axis `%s`", a.Label)
		}
		made = t.name(made)
		parts := strings.Repeat(made.text+", ", k-1) + made.text
		tiled := met("("+parts+") >> concat["+a.Label+"]", slices.Clone(made.axes), made)
		tiled.axes[axis].Size = a.Size.Mul(shape.Int(k))
		made = tiled
	}
	t.set(n, 0, made)
	return nil
}

// triangle keeps what lies above a diagonal, or below it, and puts zeros elsewhere.
func (t *translation) triangle(n *onnx.Node) error {
	v := t.name(t.wire(t.in(n, 0)))
	k := 0
	if x := t.in(n, 1); x != nil {
		said, ok := x.scalar()
		if !ok {
			return refuse(n, "its diagonal hangs on the data")
		}
		k = int(said)
	}
	if v.rank() < 2 || v.axes[v.rank()-2:].Index(examples) >= 0 {
		return errExamples
	}
	row, col := v.axes[v.rank()-2], v.axes[v.rank()-1]
	rows := fmt.Sprintf("(places[%s] >> spread[%s])", row, col)
	order := "greater"
	if t.int(n, "upper", 1) != 0 {
		order = "less"
	}
	made := met(fmt.Sprintf("((places[%s] - %s, %d) >> %s, 0, %s) >> select", col, rows, k, order, v.text), v.axes)
	t.set(n, 0, made)
	return nil
}

// resize puts each number so many times where it stood once.
func (t *translation) resize(n *onnx.Node) error {
	v := t.wire(t.in(n, 0))
	factors, err := t.factors(n, v)
	if err != nil {
		return err
	}
	made := v
	axes := slices.Clone(v.axes)
	for axis, k := range factors {
		switch {
		case k == 1:
			continue
		case axes[axis].Label == examples:
			return errExamples
		}
		made = then(made, fmt.Sprintf("upsample[%s, %d]", axes[axis].Label, k))
		axes[axis].Size = axes[axis].Size.Mul(shape.Int(k))
	}
	made.axes = axes
	t.set(n, 0, made)
	return nil
}

// factors are how many times each axis grows, where those of its places that are nearest
// are taken and the factors are whole.
func (t *translation) factors(n *onnx.Node, v *value) ([]int, error) {
	if mode := t.text(n, "mode", "nearest"); mode != "nearest" {
		return nil, refuse(n, "numbers between places (mode %s)", mode)
	}
	at, round := t.text(n, "coordinate_transformation_mode", "half_pixel"), t.text(n, "nearest_mode", "round_prefer_floor")
	isRepetition := at == "asymmetric" && round == "floor" || at == "half_pixel" && strings.HasPrefix(round, "round")
	if n.Op == "Resize" && t.opset() > 10 && !isRepetition {
		return nil, refuse(n, "other places than those below are taken (%s, %s)", at, round)
	}
	scales, sizes := t.in(n, 2), t.in(n, 3)
	if n.Op == "Upsample" || t.opset() < 11 {
		scales, sizes = t.in(n, 1), nil
	}
	factors := make([]int, v.rank())
	for axis := range factors {
		factor := 0.0
		size, isKnown := v.axes[axis].Size.Int()
		switch {
		case sizes != nil && len(sizes.sizes) == v.rank() && isKnown:
			wanted, _ := sizes.sizes[axis].Int()
			factor = float64(wanted) / float64(size)
		case sizes != nil && len(sizes.sizes) == v.rank() && sizes.sizes[axis].Equal(v.axes[axis].Size):
			factor = 1
		case scales != nil && scales.isConstant() && len(scales.data.values) == v.rank():
			factor = scales.data.values[axis]
		}
		if factor < 1 || factor != math.Trunc(factor) {
			return nil, refuse(n, "axis %d grows by no whole number", axis)
		}
		factors[axis] = int(factor)
	}
	return factors, nil
}
