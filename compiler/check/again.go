package check

import (
	"ncd/compiler/diagram"
)

// checkpoint is a box what is made inside of which is not kept for the way back, but
// made again.
func checkpoint(a *application) value {
	f, ok := a.handedBox()
	if !ok {
		return poison{}
	}
	result, _ := a.madeAgain(f)
	return result
}

// reversible is a checkpoint that does not even keep what flows in: another box makes
// that of what flows out. The two are held to take and make the same wires; that one
// undoes the other is the author's word.
func reversible(a *application) value {
	f, ok := a.handedBox()
	if !ok {
		return poison{}
	}
	g, ok := a.values["g"].(box)
	if !ok {
		d := a.fault(ParameterMissing, a.at.span, "`reversible` must say which box undoes f")
		d.Help = append(d.Help, "`reversible[f, g]`: what flows into f comes back out of g")
		return poison{}
	}
	result, b := a.madeAgain(f)
	if b == nil {
		return poison{}
	}
	op := b.Op.(diagram.Composite)
	undone, ok := a.undoing(g, b)
	if !ok {
		return poison{}
	}
	op.Inverse = undone
	b.Op = op
	return result
}

// madeAgain applies a box as a composite of its own whose inside is made again. The
// composite is nil where there are errors.
func (a *application) madeAgain(f box) (value, *diagram.Box) {
	at := a.at
	if at.name == "" {
		at.name = a.made.name
	}
	if at.store == nil {
		at.name = a.numbered(at.name)
	}
	result := a.wrapped(f, a.in, at)
	if isPoisoned(result) || len(a.d.Boxes) == 0 {
		return poison{}, nil
	}
	b := a.d.Boxes[len(a.d.Boxes)-1]
	op, ok := b.Op.(diagram.Composite)
	if !ok {
		return poison{}, nil
	}
	op.Again = true
	b.Op = op
	return result, b
}

// undoing is the body of what makes a box's inputs of its results.
func (a *application) undoing(g box, b *diagram.Box) (*diagram.Diagram, bool) {
	inner := a.insideOf(a.storeOf(use{}, b.Name+" undone"))
	inner.d.Name, inner.d.Span = b.Name+" undone", a.at.span
	result := inner.applied(g, inner.copies(a.elaborator, b.Out), use{span: a.at.span})
	if isPoisoned(result) {
		return nil, false
	}
	wires, ok := inner.allWires(result, a.at.span)
	if !ok {
		return nil, false
	}
	if len(wires) != len(b.In) {
		a.fault(WireCount, a.at.span, "`reversible` takes %s, and what undoes it makes %s", counted(len(b.In), "wire"), counted(len(wires), "wire"))
		return nil, false
	}
	for i, w := range wires {
		out, ok := inner.asInput(w, b.In[i])
		if !ok {
			return nil, false
		}
		inner.d.Out = append(inner.d.Out, out)
	}
	return inner.d, true
}

// asInput is a wire that undoes to one that has flowed in, with its axes in its order.
func (e *elaborator) asInput(w, in *diagram.Wire) (*diagram.Wire, bool) {
	if !sameLabels(w.Type.Axes.Labels(), in.Type.Axes.Labels()) || w.Type.IsPlace() || in.Type.IsPlace() {
		e.fault(ResultMismatch, w.Span, "%s flows in, and what undoes it makes %s", e.typeOf(in), e.typeOf(w))
		return nil, false
	}
	for _, axis := range w.Type.Axes {
		if !e.sameSize(w, in, axis.Label, w.Span) {
			return nil, false
		}
	}
	return e.arranged(w, in.Type.Axes.Labels(), w.Span), true
}
