package python

import (
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

// contract writes an index equation.
func (l *Lines) contract(b *diagram.Box) {
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	var factors []string
	var terms []term
	covered := map[int]bool{}
	for i := range b.In {
		t := l.read(b, i)
		for _, index := range t.axes {
			covered[index] = true
		}
		if len(t.axes) == 0 && (t.isNumber || !t.isLifted) && len(b.In) > 1 {
			factors = append(factors, t.tight())
		} else {
			terms = append(terms, t)
		}
	}
	for index := range len(b.Weave.Degree) + len(b.Weave.Own) {
		if a := b.Weave.Index(index); !covered[index] && !slices.Contains(order, index) {
			factors = append(factors, l.size(a.Label, a.Size.MustInt()))
		}
	}
	l.finish(b, 0, l.product(b.Weave, terms, factors, order))
}

// product is the product of terms and factors, added up over indices that are not in
// the order.
func (l *Lines) product(weave diagram.Weave, terms []term, factors []string, order []int) term {
	var present []int
	for _, index := range order {
		if slices.ContainsFunc(terms, func(t term) bool { return slices.Contains(t.axes, index) }) {
			present = append(present, index)
		}
	}
	made := term{axes: present}
	switch {
	case len(terms) == 0:
		made.value = value{text: factors[0], isNumber: len(factors) == 1 && isNumeral(factors[0]), isTight: len(factors) == 1}
		factors = factors[1:]
	case len(terms) == 1 && slices.Equal(terms[0].axes, present):
		made.value = terms[0].value
	default:
		made.value = l.einsum(weave, terms, present)
	}
	if len(factors) > 0 {
		made.text = strings.Join(append(factors, made.tight()), " * ")
		made.isTight = false
	}
	return made
}

func isNumeral(text string) bool { return strings.IndexAny(text[:1], "-0123456789") == 0 }

func (l *Lines) linear(b *diagram.Box, op diagram.Linear, weight func(*diagram.Weight) string) {
	t := l.read(b, 0)
	w := term{value{text: weight(op.Weight), isTight: true}, ownIndices(b)}
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	var made term
	if b.In[0].Type.IsPlace() {
		made = term{value{text: w.text + "[" + t.text + "]", isLifted: t.isLifted, isTight: true}, append(slices.Clone(t.axes), w.axes[1:]...)}
	} else {
		made = l.product(b.Weave, []term{t, w}, nil, order)
	}
	if op.Bias == nil {
		l.finish(b, 0, made)
		return
	}
	bias := term{value{text: weight(op.Bias), isTight: true}, w.axes[op.From:]}
	x := l.arranged(made, b.Weave, made.axes)
	text := x.text + " + " + l.arranged(bias, b.Weave, made.axes).text
	l.finish(b, 0, term{value{text: text, isLifted: x.isLifted}, made.axes})
}

func (l *Lines) scale(b *diagram.Box, op diagram.Scale, weight func(*diagram.Weight) string) {
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	x := l.arranged(l.read(b, 0), b.Weave, order)
	w := l.arranged(term{value{text: weight(op.Weight), isTight: true}, ownIndices(b)}, b.Weave, order)
	sign := "*"
	if op.Adds {
		sign = "+"
	}
	text := x.tight() + " " + sign + " " + w.text
	l.finish(b, 0, term{value{text: text, isLifted: x.isLifted}, order})
}
