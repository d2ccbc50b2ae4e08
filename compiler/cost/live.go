package cost

import (
	"cmp"
	"slices"
	"strings"

	"ncd/compiler/plan"
)

// liveOf is, for each step of a plan, how many bytes of the arenas are needed while it
// runs: what is carried from run to run, and temporaries from their first to their last
// use. A result that takes the place of what it is made of is counted once with it.
func liveOf(p *plan.Plan) []int {
	first, last := livesOf(p)
	live := make([]int, len(p.Steps))
	for step := range p.Steps {
		var held []plan.Buffer
		for i, b := range p.Buffers {
			if b.Role != plan.Own && first[i] <= step && step <= last[i] {
				held = append(held, b)
			}
		}
		live[step] = covered(held)
	}
	return live
}

// livesOf is the first and the last step that needs each buffer.
func livesOf(p *plan.Plan) (first, last []int) {
	first, last = make([]int, len(p.Buffers)), make([]int, len(p.Buffers))
	for i, b := range p.Buffers {
		if first[i], last[i] = 0, len(p.Steps); b.Role == plan.Temporary {
			first[i], last[i] = len(p.Steps), -1
		}
	}
	for step, s := range p.Steps {
		for _, b := range buffersOf(s) {
			first[b], last[b] = min(first[b], step), max(last[b], step)
		}
	}
	return first, last
}

// buffersOf lists the buffers that a step meets.
func buffersOf(s plan.Step) []int {
	var met []int
	for _, v := range slices.Concat(s.In, s.Out) {
		met = append(met, v.Buffer)
	}
	if n, isNest := s.Kernel.(plan.Nest); isNest {
		for _, inner := range n.Steps {
			met = append(met, buffersOf(inner)...)
		}
	}
	return met
}

// covered is how many bytes of the arenas buffers lie in. Places have an arena of
// their own.
func covered(held []plan.Buffer) int {
	slices.SortFunc(held, func(a, b plan.Buffer) int {
		return cmp.Or(cmp.Compare(a.DType, b.DType), cmp.Compare(a.Offset, b.Offset))
	})
	bytes, end := 0, 0
	for i, b := range held {
		if i == 0 || b.DType != held[i-1].DType {
			end = 0
		}
		if to := b.Offset + b.Len(); to > end {
			bytes += (to - max(end, b.Offset)) * b.DType.Bytes()
			end = to
		}
	}
	return bytes
}

// peaks writes into the lines the most bytes that are needed while one of their steps
// runs, and into that of all the bytes of the arenas.
func (t *tree) peaks(p *plan.Plan) {
	for i, bytes := range liveOf(p) {
		segments := slices.DeleteFunc(strings.Split(p.Steps[i].Origin.Box, "."), func(s string) bool { return strings.Contains(s, "=") })
		for to := range segments {
			if l := t.byPath[strings.Join(segments[:to+1], ".")]; l != nil {
				l.Peak = max(l.Peak, bytes)
			}
		}
	}
	t.root.Peak = p.Bytes()
}
