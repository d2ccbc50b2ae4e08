package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// rearrangement makes the boxes that are just brackets: [y h k], [s -> t],
// [row col -> p=(row col)].
type rearrangement struct{}

func (rearrangement) title() string { return "[…]" }

func (rearrangement) apply(e *elaborator, c *configured, in value, at use) value {
	w, ok := e.oneWire(in, at.span)
	if !ok {
		return poison{}
	}
	if len(c.args) != 1 || c.args[0].Where != nil {
		e.fault(BadAxes, c.span, "a rearrangement names axes: `[y h k]`, `[s -> t]`, `[row col -> p=(row col)]`")
		return poison{}
	}
	r := &reader{elaborator: c.site, scope: c.scope, incoming: []*diagram.Wire{w}}
	a := c.args[0]
	e.standForRest(a.Items, w)
	if !a.Arrow {
		return e.ordered(r, w, a, at.span)
	}
	from, okFrom := r.groupsOf(a.Items)
	to, okTo := r.groupsOf(a.To)
	if !okFrom || !okTo || !e.holdSpelt(from) || !e.holdSpelt(to) {
		return poison{}
	}
	return e.regrouped(r, w, from, to, at.span)
}

// ordered hands on the same array with its axes in the order given.
func (e *elaborator) ordered(r *reader, w *diagram.Wire, a *grammar.Arg, span source.Span) value {
	words, ok := r.axisWords(a.Items)
	if !ok {
		return poison{}
	}
	var labels []string
	for _, word := range words {
		if i := w.Type.Axes.Index(word.label); i >= 0 && !r.holdSize(word, w, i) {
			return poison{}
		}
		labels = append(labels, word.label)
	}
	for _, rider := range slices.Backward(e.ridersOf(w, nil)) {
		if !slices.Contains(labels, rider.Label) {
			labels = append([]string{rider.Label}, labels...)
		}
	}
	if !sameLabels(labels, w.Type.Axes.Labels()) {
		d := e.fault(RearrangementMismatch, span, "%s is %s, and `%s` names other axes", e.wireWord(w), e.typeOf(w), a.Span().Text())
		d.Help = append(d.Help, "a rearrangement names all axes of its wire, each once; `[s -> t]` renames")
		return poison{}
	}
	return wire{e.arranged(w, labels, span)}
}

// standForRest lets a `p..` that is new stand for all axes of the wire that the other
// items of a rearrangement leave.
func (e *elaborator) standForRest(items []*grammar.Item, w *diagram.Wire) {
	for _, item := range items {
		name := item.Name()
		if name == nil || !name.Many || item.Value != nil || e.groups[name.Text] != nil {
			continue
		}
		e.groups[name.Text] = slices.DeleteFunc(slices.Clone(w.Type.Axes), func(a shape.Axis) bool {
			inOther := func(group shape.Shape) bool { return group.Index(a.Label) >= 0 }
			return e.rides(a.Label) || namesAxis(items, a.Label) || slices.ContainsFunc(e.groupsIn(items), inOther)
		})
		return
	}
}

// groupsIn are the axes that each known `p..` among some items stands for.
func (e *elaborator) groupsIn(items []*grammar.Item) []shape.Shape {
	var groups []shape.Shape
	for _, item := range items {
		if name := item.Name(); name != nil && name.Many {
			groups = append(groups, e.groups[name.Text])
		}
	}
	return groups
}

func sameLabels(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, b)
}

// arranged is the same array with its axes in another order.
func (e *elaborator) arranged(w *diagram.Wire, labels []string, span source.Span) *diagram.Wire {
	axes := make(shape.Shape, len(labels))
	for i, label := range labels {
		axes[i] = w.Type.Axes[w.Type.Axes.Index(label)]
	}
	return e.view("rearrange", w, axes, span)
}

// view adds a view whose wires meet their axes by label.
func (e *elaborator) view(name string, w *diagram.Wire, axes shape.Shape, span source.Span) *diagram.Wire {
	out := &diagram.Wire{Type: shape.Type{Axes: axes, In: w.Type.In}, Span: span}
	b := diagram.NewBox(diagram.View{Name: name}, axes, nil, []*diagram.Wire{w}, []*diagram.Wire{out})
	b.Span = span
	e.add(b)
	return out
}

// grouping is an item of a merge or split: a plain axis, or one axis that is
// several read as one.
type grouping struct {
	word  axisWord
	parts []axisWord // nil: a plain axis
}

// holdSpelt tells of a `p..` that stands for no axes: one that is new right of an arrow,
// or in parentheses.
func (e *elaborator) holdSpelt(groups []grouping) bool {
	for _, g := range groups {
		for _, word := range append([]axisWord{g.word}, g.parts...) {
			if word.many {
				d := e.fault(UnknownAxis, word.span, "nothing says which axes `%s..` stands for", word.label)
				d.Help = append(d.Help, "name it in the signature, or by itself left of the arrow: `["+word.label+".. -> q=("+word.label+"..)]`")
				return false
			}
		}
	}
	return true
}

func (r *reader) groupsOf(items []*grammar.Item) ([]grouping, bool) {
	var groups []grouping
	for _, item := range items {
		name := item.Name()
		if name == nil {
			r.fault(BadAxes, item.Span(), "an axis is wanted here, not `%s`", item.Span().Text())
			return nil, false
		}
		word := axisWord{label: name.Text, many: name.Many, size: item.Size, span: item.Span()}
		if item.Value == nil {
			for _, spelt := range r.spelt(word) {
				groups = append(groups, grouping{word: spelt})
			}
			continue
		}
		parts, ok := r.partsOf(item.Value)
		if !ok {
			return nil, false
		}
		groups = append(groups, grouping{word: word, parts: parts})
	}
	return groups, true
}

func (r *reader) partsOf(x grammar.Expr) ([]axisWord, bool) {
	switch x := x.(type) {
	case *grammar.Merge:
		return r.axisWords(x.Items)
	case *grammar.Name:
		return r.spelt(axisWord{label: x.Text, many: x.Many, span: x.Span()}), true
	}
	r.fault(BadAxes, x.Span(), "several axes read as one stand in parentheses: `p=(row col)`")
	return nil, false
}
