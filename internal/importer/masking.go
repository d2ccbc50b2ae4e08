package importer

import (
	"fmt"

	"ncd/internal/onnx"
)

// mask is what is known of a value that comes from counting alone: the axis along which
// it counts, or a comparison of two that count.
type mask struct {
	counts            string // a label; "" for a comparison
	left, sign, right string // labels, and one of < > <= >=
}

// negated are the comparisons that hold where others do not.
var negated = map[string]string{"<": ">=", ">": "<=", "<=": ">", ">=": "<"}

// signs are those of comparing operators.
var signs = map[string]string{"Less": "<", "Greater": ">", "LessOrEqual": "<=", "GreaterOrEqual": ">="}

// relabelled is the mask where an axis has another label.
func (m *mask) relabelled(from, to string) *mask {
	if m == nil {
		return nil
	}
	made := *m
	for _, l := range []*string{&made.counts, &made.left, &made.right} {
		if *l == from {
			*l = to
		}
	}
	return &made
}

// negated holds where a comparison does not; nil of what is none.
func (m *mask) negated() *mask {
	if m == nil || m.sign == "" {
		return nil
	}
	return &mask{left: m.left, sign: negated[m.sign], right: m.right}
}

// comparison is the mask of a comparison of values, or nil.
func comparison(op string, values []*value) *mask {
	if signs[op] == "" || values[0].mask == nil || values[1].mask == nil || values[0].mask.counts == "" || values[1].mask.counts == "" {
		return nil
	}
	return &mask{left: values[0].mask.counts, sign: signs[op], right: values[1].mask.counts}
}

// masked is a value that is kept where a mask holds and else is minus infinity.
type masked struct {
	kept  *value
	where string
}

// lowest is a number that stands for minus infinity.
const lowest = -1e9

// maskedBy reads the choice of a value or of a number as a mask, or gives nil.
func (t *translation) maskedBy(n *onnx.Node, values []*value) *masked {
	m, kept := values[0].mask, values[1]
	if m == nil || m.sign == "" || m.left == m.right {
		return nil
	}
	sign, other := m.sign, t.in(n, 2)
	if x, ok := t.in(n, 1).scalar(); ok && x <= lowest {
		sign, other, kept = negated[sign], t.in(n, 1), values[2]
	}
	if x, ok := other.scalar(); !ok || x > lowest || !kept.hasLabel(m.left) || !kept.hasLabel(m.right) {
		return nil
	}
	return &masked{kept, fmt.Sprintf("%s %s %s", m.left, sign, m.right)}
}
