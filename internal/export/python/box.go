package python

import (
	"fmt"
	"strings"

	"ncd/compiler/diagram"
	"ncd/internal/export"
)

// Box writes the line of a box that has no body. Weights are told by path, as
// expressions; random writes a draw of a box. A box that there are no words for is
// refused.
func (l *Lines) Box(b *diagram.Box, weight func(*diagram.Weight) string, random func(*diagram.Box) string) {
	switch op := b.Op.(type) {
	case diagram.Contract, diagram.View, diagram.Sum:
		l.contract(b)
	case diagram.Map:
		l.mapBox(b, op)
	case diagram.Reduce:
		l.reduce(b, op)
	case diagram.Softmax:
		l.softmax(b)
	case diagram.Linear:
		l.linear(b, op, weight)
	case diagram.Scale:
		l.scale(b, op, weight)
	case diagram.Learned:
		l.finish(b, 0, term{value{text: weight(op.Weight), isTight: true}, ownIndices(b)})
	case diagram.Take:
		l.take(b)
	case diagram.Put:
		l.put(b)
	case diagram.OneHot:
		l.oneHot(b)
	case diagram.Places:
		text := fmt.Sprintf(l.Dialect.number, fmt.Sprintf(l.Dialect.arange, l.sizesOf(b.Weave, ownIndices(b))))
		l.finish(b, 0, term{value{text: strings.Replace(text, ",", "", 1), isTight: true}, ownIndices(b)})
	case diagram.Constant:
		l.constant(b, op)
	case diagram.Random:
		order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
		l.finish(b, 0, term{value{text: random(b), isLifted: l.IsLifted, isTight: true}, order})
	case diagram.Detach:
		t := l.read(b, 0)
		t.text, t.isTight = fmt.Sprintf(l.Dialect.detached, t.tight()), true
		l.finish(b, 0, t)
	default:
		l.Refused.Refuse(b.Span, export.NotExportable, fmt.Sprintf("a box `%s` has no meaning outside of a learning rule", b.Op.Kind()))
		for _, w := range b.Out {
			l.values[w] = value{text: "None", isTight: true}
		}
	}
}

func ownIndices(b *diagram.Box) []int { return span(len(b.Weave.Degree), len(b.Weave.Own)) }

func degreeIndices(b *diagram.Box) []int { return span(0, len(b.Weave.Degree)) }

func span(from, count int) []int {
	list := make([]int, count)
	for i := range list {
		list[i] = from + i
	}
	return list
}

func kindOf(b *diagram.Box) string {
	if b.Kind != "" {
		return b.Kind
	}
	if m, isMap := b.Op.(diagram.Map); isMap && len(m.Program) > 0 {
		return string(m.Program[len(m.Program)-1].Fn)
	}
	return b.Op.Kind()
}

func (l *Lines) constant(b *diagram.Box, op diagram.Constant) {
	x, _ := op.Value.Float()
	w := b.Out[0]
	if len(w.Type.Axes) == 0 {
		name := l.nameFor(w, "constant")
		l.Put("%s = %s  # %s", name, Literal(x), l.comment(w.Type))
		l.values[w] = value{text: name, isNumber: true, isTight: true}
		return
	}
	order, _ := flattened(b.Weave, b.Weave.Out[0], w.Type.Axes)
	text := fmt.Sprintf(l.Dialect.filled, l.sizesOf(b.Weave, order), Literal(x))
	l.finish(b, 0, term{value{text: text, isTight: true}, order})
}
