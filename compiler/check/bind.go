package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// binder says which axes of a wire a port takes: for each axis of the wire the
// axis of the body that it is, or nil where it is left over.
type binder struct {
	port  *port
	wire  *diagram.Wire
	takes []*shape.Axis
}

// bindPorts binds the axes of all ports: by the call's own words, by equal name,
// then a lone axis to a lone axis, and `p..` to all that are left.
func (k *call) bindPorts() bool {
	for i, p := range k.ports {
		b := &binder{p, k.wires[i], make([]*shape.Axis, len(k.wires[i].Type.Axes))}
		k.binders = append(k.binders, b)
		if !k.bindElements(b) || !k.bindByWords(b) {
			return false
		}
	}
	for _, b := range k.binders {
		if !k.bindByName(b) || !k.bindRiders(b) {
			return false
		}
	}
	for _, b := range k.binders {
		if !k.bindRest(b) || !k.bindGroups(b) {
			return false
		}
	}
	k.settleSized()
	return k.holdRenames()
}

// bindElements holds that numbers or places flow as the port wants.
func (k *call) bindElements(b *binder) bool {
	in := b.wire.Type.In
	switch {
	case b.port.in == "" && in == nil:
		return true
	case b.port.in == "":
		k.fault(NumberNeeded, k.at.span, "`%s` wants numbers for `%s`, and %s holds places along `%s`", k.decl.name, b.port.name, k.wireName(b.wire), in.Label)
		return false
	case in == nil:
		d := k.fault(PlaceNeeded, k.at.span, "`%s` wants places along `%s` for `%s`, and %s holds numbers", k.decl.name, b.port.in, b.port.name, k.wireName(b.wire))
		d.Notes = append(d.Notes, source.Note{Span: b.port.span, Message: "the port"})
		return false
	}
	if group, ok := k.axisGroup(b.port.in); ok {
		return k.bindPlaceGroup(b, group)
	}
	return k.variable(b.port.in, *in, source.Span{})
}

// axisGroup is the parameter list of axes that a name belongs to.
func (k *call) axisGroup(name string) (*parameter, bool) {
	for _, p := range k.sign.params {
		if p.isAxes() && slices.ContainsFunc(p.from, func(n *grammar.Name) bool { return n.Text == name && n.Many }) {
			return p, true
		}
	}
	return nil, false
}

// bindPlaceGroup holds that places are along the axis a list of the brackets names.
func (k *call) bindPlaceGroup(b *binder, p *parameter) bool {
	words := k.words.axes[p.name]
	if len(words) == 1 && words[0].label == b.wire.Type.In.Label || len(words) == 0 {
		return true
	}
	k.fault(PlaceNeeded, k.at.span, "%s holds places along `%s`, and `%s` is asked for `%s`", k.wireName(b.wire), b.wire.Type.In.Label, k.decl.name, k.at.span.Text())
	return false
}

// bindByWords binds what the brackets say: lists of axes, and `y = seq`.
func (k *call) bindByWords(b *binder) bool {
	for _, spec := range b.port.axes {
		words, said := k.wordsFor(spec)
		if !said {
			continue
		}
		for _, word := range words {
			i := b.wire.Type.Axes.Index(word.label)
			if i < 0 {
				k.noAxis(word, b.wire)
				return false
			}
			if !k.reader.holdSize(word, b.wire, i) {
				return false
			}
			label := spec.name
			if spec.many {
				label = k.hygienic(word.label)
			}
			if !k.take(b, i, label) {
				return false
			}
			if spec.many {
				k.joinGroup(spec.name, *b.takes[i])
			}
		}
		if spec.many && k.inner.groups[spec.name] == nil {
			k.inner.groups[spec.name] = shape.Shape{}
		}
	}
	return true
}

// wordsFor are the axes that the brackets name for an axis of a port.
func (k *call) wordsFor(spec *axisSpec) ([]axisWord, bool) {
	if word, ok := k.words.renames[spec.name]; ok && !spec.many {
		return []axisWord{word}, true
	}
	for _, p := range k.sign.params {
		at := slices.IndexFunc(p.from, func(n *grammar.Name) bool { return n.Text == spec.name && n.Many == spec.many })
		if !p.isAxes() || at < 0 {
			continue
		}
		words, said := k.words.axes[p.name]
		if said && !spec.many {
			words = words[at : at+1]
		}
		return words, said
	}
	return nil, false
}

// noAxis tells that a wire has no axis of that name.
func (e *elaborator) noAxis(word axisWord, w *diagram.Wire) {
	d := e.fault(UnknownAxis, word.span, "no axis `%s`: %s has %s%s", word.label, e.wireWord(w), e.typeOf(w), meant(word.label, w.Type.Axes.Labels()))
	if !w.Span.IsZero() && w.Span != word.span {
		d.Notes = append(d.Notes, source.Note{Span: w.Span, Message: "the wire " + e.typeOf(w)})
	}
}

func (e *elaborator) wireWord(w *diagram.Wire) string {
	if w.Name != "" {
		return "`" + w.Name + "`"
	}
	return "the wire"
}

// holdSize holds `c:64` in brackets against the axis of the wire.
func (r *reader) holdSize(word axisWord, w *diagram.Wire, i int) bool {
	if word.size == nil {
		return true
	}
	said, ok := r.size(word.size)
	if !ok {
		return false
	}
	axis := w.Type.Axes[i]
	if r.job.unifier.Unify(axis.Size, said) {
		return true
	}
	from, _ := r.origin(w, axis)
	d := r.sizeFault(word.label, axis.Size, said, word.span, from)
	d.Label = said.String() + " is asked for here"
	d.Help = []string{"drop `:" + word.size.Span().Text() + "`, or rename: [" + word.label + " -> " + word.label + "'] first"}
	return false
}

// take binds an axis of a wire to a label of the body.
func (k *call) take(b *binder, i int, label string) bool {
	axis := b.wire.Type.Axes[i]
	from, _ := k.origin(b.wire, axis)
	if b.takes[i] != nil {
		k.fault(AxisAmbiguous, k.at.span, "axis `%s` of %s is taken twice", axis.Label, k.wireName(b.wire))
		return false
	}
	b.takes[i] = &shape.Axis{Label: label, Size: axis.Size}
	if b.port.saysSize(label) {
		k.sized = append(k.sized, sizedTake{b, b.takes[i], axis, from})
		return true
	}
	return k.variable(label, axis, from)
}

// sizedTake is an axis of a wire that is bound to one at a size of its own, as in
// `x[p:p/2]`.
type sizedTake struct {
	binder *binder
	inner  *shape.Axis
	outer  shape.Axis
	from   source.Span
}

// saysSize reports whether the port says a size for an axis.
func (p *port) saysSize(name string) bool {
	return slices.ContainsFunc(p.axes, func(a *axisSpec) bool { return a.name == name && !a.many && a.size != nil })
}

// settleSized gives labels that stand nowhere without a size that of their wire.
func (k *call) settleSized() {
	for _, s := range k.sized {
		if _, known := k.outside[s.inner.Label]; !known {
			k.outside[s.inner.Label] = s.outer.Label
		}
		if _, known := k.inner.labels[s.inner.Label]; !known {
			k.inner.labels[s.inner.Label] = labelled{s.outer.Size, s.from}
		}
	}
}

// variable settles what a label of the body is; all ports that name it agree.
func (k *call) variable(label string, axis shape.Axis, from source.Span) bool {
	if _, known := k.outside[label]; !known {
		k.outside[label] = axis.Label
	}
	known, isKnown := k.inner.labels[label]
	if !isKnown {
		known, isKnown = k.fixedSize(label)
	}
	if isKnown && !k.job.unifier.Unify(known.size, axis.Size) {
		k.sizeFault(axis.Label, axis.Size, known.size, k.at.span, from, known.origin)
		return false
	}
	if _, isBound := k.inner.labels[label]; !isBound {
		k.inner.labels[label] = labelled{axis.Size, from}
	}
	return true
}

// fixedSize is the size of a port's axis that is a parameter, or an axis of the
// file of the declaration.
func (k *call) fixedSize(label string) (labelled, bool) {
	if b := k.inner.scope.look(label); b != nil {
		if s, ok := b.value.(static); ok && s.isSize {
			return labelled{s.size, b.span}, true
		}
	}
	if k.sign.isPortAxis(label) {
		return k.inner.declaredAxis(label)
	}
	return labelled{}, false
}

func (k *call) joinGroup(name string, a shape.Axis) {
	if k.inner.groups[name].Index(a.Label) < 0 {
		k.inner.groups[name] = append(k.inner.groups[name], a)
	}
}

// bindByName binds axes of equal name.
func (k *call) bindByName(b *binder) bool {
	for _, spec := range b.port.axes {
		if spec.many || k.isBound(b, spec) {
			continue
		}
		i := b.wire.Type.Axes.Index(spec.name)
		if i >= 0 && b.takes[i] == nil && !k.isScanned(spec.name) && !k.take(b, i, spec.name) {
			return false
		}
	}
	return true
}

// isBound reports whether a port's axis has been found on its wire.
func (k *call) isBound(b *binder, spec *axisSpec) bool {
	return slices.ContainsFunc(b.takes, func(a *shape.Axis) bool { return a != nil && a.Label == spec.name })
}

// bindRest binds a lone axis of the port to a lone axis of the wire.
func (k *call) bindRest(b *binder) bool {
	var wanted []string
	for _, spec := range b.port.axes {
		if !spec.many && !k.isBound(b, spec) {
			wanted = append(wanted, spec.name)
		}
	}
	left := k.free(b)
	switch {
	case len(wanted) == 0:
		return true
	case len(wanted) == 1 && len(left) == 1:
		i := left[0]
		k.understood(b, wanted[0], b.wire.Type.Axes[i].Label)
		return k.take(b, i, wanted[0])
	case len(left) < len(wanted):
		k.axisMissing(b, wanted)
	default:
		k.axisAmbiguous(b, wanted, left)
	}
	return false
}

// left lists the axes of the wire that no axis of the port is bound to.
func (b *binder) left() []int {
	var left []int
	for i, a := range b.takes {
		if a == nil {
			left = append(left, i)
		}
	}
	return left
}

// free lists the axes of the wire that a port may still take: not the one that is
// scanned, nor the batch, which is lifted over where no port names it.
func (k *call) free(b *binder) []int {
	return slices.DeleteFunc(b.left(), func(i int) bool {
		label := b.wire.Type.Axes[i].Label
		return k.isScanned(label) || label == ambient
	})
}

func (k *call) understood(b *binder, inner, outer string) {
	d := k.remark(AxisUnderstood, k.at.span, "axis `%s` of %s is taken for `%s` of `%s`, as no other is left", outer, k.wireName(b.wire), inner, k.decl.name)
	d.Help = append(d.Help, "say so with `"+k.decl.name+"["+inner+" = "+outer+"]`")
}

func (k *call) axisMissing(b *binder, wanted []string) {
	d := k.fault(AxisMissing, k.at.span, "`%s` wants %s for `%s`, and %s has no axis left for it", k.decl.name, axesWord(wanted), b.port.name, k.wireName(b.wire))
	d.Notes = append(d.Notes, source.Note{Span: b.port.span, Message: "the port"})
}

func (k *call) axisAmbiguous(b *binder, wanted []string, left []int) {
	which, are := "axes", "are"
	if len(wanted) == 1 {
		which, are = "axis", "is"
	}
	d := k.fault(AxisAmbiguous, k.at.span, "cannot tell which %s of %s %s %s", which, k.typeOf(b.wire), are, quoted(wanted))
	d.Notes = append(d.Notes, source.Note{Span: b.port.span, Message: "the port of `" + k.decl.name + "`"})
	words := ""
	for i, name := range wanted {
		if i > 0 {
			words += ", "
		}
		words += name + " = " + b.wire.Type.Axes[left[i]].Label
	}
	d.Help = append(d.Help, "say which: `"+k.decl.name+"["+words+"]`")
}

func axesWord(names []string) string {
	if len(names) == 1 {
		return "axis " + quoted(names)
	}
	return "axes " + quoted(names)
}

// bindGroups gives `p..` all that is left, where the brackets do not say. A second
// port with the same `p..` takes those of the first.
func (k *call) bindGroups(b *binder) bool {
	for _, spec := range b.port.axes {
		if _, said := k.wordsFor(spec); said || !spec.many {
			continue
		}
		group, isKnown := k.inner.groups[spec.name]
		if !isKnown {
			k.inner.groups[spec.name] = shape.Shape{}
		}
		for _, i := range k.free(b) {
			label := k.hygienic(b.wire.Type.Axes[i].Label)
			if isKnown && group.Index(label) < 0 {
				continue
			}
			if !k.take(b, i, label) {
				return false
			}
			k.joinGroup(spec.name, *b.takes[i])
		}
		if isKnown && !k.holdGroup(b, spec, group) {
			return false
		}
	}
	return true
}

// holdGroup holds that a wire has all the axes that `p..` stands for.
func (k *call) holdGroup(b *binder, spec *axisSpec, group shape.Shape) bool {
	for _, a := range group {
		if !k.isBound(b, &axisSpec{name: a.Label}) {
			k.axisMissing(b, []string{k.labelOutside(a.Label)})
			return false
		}
	}
	return true
}

// holdRenames holds that every axis the call names is one of a port.
func (k *call) holdRenames() bool {
	for name, word := range k.words.renames {
		isTaken := slices.ContainsFunc(k.sign.ports, func(p *port) bool {
			return p.in == name || slices.ContainsFunc(p.axes, func(a *axisSpec) bool { return a.name == name })
		})
		if !isTaken {
			k.fault(UnknownParameter, word.span, "no port of `%s` has an axis `%s`", k.decl.name, name)
			return false
		}
	}
	return true
}

// collectDegree lists the axes that are lifted over, in the order in which they
// are met; those of the same name go together.
func (k *call) collectDegree() bool {
	var from []*diagram.Wire
	for _, b := range k.binders {
		for _, i := range b.left() {
			a := b.wire.Type.Axes[i]
			at := k.degree.Index(a.Label)
			if at < 0 {
				k.degree, from = append(k.degree, a), append(from, b.wire)
				k.remarkCapture(b, a.Label)
			} else if !k.sameSize(from[at], b.wire, a.Label, k.at.span) {
				return false
			}
		}
	}
	return true
}

// remarkCapture remarks that a left-over axis has the name of a port's axis.
func (k *call) remarkCapture(b *binder, label string) {
	if !k.sign.isPortAxis(label) || k.outside[label] == label {
		return
	}
	k.remark(AxisUnderstood, k.at.span, "axis `%s` of %s is lifted over, though `%s` has an axis of that name", label, k.wireName(b.wire), k.decl.name)
}
