package lower

import (
	"slices"

	"ncd/compiler/plan"
)

// scattered is a buffer that is zeros but for some parts, which lie apart.
type scattered struct {
	zeros []int // the steps that fill it with zeros, all ahead of the others
	parts []part
}

// part is the elements of a buffer that one step writes.
type part struct {
	step     int
	from, to []int // along each axis of the buffer
	places   int
}

// addPart lets a term that is zeros but for a part of its own be written into the
// memory of another such, if both are read by step i alone.
func (j *joining) addPart(i int, sum, term plan.View) bool {
	x, t := j.names.of(sum.Buffer), j.names.of(term.Buffer)
	if !liesAs(sum, term) || !slices.Equal(j.p.Buffers[t].Dims, j.p.Buffers[x].Dims) {
		return false
	}
	into, more := j.scatteredOf(i, x), j.scatteredOf(i, t)
	if into == nil || more == nil || !into.liesApart(more) {
		return false
	}
	if len(into.zeros) > 0 && into.zeros[len(into.zeros)-1] >= more.parts[0].step {
		return false
	}
	for _, step := range more.zeros {
		j.dropped[step] = true
	}
	for _, p := range more.parts {
		j.list[x].writes = append(j.list[x].writes, p.step)
	}
	into.parts = append(into.parts, more.parts...)
	if into.places() == j.p.Buffers[x].Len() {
		for _, step := range into.zeros {
			j.dropped[step] = true
		}
	}
	j.names[t] = x
	delete(j.scattered, t)
	return true
}

func (s *scattered) places() int {
	n := 0
	for _, p := range s.parts {
		n += p.places
	}
	return n
}

func (s *scattered) liesApart(other *scattered) bool {
	for _, p := range s.parts {
		if slices.ContainsFunc(other.parts, p.meets) {
			return false
		}
	}
	return true
}

func (p part) meets(q part) bool {
	for axis := range p.from {
		if p.to[axis] <= q.from[axis] || q.to[axis] <= p.from[axis] {
			return false
		}
	}
	return true
}

// scatteredOf says which parts of a buffer are written, and where it is filled with
// zeros first; nil if it is not of that kind, or read elsewhere than by step i.
func (j *joining) scatteredOf(i, buffer int) *scattered {
	if known, ok := j.scattered[buffer]; ok {
		return known
	}
	if !slices.Equal(j.list[buffer].reads, []int{i}) {
		return nil
	}
	s := &scattered{}
	for _, step := range j.list[buffer].writes {
		writes := j.p.Steps[step]
		if fill, ok := writes.Kernel.(plan.Fill); ok && fill.Value == 0 && len(s.parts) == 0 {
			s.zeros = append(s.zeros, step)
			continue
		}
		p, ok := j.partOf(step, buffer)
		if !ok || slices.ContainsFunc(s.parts, p.meets) {
			return nil
		}
		s.parts = append(s.parts, p)
	}
	if len(s.parts) == 0 || s.places() == j.p.Buffers[buffer].Len() {
		return nil
	}
	j.scattered[buffer] = s
	return s
}

// partOf is the block of a buffer that a step writes; false where it writes no block,
// or adds to what is there.
func (j *joining) partOf(step, buffer int) (part, bool) {
	s := j.p.Steps[step]
	spaces, err := plan.SpacesOf(s)
	if g, ok := s.Kernel.(plan.Gemm); err != nil || ok && g.Accumulate {
		return part{}, false
	}
	if c, ok := s.Kernel.(plan.Contract); ok && c.Accumulate {
		return part{}, false
	}
	var found part
	for n, v := range s.Out {
		if j.names.of(v.Buffer) != buffer {
			continue
		}
		p, ok := blockOf(v, spaces[len(s.In)+n], j.p.Buffers[buffer].Dims)
		if !ok || found.places > 0 {
			return part{}, false
		}
		found = p
		found.step = step
	}
	return found, found.places > 0
}

// blockOf is what a view over dims meets of a buffer, if that is a block.
func blockOf(v plan.View, dims, buffer []int) (part, bool) {
	p := part{from: make([]int, len(buffer)), to: make([]int, len(buffer)), places: plan.Count(dims)}
	steps := rowMajor(buffer)
	rest := v.Offset
	for axis, step := range steps {
		p.from[axis] = rest / step
		rest %= step
		p.to[axis] = p.from[axis] + 1
	}
	met := 1
	for i, d := range dims {
		if d == 1 {
			continue
		}
		axis := slices.Index(steps, v.Strides[i])
		if axis < 0 {
			return p, false
		}
		// A walk over several axes at once covers the inner ones.
		for axis+1 < len(steps) && steps[axis+1] == steps[axis] {
			axis++
		}
		for ; d > buffer[axis] && axis > 0 && d%buffer[axis] == 0 && p.from[axis] == 0 && p.to[axis] == 1; axis-- {
			p.to[axis], met, d = buffer[axis], met*buffer[axis], d/buffer[axis]
		}
		if p.to[axis] != p.from[axis]+1 || p.from[axis]+d > buffer[axis] {
			return p, false
		}
		p.to[axis], met = p.from[axis]+d, met*d
	}
	return p, met == p.places
}
