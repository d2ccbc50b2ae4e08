package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// epilogue is what a matrix product does to its results before it writes them.
type epilogue struct {
	bias *plan.View // over the space of the product
	relu bool
}

// fold takes the boxes behind a matrix product into it while they are the only
// readers and do no more than add a bias or cut off what is below 0. The product
// then writes their wire.
func (l *lowerer) fold(p *product) {
	for l.foldNext(p) {
	}
}

func (l *lowerer) foldNext(p *product) bool {
	t := &p.target
	readers := l.readers[t.wire]
	if len(t.colliding) > 0 || !t.isWhole || t.relu || l.leaves[t.wire] || len(readers) != 1 {
		return false
	}
	next := readers[0]
	m, isMap := next.Op.(diagram.Map)
	if !isMap {
		return false
	}
	port := slices.Index(next.In, t.wire)
	adds, relu := finishes(m)
	if !adds && !relu || adds && t.bias != nil {
		return false
	}
	index, ok := follow(t.maps, next.Weave.In[port], next.Weave.Out[0])
	if !ok {
		return false
	}
	if adds {
		bias, ok := l.biasOf(p, next, 1-port, index)
		if !ok {
			return false
		}
		t.bias = &bias
	}
	t.relu = relu
	t.wire, t.maps = next.Out[0], followed(next.Weave.Out[0], index)
	l.folded[next] = true
	return true
}

// finishes recognises the scalar programs a + b, relu a and relu (a + b).
func finishes(m diagram.Map) (adds, relu bool) {
	program := m.Program
	inputs := 1
	if len(program) > 0 && program[0].Fn == diagram.FnAdd && program[0].Args[0]+program[0].Args[1] == 1 {
		adds, inputs, program = true, 2, program[1:]
	}
	if len(program) > 0 && program[0].Fn == diagram.FnRelu && program[0].Args[0] == len(m.Program)+inputs-2 {
		relu, program = true, program[1:]
	}
	isAll := len(program) == 0 && len(m.Results) == 1 && m.Results[0] == len(m.Program)+inputs-1
	return adds && isAll, relu && isAll
}

// follow finds for each index of the box that reads a wire the index of the box
// that makes it: both meet every axis of the wire by a single index. Nothing but
// these may move the reader's output.
func follow(maker, reader, out []diagram.Affine) (map[int]int, bool) {
	index := map[int]int{}
	for axis := range maker {
		from, ok := maker[axis].Sole()
		to, also := reader[axis].Sole()
		if _, twice := index[to]; !ok || !also || twice {
			return nil, false
		}
		index[to] = from
	}
	for _, a := range out {
		i, ok := a.Sole()
		if _, known := index[i]; !ok || !known {
			return nil, false
		}
	}
	return index, len(out) == len(maker)
}

func followed(maps []diagram.Affine, index map[int]int) []diagram.Affine {
	result := make([]diagram.Affine, len(maps))
	for axis, a := range maps {
		i, _ := a.Sole()
		result[axis] = diagram.At(index[i])
	}
	return result
}

// biasOf looks at the other operand of an addition from the space of the product.
// It is a bias if it is there already and moves along rows or columns, not both.
func (l *lowerer) biasOf(p *product, b *diagram.Box, port int, index map[int]int) (plan.View, bool) {
	stored, made := l.views[b.In[port]]
	s, err := spaceOf(b.Weave)
	if !made || err != nil || b.In[port].Type.IsPlace() {
		return stored, false
	}
	seen := s.through(stored, b.Weave.In[port])
	bias := plan.View{Buffer: seen.Buffer, Offset: seen.Offset, Strides: make([]int, len(p.dims))}
	for to, from := range index {
		bias.Strides[from] = seen.Strides[to]
	}
	c := p.classes()
	moves := func(list []int) bool {
		return slices.ContainsFunc(list, func(i int) bool { return p.moves(bias, i) })
	}
	return bias, moves(c.m) != moves(c.n)
}
