package check

import (
	"slices"
	"strings"
	"sync"

	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// primitive is an entry of the table of primitive boxes: its name, how it is
// written, and its shape rule.
type primitive struct {
	name       string
	form       string // its parameters as a diagram would declare them: "a.., size = 3"
	isSource   bool   // nothing flows in
	isWiring   bool   // it takes tuples as they are
	isMaker    bool   // its brackets name axes that it makes
	isEach     bool   // it changes each axis that its brackets name
	isMany     bool   // its brackets may hold more behind its last parameter
	isRelation bool   // it stands for another box, with weights that hang on that one's
	isOpen     bool   // its brackets may name more than its parameters
	shape      func(*application) value
	read       sync.Once
	sign       *signature // of the form, once it has been read
}

// signature is what the form says. It is read when the box is used first: most
// programs use few boxes.
func (p *primitive) signature() *signature {
	p.read.Do(func() { p.sign = &signature{params: formParameters(p.form), takesMore: p.isOpen, takesMany: p.isMany} })
	return p.sign
}

// application is one use of a primitive box, its brackets read.
type application struct {
	*elaborator
	*brackets
	made   *primitive
	at     use
	in     value
	wires  []*diagram.Wire
	args   []*grammar.Arg
	reader *reader
}

// primitives are the boxes that the compiler knows.
var primitives map[string]*primitive

func init() {
	primitives = map[string]*primitive{}
	for _, p := range slices.Concat(learnedBoxes, reductions, scalarBoxes, viewBoxes, lookups, chanceBoxes, tupleBoxes, iterations, orders, weightBoxes, gradientBoxes) {
		primitives[p.name] = p
	}
}

// formParameters reads a form with the parser, so that primitives take their
// brackets just as diagrams do.
func formParameters(form string) []*parameter {
	if form == "" {
		return nil
	}
	tree, said := grammar.Parse(&source.File{Name: "primitive", Text: "diagram P[" + form + "](x[]) -> [] { x }\n"})
	if len(said) > 0 {
		panic("check: the form " + form + " of a primitive box does not parse: " + said[0].Message)
	}
	params := (&report{}).parameters(tree.Decls[0].(*grammar.Diagram).Params)
	for _, p := range params {
		if p.kind == "" {
			p.kind = "word"
		}
	}
	return params
}

func (p *primitive) title() string { return p.name }

func (p *primitive) apply(e *elaborator, c *configured, in value, at use) value {
	a := &application{elaborator: e, made: p, at: at, in: in, args: c.args}
	if !p.isWiring {
		wires, ok := e.allWires(in, at.span)
		if !ok {
			return poison{}
		}
		a.wires = wires
	}
	a.reader = &reader{elaborator: c.site, scope: c.scope, incoming: a.wires}
	if p.isEach {
		a.reader.each = c.site.firstOfEach()
	}
	words, ok := a.reader.bracketsOf(p.signature(), c.args, p.name, at.span)
	if !ok {
		return poison{}
	}
	a.brackets = words
	if words.where != nil && p.name != "softmax" && p.name != "logsoftmax" {
		e.fault(UnknownParameter, words.where.Span(), "`%s` takes no `where`", p.name)
		return poison{}
	}
	if a.namesBatch() && !p.isMaker {
		return a.onBatch()
	}
	return p.shape(a)
}

// one is the sole wire that flows in.
func (a *application) one() (*diagram.Wire, bool) {
	return a.exactly(1, func() *diagram.Wire { return a.wires[0] })
}

func (a *application) exactly(n int, first func() *diagram.Wire) (*diagram.Wire, bool) {
	if len(a.wires) == n {
		return first(), true
	}
	a.fault(WireCount, a.at.span, "`%s` takes %s, and %s in", a.made.name, counted(n, "wire"), flows(len(a.wires)))
	return nil, false
}

// pair is the two wires that flow in.
func (a *application) pair() (first, second *diagram.Wire, ok bool) {
	first, ok = a.exactly(2, func() *diagram.Wire { return a.wires[0] })
	if !ok {
		return nil, nil, false
	}
	return first, a.wires[1], true
}

// ofNumbers is the sole wire that flows in, which holds numbers.
func (a *application) ofNumbers() (*diagram.Wire, bool) {
	w, ok := a.one()
	if ok && w.Type.IsPlace() {
		d := a.fault(NumberNeeded, a.at.span, "`%s` wants numbers, and %s holds places along `%s`", a.made.name, a.wireName(w), w.Type.In.Label)
		d.Help = append(d.Help, "`one_hot["+w.Type.In.Label+"]` makes numbers of places")
		return nil, false
	}
	return w, ok
}

// named finds the axes that the brackets name on a wire; it tells of those that
// are not there.
func (a *application) named(w *diagram.Wire, words []axisWord) ([]int, bool) {
	var found []int
	ok := true
	for _, word := range words {
		i := w.Type.Axes.Index(word.label)
		switch {
		case word.many:
			a.noGroup(word)
			ok = false
		case i < 0:
			a.noAxis(word, w)
			ok = false
		case slices.Contains(found, i):
			a.fault(AxisTwice, word.span, "axis `%s` is named twice", word.label)
			ok = false
		case !a.reader.holdSize(word, w, i):
			ok = false
		}
		found = append(found, i)
	}
	return found, ok
}

// noGroup tells that `p..` stands for nothing where it is written.
func (a *application) noGroup(word axisWord) {
	a.fault(UnknownAxis, word.span, "`%s..` stands for no axes here", word.label)
}

// list is the list of axes in the brackets, by the first parameter's name.
func (a *application) list() []axisWord { return a.axes[a.made.signature().params[0].name] }

// wanted is the list of axes in the brackets, of which there must be some.
func (a *application) wanted() ([]axisWord, bool) {
	words := a.list()
	if words == nil {
		d := a.fault(ParameterMissing, a.at.span, "`%s` must say which axes", a.made.name)
		d.Help = append(d.Help, "it is written "+usage(a.made.name, a.made.signature()))
		return nil, false
	}
	return words, true
}

// newAxes are axes that the box makes, sized as the brackets say.
func (a *application) newAxes(words []axisWord) (shape.Shape, bool) {
	axes := shape.Shape{}
	for _, word := range words {
		if word.many {
			group, ok := a.newGroup(word)
			if !ok {
				return nil, false
			}
			axes = append(axes, group...)
			continue
		}
		axis, _, ok := a.reader.sized(word)
		if !ok {
			return nil, false
		}
		axes = append(axes, axis)
	}
	return axes, true
}

// newGroup makes axes beside those of `p..`: `p'..` are as many, with primed labels,
// of the size that is said or else of the same.
func (a *application) newGroup(word axisWord) (shape.Shape, bool) {
	group, isKnown := a.reader.groups[strings.TrimRight(word.label, "'")]
	if !isKnown || !strings.HasSuffix(word.label, "'") {
		a.noGroup(word)
		return nil, false
	}
	primes := strings.TrimPrefix(word.label, strings.TrimRight(word.label, "'"))
	made := shape.Shape{}
	for _, axis := range group {
		size := axis.Size
		if word.size != nil {
			var ok bool
			if size, ok = a.reader.size(word.size); !ok {
				return nil, false
			}
		}
		made = append(made, shape.Axis{Label: axis.Label + primes, Size: size})
	}
	a.reader.groups[word.label] = made
	return made, true
}

// number is a static parameter as a number, or its default.
func (a *application) number(name string, preset float64) diagram.Number {
	if s, ok := a.values[name].(static); ok {
		return s.number
	}
	return diagram.Literal(preset)
}

// size is a static parameter as a size, and whether it is given.
func (a *application) size(name string) (shape.Size, bool) {
	s, ok := a.values[name].(static)
	return s.size, ok && s.isSize
}

func (a *application) text(name string) string {
	t, _ := a.values[name].(text)
	return string(t)
}

func (a *application) flag(name string) bool {
	f, _ := a.values[name].(flag)
	return bool(f)
}

// Form is how a primitive box takes its brackets, as a diagram would declare its
// parameters: "a.., p: number"; false where there is no such box.
func Form(name string) (string, bool) {
	p := primitives[name]
	if p == nil {
		return "", false
	}
	return p.form, true
}

// TrainKeys are the words that lines of a train block begin with.
func TrainKeys() []string { return slices.Clone(trainKeys) }
