package lower

import (
	"fmt"
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/plan"
)

// reduce lowers a reduction over the box's own axes.
func (l *lowerer) reduce(b *diagram.Box, op diagram.Reduce, s space) error {
	in, err := l.asNumbers(b.In[0], l.views[b.In[0]])
	if err != nil {
		return err
	}
	v := s.through(in, b.Weave.In[0])
	degree, own := span(0, s.degree), span(s.degree, len(s.dims))
	fn := op.Fn
	if fn == "argmax" || fn == "argmin" {
		if len(own) != 1 {
			return fmt.Errorf("%s over %d axes: a place is along one", fn, len(own))
		}
	}
	if fn == "argmin" {
		v, fn = l.negated(s, v), "argmax"
	}
	kept := descending(degree, v)
	out, err := l.output(b, 0, s, kept)
	if err != nil {
		return err
	}
	l.emitReduce(fn, s, descending(degree, out), descending(own, v), out, v)
	return nil
}

func (l *lowerer) negated(s space, v plan.View) plan.View {
	order := descending(s.indices(v), v)
	made := l.scratch(s, order)
	l.emitMap(s, order, plan.Map{Program: []plan.Instr{{Fn: "neg", Args: []int{0}}}, Results: []int{1}}, []plan.View{made}, v)
	return made
}

// emitReduce emits a reduction over some indices of a space for every place of
// others, both outermost first.
func (l *lowerer) emitReduce(fn string, s space, kept, reduced []int, out, in plan.View) {
	outer := s.merge(kept, out, in)
	inner := s.merge(reduced, in, in)
	if fn == "argmax" && len(inner) == 0 { // along an axis of one place
		inner = []group{{1, []int{0, 0}}}
	}
	k := plan.Reduce{Fn: fn, Dims: slices.Concat(sizes(outer), sizes(inner)), Reduced: len(inner)}
	l.emit(k,
		[]plan.View{{Buffer: out.Buffer, Offset: out.Offset, Strides: stridesOf(0, outer)}},
		plan.View{Buffer: in.Buffer, Offset: in.Offset, Strides: stridesOf(1, outer, inner)})
}

// softmax lowers a softmax over the box's own axes. The kernel walks them in one
// stride: an operand that does not lie so is copied.
func (l *lowerer) softmax(b *diagram.Box, op diagram.Softmax, s space) error {
	in := l.inputs(b, s)[0]
	degree, own := span(0, s.degree), span(s.degree, len(s.dims))
	if len(s.merge(own, in)) > 1 {
		order := slices.Concat(descending(degree, in), own)
		copied := l.scratch(s, order)
		l.emitMap(s, order, multiply(1, 1), []plan.View{copied}, in)
		in = copied
	}
	out, err := l.output(b, 0, s, l.softmaxOrder(s, in))
	if err != nil {
		return err
	}
	made := out
	if len(s.merge(own, out, in)) > 1 {
		made = l.scratch(s, slices.Concat(descending(degree, in), own))
	}
	l.emitSoftmax(op.Log, s, degree, own, made, in)
	if made.Buffer != out.Buffer {
		l.emitMap(s, descending(span(0, len(s.dims)), out), multiply(1, 1), []plan.View{out}, made)
	}
	return nil
}

// softmaxOrder lies as the operand does, if the operand moves along every index.
func (l *lowerer) softmaxOrder(s space, in plan.View) []int {
	all := span(0, len(s.dims))
	if len(s.indices(in)) == s.wide() {
		return descending(all, in)
	}
	return all
}

func (l *lowerer) emitSoftmax(log bool, s space, degree, own []int, out, in plan.View) {
	outer, inner := s.merge(descending(degree, out), out, in), s.merge(own, out, in)
	if len(inner) == 0 {
		inner = []group{{1, []int{0, 0}}}
	}
	groups := slices.Concat(outer, inner)
	views := over(groups, []plan.View{out, in})
	l.emit(plan.Softmax{Dims: sizes(groups), Log: log}, views[:1], views[1])
}
