package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar/source"
)

// regrouping is a rearrangement with an arrow while it is worked out.
type regrouping struct {
	*elaborator
	reader *reader
	wire   *diagram.Wire
	span   source.Span
	atoms  shape.Shape    // the axes that what comes in and what goes out are made of
	in     map[int][]int  // axis of the wire → its atoms
	labels map[string]int // atom by the name that the left side gives it
	used   map[int]bool
}

// regrouped splits, renames and merges axes. Those it does not name are left alone.
func (e *elaborator) regrouped(r *reader, w *diagram.Wire, from, to []grouping, span source.Span) value {
	g := &regrouping{elaborator: e, reader: r, wire: w, span: span, in: map[int][]int{}, labels: map[string]int{}, used: map[int]bool{}}
	from, to = r.speltItems(from), r.speltItems(to)
	for _, item := range from {
		if !g.takeIn(item, to) {
			return poison{}
		}
	}
	out, ok := g.giveOut(to)
	if !ok {
		return poison{}
	}
	return g.finish(from, out)
}

// speltItems puts the axes that `p..` stands for in its place, also among parts.
func (r *reader) speltItems(items []grouping) []grouping {
	var spelt []grouping
	for _, item := range items {
		if item.parts == nil {
			for _, word := range r.spelt(item.word) {
				one := item
				one.word = word
				spelt = append(spelt, one)
			}
			continue
		}
		parts := []axisWord{}
		for _, word := range item.parts {
			parts = append(parts, r.spelt(word)...)
		}
		item.parts = parts
		spelt = append(spelt, item)
	}
	return spelt
}

// takeIn finds the axis that an item of the left side names, and its atoms.
func (g *regrouping) takeIn(item grouping, to []grouping) bool {
	i := g.wire.Type.Axes.Index(item.word.label)
	if i < 0 {
		g.noAxis(item.word, g.wire)
		return false
	}
	if g.in[i] != nil {
		g.fault(AxisTwice, item.word.span, "axis `%s` is named twice", item.word.label)
		return false
	}
	if !g.reader.holdSize(item.word, g.wire, i) {
		return false
	}
	if item.parts == nil {
		g.in[i] = []int{g.atom(g.wire.Type.Axes[i])}
		return true
	}
	return g.split(i, item, to)
}

func (g *regrouping) atom(a shape.Axis) int {
	g.atoms = append(g.atoms, a)
	g.labels[a.Label] = len(g.atoms) - 1
	return len(g.atoms) - 1
}

// split sizes the parts of an axis; one of them may be what the others leave.
func (g *regrouping) split(i int, item grouping, to []grouping) bool {
	whole := g.wire.Type.Axes[i]
	rest, open := whole.Size, -1
	g.in[i] = []int{} // taken, though it may have no parts
	parts := make(shape.Shape, len(item.parts))
	for j, word := range item.parts {
		word = g.sizeBehindArrow(word, to)
		size, isKnown, ok := g.partSize(word)
		if !ok {
			return false
		}
		parts[j] = shape.Axis{Label: word.label, Size: size}
		if !isKnown {
			if open >= 0 {
				d := g.fault(SizeUnknown, word.span, "nothing says how many places axis `%s` has", word.label)
				d.Help = append(d.Help, "all parts but one must have a size: `"+whole.Label+"=("+item.parts[0].label+":8 …)`")
				return false
			}
			open = j
			continue
		}
		if size.IsZero() {
			g.fault(SizeInvalid, word.span, "axis `%s` has no places", word.label)
			return false
		}
		rest = rest.Div(size)
	}
	if open >= 0 {
		parts[open].Size = rest
	} else if !g.job.unifier.Unify(whole.Size, parts.Places()) {
		g.sizeFault(whole.Label, whole.Size, parts.Places(), item.word.span)
		return false
	}
	if err := rest.Check(); err != nil && len(rest.Letters()) == 0 {
		g.fault(SizeInvalid, item.word.span, "axis `%s` of %s places does not divide so: %v", whole.Label, whole.Size, err)
		return false
	}
	for _, a := range parts {
		g.in[i] = append(g.in[i], g.atom(a))
	}
	return true
}

// sizeBehindArrow takes a size that only the right side says: [m=(h k) -> h:8 k].
func (g *regrouping) sizeBehindArrow(word axisWord, to []grouping) axisWord {
	for _, item := range to {
		if item.word.label == word.label && word.size == nil {
			word.size = item.word.size
		}
	}
	return word
}

func (g *regrouping) partSize(word axisWord) (size shape.Size, isKnown, ok bool) {
	if word.isKnown {
		return word.known, true, true
	}
	if word.size != nil {
		size, ok = g.reader.size(word.size)
		return size, true, ok
	}
	if word.isKnown {
		return word.known, true, true
	}
	if b := g.reader.scope.look(word.label); b != nil {
		if s, isStatic := b.value.(static); isStatic && s.isSize {
			b.isUsed = true
			return s.size, true, true
		}
	}
	known := &reader{elaborator: g.reader.elaborator, scope: g.reader.scope}
	if axis, isLabel := known.label(word.label); isLabel {
		return axis.size, true, true
	}
	return shape.Size{}, false, true
}

// outAxis is an axis that goes out, and its atoms.
type outAxis struct {
	axis  shape.Axis
	atoms []int
	many  bool // it merges a `p..` that one letter stands for
}

// giveOut finds the atoms of the right side by name; names that the left side has
// not rename those that are left, in order.
func (g *regrouping) giveOut(to []grouping) ([]outAxis, bool) {
	g.renameRest(to)
	var out []outAxis
	for _, item := range to {
		parts := item.parts
		if parts == nil {
			parts = []axisWord{item.word}
		}
		made := outAxis{axis: shape.Axis{Label: item.word.label, Size: shape.Int(1)}}
		for _, word := range parts {
			i, isKnown := g.labels[word.label]
			if !isKnown && item.parts == nil && g.isOne(word) {
				i, isKnown = g.atom(shape.Axis{Label: word.label, Size: shape.Int(1)}), true
			}
			if !isKnown || g.used[i] {
				g.mismatch(word)
				return nil, false
			}
			g.used[i] = true
			made.many = made.many || item.parts != nil && slices.Contains(g.d.Groups, word.group)
			made.atoms = append(made.atoms, i)
			made.axis.Size = made.axis.Size.Mul(g.atoms[i].Size)
		}
		if item.word.size != nil && !g.holdOut(item.word, made.axis) {
			return nil, false
		}
		out = append(out, made)
	}
	for i, a := range g.atoms {
		if g.used[i] || g.job.unifier.Resolve(a.Size).Equal(shape.Int(1)) {
			continue
		}
		d := g.fault(RearrangementMismatch, g.span, "`%s` takes axes in that do not come out", g.span.Text())
		d.Help = append(d.Help, "every axis left of `->` must stand right of it, by name or in parentheses")
		return nil, false
	}
	return out, true
}

// isOne reports whether a word says one place: such an axis may be new.
func (g *regrouping) isOne(word axisWord) bool {
	if word.size == nil {
		return false
	}
	size, ok := g.reader.size(word.size)
	return ok && size.Equal(shape.Int(1))
}

func (g *regrouping) mismatch(word axisWord) {
	d := g.fault(RearrangementMismatch, word.span, "`%s` comes out of this rearrangement, but does not go in", word.label)
	d.Help = append(d.Help, "every axis right of `->` must stand left of it, or rename one that does")
}

func (g *regrouping) holdOut(word axisWord, a shape.Axis) bool {
	size, ok := g.reader.size(word.size)
	if ok && !g.job.unifier.Unify(size, a.Size) {
		g.sizeFault(word.label, a.Size, size, word.span)
		return false
	}
	return ok
}

// renameRest lets new names stand for the atoms that no name asks for.
func (g *regrouping) renameRest(to []grouping) {
	var asked []axisWord
	for _, item := range to {
		if item.parts == nil {
			asked = append(asked, item.word)
		}
		asked = append(asked, item.parts...)
	}
	var fresh []string
	var long []string // of more than one place, or of a size that is not said
	for _, word := range asked {
		if _, isKnown := g.labels[word.label]; !isKnown {
			fresh = append(fresh, word.label)
			if !g.isOne(word) {
				long = append(long, word.label)
			}
		}
	}
	var left []int
	for i, a := range g.atoms {
		if !slices.ContainsFunc(asked, func(word axisWord) bool { return word.label == a.Label }) {
			left = append(left, i)
		}
	}
	if len(left) != len(fresh) {
		fresh = long
		left = slices.DeleteFunc(left, func(i int) bool { return g.job.unifier.Resolve(g.atoms[i].Size).Equal(shape.Int(1)) })
	}
	if len(left) != len(fresh) {
		return
	}
	for i, at := range left {
		delete(g.labels, g.atoms[at].Label)
		g.atoms[at].Label = fresh[i]
		g.labels[fresh[i]] = at
	}
}

// finish puts the box in. What it makes stands where the first axis it took stood.
func (g *regrouping) finish(from []grouping, out []outAxis) value {
	weave := diagram.Weave{Own: g.atoms}
	first := len(g.wire.Type.Axes)
	for i, a := range g.wire.Type.Axes {
		if g.in[i] == nil {
			weave.Degree = append(weave.Degree, a)
		} else {
			first = min(first, i)
		}
	}
	result := &diagram.Wire{Type: shape.Type{In: g.wire.Type.In}, Span: g.span}
	in, port := []diagram.Affine{}, []diagram.Affine{}
	put := func() {
		for _, made := range out {
			result.Type.Axes = append(result.Type.Axes, made.axis)
			port = append(port, g.merged(made.atoms, len(weave.Degree)))
		}
	}
	for i, a := range g.wire.Type.Axes {
		if i == first {
			put()
		}
		if g.in[i] != nil {
			in = append(in, g.merged(g.in[i], len(weave.Degree)))
			continue
		}
		at := diagram.At(weave.Degree.Index(a.Label))
		in, port = append(in, at), append(port, at)
		result.Type.Axes = append(result.Type.Axes, a)
	}
	if first == len(g.wire.Type.Axes) {
		put()
	}
	weave.In, weave.Out = [][]diagram.Affine{in}, [][]diagram.Affine{port}
	if !g.holdDistinct(result) {
		return poison{}
	}
	g.add(&diagram.Box{Op: diagram.View{Name: g.kind(from, out)}, In: []*diagram.Wire{g.wire}, Out: []*diagram.Wire{result}, Weave: weave, Span: g.span})
	for _, a := range result.Type.Axes {
		g.setOrigin(result, a.Label, g.span)
	}
	return wire{result}
}

// merged is the place along an axis that several are read as, the last one
// running fastest.
func (g *regrouping) merged(atoms []int, degree int) diagram.Affine {
	var a diagram.Affine
	stride := shape.Int(1)
	for _, i := range slices.Backward(atoms) {
		a.Terms = append(a.Terms, diagram.AffineTerm{Index: degree + i, Stride: stride})
		stride = stride.Mul(g.atoms[i].Size)
	}
	slices.Reverse(a.Terms)
	return a
}

func (g *regrouping) holdDistinct(w *diagram.Wire) bool {
	for i, a := range w.Type.Axes {
		if w.Type.Axes.Index(a.Label) < i {
			g.fault(AxisTwice, g.span, "axis `%s` twice on one wire: %s has one already", a.Label, g.typeOf(g.wire))
			return false
		}
	}
	return true
}

// kind is the view's name: split, merge, or rename.
func (g *regrouping) kind(from []grouping, out []outAxis) string {
	splits := slices.ContainsFunc(from, func(i grouping) bool {
		return i.parts != nil && (len(i.parts) != 1 || slices.Contains(g.d.Groups, i.parts[0].group))
	})
	merges := slices.ContainsFunc(out, func(o outAxis) bool { return o.many || len(o.atoms) != 1 })
	switch {
	case splits && merges:
		return "rearrange"
	case splits:
		return "split"
	case merges:
		return "merge"
	}
	return "rename"
}
