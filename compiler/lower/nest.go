package lower

import (
	"maps"
	"slices"

	"ncd/compiler/plan"
)

const (
	// ahead is how many steps behind the last one of a nest are looked at for one more.
	ahead = 24
	// mostSteps is how many steps a nest has at most.
	mostSteps = 24
	// placeNumbers is how many numbers a step should touch at one place at most: enough
	// for the kernels' starts to vanish, few enough for the first cache.
	placeNumbers = 1 << 12
	// nearNumbers is how many numbers a nest may touch at one place: a part of the
	// second cache.
	nearNumbers = 1 << 17
	// worthNesting is how many numbers a step must touch to be nested at all.
	worthNesting = 1 << 14
)

// nest joins steps that hand each other arrays part by part into nests: scores to
// softmax to the mixing of values, the passes of a norm over its rows. It works on the
// finished steps and knows nothing of what they are for, so that whatever is spelled
// in another way and comes to the same steps comes to the same nests.
func (l *lowerer) nest() {
	l.uses = l.findUses()
	placed := make([]bool, len(l.p.Steps))
	var steps []plan.Step
	for i, s := range l.p.Steps {
		if placed[i] {
			continue
		}
		made := l.bestNest(i, placed)
		if made == nil {
			steps = append(steps, s)
			continue
		}
		for _, m := range made.members {
			placed[m.step] = true
		}
		steps = append(steps, l.finishNest(made))
	}
	l.p.Steps = steps
}

// nesting is a nest that is being put together.
type nesting struct {
	dims    []int
	members []split
}

// split is a step whose outermost places are those of a nest.
type split struct {
	step  int
	outer []int // sizes of the outermost axes
	inner plan.Step
}

// bestNest puts together the nest from step i on that takes in the most steps, or
// returns nil.
func (l *lowerer) bestNest(i int, placed []bool) *nesting {
	var best *nesting
	for _, places := range l.placesOf(l.p.Steps[i]) {
		if n := l.grow(i, places, placed); n != nil && (best == nil || len(n.members) > len(best.members)) {
			best = n
		}
	}
	if best == nil || len(best.members) < 2 {
		return nil
	}
	return best
}

// placesOf lists how many places a nest that begins with the step might have, the
// best first.
func (l *lowerer) placesOf(s plan.Step) []int {
	dims := parallel(s.Kernel)
	n, touched := plan.Count(dims), l.touches(s)
	if n < 2 || touched < l.grain {
		return nil
	}
	if _, isGemm := s.Kernel.(plan.Gemm); isGemm {
		return []int{n}
	}
	var list []int
	outer := 1 // places of the axes before the one that is divided
	for _, d := range dims {
		for _, part := range divisors(d) {
			if places := outer * part; part > 1 && touched/places <= placeNumbers {
				list = append(list, places)
			}
			if len(list) == 3 {
				return list
			}
		}
		outer *= d
	}
	return list
}

// divisors are the numbers that divide n, 1 and itself included, in their order.
func divisors(n int) []int {
	var small, large []int
	for d := 1; d*d <= n; d++ {
		if n%d == 0 {
			if small = append(small, d); d*d < n {
				large = append(large, n/d)
			}
		}
	}
	slices.Reverse(large)
	return append(small, large...)
}

// touches is how many numbers the largest view of a step meets.
func (l *lowerer) touches(s plan.Step) int {
	spaces, _ := plan.SpacesOf(s)
	most := 0
	for i, v := range slices.Concat(s.In, s.Out) {
		most = max(most, space{spaces[i], 0}.places(v))
	}
	return most
}

// parallel are the outermost axes of a kernel along which its places do not depend on
// one another; every view has strides over them first.
func parallel(k plan.Kernel) []int {
	switch k := k.(type) {
	case plan.Map:
		return k.Dims
	case plan.Copy:
		return k.Dims
	case plan.Softmax:
		return k.Dims[:len(k.Dims)-1]
	case plan.Reduce:
		if k.Fn != "argmax" {
			return k.Dims[:len(k.Dims)-k.Reduced]
		}
	case plan.Gemm:
		return k.Batch
	}
	return nil
}

// within is a kernel without its outermost axes, but for the rest of the last of them.
func within(k plan.Kernel, axes, rest int) plan.Kernel {
	cut := func(dims []int) []int {
		if rest > 1 {
			return slices.Concat([]int{rest}, dims[axes:])
		}
		return slices.Clone(dims[axes:])
	}
	switch k := k.(type) {
	case plan.Map:
		k.Dims = cut(k.Dims)
		return k
	case plan.Copy:
		k.Dims = cut(k.Dims)
		return k
	case plan.Softmax:
		k.Dims = cut(k.Dims)
		return k
	case plan.Reduce:
		k.Dims = cut(k.Dims)
		return k
	case plan.Gemm:
		k.Batch = cut(k.Batch)
		return k
	}
	panic("lower: a kernel without parallel axes")
}

// divide parts the outermost axes off that have so many places together: their sizes,
// and what is left of the last of them.
func divide(dims []int, places int) (outer []int, rest int, ok bool) {
	for _, d := range dims {
		switch {
		case places == 1:
			return outer, 1, true
		case places%d == 0:
			outer, places = append(outer, d), places/d
		case d%places == 0:
			return append(outer, places), d / places, true
		default:
			return nil, 0, false
		}
	}
	return outer, 1, places == 1
}

// divided is step i with so many places outermost.
func (l *lowerer) divided(i, places int) (split, bool) {
	s := l.p.Steps[i]
	dims := parallel(s.Kernel)
	outer, rest, ok := divide(dims, places)
	if !ok || !l.isNumbers(s) {
		return split{}, false
	}
	n := len(outer)
	strides := func(views []plan.View) []plan.View {
		var made []plan.View
		for _, v := range views {
			parted := slices.Clone(v.Strides[:n])
			if rest > 1 {
				parted = append(parted, parted[n-1])
				parted[n-1] *= rest
			}
			made = append(made, plan.View{Buffer: v.Buffer, Offset: v.Offset, Strides: append(parted, v.Strides[n:]...)})
		}
		return made
	}
	inner := plan.Step{Kernel: within(s.Kernel, n, rest), In: strides(s.In), Out: strides(s.Out), Origin: s.Origin}
	return split{i, outer, inner}, l.isDivisible(inner, n)
}

func (l *lowerer) isNumbers(s plan.Step) bool {
	return !slices.ContainsFunc(slices.Concat(s.In, s.Out), func(v plan.View) bool { return l.p.Buffers[v.Buffer].DType == plan.Int32 })
}

// isDivisible reports whether it pays to run a step place by place: the places lie
// further apart than what is within them, or are products of matrices of which none
// serves several places.
func (l *lowerer) isDivisible(inner plan.Step, rank int) bool {
	_, isGemm := inner.Kernel.(plan.Gemm)
	for _, v := range slices.Concat(inner.In, inner.Out) {
		outside, inside := v.Strides[:rank], v.Strides[rank:]
		isStill := !slices.ContainsFunc(outside, func(stride int) bool { return stride != 0 })
		if slices.ContainsFunc(outside, func(stride int) bool { return stride < 0 }) {
			return false
		}
		if isGemm {
			if isStill {
				return false
			}
			continue
		}
		if !isStill && len(inside) > 0 && slices.Min(nonZero(outside)) < slices.Max(inside) {
			return false
		}
	}
	return true
}

func nonZero(strides []int) []int {
	return slices.DeleteFunc(slices.Clone(strides), func(stride int) bool { return stride == 0 })
}

// grow puts a nest together from step i on: it takes in one later step after the
// other that hands on or takes what the nest touches part by part, if it may run
// before the steps in between.
func (l *lowerer) grow(i, places int, placed []bool) *nesting {
	first, ok := l.divided(i, places)
	if !ok {
		return nil
	}
	n := &nesting{first.outer, []split{first}}
	skipped := touching{map[int]bool{}, map[int]bool{}}
	for j, last := i+1, i; j < len(l.p.Steps) && j <= last+ahead && len(n.members) < mostSteps; j++ {
		if placed[j] {
			continue
		}
		s := l.p.Steps[j]
		isSamePass := s.Origin.Pass == l.p.Steps[i].Origin.Pass // else what can be made when it is wanted would be kept till then
		if isSamePass && !skipped.stops(s) {
			if grown := l.with(n, j, places, s); grown != nil {
				n, last = grown, j
				continue
			}
		}
		skipped.add(s)
	}
	return n
}

// touching is what some steps read and write.
type touching struct{ reads, writes map[int]bool }

func (t touching) add(s plan.Step) {
	for _, v := range s.In {
		t.reads[v.Buffer] = true
	}
	for _, v := range s.Out {
		t.writes[v.Buffer] = true
	}
}

// stops reports whether a step must not run before those that t is of.
func (t touching) stops(s plan.Step) bool {
	return slices.ContainsFunc(s.In, func(v plan.View) bool { return t.writes[v.Buffer] }) ||
		slices.ContainsFunc(s.Out, func(v plan.View) bool { return t.writes[v.Buffer] || t.reads[v.Buffer] })
}

// with is the nest with one more step, or nil.
func (l *lowerer) with(n *nesting, j, places int, s plan.Step) *nesting {
	if plan.Count(parallel(s.Kernel))%places != 0 || !n.shares(s) {
		return nil
	}
	more, ok := l.divided(j, places)
	if !ok || l.touches(s)/places > placeNumbers && !n.isOfProducts(l) {
		return nil
	}
	dims, ok := refine(n.dims, more.outer)
	if !ok {
		return nil
	}
	grown := &nesting{dims, append(slices.Clone(n.members), more)}
	touched, err := grown.nest().Touched()
	if err != nil {
		return nil
	}
	near := 0
	for _, t := range touched {
		if t.IsWritten && !t.IsApart(dims) {
			return nil
		}
		near += nearOf(t, len(dims))
	}
	if near > nearNumbers {
		return nil
	}
	return grown
}

// isOfProducts reports whether a nest began with a product of matrices, which it runs
// whole at each place.
func (n *nesting) isOfProducts(l *lowerer) bool {
	_, ok := l.p.Steps[n.members[0].step].Kernel.(plan.Gemm)
	return ok
}

// shares reports whether a step touches a buffer that the nest writes, or reads what the
// nest reads part by part.
func (n *nesting) shares(s plan.Step) bool {
	return slices.ContainsFunc(s.In, func(v plan.View) bool {
		return slices.ContainsFunc(n.members, func(m split) bool {
			return slices.ContainsFunc(slices.Concat(m.inner.Out, m.inner.In), func(u plan.View) bool {
				return u.Buffer == v.Buffer && len(nonZero(u.Strides[:len(m.outer)])) > 0
			})
		})
	})
}

// refine is the coarsest division of the outermost axes that is finer than two.
func refine(a, b []int) (dims []int, ok bool) {
	a, b = slices.Clone(a), slices.Clone(b)
	for len(a) > 0 && len(b) > 0 {
		part := min(a[0], b[0])
		if part == 0 || a[0]%part != 0 || b[0]%part != 0 {
			return nil, false
		}
		dims = append(dims, part)
		if a[0] /= part; a[0] == 1 {
			a = a[1:]
		}
		if b[0] /= part; b[0] == 1 {
			b = b[1:]
		}
	}
	return dims, len(a)+len(b) == 0
}

// nest writes the strides of all members over the nest's dims.
func (n *nesting) nest() plan.Nest {
	made := plan.Nest{Dims: n.dims}
	for _, m := range n.members {
		s := m.inner
		s.In, s.Out = n.over(m, s.In), n.over(m, s.Out)
		made.Steps = append(made.Steps, s)
	}
	return made
}

// over gives views of a member strides over the nest's dims in place of its own outer
// axes.
func (n *nesting) over(m split, views []plan.View) []plan.View {
	var made []plan.View
	for _, v := range views {
		var strides []int
		at := 0
		for axis, d := range m.outer {
			from := at
			for product := 1; product < d; at++ {
				product *= n.dims[at]
			}
			parts := rowMajor(n.dims[from:at])
			for _, step := range parts {
				strides = append(strides, step*v.Strides[axis])
			}
		}
		made = append(made, plan.View{Buffer: v.Buffer, Offset: v.Offset, Strides: append(strides, v.Strides[len(m.outer):]...)})
	}
	return made
}

// finishNest makes the step of a nest. Temporaries that nothing else uses become the
// workers' own.
func (l *lowerer) finishNest(n *nesting) plan.Step {
	made := n.nest()
	touched, _ := made.Touched()
	inside := map[int]bool{}
	for _, m := range n.members {
		inside[m.step] = true
	}
	step := plan.Step{Origin: l.p.Steps[n.members[0].step].Origin}
	for _, buffer := range slices.Sorted(maps.Keys(touched)) {
		t := touched[buffer]
		name := plan.View{Buffer: buffer, Strides: []int{}}
		if l.isTemporary(buffer) && l.uses[buffer].isWithin(inside) {
			l.makeOwn(&made, buffer, t)
			continue
		}
		if t.IsRead {
			step.In = append(step.In, name)
		}
		if t.IsWritten {
			step.Out = append(step.Out, name)
		}
	}
	step.Kernel = made
	return step
}

func (u uses) isWithin(steps map[int]bool) bool {
	return !slices.ContainsFunc(slices.Concat(u.reads, u.writes), func(step int) bool { return !steps[step] })
}

// makeOwn turns a buffer into a worker's own, which holds the part of one place.
func (l *lowerer) makeOwn(n *plan.Nest, buffer int, t *plan.Touched) {
	rank := len(n.Dims)
	low, high := t.Hull(rank)
	unit := cacheLine / l.p.Float.Bytes()
	b := &l.p.Buffers[buffer]
	b.Role, b.Offset, b.Axes, b.Dims = plan.Own, n.Own, []string{"part"}, []int{high - low + 1}
	n.Own += (b.Len() + unit - 1) / unit * unit
	for _, s := range n.Steps {
		for _, views := range [][]plan.View{s.In, s.Out} {
			for i := range views {
				if v := &views[i]; v.Buffer == buffer {
					v.Offset -= low
					clear(v.Strides[:rank])
				}
			}
		}
	}
}

// nearOf is how many numbers of a buffer are met at one place.
func nearOf(t *plan.Touched, rank int) int {
	most := 0
	for i, v := range t.Views {
		inside := plan.View{Strides: v.Strides[rank:]}
		most = max(most, space{t.Spaces[i], 0}.places(inside))
	}
	return most
}
