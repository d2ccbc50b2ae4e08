package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
)

func (l *Lines) mapBox(b *diagram.Box, op diagram.Map) {
	order, twins := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	if len(twins) > 0 || len(order) < len(b.Weave.Degree) {
		order = degreeIndices(b)
	}
	in := make([]scalar, len(b.In))
	have := map[int]bool{}
	isLifted := false
	for i, w := range b.In {
		t := l.read(b, i)
		for _, index := range t.axes {
			have[index] = true
		}
		v := l.arranged(t, b.Weave, order)
		isLifted = isLifted || v.isLifted
		in[i] = scalar{text: v.text, isNumber: v.isNumber, isPlace: w.Type.IsPlace(), binds: calling}
		if !v.isTight {
			in[i].binds = adding
		}
	}
	// What is lacking stands in front or is of size 1: it is spread over at the end.
	for i, result := range l.mapped(op, in) {
		l.mapResult(b, i, result, order, have, isLifted)
	}
}

func (l *Lines) mapResult(b *diagram.Box, out int, result scalar, order []int, have map[int]bool, isLifted bool) {
	isPlace := b.Out[out].Type.IsPlace()
	if result.isTruth || result.isPlace && !isPlace {
		result = l.numbers([]scalar{result})[0]
	}
	if isPlace && !result.isPlace {
		result = scalar{text: fmt.Sprintf(l.Dialect.place, result.as(calling)), binds: calling}
	}
	t := term{value: value{text: result.text, isLifted: isLifted, isTight: result.binds == calling, isNumber: result.isNumber}}
	t.axes = order
	if lacking := slices.ContainsFunc(order, func(i int) bool { return !have[i] }); lacking {
		t = l.filledUp(b, t, order, have, isLifted)
	}
	l.finish(b, out, t)
}

// filledUp takes the axes of size 1 away that stand for indices no input has.
func (l *Lines) filledUp(b *diagram.Box, t term, order []int, have map[int]bool, isLifted bool) term {
	var words []string
	var axes []int
	isGap := false
	for i, index := range order {
		inFront := !slices.ContainsFunc(order[:i], func(j int) bool { return have[j] })
		switch {
		case have[index]:
			words, axes = append(words, ":"), append(axes, index)
		case isLifted || !inFront:
			words, isGap = append(words, "0"), true
		}
	}
	t.axes = axes
	if isGap && !t.isNumber {
		t.text, t.isTight = t.tight()+"["+l.ellipsis(t.value)+strings.Join(words, ", ")+"]", true
	}
	return t
}
