package lower

import (
	"slices"

	"ncd/compiler/plan"
)

// uses are the steps that touch a buffer, in order.
type uses struct {
	reads, writes []int
}

// first and last are the steps of the first and last use, if there is one.
func (u uses) first() int { return min(orElse(u.reads, 0, 1<<62), orElse(u.writes, 0, 1<<62)) }
func (u uses) last() int {
	return max(orElse(u.reads, len(u.reads)-1, -1), orElse(u.writes, len(u.writes)-1, -1))
}

func orElse(list []int, at, none int) int {
	if len(list) == 0 {
		return none
	}
	return list[at]
}

// findUses lists the uses of every buffer. A step that adds to its result reads it.
func (l *lowerer) findUses() []uses {
	list := make([]uses, len(l.p.Buffers))
	for i, s := range l.p.Steps {
		for _, v := range s.In {
			list[v.Buffer].reads = append(list[v.Buffer].reads, i)
		}
		for _, v := range s.Out {
			list[v.Buffer].writes = append(list[v.Buffer].writes, i)
		}
	}
	return list
}

// renaming says which buffer's memory each buffer has come to use.
type renaming []int

func newRenaming(n int) renaming { return span(0, n) }

// of follows a buffer to the one that it is now, and shortens the way.
func (r renaming) of(buffer int) int {
	for r[buffer] != buffer {
		r[buffer] = r[r[buffer]]
		buffer = r[buffer]
	}
	return buffer
}

// apply renames the buffers of all steps and wires.
func (r renaming) apply(l *lowerer) {
	for _, s := range l.p.Steps {
		for _, list := range [][]plan.View{s.In, s.Out} {
			for i := range list {
				list[i].Buffer = r.of(list[i].Buffer)
			}
		}
	}
	for w, v := range l.views {
		v.Buffer = r.of(v.Buffer)
		l.views[w] = v
	}
}

// isWholeIn reports whether a view over dims meets every element of its buffer once.
func (l *lowerer) isWholeIn(v plan.View, dims []int) bool {
	s := space{dims, len(dims)}
	return s.isInjective(s.indices(v), v) && s.places(v) == plan.Count(dims) && plan.Count(dims) == l.p.Buffers[v.Buffer].Len()
}

func (l *lowerer) isTemporary(buffer int) bool { return l.p.Buffers[buffer].Role == plan.Temporary }

// dropSteps removes the steps that are marked.
func (l *lowerer) dropSteps(dropped map[int]bool) {
	i := -1
	l.p.Steps = slices.DeleteFunc(l.p.Steps, func(plan.Step) bool {
		i++
		return dropped[i]
	})
}

// lastBefore is the last use before a step.
func (u uses) lastBefore(step int) int {
	last := -1
	for _, list := range [][]int{u.reads, u.writes} {
		for i := len(list) - 1; i >= 0; i-- {
			if list[i] < step {
				last = max(last, list[i])
				break
			}
		}
	}
	return last
}

// liesAs reports whether two views are the same elements of buffers of one size.
func liesAs(v, u plan.View) bool { return v.Offset == u.Offset && slices.Equal(v.Strides, u.Strides) }
