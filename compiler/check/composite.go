package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// told tells at the call what went wrong inside, naming the diagram; what is wrong
// with the declaration itself has been told there.
func (k *call) told() value {
	k.job.failed = true
	first := k.inner.firstError(0)
	if first == nil || k.decl.broken {
		return poison{}
	}
	d := k.fault(first.Code, k.at.span, "in `%s`: %s", k.decl.name, first.Message)
	d.Notes = append(d.Notes, source.Note{Span: first.Span, Message: "here in `" + k.decl.name + "`"})
	d.Notes = append(d.Notes, first.Notes...)
	d.Help = append(d.Help, first.Help...)
	return poison{}
}

// promised are results as the signature says, of a body that is broken.
func (k *call) promised() []*diagram.Wire {
	k.job.failed = true
	results := []*diagram.Wire{}
	for _, r := range k.sign.results {
		axes, in, ok := k.inner.typed(r.axes, r.in)
		if !ok {
			return nil
		}
		results = append(results, &diagram.Wire{Type: shape.Type{Axes: axes, In: in}})
	}
	k.inner.said = nil
	return results
}

// composite puts the box of the call into the caller.
func (k *call) composite(name string, results []*diagram.Wire) value {
	b := &diagram.Box{
		Op: diagram.Composite{Body: k.inner.d, Reverse: k.inner.reverse}, In: k.wires, Name: name, Span: k.at.span,
		Weave: diagram.Weave{Degree: k.degree},
	}
	for _, bound := range k.binders {
		b.Weave.In = append(b.Weave.In, k.portMap(&b.Weave, bound))
	}
	var out tuple
	for _, r := range results {
		w, port, ok := k.resultWire(&b.Weave, r)
		if !ok {
			k.job.failed = true
			return poison{}
		}
		b.Out, b.Weave.Out = append(b.Out, w), append(b.Weave.Out, port)
		out = append(out, wire{w})
	}
	if k.at.scan != nil {
		k.scanned(b)
	}
	k.add(b)
	k.job.uses[b] = k.use
	for i, w := range b.Out {
		k.takeOrigins(w, results[i])
	}
	if k.isWide {
		out = k.narrowed(out, k.at.span)
	}
	if len(out) == 1 {
		return out[0]
	}
	return out
}

// portMap is the weave of a wire that flows in.
func (k *call) portMap(w *diagram.Weave, b *binder) []diagram.Affine {
	port := []diagram.Affine{}
	for i, axis := range b.wire.Type.Axes {
		if inner := b.takes[i]; inner != nil {
			port = append(port, diagram.At(len(w.Degree)+ownIndex(&w.Own, k.settled(*inner))))
		} else {
			port = append(port, diagram.At(w.Degree.Index(axis.Label)))
		}
	}
	return port
}

func (k *call) settled(a shape.Axis) shape.Axis {
	return shape.Axis{Label: a.Label, Size: k.job.unifier.Resolve(a.Size)}
}

// resultWire is the caller's wire for a result, with its weave. What is lifted
// over stays where it is with one wire, and comes first with several.
func (k *call) resultWire(weave *diagram.Weave, r *diagram.Wire) (*diagram.Wire, []diagram.Affine, bool) {
	w := &diagram.Wire{Type: shape.Type{In: k.outsidePlace(r.Type.In)}, Span: k.at.span}
	port := []diagram.Affine{}
	put := func(a shape.Axis, index int) {
		w.Type.Axes = append(w.Type.Axes, a)
		port = append(port, diagram.At(index))
	}
	riders := k.ridersOfResult(r)
	lay := func(axes shape.Shape) {
		for _, a := range axes {
			put(shape.Axis{Label: k.labelOutside(a.Label), Size: a.Size}, len(weave.Degree)+ownIndex(&weave.Own, k.settled(a)))
		}
	}
	lay(r.Type.Axes[:riders])
	before := k.liftedBefore()
	for i, a := range k.degree {
		if i == before {
			lay(r.Type.Axes[riders:])
		}
		put(a, i)
	}
	if before >= len(k.degree) {
		lay(r.Type.Axes[riders:])
	}
	return w, port, k.holdDistinct(w, r)
}

// ridersOfResult counts the outermost axes of a result that rode through the body.
func (k *call) ridersOfResult(r *diagram.Wire) int {
	n := 0
	for n < len(r.Type.Axes) && k.isRider(r.Type.Axes[n].Label) {
		n++
	}
	return n
}

// isRider reports whether an axis of the body has only ridden into it.
func (k *call) isRider(label string) bool {
	return slices.ContainsFunc(k.riders, func(outer string) bool { return k.riderInside(outer) == label })
}

// liftedBefore counts the lifted axes that stand before what the box makes.
func (k *call) liftedBefore() int {
	if len(k.binders) != 1 {
		return len(k.degree)
	}
	before := 0
	for _, a := range k.binders[0].takes {
		switch {
		case a == nil:
			before++
		case !k.isRider(a.Label):
			return before
		}
	}
	return len(k.degree)
}

func (k *call) labelOutside(label string) string {
	if outer, ok := k.outside[label]; ok {
		return outer
	}
	return label
}

func (k *call) outsidePlace(in *shape.Axis) *shape.Axis {
	if in == nil {
		return nil
	}
	return &shape.Axis{Label: k.labelOutside(in.Label), Size: in.Size}
}

// holdDistinct holds that no axis stands twice on a result.
func (k *call) holdDistinct(w, r *diagram.Wire) bool {
	for i, a := range w.Type.Axes {
		first := w.Type.Axes.Index(a.Label)
		if first == i {
			continue
		}
		if k.degree.Index(a.Label) >= 0 {
			d := k.fault(AxisCapture, k.at.span, "axis `%s` is free in the argument but also made by `%s`", a.Label, k.decl.name)
			d.Help = append(d.Help, "rename it first: `["+a.Label+" -> "+a.Label+"']`")
		} else {
			d := k.fault(AxisTwice, k.at.span, "axis `%s` twice on one wire: `%s` makes %s", a.Label, k.decl.name, k.inner.typeOf(r))
			d.Help = append(d.Help, "rename one of them before: `["+a.Label+" -> "+a.Label+"']`")
		}
		return false
	}
	return true
}

// takeOrigins gives a result's axes the places of sizes that the body knows.
func (k *call) takeOrigins(w, inner *diagram.Wire) {
	for _, a := range inner.Type.Axes {
		if from, ok := k.inner.origins[inner][a.Label]; ok && from.File == k.at.span.File {
			k.setOrigin(w, k.labelOutside(a.Label), from)
		}
	}
	for _, a := range w.Type.Axes {
		k.setOrigin(w, a.Label, k.at.span)
	}
}
