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
	if !a.Arrow {
		return e.ordered(r, w, a, at.span)
	}
	from, okFrom := r.groupsOf(a.Items)
	to, okTo := r.groupsOf(a.To)
	if !okFrom || !okTo {
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

func (r *reader) groupsOf(items []*grammar.Item) ([]grouping, bool) {
	var groups []grouping
	for _, item := range items {
		name := item.Name()
		if name == nil {
			r.fault(BadAxes, item.Span(), "an axis is wanted here, not `%s`", item.Span().Text())
			return nil, false
		}
		g := grouping{word: axisWord{label: name.Text, many: name.Many, size: item.Size, span: item.Span()}}
		if item.Value != nil {
			parts, ok := r.partsOf(item.Value)
			if !ok {
				return nil, false
			}
			g.parts = parts
		}
		groups = append(groups, g)
	}
	return groups, true
}

func (r *reader) partsOf(x grammar.Expr) ([]axisWord, bool) {
	switch x := x.(type) {
	case *grammar.Merge:
		return r.axisWords(x.Items)
	case *grammar.Name:
		return []axisWord{{label: x.Text, many: x.Many, span: x.Span()}}, true
	}
	r.fault(BadAxes, x.Span(), "several axes read as one stand in parentheses: `p=(row col)`")
	return nil, false
}
