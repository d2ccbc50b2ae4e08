package lower

import (
	"slices"

	"ncd/compiler/plan"
)

// reuseInPlace lets a step write over an operand that nobody reads later, where
// its kernel works in place and both are the same elements.
func (l *lowerer) reuseInPlace() {
	list := l.findUses()
	names := newRenaming(len(l.p.Buffers))
	for i, s := range l.p.Steps {
		if !s.IsElementwise() {
			continue
		}
		for _, out := range s.Out {
			if out.Buffer = names.of(out.Buffer); !l.isTemporary(out.Buffer) || list[out.Buffer].first() != i {
				continue
			}
			if x := l.replaceable(i, out, list, names); x >= 0 {
				names[out.Buffer] = x
				list[x] = uses{append(list[x].reads, list[out.Buffer].reads...), append(list[x].writes, list[out.Buffer].writes...)}
			}
		}
	}
	names.apply(l)
}

// replaceable finds an operand of step i whose memory a result may take, or -1. An
// operand that was taken already is used later, or is written by this very step.
func (l *lowerer) replaceable(i int, out plan.View, list []uses, names renaming) int {
	s := l.p.Steps[i]
	for _, in := range s.In {
		x := names.of(in.Buffer)
		if !l.isTemporary(x) || x == out.Buffer || list[x].last() != i || orElse(list[x].writes, len(list[x].writes)-1, -1) == i {
			continue
		}
		isSame := func(v plan.View) bool { return names.of(v.Buffer) != x || liesAs(v, out) }
		if l.p.Buffers[x].Len() >= l.p.Buffers[out.Buffer].Len() && !slices.ContainsFunc(s.In, func(v plan.View) bool { return !isSame(v) }) {
			return x
		}
	}
	return -1
}
