package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// factor is a wire of a product with its brackets, an affine sum of letters for
// each axis.
type factor struct {
	wire   *diagram.Wire
	places []affine
	span   source.Span
}

func bracketsOfType(w *diagram.Wire) string {
	text := "["
	for i, label := range w.Type.Axes.Labels() {
		if i > 0 {
			text += " "
		}
		text += label
	}
	return text + "]"
}

// indexed reads a wire with brackets.
func (q *equation) indexed(x *grammar.Apply) (f *factor, isIndexed, ok bool) {
	name, isName := x.Fn.(*grammar.Name)
	if !isName || isStaticFunction(x) {
		return nil, false, false
	}
	b := q.scope.use(name.Text)
	switch {
	case b == nil && !q.isBox(name.Text):
		if !q.unit.isBroken(name.Text) {
			q.fault(UnknownName, name.Span(), "no wire is called `%s` here%s", name.Text, meant(name.Text, q.scope.all()))
		}
		return nil, true, false
	case b == nil:
		return nil, false, false
	}
	switch v := b.value.(type) {
	case wire:
		f, ok = q.factor(v.Wire, x)
		return f, true, ok
	case poison:
		return nil, true, false
	}
	return nil, false, false
}

// factor reads the brackets of a wire, an affine place for each of its axes.
func (q *equation) factor(w *diagram.Wire, x *grammar.Apply) (*factor, bool) {
	f := &factor{wire: w, span: x.Span()}
	if w.Type.IsPlace() {
		q.fault(NumberNeeded, x.Span(), "%s holds places along `%s`, and an index equation multiplies numbers", q.wireName(w), w.Type.In.Label)
		return f, false
	}
	items := itemsOf(x.Args)
	q.bindGroup(items, w)
	riders, named := q.unnamed(items, w), q.countNamed(items)
	for _, a := range riders {
		f.places = append(f.places, affine{terms: []affineTerm{{q.rider(a), shape.Int(1)}}, span: x.Span()})
	}
	if named+len(riders) != len(w.Type.Axes) {
		d := q.fault(IndexCount, x.Span(), "`%s` is %s, and its brackets name %s", x.Fn.Span().Text(), q.typeOf(w), counted(named, "axis"))
		d.Help = append(d.Help, "name all of them: `"+x.Fn.Span().Text()+bracketsOfType(w)+"`")
		return f, false
	}
	for _, item := range items {
		if !q.placesOf(f, item) {
			return f, false
		}
	}
	return f, q.holdOrder(f, x, items) && q.settleDirect(f)
}

// unnamed are the outermost axes of a wire that ride along and that its brackets do not
// name.
func (q *equation) unnamed(items []*grammar.Item, w *diagram.Wire) shape.Shape {
	n := 0
	for _, a := range w.Type.Axes {
		if !q.rides(a.Label) || namesAxis(items, a.Label) || len(w.Type.Axes)-n <= q.countNamed(items) {
			break
		}
		n++
	}
	return w.Type.Axes[:n]
}

// rider is the letter of an axis that rides along. It stands left of `=` as well.
func (q *equation) rider(a shape.Axis) *letter {
	key := "." + a.Label
	if i := slices.IndexFunc(q.letters, func(l *letter) bool { return l.key == key }); i >= 0 {
		return q.letters[i]
	}
	l := q.letter(key, a.Label, q.target.Span())
	l.size, l.known = a.Size, true
	q.left = slices.Insert(q.left, q.riders, l)
	q.riders++
	return l
}

func itemsOf(args []*grammar.Arg) []*grammar.Item {
	var items []*grammar.Item
	for _, a := range args {
		items = append(items, a.Items...)
	}
	return items
}

// bindGroup lets `p..` that is not known stand for all axes that the other items
// leave.
func (q *equation) bindGroup(items []*grammar.Item, w *diagram.Wire) {
	for first, item := range items {
		name := item.Name()
		if name == nil || !name.Many || q.groups[name.Text] != nil {
			continue
		}
		axes := w.Type.Axes
		for len(axes) > 0 && q.rides(axes[0].Label) && !namesAxis(items, axes[0].Label) {
			axes = axes[1:]
		}
		n := max(len(axes)-len(items)+1, 0)
		q.groups[name.Text] = slices.Clone(axes[min(first, len(axes)):min(first+n, len(axes))])
	}
}

func namesAxis(items []*grammar.Item, label string) bool {
	return slices.ContainsFunc(items, func(i *grammar.Item) bool { return i.Name() != nil && i.Name().Text == label })
}

// countNamed counts the axes that brackets name.
func (q *equation) countNamed(items []*grammar.Item) int {
	n := 0
	for _, item := range items {
		if name := item.Name(); name != nil && name.Many {
			n += len(q.groups[name.Text])
			continue
		}
		n++
	}
	return n
}

// placesOf reads one item of brackets.
func (q *equation) placesOf(f *factor, item *grammar.Item) bool {
	name := item.Name()
	switch {
	case item.Value != nil:
		q.fault(BadAxes, item.Span(), "brackets of a wire name places, and `%s` is none", item.Span().Text())
		return false
	case name != nil && name.Many:
		for _, l := range q.groupLetters(name.Text, q.groups[name.Text], item.Span()) {
			f.places = append(f.places, affine{terms: []affineTerm{{l, shape.Int(1)}}, span: item.Span()})
		}
		return true
	case name != nil:
		l := q.letter(name.Text, name.Text, item.Span())
		f.places = append(f.places, affine{terms: []affineTerm{{l, shape.Int(1)}}, span: item.Span()})
		return q.sizeLetter([]*letter{l}, item)
	}
	a, ok := q.affine(item.Expr)
	a.span = item.Span()
	f.places = append(f.places, a)
	return ok
}

// holdOrder holds that letters which are labels of the wire stand where it has
// them.
func (q *equation) holdOrder(f *factor, x *grammar.Apply, items []*grammar.Item) bool {
	labels := f.wire.Type.Axes.Labels()
	for i, a := range f.places {
		l, ok := a.sole()
		if !ok || l.key != l.label {
			continue
		}
		at := slices.Index(labels, l.key)
		if at < 0 || at == i {
			continue
		}
		if own, ok := f.places[at].sole(); ok && own == l {
			continue
		}
		d := q.fault(IndexOrder, x.Span(), "`%s` is %s; did you mean `%s%s`?", x.Fn.Span().Text(), q.typeOf(f.wire), x.Fn.Span().Text(), bracketsOfType(f.wire))
		d.Help = append(d.Help, "brackets name a wire's axes in its own order: a new letter renames, an old letter stays where it is")
		return false
	}
	return true
}

// settleDirect sizes the letters that stand alone by the axes of the wire.
func (q *equation) settleDirect(f *factor) bool {
	for i, a := range f.places {
		l, ok := a.sole()
		if !ok {
			continue
		}
		axis := f.wire.Type.Axes[i]
		from, _ := q.origin(f.wire, axis)
		if !q.settle(l, axis.Size, from, a.span) {
			return false
		}
	}
	return true
}

func (f *factor) port(index map[*letter]int) []diagram.Affine {
	port := []diagram.Affine{}
	for _, a := range f.places {
		made := diagram.Affine{Offset: a.offset}
		for _, t := range a.terms {
			made.Terms = append(made.Terms, diagram.AffineTerm{Index: index[t.letter], Stride: t.stride})
		}
		port = append(port, made)
	}
	return port
}
