package python

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
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

func ownIndices(b *diagram.Box) []int    { return span(len(b.Weave.Degree), len(b.Weave.Own)) }
func degreeIndices(b *diagram.Box) []int { return span(0, len(b.Weave.Degree)) }

func span(from, count int) []int {
	list := make([]int, count)
	for i := range list {
		list[i] = from + i
	}
	return list
}

// Indices spells the result of a box out: an expression whose axes are these indices
// of its space, laid along the box's output.
func (l *Lines) Indices(b *diagram.Box, out int, text string, axes []int, isLifted bool) {
	l.finish(b, out, term{value{text: text, isLifted: isLifted, isTight: true}, axes})
}

// Given is an input of a box with the indices of its space in the order given.
func (l *Lines) Given(b *diagram.Box, port int, order []int) string {
	v := l.arranged(l.read(b, port), b.Weave, order)
	if v.isNumber {
		return fmt.Sprintf(l.Dialect.wrapNumber, v.text)
	}
	return v.text
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

// finish lays a term along an output and assigns it. Indices that the output has and
// the term lacks are spread over.
func (l *Lines) finish(b *diagram.Box, out int, t term) {
	w := b.Out[out]
	order, twins := flattened(b.Weave, b.Weave.Out[out], w.Type.Axes)
	v := l.outward(b, t, order, twins)
	v = l.laid(v, b.Weave, b.Weave.Out[out], w.Type.Axes)
	if v.isNumber && len(w.Type.Axes) > 0 {
		v.text = fmt.Sprintf(l.Dialect.wrapNumber, v.text)
	}
	l.Assign(w, kindOf(b), v.text, v.isLifted)
}

// outward brings a term to just the indices of an order.
func (l *Lines) outward(b *diagram.Box, t term, order []int, twins map[int]int) value {
	var single []int
	for _, index := range order {
		if _, isTwin := twins[index]; !isTwin {
			single = append(single, index)
		}
	}
	var present []int
	for _, index := range single {
		if slices.Contains(t.axes, index) {
			present = append(present, index)
		}
	}
	v := t.value
	if !slices.Equal(present, t.axes) {
		v = l.einsum(b.Weave, []term{t}, present)
	}
	for i := len(single) - 1; i >= 0; i-- {
		if !slices.Contains(present, single[i]) {
			a := b.Weave.Index(single[i])
			v = l.called("spread", v, fmt.Sprintf("%d, %s", i-len(single), l.size(a.Label, a.Size.MustInt())))
		}
	}
	if len(twins) == 0 {
		return v
	}
	return l.diagonal(b.Weave, v, single, order, twins)
}

// diagonal lays an index along two axes: what is off the diagonal is 0.
func (l *Lines) diagonal(weave diagram.Weave, v value, single, order []int, twins map[int]int) value {
	wide := weave
	wide.Own = slices.Clone(weave.Own)
	terms := []term{{v, single}}
	for index := len(weave.Degree) + len(weave.Own); index < len(weave.Degree)+len(weave.Own)+len(twins); index++ {
		a := weave.Index(twins[index])
		wide.Own = append(wide.Own, shape.Axis{Label: a.Label + "'", Size: a.Size})
		eye := fmt.Sprintf("%s.eye(%s)", l.Dialect.Module, l.size(a.Label, a.Size.MustInt()))
		terms = append(terms, term{value{text: eye, isTight: true}, []int{twins[index], index}})
	}
	return l.einsum(wide, terms, order)
}

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

func (l *Lines) reduce(b *diagram.Box, op diagram.Reduce) {
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	own := ownIndices(b)
	t := l.filledOver(b, l.read(b, 0), own)
	var present []int
	for _, index := range order {
		if slices.Contains(t.axes, index) {
			present = append(present, index)
		}
	}
	whole := slices.Concat(present, own)
	if op.Fn != "product" && isInterleaved(t.axes, present) && len(t.axes) == len(whole) {
		whole = t.axes
	}
	v := l.arranged(t, b.Weave, whole)
	if op.Fn == "product" && len(own) > 1 {
		v = l.called("flatten", v, fmt.Sprintf("%d, -1", -len(own)))
	}
	text := v.tight()
	if op.Fn == "logsumexp" {
		text = v.text
	}
	axes := axesFromEnd(whole, own)
	if op.Fn == "argmax" || op.Fn == "argmin" {
		axes = strings.TrimSuffix(axes, ",")
	}
	text = fmt.Sprintf(l.Dialect.reduces[op.Fn], text, axes)
	l.finish(b, 0, term{value{text: text, isLifted: v.isLifted, isTight: true}, present})
}

// filledOver is a term that has all these indices: along those it lacks it is the same.
func (l *Lines) filledOver(b *diagram.Box, t term, indices []int) term {
	for _, index := range indices {
		if !slices.Contains(t.axes, index) {
			a := b.Weave.Index(index)
			t.value = l.called("spread", t.value, fmt.Sprintf("-1, %s", l.size(a.Label, a.Size.MustInt())))
			t.axes = append(slices.Clone(t.axes), index)
		}
	}
	return t
}

// isInterleaved reports whether some of the axes are, in order, just these.
func isInterleaved(axes, some []int) bool {
	at := 0
	for _, index := range axes {
		if at < len(some) && index == some[at] {
			at++
		} else if slices.Contains(some, index) {
			return false
		}
	}
	return at == len(some)
}

// axesFromEnd are the places of indices among all, counted from the end: a tuple
// without its brackets, or a number and a comma.
func axesFromEnd(all, some []int) string {
	var words []string
	for i, index := range all {
		if slices.Contains(some, index) {
			words = append(words, fmt.Sprint(i-len(all)))
		}
	}
	if len(words) == 1 {
		return words[0] + ","
	}
	return strings.Join(words, ", ")
}

func (l *Lines) softmax(b *diagram.Box) {
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	v := l.arranged(l.read(b, 0), b.Weave, order)
	l.finish(b, 0, term{l.called(b.Op.Kind(), v, "("+axesFromEnd(order, ownIndices(b))+")"), order})
}

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

// take looks up. Where the array has no axis in common with the places, it is
// indexed by them.
func (l *Lines) take(b *diagram.Box) {
	own := ownIndices(b)[0]
	x, place := l.read(b, 0), l.read(b, 1)
	shared := slices.ContainsFunc(x.axes, func(i int) bool { return slices.Contains(place.axes, i) })
	if !shared && !x.isLifted {
		rest := slices.DeleteFunc(slices.Clone(x.axes), func(i int) bool { return i == own })
		v := l.arranged(x, b.Weave, append([]int{own}, rest...))
		l.finish(b, 0, term{value{text: v.tight() + "[" + place.text + "]", isLifted: place.isLifted, isTight: true}, slices.Concat(place.axes, rest)})
		return
	}
	var degree []int
	for _, index := range degreeIndices(b) {
		if slices.Contains(x.axes, index) || slices.Contains(place.axes, index) {
			degree = append(degree, index)
		}
	}
	v := l.arranged(x, b.Weave, slices.Concat(degree, []int{own}))
	p := l.arranged(place, b.Weave, degree)
	l.finish(b, 0, term{value{text: l.use("look_up") + "(" + v.text + ", " + p.text + ")", isLifted: v.isLifted || p.isLifted, isTight: true}, degree})
}

// put adds numbers up at places: the product with the places' own axis written out.
func (l *Lines) put(b *diagram.Box) {
	own := ownIndices(b)[0]
	x, place := l.read(b, 0), l.read(b, 1)
	hot := l.hot(b, place, own)
	order, _ := flattened(b.Weave, b.Weave.Out[0], b.Out[0].Type.Axes)
	terms := []term{x, hot}
	var factors []string
	for _, index := range degreeIndices(b) {
		if !slices.Contains(x.axes, index) && !slices.Contains(place.axes, index) && !slices.Contains(order, index) {
			a := b.Weave.Index(index)
			factors = append(factors, l.size(a.Label, a.Size.MustInt()))
		}
	}
	l.finish(b, 0, l.product(b.Weave, terms, factors, order))
}

func (l *Lines) hot(b *diagram.Box, place term, own int) term {
	a := b.Weave.Index(own)
	text := fmt.Sprintf("%s(%s, %s)", l.use("one_hot"), place.text, l.size(a.Label, a.Size.MustInt()))
	return term{value{text: text, isLifted: place.isLifted, isTight: true}, append(slices.Clone(place.axes), own)}
}

func (l *Lines) oneHot(b *diagram.Box) {
	l.finish(b, 0, l.hot(b, l.read(b, 0), ownIndices(b)[0]))
}

func (l *Lines) constant(b *diagram.Box, op diagram.Constant) {
	x, _ := op.Value.Float()
	w := b.Out[0]
	if len(w.Type.Axes) == 0 {
		name := l.nameFor(w, "constant")
		l.Put("%s = %s  # %s", name, Literal(x), w.Type)
		l.values[w] = value{text: name, isNumber: true, isTight: true}
		return
	}
	order, _ := flattened(b.Weave, b.Weave.Out[0], w.Type.Axes)
	text := fmt.Sprintf(l.Dialect.filled, l.sizesOf(b.Weave, order), Literal(x))
	l.finish(b, 0, term{value{text: text, isTight: true}, order})
}
