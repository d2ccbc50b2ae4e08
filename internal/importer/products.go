package importer

import (
	"fmt"
	"slices"
	"strings"

	"ncd/compiler/shape"
	"ncd/internal/onnx"
)

// products are the operators that multiply and add up.
var products = map[string]operator{
	"MatMul": {2, (*translation).matmul},
	"Gemm":   {2, (*translation).gemm},
	"Einsum": {1, (*translation).einsum},
}

// index is an axis of an index equation.
type indexed struct {
	v       *value
	indices []int // of each axis
}

// equation writes an index equation: indices in out stay, the others are summed. An
// index has the label that its first operand gives it.
func (t *translation) equation(n *onnx.Node, operands []indexed, out []int) (*value, error) {
	axes := map[int]shape.Axis{}
	for _, o := range operands {
		for i, index := range o.indices {
			a := shape.Axis{Size: o.v.size(i)}
			if !o.v.isConstant() {
				a.Label = o.v.axes[i].Label
			}
			have, isThere := axes[index]
			switch {
			case isThere && !have.Size.Equal(a.Size):
				return nil, refuse(n, "sizes %s and %s meet", have.Size, a.Size)
			case !isThere || have.Label == "" || a.Label == examples:
				axes[index] = a
			case a.Label != "" && !o.v.hasLabel(have.Label):
				t.agree(a.Label, have.Label)
			}
		}
	}
	t.distinct(axes, operands)
	for index, a := range axes {
		if a.Label == examples && !slices.Contains(out, index) {
			return nil, errExamples
		}
	}
	var words []string
	var values []*value
	for _, o := range operands {
		v, text, err := t.factor(o, axes)
		if err != nil {
			return nil, err
		}
		words, values = append(words, text), append(values, v)
	}
	made := &value{order: true}
	for _, index := range out {
		made.axes = append(made.axes, axes[index])
	}
	var learned []Weight
	for _, v := range values {
		learned = append(learned, v.learned...)
	}
	made.text = t.wireName("")
	t.lines = append(t.lines, statement{made.text + bracket(shown(made.axes)...), strings.Join(words, " * "), learned})
	return made, nil
}

// distinct gives each index a label of its own.
func (t *translation) distinct(axes map[int]shape.Axis, operands []indexed) {
	var order []int
	for _, o := range operands {
		for _, index := range o.indices {
			if !slices.Contains(order, index) {
				order = append(order, index)
			}
		}
	}
	taken, sizes := map[string]bool{}, map[string]shape.Size{}
	for _, index := range order {
		a := axes[index]
		switch {
		case a.Label == "":
			a.Label = t.fresh(label{"", "k"}, nil)
		case taken[a.Label] && a.Size.Equal(sizes[a.Label]):
			a.Label = primed(a.Label, taken)
		case taken[a.Label]:
			a.Label = t.label("k")
		}
		sizes[a.Label] = a.Size
		taken[a.Label] = true
		axes[index] = a
	}
}

// shown are the labels of axes without that of examples.
func shown(axes shape.Shape) []string {
	return slices.DeleteFunc(axes.Labels(), func(l string) bool { return l == examples })
}

// factor is an operand of an equation: a named wire in the order of its axes, and its
// brackets.
func (t *translation) factor(o indexed, axes map[int]shape.Axis) (*value, string, error) {
	var want shape.Shape
	for i, index := range o.indices {
		a := axes[index]
		if !o.v.isConstant() && (o.v.axes[i].Label == examples) != (a.Label == examples) {
			return nil, "", errExamples
		}
		want = append(want, a)
	}
	v := o.v
	if v.isConstant() || !isRelabelling(v.axes, want) {
		v = t.exactly(v, want)
	}
	if !v.order && len(shown(v.axes)) > 1 {
		v = then(v, bracket(shown(v.axes)...))
		v.wish = o.v.wish
	}
	v = t.name(v)
	return v, v.text + bracket(shown(want)...), nil
}

// isRelabelling reports whether the brackets of an index equation may call axes by these
// labels: those that are the wire's own stand where they are.
func isRelabelling(have, want shape.Shape) bool {
	for i, a := range want {
		if at := have.Index(a.Label); at >= 0 && at != i {
			return false
		}
	}
	return true
}

func (v *value) hasLabel(l string) bool { return v.axes.Index(l) >= 0 }

// matmul multiplies by a matrix of the model's own as a learned linear map, and else as
// an index equation.
func (t *translation) matmul(n *onnx.Node) error {
	a, b := t.in(n, 0), t.in(n, 1)
	if a.rank() == 0 || b.rank() == 0 {
		return refuse(n, "a number without axes")
	}
	if b.isConstant() && b.rank() == 2 && !a.isConstant() {
		t.set(n, 0, t.linear(a, b.data, nil))
		return nil
	}
	next := 3
	indices := func(v *value, last int) []int {
		list := []int{0}
		if v.rank() > 1 {
			list = []int{last, 0}
			if last == 2 {
				list = []int{0, 2}
			}
		}
		return list
	}
	left, right := indices(a, 1), indices(b, 2)
	var batch []int
	for i := range max(a.rank(), b.rank()) - 2 {
		batch = append(batch, next+i)
	}
	out := slices.Clone(batch)
	left = append(slices.Clone(batch[max(0, len(batch)-max(0, a.rank()-2)):]), left...)
	right = append(slices.Clone(batch[max(0, len(batch)-max(0, b.rank()-2)):]), right...)
	if a.rank() > 1 {
		out = append(out, 1)
	}
	if b.rank() > 1 {
		out = append(out, 2)
	}
	a, left = t.withoutBroadcast(a, left, b, right)
	b, right = t.withoutBroadcast(b, right, a, left)
	made, err := t.equation(n, []indexed{{a, left}, {b, right}}, out)
	if err != nil {
		return err
	}
	t.set(n, 0, made)
	return nil
}

// withoutBroadcast drops axes of one place where the other operand has more.
func (t *translation) withoutBroadcast(v *value, indices []int, other *value, others []int) (*value, []int) {
	for axis := len(indices) - 1; axis >= 0; axis-- {
		at := slices.Index(others, indices[axis])
		if at < 0 || !v.size(axis).Equal(one) || other.size(at).Equal(one) {
			continue
		}
		if v.isConstant() {
			v = constant(v.data.reshaped(slices.Delete(slices.Clone(v.data.dims), axis, axis+1)))
		} else {
			v = t.dropped(v, axis)
		}
		indices = slices.Delete(slices.Clone(indices), axis, axis+1)
	}
	return v, indices
}

// linear sends the last axis of a value through a learned map, with a bias or without.
func (t *translation) linear(v *value, matrix *array, bias *array) *value {
	rest, last := v.axes[:len(v.axes)-1], v.axes[len(v.axes)-1]
	a := shape.Axis{Label: t.fresh(label{matrix.label(1), "f"}, rest), Size: shape.Int(matrix.dims[1])}
	box := fmt.Sprintf("[%s -> %s:%s]", last.Label, a.Label, a.Size)
	made := then(v, "linear"+box, matrix.weight())
	made.axes, made.order, made.wish = append(slices.Clone(rest), a), v.order, matrix.wish()
	made.biased = &withBias{then(v, "affine"+box).text, []string{a.Label}}
	if bias != nil {
		made = biasedBy(made, bias.weight())
	}
	return made
}

// gemm is α A B + β C with A and B turned round where it says so.
func (t *translation) gemm(n *onnx.Node) error {
	a, b, c := t.in(n, 0), t.in(n, 1), t.in(n, 2)
	alpha, beta := t.float(n, "alpha", 1), t.float(n, "beta", 1)
	if a.rank() != 2 || b.rank() != 2 {
		return refuse(n, "%d and %d axes", a.rank(), b.rank())
	}
	left, right := []int{1, 0}, []int{0, 2}
	if t.int(n, "transA", 0) != 0 {
		slices.Reverse(left)
	}
	if t.int(n, "transB", 0) != 0 {
		slices.Reverse(right)
	}
	if b.isConstant() && !a.isConstant() {
		matrix := b.data
		if right[0] == 2 {
			matrix = matrix.permuted([]int{1, 0})
		}
		matrix = matrix.mapped(func(x float64) float64 { return alpha * x })
		turned := *a
		if left[0] == 0 {
			turned.axes, turned.order = shape.Shape{a.axes[1], a.axes[0]}, false
		}
		isBias := c != nil && c.isConstant() && len(c.data.values) == matrix.dims[1] && (c.rank() == 1 || c.data.dims[0] == 1)
		if isBias {
			bias := c.data.reshaped([]int{matrix.dims[1]}).mapped(func(x float64) float64 { return beta * x })
			t.set(n, 0, t.linear(&turned, matrix, bias))
			return nil
		}
		return t.added(n, t.linear(&turned, matrix, nil), c, beta)
	}
	made, err := t.equation(n, []indexed{{a, left}, {b, right}}, []int{1, 2})
	if err != nil {
		return err
	}
	if alpha != 1 {
		made = met(literal(alpha)+" * "+made.text, made.axes)
	}
	return t.added(n, made, c, beta)
}

func (t *translation) added(n *onnx.Node, v, c *value, beta float64) error {
	if c == nil || beta == 0 {
		t.set(n, 0, v)
		return nil
	}
	if beta == 1 {
		return t.together(n, "%s + %s", v, c)
	}
	return t.together(n, "%s + "+literal(beta)+" * %s", v, c)
}

func (t *translation) einsum(n *onnx.Node) error {
	text := strings.ReplaceAll(t.text(n, "equation", ""), " ", "")
	left, right, isSaid := strings.Cut(text, "->")
	terms := strings.Split(left, ",")
	if strings.Contains(text, ".") || len(terms) != len(n.Inputs) {
		return refuse(n, "the equation `%s`", text)
	}
	if !isSaid {
		for _, r := range slices.Sorted(slices.Values([]rune(left))) {
			if strings.Count(left, string(r)) == 1 && r != ',' {
				right += string(r)
			}
		}
	}
	indices := func(term string) []int {
		var list []int
		for _, r := range term {
			list = append(list, int(r))
		}
		return list
	}
	var operands []indexed
	for i, term := range terms {
		v := t.in(n, i)
		if v == nil || v.rank() != len([]rune(term)) {
			return refuse(n, "`%s` does not fit its input", term)
		}
		if isTwice(term) {
			return refuse(n, "`%s` takes a diagonal", term)
		}
		operands = append(operands, indexed{v, indices(term)})
	}
	if v, ok := t.linearEinsum(operands, indices(right)); ok {
		t.set(n, 0, v)
		return nil
	}
	made, err := t.equation(n, operands, indices(right))
	if err != nil {
		return err
	}
	t.set(n, 0, made)
	return nil
}

// isTwice reports whether a letter of a term stands there again.
func isTwice(term string) bool {
	for i, r := range term {
		if strings.ContainsRune(term[:i], r) {
			return true
		}
	}
	return false
}

// linearEinsum writes an equation of a wire and an array of the model's own as a learned
// linear map, where no index of the two stays.
func (t *translation) linearEinsum(operands []indexed, out []int) (*value, bool) {
	if len(operands) != 2 {
		return nil, false
	}
	x, w := operands[0], operands[1]
	if x.v.isConstant() {
		x, w = w, x
	}
	if x.v.isConstant() || !w.v.isConstant() {
		return nil, false
	}
	from, to, order, labels, ok := t.linearAxes(x, w, out)
	if !ok {
		return nil, false
	}
	box := fmt.Sprintf("[%s -> %s]", strings.Join(from.Labels(), " "), strings.Join(sized(to), " "))
	made := then(x.v, "linear"+box, w.v.data.permuted(order).weight())
	made.biased = &withBias{then(x.v, "affine"+box).text, to.Labels()}
	made.axes, made.wish = nil, w.v.data.wish()
	for _, index := range out {
		made.axes = append(made.axes, labels[index])
	}
	made.order = x.v.order && slices.Equal(made.axes.Labels(), replaced(x.v.axes, from, to).Labels())
	return made, true
}

// replaced is the axes of a wire behind a linear map: what it makes stands where the
// first axis stood that it took.
func replaced(axes, from, to shape.Shape) shape.Shape {
	var made shape.Shape
	for _, a := range axes {
		switch at := from.Index(a.Label); {
		case at < 0:
			made = append(made, a)
		case to != nil:
			made, to = append(made, to...), nil
		}
	}
	return made
}

func sized(axes shape.Shape) []string {
	words := make([]string, len(axes))
	for i, a := range axes {
		words[i] = a.String()
	}
	return words
}

// linearAxes sorts the axes of a wire x and of an array w by what a linear map does to
// them, and says in which order the map has those of w.
func (t *translation) linearAxes(x, w indexed, out []int) (from, to shape.Shape, order []int, labels map[int]shape.Axis, ok bool) {
	labels = map[int]shape.Axis{}
	var kept shape.Shape
	for i, index := range x.indices {
		at := slices.Index(w.indices, index)
		isKept := slices.Contains(out, index)
		_, isTwice := labels[index]
		if isTwice || at >= 0 && isKept || at < 0 && !isKept || at >= 0 && x.v.axes[i].Label == examples {
			return nil, nil, nil, nil, false
		}
		labels[index] = x.v.axes[i]
		if at >= 0 {
			order, from = append(order, at), append(from, x.v.axes[i])
		} else {
			kept = append(kept, x.v.axes[i])
		}
	}
	for at, index := range w.indices {
		if slices.Contains(x.indices, index) {
			continue
		}
		if _, isTwice := labels[index]; isTwice || !slices.Contains(out, index) {
			return nil, nil, nil, nil, false
		}
		a := shape.Axis{Label: t.fresh(label{w.v.data.label(at), "f"}, append(kept, to...)), Size: w.v.size(at)}
		labels[index] = a
		order, to = append(order, at), append(to, a)
	}
	return from, to, order, labels, len(from) > 0
}
