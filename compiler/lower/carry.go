package lower

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// carry sees to it that at the end of a run every state and output holds its wire's
// array. Where nobody reads the old value any more when the new one is first
// written, the new one is written straight into the carried buffer; otherwise it
// is copied at the end.
func (l *lowerer) carry() {
	l.box = nil
	late := l.copyViews()
	list := l.findUses()
	names := newRenaming(len(l.p.Buffers))
	for _, c := range l.carried {
		v := l.views[c.wire]
		if late[c] || v.Buffer == c.buffer {
			continue
		}
		if !l.isTemporary(v.Buffer) || !l.mayReplace(v.Buffer, c.buffer, list) {
			late[c] = true
			continue
		}
		names[v.Buffer] = c.buffer
		l.views[c.wire] = v
		l.p.Buffers[v.Buffer].Role = l.p.Buffers[c.buffer].Role // claimed: a second claim is copied
		list[c.buffer] = uses{append(list[c.buffer].reads, list[v.Buffer].reads...), append(list[c.buffer].writes, list[v.Buffer].writes...)}
	}
	names.apply(l)
	for i := range l.p.Buffers {
		if names.of(i) != i {
			l.p.Buffers[i].Role = plan.Temporary
		}
	}
	for _, c := range l.carried {
		if late[c] && l.views[c.wire].Buffer != c.buffer {
			l.copyWire(c.wire, l.views[c.wire], c.buffer)
		}
	}
}

// copyViews takes care of wires that are not just a temporary of their own: they
// show a part of one, or another order, or what is carried itself. What is carried
// may be overwritten before the run ends, so it is copied twice: into a temporary
// before anything is written back, and from there. It returns those still to be
// copied at the end.
func (l *lowerer) copyViews() map[carried]bool {
	late := map[carried]bool{}
	for _, c := range l.carried {
		v := l.views[c.wire]
		if v.Buffer == c.buffer && l.isPlain(c.wire, v) || l.isTemporary(v.Buffer) && l.isPlain(c.wire, v) {
			continue
		}
		late[c] = true
		if role := l.p.Buffers[v.Buffer].Role; role == plan.State || role == plan.Weight {
			kept := l.p.Buffers[c.buffer]
			kept.Role, kept.Name, kept.Fixed = plan.Temporary, c.wire.Name, plan.Fixed{}
			made := l.addBuffer(kept)
			l.copyWire(c.wire, v, made.Buffer)
			l.views[c.wire] = made
			late[c] = false
		}
	}
	return late
}

// isPlain reports whether a wire is all of its buffer, in its own order.
func (l *lowerer) isPlain(w *diagram.Wire, v plan.View) bool {
	dims, _ := w.Type.Axes.Ints()
	if v.Offset != 0 || plan.Count(dims) != l.p.Buffers[v.Buffer].Len() {
		return false
	}
	for axis, stride := range rowMajor(dims) {
		if dims[axis] > 1 && v.Strides[axis] != stride {
			return false
		}
	}
	return true
}

// mayReplace reports whether a temporary can live in a carried buffer: when it is
// first written, the old value has been read for the last time, or is being read
// in just the places that are written.
func (l *lowerer) mayReplace(temporary, held int, list []uses) bool {
	if len(list[temporary].writes) == 0 || len(list[held].writes) > 0 {
		return false
	}
	first, last := list[temporary].first(), list[held].last()
	return last < first || last == first && replacesInPlace(l.p.Steps[first], temporary, held)
}

// replacesInPlace reports whether a step may write one buffer over another: its
// kernel works in place, and wherever it reads the one it writes the other.
func replacesInPlace(s plan.Step, written, read int) bool {
	if !s.IsElementwise() {
		return false
	}
	for _, out := range s.Out {
		if out.Buffer != written {
			continue
		}
		for _, in := range s.In {
			if in.Buffer == read && !liesAs(in, out) {
				return false
			}
		}
	}
	return true
}

// copyWire copies a wire into a row-major buffer.
func (l *lowerer) copyWire(w *diagram.Wire, from plan.View, buffer int) {
	dims := slices.Clone(l.p.Buffers[buffer].Dims)
	s := space{dims, len(dims)}
	to := plan.View{Buffer: buffer, Strides: rowMajor(dims)}
	groups := s.merge(span(0, len(dims)), to, from)
	views := over(groups, []plan.View{to, from})
	pass := "forward"
	if l.p.Buffers[buffer].Role == plan.State || l.p.Buffers[buffer].Role == plan.Weight {
		pass = "update"
	}
	l.p.Steps = append(l.p.Steps, plan.Step{
		Kernel: plan.Copy{Dims: sizes(groups)}, In: views[1:], Out: views[:1],
		Origin: plan.Origin{Box: w.Name, Kind: "copy", Pass: pass, Span: w.Span},
	})
}
