package check

import (
	"maps"
	"slices"

	"ncd/compiler/diagram"
	"ncd/grammar"
	"ncd/grammar/source"
)

// relation is how the weights of a model hang on those of another of the same
// diagram: `model teacher = ema[net, 0.999]`.
type relation struct {
	kind string // "clone", "ema" or "frozen"
	own  *bound
	of   *bound // nil: no model, but a diagram of its own
	keep float64
	span source.Span
}

// relationForms are the relations and their brackets, as a diagram would declare
// them.
var relationForms = map[string]string{
	"clone":  "f: diagram",
	"frozen": "f: diagram",
	"ema":    "f: diagram, keep: number = 0.999",
}

// related reads a model that is a relation to another; nil where it is none. It is
// made of the same boxes as the other.
func (t *training) related(x grammar.Expr) (*relation, box) {
	apply, ok := x.(*grammar.Apply)
	kind := modelName(x)
	if !ok || relationForms[kind] == "" || t.scope.look(kind) != nil || t.unit.find(kind) != nil {
		return nil, nil
	}
	if len(apply.Args) > 0 && t.isUnknown(apply.Args[0].Plain()) {
		return nil, poisonedBox{}
	}
	sign := &signature{params: formParameters(relationForms[kind])}
	words, ok := t.reader().bracketsOf(sign, apply.Args, kind, x.Span())
	if !ok {
		return nil, poisonedBox{}
	}
	r := &relation{kind: kind, keep: 0.999, span: x.Span()}
	if s, said := words.values["keep"].(static); said {
		r.keep, _ = s.number.Float()
		if r.keep < 0 || r.keep > 1 {
			t.fault(SizeInvalid, words.spans["keep"], "what is kept of a weight is from 0 to 1, and this is %v", r.keep)
			return nil, poisonedBox{}
		}
	}
	switch f := words.values["f"].(type) {
	case *bound:
		r.of = f
		return r, f.of
	case box:
		if kind == "frozen" {
			if c, isConfigured := f.(*configured); isConfigured {
				f = t.withSet(c)
			}
			return r, f
		}
		d := t.fault(InvalidEntry, x.Span(), "`%s` follows a model of this block, and `%s` is none", kind, words.spans["f"].Text())
		d.Help = append(d.Help, "model net = …, then `"+kind+"[net]`")
	case nil:
		d := t.fault(ParameterMissing, x.Span(), "`%s` must say which model", kind)
		d.Help = append(d.Help, "for example `"+kind+"[net]`")
	}
	return nil, poisonedBox{}
}

// isUnknown tells of a name that is no model and no box.
func (t *training) isUnknown(x grammar.Expr) bool {
	name, ok := x.(*grammar.Name)
	if !ok || t.scope.look(name.Text) != nil || t.isBox(name.Text) {
		return false
	}
	var models []string
	for _, b := range t.models {
		models = append(models, b.name)
	}
	t.fault(UnknownName, x.Span(), "no model is called `%s`%s", name.Text, meant(name.Text, models))
	return true
}

// relate ties the weights of related models, once all have been made.
func (t *training) relate() {
	for _, r := range t.relations {
		if r.of == nil || r.of.store.isEmpty() && r.kind == "frozen" {
			r.own.store.each(func(w *diagram.Weight) { w.Frozen = true })
			continue
		}
		if r.of.store.isEmpty() && len(r.own.boxes) > 0 {
			t.fault(InvalidEntry, r.span, "`%s` follows `%s`, and nothing flows through that", r.own.name, r.of.name)
			continue
		}
		t.tie(r, r.own.store, r.of.store)
	}
}

// tie ties the weights of two stores that are alike.
func (t *training) tie(r *relation, own, of *store) {
	for _, role := range slices.Sorted(maps.Keys(own.weights)) {
		w, leader := own.weights[role], of.weights[role]
		if leader == nil {
			continue
		}
		if !w.Axes.Equal(leader.Axes) && !t.sameAxes(w, leader) {
			d := t.fault(SharedSizes, r.span, "`%s` and `%s` have weights of different sizes: `%s` is %s and %s", r.own.name, r.of.name, w.Path, w.Axes, leader.Axes)
			d.Notes = append(d.Notes, source.Note{Span: w.Span, Message: "the weight"})
			continue
		}
		switch r.kind {
		case "clone":
			w.Like = leader
		case "ema":
			w.Follows, w.Keep = leader, r.keep
		case "frozen":
			w.Follows, w.Keep = leader, 0 // it is always what the other is, and learns nothing by its own use
		}
	}
	for _, name := range slices.Sorted(maps.Keys(own.inner)) {
		if of.inner[name] != nil {
			t.tie(r, own.inner[name], of.inner[name])
		}
	}
}

func (t *training) sameAxes(w, leader *diagram.Weight) bool {
	if len(w.Axes) != len(leader.Axes) {
		return false
	}
	for i, a := range w.Axes {
		if !t.job.unifier.Unify(a.Size, leader.Axes[i].Size) {
			return false
		}
	}
	return true
}

// isEmpty reports whether no weight was made.
func (s *store) isEmpty() bool {
	isEmpty := true
	s.each(func(*diagram.Weight) { isEmpty = false })
	return isEmpty
}

// each visits the weights of a store and of those inside, in order.
func (s *store) each(visit func(*diagram.Weight)) {
	for _, role := range slices.Sorted(maps.Keys(s.weights)) {
		visit(s.weights[role])
	}
	for _, name := range slices.Sorted(maps.Keys(s.inner)) {
		s.inner[name].each(visit)
	}
}

// poisonedBox stands for a box that has an error, which is told already.
type poisonedBox struct{ poison }

func (poisonedBox) apply(*elaborator, value, use) value { return poison{} }
