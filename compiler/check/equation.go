package check

import (
	"slices"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// equation is an index equation: S[y x h] = Q[y k h] * K[x k h].
type equation struct {
	*elaborator
	target  *grammar.Apply
	letters []*letter // left of `=` first, then in the order in which they are met
	left    []*letter
	plain   map[string]bool // names that stand alone in some bracket
	batch   *letter         // outermost axis that brackets need not name
}

// letter is an index of an equation.
type letter struct {
	key   string // what brackets call it
	label string // of the axis it makes
	size  shape.Size
	known bool
	from  place
	span  source.Span
}

// factor is a wire of a product with its brackets, an affine sum of letters for
// each axis.
type factor struct {
	wire   *diagram.Wire
	places []affine
	span   source.Span
}

// affine is offset + Σ stride·letter.
type affine struct {
	terms  []affineTerm
	offset shape.Size
	span   source.Span
}

type affineTerm struct {
	letter *letter
	stride shape.Size
}

// product is one term of the right side.
type product struct {
	factors   []*factor
	scalars   []*diagram.Wire // wires of no axes
	number    diagram.Number
	hasNumber bool
	negative  bool
	span      source.Span
}

// equation elaborates `name[axes] = products` and defines the name.
func (e *elaborator) equation(target *grammar.Apply, right grammar.Expr) {
	name, ok := target.Fn.(*grammar.Name)
	if !ok {
		return
	}
	e.define(name.Text, e.equated(name.Text, target, right), name.Span())
}

func (e *elaborator) equated(name string, target *grammar.Apply, right grammar.Expr) value {
	q := &equation{elaborator: e, target: target, plain: map[string]bool{}}
	q.notePlain(target.Args)
	grammar.Walk(right, func(n grammar.Node) bool {
		if a, isApply := n.(*grammar.Apply); isApply {
			q.notePlain(a.Args)
		}
		return true
	})
	if !q.readLeft() {
		e.useAll(right)
		return poison{}
	}
	v := q.sum(right)
	if w, isWire := v.(wire); isWire && w.Name == "" {
		w.Wire.Name = name
	}
	return v
}

// notePlain notes the names that stand alone in brackets: they are letters.
func (q *equation) notePlain(args []*grammar.Arg) {
	for _, a := range args {
		for _, item := range a.Items {
			if name := item.Name(); name != nil {
				q.plain[name.Text] = true
			}
		}
	}
}

// readLeft reads the axes of the result.
func (q *equation) readLeft() bool {
	for _, a := range q.target.Args {
		for _, item := range a.Items {
			name := item.Name()
			if name == nil || item.Value != nil || a.Arrow {
				q.fault(BadAxes, item.Span(), "left of `=` stand the axes of the result, and `%s` is none", item.Span().Text())
				return false
			}
			if !q.leftLetters(name, item) {
				return false
			}
		}
	}
	return true
}

func (q *equation) leftLetters(name *grammar.Name, item *grammar.Item) bool {
	made := []*letter{}
	if name.Many {
		for _, l := range q.groupLetters(name.Text, q.groups[name.Text], item.Span()) {
			made = append(made, l)
		}
	} else {
		made = append(made, q.letter(name.Text, name.Text, item.Span()))
	}
	for _, l := range made {
		if slices.ContainsFunc(q.left, func(m *letter) bool { return m == l || m.label == l.label }) {
			q.fault(AxisTwice, item.Span(), "axis `%s` twice on one wire", l.label)
			return false
		}
		q.left = append(q.left, l)
	}
	return q.sizeLetter(made, item)
}

// sizeLetter takes the size that `u:3` says.
func (q *equation) sizeLetter(letters []*letter, item *grammar.Item) bool {
	if item.Size == nil {
		return true
	}
	size, ok := q.sizeAt(item.Size)
	if !ok || len(letters) != 1 {
		return false
	}
	return q.settle(letters[0], size, place{item.Span(), ""}, item.Span())
}

// letter finds a letter by its key, or makes it.
func (q *equation) letter(key, label string, span source.Span) *letter {
	for _, l := range q.letters {
		if l.key == key {
			return l
		}
	}
	for slices.ContainsFunc(q.letters, func(l *letter) bool { return l.label == label }) {
		label += "'"
	}
	l := &letter{key: key, label: label, span: span}
	q.letters = append(q.letters, l)
	return l
}

// groupLetters are the letters of the axes that `p..` stands for.
func (q *equation) groupLetters(name string, axes shape.Shape, span source.Span) []*letter {
	letters := make([]*letter, len(axes))
	for i, a := range axes {
		l := q.letter(name+".."+a.Label, a.Label, span)
		if !l.known {
			l.size, l.known = a.Size, true
		}
		letters[i] = l
	}
	return letters
}

// settle gives a letter its size, or holds it against the one it has.
func (q *equation) settle(l *letter, size shape.Size, from place, span source.Span) bool {
	if !l.known {
		l.size, l.known, l.from = size, true, from
		return true
	}
	if q.job.unifier.Unify(l.size, size) {
		return true
	}
	q.sizeFault(l.label, size, l.size, span, from, l.from)
	return false
}

// sum adds up the products of the right side.
func (q *equation) sum(x grammar.Expr) value {
	products, ok := q.products(x, false)
	if !ok {
		return poison{}
	}
	for _, p := range products {
		if len(p.factors) == 0 {
			d := q.fault(InvalidEquation, p.span, "an index equation multiplies wires whose axes stand in brackets, and `%s` has none", p.span.Text())
			d.Help = append(d.Help, "without brackets left of `=` a name is what its right side is: `name = "+x.Span().Text()+"`")
			return poison{}
		}
	}
	if !q.solve(products) {
		return poison{}
	}
	total := value(nil)
	for _, p := range products {
		v := q.contract(p)
		if isPoisoned(v) {
			return v
		}
		if total == nil {
			total = v
		} else {
			total = q.elementwise(diagram.FnAdd, total, v, x.Span())
		}
	}
	return total
}

func (q *equation) products(x grammar.Expr, negative bool) ([]*product, bool) {
	switch x := x.(type) {
	case *grammar.Binary:
		if x.Op == "+" || x.Op == "-" {
			left, okLeft := q.products(x.Left, negative)
			right, okRight := q.products(x.Right, negative != (x.Op == "-"))
			return append(left, right...), okLeft && okRight
		}
	case *grammar.Negate:
		return q.products(x.Of, !negative)
	}
	p := &product{span: x.Span(), negative: negative, number: diagram.Literal(1)}
	return []*product{p}, q.multiply(p, x)
}

// multiply puts the factors of an expression into a product.
func (q *equation) multiply(p *product, x grammar.Expr) bool {
	switch x := x.(type) {
	case *grammar.Binary:
		if x.Op == "*" {
			left := q.multiply(p, x.Left)
			return q.multiply(p, x.Right) && left
		}
		if x.Op == "/" {
			left := q.multiply(p, x.Left)
			return q.divide(p, x.Right) && left
		}
	case *grammar.Negate:
		p.negative = !p.negative
		return q.multiply(p, x.Of)
	case *grammar.Apply:
		if f, isIndexed, ok := q.indexed(x); isIndexed {
			p.factors = append(p.factors, f)
			return ok
		}
	}
	return q.scalar(p, x, false)
}

func (q *equation) divide(p *product, x grammar.Expr) bool {
	if a, ok := x.(*grammar.Apply); ok {
		if _, isIndexed, _ := q.indexed(a); isIndexed {
			q.fault(InvalidEquation, x.Span(), "an index equation divides by scalars only")
			return false
		}
	}
	return q.scalar(p, x, true)
}

// scalar multiplies by a number or by a wire of no axes, or divides by it.
func (q *equation) scalar(p *product, x grammar.Expr, inverse bool) bool {
	switch v := q.scalarValue(x).(type) {
	case static:
		op := "*"
		if inverse {
			op = "/"
		}
		if p.hasNumber || inverse {
			p.number = diagram.Arithmetic(op, p.number, v.number)
		} else {
			p.number = v.number
		}
		p.hasNumber = true
		return true
	case wire:
		if len(v.Type.Axes) > 0 {
			d := q.fault(InvalidEquation, x.Span(), "%s stands in an index equation without brackets", q.wireName(v.Wire))
			d.Help = append(d.Help, "name its axes: `"+x.Span().Text()+bracketsOfType(v.Wire)+"`")
			return false
		}
		w := v.Wire
		if inverse {
			w = q.mapped(diagram.Apply(diagram.FnReciprocal), []*diagram.Wire{w}, x.Span()).(wire).Wire
		}
		p.scalars = append(p.scalars, w)
		return true
	case poison:
		return false
	default:
		q.fault(InvalidEquation, x.Span(), "an index equation multiplies wires and scalars, and this is %s", kindOf(v))
		return false
	}
}

// scalarValue evaluates a factor without brackets. A letter is a size there, if no
// wire has its name.
func (q *equation) scalarValue(x grammar.Expr) value {
	r := q.reader()
	r.indices = map[string]shape.Size{}
	for _, l := range q.letters {
		if b := q.scope.look(l.key); l.known && b == nil {
			r.indices[l.key] = l.size
		}
	}
	if q.isStaticExpr(x) {
		return r.value(x)
	}
	return q.eval(x)
}

// isStaticExpr reports whether an expression names no wire and no box.
func (q *equation) isStaticExpr(x grammar.Expr) bool {
	isStatic := true
	grammar.Walk(x, func(n grammar.Node) bool {
		switch n := n.(type) {
		case *grammar.Flow, *grammar.Load, *grammar.Tuple, *grammar.Box:
			isStatic = false
		case *grammar.Name:
			if b := q.scope.look(n.Text); b != nil {
				_, isNumber := b.value.(static)
				isStatic = isStatic && isNumber
			}
		}
		return isStatic
	})
	return isStatic
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
	named, batch := countNamed(items, q.groups, w), 0
	if named == len(w.Type.Axes)-1 && len(w.Type.Axes) > 0 && w.Type.Axes[0].Label == ambient {
		batch = 1
		q.ambientLetter(w.Type.Axes[0])
		f.places = append(f.places, affine{terms: []affineTerm{{q.batch, shape.Int(1)}}, span: x.Span()})
	}
	if named+batch != len(w.Type.Axes) {
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

// ambient is the axis that training adds and brackets need not name.
const ambient = "batch"

func (q *equation) ambientLetter(a shape.Axis) {
	if q.batch == nil {
		q.batch = q.letter("."+ambient, a.Label, q.target.Span())
		q.batch.size, q.batch.known = a.Size, true
		q.left = append([]*letter{q.batch}, q.left...)
	}
}

func itemsOf(args []*grammar.Arg) []*grammar.Item {
	var items []*grammar.Item
	for _, a := range args {
		items = append(items, a.Items...)
	}
	return items
}

// countNamed counts the axes that brackets name; `p..` that is not known stands
// for all that the others leave.
func countNamed(items []*grammar.Item, groups map[string]shape.Shape, w *diagram.Wire) int {
	n := 0
	for _, item := range items {
		name := item.Name()
		if name != nil && name.Many {
			if group, isKnown := groups[name.Text]; isKnown {
				n += len(group)
			} else {
				group := shape.Shape{}
				rest := len(w.Type.Axes) - (len(items) - 1)
				first := slices.Index(items, item)
				for i := range max(rest, 0) {
					if a := w.Type.Axes[first+i]; a.Label != ambient {
						group = append(group, a)
					}
				}
				groups[name.Text] = group
				n += len(group)
			}
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
	case name != nil && !q.isOffset(name):
		l := q.letter(name.Text, name.Text, item.Span())
		f.places = append(f.places, affine{terms: []affineTerm{{l, shape.Int(1)}}, span: item.Span()})
		return q.sizeLetter([]*letter{l}, item)
	}
	a, ok := q.affine(item.Expr)
	a.span = item.Span()
	f.places = append(f.places, a)
	return ok
}

// isOffset reports whether a lone name in brackets is no letter but a number
// known before data flow: the letter of a loop.
func (q *equation) isOffset(name *grammar.Name) bool {
	return false
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

func (a affine) sole() (*letter, bool) {
	if len(a.terms) == 1 && a.offset.IsZero() && a.terms[0].stride.Equal(shape.Int(1)) {
		return a.terms[0].letter, true
	}
	return nil, false
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

// contract is the box of one product.
func (q *equation) contract(p *product) value {
	if p.negative {
		p.number, p.hasNumber = diagram.Arithmetic("neg", p.number), true
	}
	var in []*diagram.Wire
	if p.hasNumber {
		in = append(in, q.constantWire(p.number, p.span))
	}
	in = append(in, p.scalars...)
	scalars := len(in)
	weave := diagram.Weave{}
	index := map[*letter]int{}
	for _, l := range q.left {
		index[l] = len(weave.Degree)
		weave.Degree = append(weave.Degree, shape.Axis{Label: l.label, Size: l.size})
	}
	for _, l := range q.letters {
		if _, isLeft := index[l]; !isLeft && p.reads(l) {
			index[l] = len(weave.Degree) + len(weave.Own)
			weave.Own = append(weave.Own, shape.Axis{Label: l.label, Size: l.size})
		}
	}
	for range scalars {
		weave.In = append(weave.In, []diagram.Affine{})
	}
	for _, f := range p.factors {
		in = append(in, f.wire)
		weave.In = append(weave.In, f.port(index))
	}
	out := &diagram.Wire{Type: shape.Type{Axes: weave.Degree}, Span: q.target.Span()}
	weave.Out = [][]diagram.Affine{weave.Indices(weave.Degree)}
	q.add(&diagram.Box{Op: diagram.Contract{}, In: in, Out: []*diagram.Wire{out}, Weave: weave, Span: p.span})
	for _, l := range q.left {
		q.setOrigin(out, l.label, l.from)
	}
	return wire{out}
}

func (p *product) reads(l *letter) bool {
	return slices.ContainsFunc(p.factors, func(f *factor) bool {
		return slices.ContainsFunc(f.places, func(a affine) bool { return a.strideOf(l) != nil })
	})
}

func (a affine) strideOf(l *letter) *shape.Size {
	for i := range a.terms {
		if a.terms[i].letter == l {
			return &a.terms[i].stride
		}
	}
	return nil
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
