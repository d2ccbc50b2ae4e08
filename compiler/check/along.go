package check

import (
	"strings"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
)

// along is the sole wire with the sole axis that the brackets name.
func (a *application) along() (*diagram.Wire, int, bool) {
	w, ok := a.one()
	if !ok {
		return nil, 0, false
	}
	i, ok := a.oneAxis(w)
	return w, i, ok
}

// alongEach changes each axis that the brackets name, one after another.
func (a *application) alongEach(change func(w *diagram.Wire, i int) value) value {
	w, ok := a.one()
	words, okWords := a.wanted()
	if !ok || !okWords {
		return poison{}
	}
	if _, ok := a.named(w, words); !ok {
		return poison{}
	}
	asks := asksForEach(a.args)
	for _, word := range words {
		if asks && !a.readFor(word) {
			return poison{}
		}
		made, ok := change(w, w.Type.Axes.Index(word.label)).(wire)
		if !ok {
			return poison{}
		}
		w = made.Wire
	}
	return wire{w}
}

// asksForEach reports whether sizes in brackets hang on the axis in question:
// `slice[p.., 0, p../2]`.
func asksForEach(args []*grammar.Arg) bool {
	asks := false
	for _, arg := range args[min(1, len(args)):] {
		grammar.Walk(arg, func(n grammar.Node) bool {
			name, isName := n.(*grammar.Name)
			asks = asks || isName && name.Many
			return !asks
		})
	}
	return asks
}

// readFor reads the brackets again for one of the axes, whose size is then what the
// `p..` that it is of stands for.
func (a *application) readFor(word axisWord) bool {
	a.reader.each = map[string]shape.Size{}
	if word.group != "" {
		a.reader.each[word.group] = word.known
	}
	words, ok := a.reader.bracketsOf(a.made.signature(), a.args, a.made.name, a.at.span)
	a.brackets = words
	return ok
}

// firstOfEach are sizes for `p..` by which brackets are read before it is known for
// which axis.
func (e *elaborator) firstOfEach() map[string]shape.Size {
	first := map[string]shape.Size{}
	for name, group := range e.groups {
		first[name] = shape.Int(1)
		if len(group) > 0 {
			first[name] = group[0].Size
		}
	}
	return first
}

// oneAxis is the sole axis that the brackets name, on a wire.
func (a *application) oneAxis(w *diagram.Wire) (int, bool) {
	words, ok := a.wanted()
	if !ok {
		return 0, false
	}
	found, ok := a.named(w, words)
	if !ok || !a.holdOne(words) {
		return 0, false
	}
	return found[0], true
}

// holdOne holds that brackets name one axis, for a box whose meaning over several would
// be a guess.
func (a *application) holdOne(words []axisWord) bool {
	if len(words) == 1 {
		return true
	}
	if len(words) == 0 {
		a.fault(BadAxes, a.at.span, "`%s` works along one axis, and none is named", a.made.name)
		return false
	}
	labels, by := make([]string, len(words)), ""
	for i, word := range words {
		labels[i] = word.label
		if word.group != "" {
			by = " by `" + word.group + "..`"
		}
	}
	d := a.fault(BadAxes, a.at.span, "`%s` works along one axis, and %s are named%s", a.made.name, quoted(labels), by)
	if whole := strings.Join(labels, " "); a.made.name == "concat" {
		d.Help = append(d.Help, "name the one along which the wires lie behind each other")
	} else {
		d.Help = append(d.Help, "merge them first, `["+whole+" -> s=("+whole+")]`, or take one after another")
	}
	return false
}
