package onnx

import (
	"slices"

	"ncd/compiler/diagram"
)

// take looks places up: Gather where the array has no index of the places, GatherND
// over the common ones where it has.
func (g *graph) take(b *diagram.Box) {
	s := spaceOf(b)
	own := len(b.Weave.Degree)
	from, places := g.gathered(s, b.In[0], b.Weave.In[0]), g.gathered(s, b.In[1], b.Weave.In[1])
	out := s.indicesOf(b.Weave.Out[0])
	var common, rest []int
	for _, index := range from.along {
		if slices.Contains(places.along, index) {
			common = append(common, index)
		} else if index != own {
			rest = append(rest, index)
		}
	}
	apart := slices.DeleteFunc(slices.Clone(places.along), func(i int) bool { return slices.Contains(common, i) })
	var a array
	if len(common) == 0 {
		from = g.ordered(from, slices.Concat([]int{own}, rest))
		a = array{g.add("Gather", []string{from.value, places.value}, "axis", 0), slices.Concat(places.along, rest)}
	} else {
		from = g.ordered(from, slices.Concat(common, []int{own}, rest))
		places = g.ordered(places, slices.Concat(common, apart))
		at := g.add("Unsqueeze", []string{places.value, g.ints(-1)})
		a = array{g.add("GatherND", []string{from.value, at}, "batch_dims", len(common)), slices.Concat(common, apart, rest)}
	}
	a = g.summedAway(a, out)
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
}

// summedAway drops indices of one place that are not kept.
func (g *graph) summedAway(a array, kept []int) array {
	gone := slices.DeleteFunc(slices.Clone(a.along), func(i int) bool { return slices.Contains(kept, i) })
	return g.summed(a, gone, "ReduceSum")
}

// put adds numbers up at their places: the product with the places as one-hot rows.
func (g *graph) put(b *diagram.Box) {
	s := spaceOf(b)
	own := len(b.Weave.Degree)
	numbers := g.gathered(s, b.In[0], b.Weave.In[0])
	rows := g.rows(s, g.gathered(s, b.In[1], b.Weave.In[1]), own)
	out := s.indicesOf(b.Weave.Out[0])
	a := g.product(s, []array{numbers, rows}, out)
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
}

func (g *graph) oneHot(b *diagram.Box) {
	s := spaceOf(b)
	a := g.rows(s, g.gathered(s, b.In[0], b.Weave.In[0]), len(b.Weave.Degree))
	out := s.indicesOf(b.Weave.Out[0])
	g.wires[b.Out[0]] = g.scattered(s, g.spread(s, a, out), b.Out[0], b.Weave.Out[0])
}

// rows is 1 at the place of an own axis that each of the places says, else 0.
func (g *graph) rows(s *space, places array, own int) array {
	values := g.once("off and on", func() string { return g.constant(reals([]int64{2}, []float32{0, 1})) })
	v := g.add("OneHot", []string{places.value, g.size(s.size(own)), values}, "axis", -1)
	return array{v, append(slices.Clone(places.along), own)}
}
