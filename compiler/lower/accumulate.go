package lower

import (
	"slices"

	"ncd/compiler/plan"
)

// accumulate lets a matrix product add to a sum by itself: where its result goes
// only into an addition whose other operand is not needed again, the product adds
// to that one's memory and the addition falls away.
func (l *lowerer) accumulate() {
	list := l.findUses()
	names := newRenaming(len(l.p.Buffers))
	dropped := map[int]bool{}
	for i, s := range l.p.Steps {
		if !isAddition(s) || dropped[i] {
			continue
		}
		for port := range 2 {
			sum, term := s.In[port], s.In[1-port]
			if l.joinSum(i, sum, term, s.Out[0], list, names) {
				dropped[i] = true
				break
			}
		}
	}
	names.apply(l)
	l.dropSteps(dropped)
}

func isAddition(s plan.Step) bool {
	m, ok := s.Kernel.(plan.Map)
	return ok && len(m.Program) == 1 && m.Program[0].Fn == "add" && m.Program[0].Args[0]+m.Program[0].Args[1] == 1 && len(s.Out) == 1
}

// joinSum makes step i, out = sum + term, superfluous if it may.
func (l *lowerer) joinSum(i int, sum, term, out plan.View, list []uses, names renaming) bool {
	x, t, o := names.of(sum.Buffer), names.of(term.Buffer), names.of(out.Buffer)
	dims := l.p.Steps[i].Kernel.(plan.Map).Dims
	if x == t || x == o || !l.isTemporary(x) || !l.isTemporary(t) || !l.isTemporary(o) || !l.isWholeIn(sum, dims) {
		return false
	}
	if !liesAs(sum, term) || !liesAs(sum, out) || l.p.Buffers[o].Len() != l.p.Buffers[x].Len() || l.p.Buffers[t].Len() != l.p.Buffers[x].Len() {
		return false
	}
	if !slices.Equal(list[t].reads, []int{i}) || len(list[t].writes) != 1 || list[o].first() != i || list[x].last() != i {
		return false
	}
	at := list[t].writes[0]
	g, ok := l.p.Steps[at].Kernel.(plan.Gemm)
	if !ok || g.Relu || g.Accumulate || len(l.p.Steps[at].In) > 2 || list[x].lastBefore(i) >= at || list[x].first() >= at {
		return false
	}
	g.Accumulate = true
	l.p.Steps[at].Kernel = g
	names[t], names[o] = x, x
	list[x].reads = append(slices.DeleteFunc(list[x].reads, func(j int) bool { return j == i }), list[o].reads...)
	list[x].writes = append(append(list[x].writes, at), slices.DeleteFunc(list[o].writes, func(j int) bool { return j == i })...)
	return true
}
