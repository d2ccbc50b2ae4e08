package check

import (
	"ncd/compiler/diagram"
	"ncd/compiler/shape"
	"ncd/grammar"
	"ncd/grammar/source"
)

// value is what an expression is worth: one of wire, tuple, static, text, flag,
// word, counting, poison and a box.
type value interface{ isValue() }

// wire is an array that flows.
type wire struct{ *diagram.Wire }

// tuple is values side by side.
type tuple []value

// static is a number known before data flow. Where isSize holds it is a number of
// places as well.
type static struct {
	number diagram.Number
	size   shape.Size
	isSize bool
}

// text is a text in quotes, flag is true or false, and word a name of a closed
// list (`gradient = local`).
type (
	text string
	flag bool
	word string
)

// counting is a word of a closed list with a number: `gradient = last[4]`.
type counting struct {
	word   string
	number static
}

// poison is the value of an expression that has an error, which is told already.
type poison struct{}

func (wire) isValue()     {}
func (tuple) isValue()    {}
func (static) isValue()   {}
func (text) isValue()     {}
func (flag) isValue()     {}
func (word) isValue()     {}
func (counting) isValue() {}
func (poison) isValue()   {}

// box is what wires flow through. It is applied in the diagram that is being
// elaborated, which need not be the one it is written in.
type box interface {
	value
	apply(e *elaborator, in value, at use) value
}

// use is one place where a box is applied.
type use struct {
	span  source.Span
	name  string // bound there, or ""
	store *store // of the weights of a box that is bound; nil if it is not

	isSole bool // it is all of a turn, whose box has its name already
	scan   *iteration
}

// configured is a primitive or a declared diagram with its brackets. The names
// in them mean what they mean where they are written.
type configured struct {
	made  maker
	args  []*grammar.Arg
	site  *elaborator
	scope *scope
	span  source.Span
	plain bool                    // no brackets stand there
	set   map[string]grammar.Expr // parameters that are set from outside
	known map[string]value        // parameters that are known where the brackets do not say them
}

// maker is what a name of a box stands for: a *primitive or a *declared.
type maker interface {
	title() string
	apply(e *elaborator, c *configured, in value, at use) value
}

// chain is boxes one after another.
type chain []box

// abreast is boxes side by side, each for one wire of a tuple.
type abreast []box

// bound is a box with a name: all its uses have the same weights.
type bound struct {
	name  string
	of    box
	store *store
	owner *diagram.Diagram // lists its weights
	boxes []*diagram.Box   // that apply it

	isWhole bool // it is a model: always one box, whatever it is made of
}

func (*configured) isValue() {}
func (chain) isValue()       {}
func (abreast) isValue()     {}
func (*bound) isValue()      {}

// store keeps weights by the names of their boxes, so that every use of a bound
// box finds those of the first.
type store struct {
	weights map[string]*diagram.Weight
	states  map[string]*diagram.State // kept ones
	inner   map[string]*store
	from    int              // of a linear box, how many axes of its weight come in
	name    string           // the box's own name, once it has one
	owner   *diagram.Diagram // that lists its weights where the box is bound; nil: who holds it
}

func newStore() *store {
	return &store{weights: map[string]*diagram.Weight{}, states: map[string]*diagram.State{}, inner: map[string]*store{}}
}

// within is the store of a box inside.
func (s *store) within(name string) *store {
	if s.inner[name] == nil {
		s.inner[name] = newStore()
		s.inner[name].name = name
	}
	return s.inner[name]
}

// sizeOf is a static number of places.
func sizeOf(s shape.Size) static { return static{diagram.OfSize(s), s, true} }

// numberOf is a static number that is no size.
func numberOf(n diagram.Number) static { return static{number: n} }

// wiresOf lists the wires of a value, tuples opened; false if it holds others.
func wiresOf(v value) ([]*diagram.Wire, bool) {
	switch v := v.(type) {
	case wire:
		return []*diagram.Wire{v.Wire}, true
	case tuple:
		var wires []*diagram.Wire
		for _, part := range v {
			inner, ok := wiresOf(part)
			if !ok {
				return nil, false
			}
			wires = append(wires, inner...)
		}
		return wires, true
	}
	return nil, false
}

func isPoisoned(v value) bool {
	switch v := v.(type) {
	case poison:
		return true
	case tuple:
		for _, part := range v {
			if isPoisoned(part) {
				return true
			}
		}
	}
	return false
}

// kindOf says in words what a value is.
func kindOf(v value) string {
	switch v := v.(type) {
	case wire:
		return "a wire " + v.Type.String()
	case tuple:
		return "a tuple"
	case static:
		return "the number " + v.number.String()
	case text:
		return "a text"
	case flag:
		return "true or false"
	case word:
		return "the word `" + string(v) + "`"
	case counting:
		return "the word `" + v.word + "`"
	}
	return "a box"
}
