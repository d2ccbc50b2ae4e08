package importer

import (
	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// sizeOf is the operator Shape: sizes are known while a model is translated, if only as
// letters.
func (t *translation) sizeOf(n *onnx.Node) error {
	v := t.in(n, 0)
	from, to := bounds(t.int(n, "start", 0), t.int(n, "end", v.rank()), 1, v.rank())
	made := &value{sizes: []shape.Size{}}
	for axis := from; axis < to; axis++ {
		made.sizes = append(made.sizes, v.size(axis))
	}
	made.axes = shape.Shape{{Size: shape.Int(len(made.sizes))}}
	t.set(n, 0, made)
	return nil
}

// count is the operator Size: how many numbers there are.
func (t *translation) count(n *onnx.Node) error {
	v := t.in(n, 0)
	total := one
	for axis := range v.rank() {
		total = total.Mul(v.size(axis))
	}
	t.set(n, 0, &value{sizes: []shape.Size{total}})
	return nil
}

// sizeArithmetic computes with sizes, and reports whether a node does that.
func (t *translation) sizeArithmetic(n *onnx.Node, sign string) (bool, error) {
	a, b := t.in(n, 0), t.in(n, 1)
	if a.sizes == nil || b.sizes == nil || a.isConstant() && b.isConstant() && len(a.sizes) != len(b.sizes) {
		return false, nil
	}
	if len(a.sizes) != len(b.sizes) && len(a.sizes) != 1 && len(b.sizes) != 1 {
		return false, nil
	}
	made := &value{sizes: []shape.Size{}}
	for i := range max(len(a.sizes), len(b.sizes)) {
		x, y := a.sizes[min(i, len(a.sizes)-1)], b.sizes[min(i, len(b.sizes)-1)]
		switch sign {
		case "+":
			x = x.Add(y)
		case "-":
			x = x.Sub(y)
		case "*":
			x = x.Mul(y)
		default:
			if y.IsZero() {
				return false, refuse(n, "a size is divided by 0")
			}
			quotient := x.Floor(y)
			if sign == "mod" {
				x = x.Sub(quotient.Mul(y))
			} else {
				x = quotient
			}
		}
		made.sizes = append(made.sizes, x)
	}
	if a.rank() > 0 || b.rank() > 0 {
		made.axes = shape.Shape{{Size: shape.Int(len(made.sizes))}}
	}
	t.set(n, 0, made)
	return true, nil
}
