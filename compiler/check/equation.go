package check

import (
	"slices"

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
	riders  int             // how many letters in front are of axes that ride along
}

// letter is an index of an equation.
type letter struct {
	key   string // what brackets call it
	label string // of the axis it makes
	size  shape.Size
	known bool
	from  source.Span
	span  source.Span
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
	return q.settle(letters[0], size, item.Span(), item.Span())
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
func (q *equation) settle(l *letter, size shape.Size, from source.Span, span source.Span) bool {
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

func (a affine) sole() (*letter, bool) {
	if len(a.terms) == 1 && a.offset.IsZero() && a.terms[0].stride.Equal(shape.Int(1)) {
		return a.terms[0].letter, true
	}
	return nil, false
}

func (a affine) strideOf(l *letter) *shape.Size {
	for i := range a.terms {
		if a.terms[i].letter == l {
			return &a.terms[i].stride
		}
	}
	return nil
}
