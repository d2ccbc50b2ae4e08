package reference

import (
	"fmt"
	"slices"
	"strconv"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// below is the path of what a box of that name holds.
func (f *frame) below(name string) []string {
	path := slices.Clone(f.path)
	if name != "" {
		path = append(path, name)
	}
	return path
}

// repeat applies a diagram a turn; inputs beyond the results go to every turn.
func (f *frame) repeat(b *diagram.Box, op diagram.Repeat) error {
	from, to, step := op.From.MustInt(), op.To.MustInt(), 1
	count := to - from + 1
	if op.Down {
		count, step = from-to+1, -1
	}
	turns := op.Turns
	if len(turns) == 1 {
		turns = slices.Repeat(turns, max(0, count))
	}
	return f.lifted(b, turns, func(turn int) []string { return append(f.below(b.Name), strconv.Itoa(from+step*turn)) })
}

// lifted runs bodies one after another at every place of the degree.
func (f *frame) lifted(b *diagram.Box, bodies []*diagram.Diagram, path func(int) []string) error {
	s := spaceOf(b.Weave)
	ports := f.ports(b)
	if len(bodies) == 0 {
		for i, w := range b.Out {
			f.arrays[w] = transposed(f.arrays[b.In[i]], b.In[i].Type.Axes, w.Type.Axes)
		}
		return nil
	}
	var failed error
	s.each(s.degree, func(index []int) {
		if failed != nil {
			return
		}
		fed := make([]*Array, len(b.In))
		for i := range b.In {
			fed[i] = gathered(s, b.Weave, index, ports[i], bodies[0].In[i].Type.Axes)
		}
		at := context{place: f.placeOf(s, index), memory: f.memory}
		for turn, body := range bodies {
			if turn > 0 {
				for i, w := range body.In[:len(bodies[turn-1].Out)] {
					fed[i] = transposed(fed[i], bodies[turn-1].Out[i].Type.Axes, w.Type.Axes)
				}
			}
			at.path = path(turn)
			made, err := f.machine.diagram(body, at, fed, nil)
			if err != nil {
				failed = err
				return
			}
			fed = append(made.Arrays, fed[min(len(fed), len(made.Arrays)):]...)
		}
		for i, w := range bodies[len(bodies)-1].Out {
			scattered(s, b.Weave, index, fed[i], ports[len(b.In)+i], w.Type.Axes)
		}
	})
	return failed
}

// placeOf says at which place of what is lifted over a body is run.
func (f *frame) placeOf(s space, index []int) string {
	if s.degree == 0 {
		return f.place
	}
	return f.place + fmt.Sprint(index[:s.degree])
}

// scan runs a body at one place of the first own axis after another, in each turn at
// every place of the degree.
func (f *frame) scan(b *diagram.Box, op diagram.Scan) error {
	ports, w := f.ports(b), b.Weave
	w.Degree, w.Own = slices.Concat(w.Degree, w.Own[:1]), w.Own[1:]
	s := spaceOf(w)
	along := s.degree - 1
	at := context{path: f.below(b.Name), memory: newMemory(f.memory)}
	var failed error
	for turn := range s.dims[along] {
		s.each(along, func(index []int) {
			index[along] = turn
			fed := make([]*Array, len(b.In))
			for i := range b.In {
				fed[i] = gathered(s, w, index, ports[i], op.Body.In[i].Type.Axes)
			}
			if at.place = ""; along > 0 {
				at.place = fmt.Sprint(index[:along])
			}
			made, err := f.machine.diagram(op.Body, at, fed, nil)
			if err != nil {
				failed = err
				return
			}
			for i, out := range op.Body.Out {
				scattered(s, w, index, made.Arrays[i], ports[len(b.In)+i], out.Type.Axes)
			}
		})
		if failed != nil {
			return failed
		}
		at.memory.commit()
	}
	for path, a := range at.memory.held {
		f.memory.wanted[path] = append(f.memory.wanted[path], a)
	}
	return nil
}

// gathered is what a body is given at one place of the degree.
func gathered(s space, w diagram.Weave, index []int, from port, axes shape.Shape) *Array {
	a := New(sizes(axes)...)
	inner := port{a, boundary(w, axes)}
	s.eachOwn(index, func(i []int) { *inner.at(i) = *from.at(i) })
	return a
}

func scattered(s space, w diagram.Weave, index []int, a *Array, to port, axes shape.Shape) {
	inner := port{a, boundary(w, axes)}
	s.eachOwn(index, func(i []int) { *to.at(i) = *inner.at(i) })
}

// boundary finds the axes of a body's wire among its box's own axes.
func boundary(w diagram.Weave, axes shape.Shape) []diagram.Affine {
	maps := make([]diagram.Affine, len(axes))
	for i, a := range axes {
		maps[i] = diagram.At(len(w.Degree) + slices.IndexFunc(w.Own, a.Equal))
	}
	return maps
}

func transposed(a *Array, from, to shape.Shape) *Array {
	made := New(sizes(to)...)
	s := space{made.Dims, len(made.Dims)}
	out, in := port{array: made}, port{array: a}
	for i := range to {
		out.maps = append(out.maps, diagram.At(i))
	}
	for _, axis := range from {
		in.maps = append(in.maps, diagram.At(to.Index(axis.Label)))
	}
	s.each(len(s.dims), func(i []int) { *out.at(i) = *in.at(i) })
	return made
}

// linear multiplies by the weight, or looks up in it, and adds the bias.
func (f *frame) linear(b *diagram.Box, op diagram.Linear) error {
	weight, err := f.weight(op.Weight)
	if err != nil {
		return err
	}
	s := spaceOf(b.Weave)
	x, out := f.ports(b)[0], f.ports(b)[1]
	w := port{weight, ownMaps(b)}
	if b.In[0].Type.IsPlace() {
		// Its own axes that go out are moved here, the one that comes in by the place.
		s.each(len(s.dims), func(i []int) {
			if float64(i[s.degree]) == *x.at(i) {
				*out.at(i) = *w.at(i)
			}
		})
	} else {
		contract(s, []port{x, w}, out)
	}
	if op.Bias == nil {
		return nil
	}
	bias, err := f.weight(op.Bias)
	if err != nil {
		return err
	}
	added := port{bias, ownMaps(b)[op.From:]}
	first := space{slices.Clone(s.dims), s.degree}
	for i := range op.From {
		first.dims[s.degree+i] = 1
	}
	first.each(len(first.dims), func(i []int) { *out.at(i) += *added.at(i) })
	return nil
}

func (f *frame) scale(b *diagram.Box, op diagram.Scale) error {
	weight, err := f.weight(op.Weight)
	if err != nil {
		return err
	}
	s := spaceOf(b.Weave)
	x, out, w := f.ports(b)[0], f.ports(b)[1], port{weight, ownMaps(b)}
	fn := diagram.FnMul
	if op.Adds {
		fn = diagram.FnAdd
	}
	s.each(len(s.dims), func(i []int) { *out.at(i) = Scalar(fn, *x.at(i), *w.at(i)) })
	return nil
}
