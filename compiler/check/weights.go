package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
)

// Boxes that say how the weights of a box hang on those of another. A train block says
// the same of whole models.
var weightBoxes = []*primitive{
	{name: "frozen", form: "f: diagram", shape: frozen, isRelation: true},
	{name: "clone", form: "f: diagram", shape: related, isRelation: true},
	{name: "ema", form: "f: diagram, keep: number = 0.999", shape: related, isRelation: true},
	{name: "lowrank", form: "f: diagram, r = 4", shape: lowrank, isRelation: true},
	{name: "tied", form: "f: diagram", shape: tied},
}

// handedBox is the box in the brackets.
func (a *application) handedBox() (box, bool) {
	f, ok := a.values["f"].(box)
	if !ok {
		a.fault(ParameterMissing, a.at.span, "`%s` must say which box: `%s[f]`", a.made.name, a.made.name)
	}
	return f, ok
}

// frozen is a box whose weights learning leaves as they are. Of a box with a name it
// is a use in which they learn nothing.
func frozen(a *application) value {
	f, ok := a.handedBox()
	if !ok {
		return poison{}
	}
	return a.frozen(f)
}

// related is a box with weights of its own that begin as those of a box with a name,
// or that follow them.
func related(a *application) value {
	f, ok := a.handedBox()
	if !ok {
		return poison{}
	}
	b, isBound := f.(*bound)
	if c, ok := f.(*configured); ok && c.made == (later{}) {
		keep, ok := a.keep()
		if !ok {
			return poison{}
		}
		return a.likeLater(c, a.made.name, keep)
	}
	if !isBound {
		d := a.fault(BoxNeeded, a.at.span, "`%s` wants a box with a name, whose weights these are to be like", a.made.name)
		d.Help = append(d.Help, "f = linear[m -> n], then `"+a.made.name+"[f]`")
		return poison{}
	}
	keep, ok := a.keep()
	if !ok {
		return poison{}
	}
	return a.alike(b, a.made.name, keep)
}

// keep is how much of a weight is kept that follows another.
func (a *application) keep() (float64, bool) {
	keep := 0.999
	if s, isGiven := a.values["keep"].(static); isGiven {
		known := false
		if keep, known = s.number.Float(); !known || keep < 0 || keep > 1 {
			a.fault(SizeInvalid, a.spans["keep"], "what is kept of a weight is from 0 to 1, and this is %s", s.number)
			return 0, false
		}
	}
	return keep, true
}

// alike applies the boxes of a box with a name, with weights of their own that are
// tied to its weights once all have been made.
func (a *application) alike(of *bound, kind string, keep float64) value {
	at := a.at
	if at.name == "" {
		at.name = a.numbered(kind)
	}
	own := &bound{name: at.name, of: of.of, store: a.storeOf(at, at.name), isWhole: of.isWhole}
	own.store.name = ""
	if own.store.owner == nil {
		own.store.owner = a.d
	}
	a.job.relations = append(a.job.relations, &relation{kind: kind, own: own, of: of, keep: keep, span: a.at.span})
	return own.apply(a.elaborator, a.in, at)
}

// relateBoxes ties the weights of boxes that hang on others.
func (e *elaborator) relateBoxes() {
	for _, r := range e.job.relations {
		if r.of.store.isEmpty() && !r.own.store.isEmpty() && r.kind != "frozen" {
			e.fault(BoxNeeded, r.span, "`%s` is like `%s`, and nothing flows through that", r.kind, r.of.name)
			continue
		}
		if r.of.store.isEmpty() {
			r.own.store.each(func(w *diagram.Weight) { w.Frozen = true })
			continue
		}
		(&training{elaborator: e}).tie(r, r.own.store, r.of.store)
	}
	e.job.relations = nil
}

// lowrank is a box whose weights are frozen, with a learned part of low rank beside
// each of its linear maps (Hu et al. 2021, arXiv:2106.09685).
func lowrank(a *application) value {
	f, ok := a.handedBox()
	if !ok {
		return poison{}
	}
	rank, isGiven := a.size("r")
	if !isGiven {
		rank = shape.Int(4)
	}
	if n, isKnown := rank.Int(); isKnown && n < 1 {
		a.fault(SizeInvalid, a.spans["r"], "a rank is 1 or more, not %s", rank)
		return poison{}
	}
	inner := *a
	e := *a.elaborator
	e.rank = &rank
	inner.elaborator = &e
	return inner.frozen(f)
}

// frozen applies a box whose weights do not learn.
func (a *application) frozen(f box) value {
	if b, isBound := f.(*bound); isBound {
		return a.alike(b, "frozen", 0)
	}
	e := *a.elaborator
	e.isFrozen = true
	return f.apply(&e, a.in, a.at)
}

// beside is what a linear map makes together with its learned part of low rank, which
// begins at nothing.
func (a *application) beside(w, made *diagram.Wire, taken []int, in, out shape.Shape, name string) value {
	s := a.storeOf(a.at, name)
	middle := shape.Axis{Label: "rank", Size: *a.rank}
	for w.Type.Axes.Index(middle.Label) >= 0 {
		middle.Label += "'"
	}
	learning := *a
	e := *a.elaborator
	e.isFrozen = false
	learning.elaborator = &e
	preset := diagram.Init{Kind: "normal", Scale: 1, FanIn: in}
	down, okDown := learning.weight(s, name, "down", slices.Concat(a.each, in, shape.Shape{middle}), preset)
	up, okUp := learning.weight(s, name, "up", slices.Concat(a.each, shape.Shape{middle}, out), diagram.Init{Kind: "constant"})
	if !okDown || !okUp {
		return poison{}
	}
	low := a.linearWire(w, taken, in, shape.Shape{middle}, diagram.Linear{From: len(in), To: 1, Weight: down}, name)
	at := []int{low.Type.Axes.Index(middle.Label)}
	low = a.linearWire(low, at, shape.Shape{middle}, out, diagram.Linear{From: 1, To: len(out), Weight: up}, name)
	return a.mapped(diagram.Apply(diagram.FnAdd), []*diagram.Wire{made, low}, a.at.span)
}

// tied is the weight of a linear box with a name, the other way: from what that makes
// to what it takes (Press and Wolf 2017, arXiv:1608.05859).
func tied(a *application) value {
	w, ok := a.ofNumbers()
	f, okBox := a.handedBox()
	if !ok || !okBox {
		return poison{}
	}
	b, isBound := f.(*bound)
	if !isBound || b.store.weights["weight"] == nil || b.store.from == 0 {
		d := a.fault(BoxNeeded, a.at.span, "`tied` wants a linear box with a name, through which something has flowed before")
		d.Help = append(d.Help, "f = linear[vocab -> m], tokens >> f, then `tied[f]`")
		return poison{}
	}
	weight := b.store.weights["weight"]
	made, in := weight.Axes[:b.store.from], weight.Axes[b.store.from:]
	taken, ok := a.takenFor(w, in)
	if !ok || !a.holdFree(w, taken, made) {
		return poison{}
	}
	source := a.weightWire(weight, a.boxName(a.at, "tied"))
	degree := degreeBut(w, taken)
	weave := diagram.Weave{Degree: slices.Concat(degree, made), Own: in}
	first := len(weave.Degree)
	port := []diagram.Affine{}
	for i := range made {
		port = append(port, diagram.At(len(degree)+i))
	}
	for i := range in {
		port = append(port, diagram.At(first+i))
	}
	axes, out := placed(w, taken, made, len(degree))
	weave.In, weave.Out = [][]diagram.Affine{inPort(w, taken, first), port}, [][]diagram.Affine{out}
	return a.put(diagram.Contract{}, "", weave, []*diagram.Wire{w, source}, &diagram.Wire{Type: shape.Type{Axes: axes}})
}

// takenFor finds the axes of a weight on a wire.
func (a *application) takenFor(w *diagram.Wire, axes shape.Shape) ([]int, bool) {
	var taken []int
	for _, axis := range axes {
		i := w.Type.Axes.Index(axis.Label)
		if i < 0 {
			a.noAxis(axisWord{label: axis.Label, span: a.at.span}, w)
			return nil, false
		}
		if !a.job.unifier.Unify(w.Type.Axes[i].Size, axis.Size) {
			a.sizeFault(axis.Label, w.Type.Axes[i].Size, axis.Size, a.at.span)
			return nil, false
		}
		taken = append(taken, i)
	}
	return taken, true
}
