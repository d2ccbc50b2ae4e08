package onnx

import (
	"slices"
	"strings"
	"unicode"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// contract writes an index equation: a convolution or a product of matrices where it
// is one, else Einsum, a product place by place, or a sum.
func (g *graph) contract(b *diagram.Box) {
	if g.convolved(b) {
		return
	}
	if g.laid(b) || g.averaged(b) {
		return
	}
	s := spaceOf(b)
	var scalars []string
	var operands []array
	for i, w := range b.In {
		a := g.gathered(s, w, b.Weave.In[i])
		if len(a.along) == 0 && len(b.In) > 1 {
			scalars = append(scalars, a.value)
		} else {
			operands = append(operands, a)
		}
	}
	out := s.indicesOf(b.Weave.Out[0])
	if len(operands) > 1 {
		for i, a := range operands {
			operands[i] = g.withoutOnes(s, a, out)
		}
	}
	a := g.product(s, operands, out)
	for _, v := range scalars {
		if a.value == "" {
			a.value = v
		} else {
			a.value = g.add("Mul", []string{a.value, v})
		}
	}
	a = g.counted(s, a, operands, out)
	if a.value == "" {
		a.value = g.real(1)
	}
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
}

// averaged writes a sum that is divided by how many numbers it is of as ReduceMean, and
// reports whether it is one.
func (g *graph) averaged(b *diagram.Box) bool {
	if len(b.In) != 2 || len(b.In[1].Type.Axes) > 0 || g.makers[b.In[1]] == nil {
		return false
	}
	share, isConstant := g.makers[b.In[1]].Op.(diagram.Constant)
	s := spaceOf(b)
	out := s.indicesOf(b.Weave.Out[0])
	from, areSoles := soles(b.Weave.In[0])
	if !isConstant || !areSoles {
		return false
	}
	var summed []int
	for _, index := range from {
		if !slices.Contains(out, index) {
			summed = append(summed, index)
		}
	}
	each := diagram.Arithmetic("/", diagram.Literal(1), diagram.OfSize(product(s.sizes(summed))))
	if len(summed) == 0 || len(from)-len(summed) != len(out) || !share.Value.Equal(each) {
		return false
	}
	a := g.summed(g.gathered(s, b.In[0], b.Weave.In[0]), summed, "ReduceMean")
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
	return true
}

// product multiplies arrays and sums the indices that are not kept.
func (g *graph) product(s *space, operands []array, kept []int) array {
	var present, summed []int
	for _, index := range indicesIn(operands) {
		if slices.Contains(kept, index) {
			present = append(present, index)
		} else {
			summed = append(summed, index)
		}
	}
	slices.SortFunc(present, func(i, j int) int { return slices.Index(kept, i) - slices.Index(kept, j) })
	switch {
	case len(operands) == 0:
		return array{}
	case len(operands) == 1:
		return g.summed(operands[0], summed, "ReduceSum")
	case len(summed) == 0:
		v := g.arranged(operands[0], present)
		for _, a := range operands[1:] {
			v = g.add("Mul", []string{v, g.arranged(a, present)})
		}
		return array{v, present}
	}
	if a, ok := g.matmul(operands, present, summed); ok {
		return a
	}
	return g.einsum(operands, present)
}

func indicesIn(operands []array) []int {
	var list []int
	for _, a := range operands {
		for _, index := range a.along {
			if !slices.Contains(list, index) {
				list = append(list, index)
			}
		}
	}
	return list
}

// summed takes indices out of an array by a reduction.
func (g *graph) summed(a array, indices []int, op string) array {
	if len(indices) == 0 {
		return a
	}
	var axes []int64
	var left []int
	for axis, index := range a.along {
		if slices.Contains(indices, index) {
			axes = append(axes, int64(axis))
		} else {
			left = append(left, index)
		}
	}
	return array{g.add(op, []string{a.value, g.ints(axes...)}, "keepdims", 0), left}
}

// matmul is the product of two arrays as one of matrices: the second is a matrix whose
// first axis is the last of the first, and the only one summed.
func (g *graph) matmul(operands []array, present, summed []int) (array, bool) {
	if len(operands) != 2 || len(summed) != 1 {
		return array{}, false
	}
	for i, b := range operands {
		a := operands[1-i]
		if len(b.along) != 2 || b.along[0] != summed[0] || len(a.along) < 2 || a.along[len(a.along)-1] != summed[0] || slices.Contains(a.along, b.along[1]) {
			continue
		}
		v := g.add("MatMul", []string{a.value, b.value})
		made := array{v, append(slices.Clone(a.along[:len(a.along)-1]), b.along[1])}
		return g.ordered(made, present), true
	}
	return array{}, false
}

// einsum writes the product of arrays by their indices.
func (g *graph) einsum(operands []array, kept []int) array {
	letters := map[int]rune{}
	var inputs, words []string
	for _, a := range operands {
		inputs = append(inputs, a.value)
		words = append(words, g.lettersOf(a.along, letters))
	}
	equation := strings.Join(words, ",") + "->" + g.lettersOf(kept, letters)
	return array{g.add("Einsum", inputs, "equation", equation), kept}
}

// lettersOf writes indices with a letter each: the first of its label where that is
// free.
func (g *graph) lettersOf(along []int, letters map[int]rune) string {
	var text strings.Builder
	for _, index := range along {
		if _, ok := letters[index]; !ok {
			letters[index] = freeLetter(g.label(index), letters)
		}
		text.WriteRune(letters[index])
	}
	return text.String()
}

// label is what the axis of an index is called, where it is one of the present box's.
func (g *graph) label(index int) string {
	if g.box == nil || index >= len(g.box.Weave.Degree)+len(g.box.Weave.Own) {
		return ""
	}
	return g.box.Weave.Index(index).Label
}

func freeLetter(label string, letters map[int]rune) rune {
	taken := map[rune]bool{}
	for _, r := range letters {
		taken[r] = true
	}
	for _, r := range label {
		r = unicode.ToLower(r)
		if r >= 'a' && r <= 'z' && !taken[r] {
			return r
		}
	}
	for r := 'a'; ; r++ {
		if !taken[r] {
			return r
		}
	}
}

// counted multiplies by the sizes of the indices that no operand has and that are
// summed all the same.
func (g *graph) counted(s *space, a array, operands []array, out []int) array {
	times := shape.Int(1)
	for index := range len(s.Degree) + len(s.Own) {
		if !slices.Contains(out, index) && !slices.Contains(indicesIn(operands), index) {
			times = times.Mul(s.size(index))
		}
	}
	if times.Equal(shape.Int(1)) {
		return a
	}
	if a.value == "" {
		a.value = g.real(1)
	}
	a.value = g.add("Mul", []string{a.value, g.number(diagram.OfSize(times))})
	return a
}
